"""Takes the measures of a week; gives what templates see of them under `week`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import structs

from starkeeper.measures.feedback import FeedbackNumbers
from starkeeper.measures.numbers import Share, Times, usual_count, usual_percent, usual_times
from starkeeper.measures.stars import Star, StarNumbers
from starkeeper.measures.week import Week
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.render.values import Label, Reference, Url

MOST_TRENDS = 3
MOST_SLOW = 5
WEEK_NAMES = frozenset(
    {
        *("starts_at", "ends_at", "thursday", "sweep_minutes", "regions", "feedback"),
        *("received", "outside", "acknowledged", "answered", "late", "resolved", "resolved_by_clock"),
        *("unstarred", "repeats", "unlabelled"),
        *("late_stars", "slowest", "repeated", "unlabelled_stars", "trends"),
    }
)


def week_names(week: Week, facts: Facts) -> dict[str, Any]:
    """Each number as `last` and `usual`: last week's, and the median of the weeks before, None where that is unknown.

    A number is a count; a share with `count`, `of` and `percent`, its usual one a percentage; or times with `count`,
    `median` and `ninth`, which nine in ten do not exceed. `percent` and `ninth` are None where there are fewer than
    five. `regions` have the same numbers and a `name`.

    `late_stars`, `slowest`, `repeated` and `unlabelled_stars` are the STARs themselves: each has its `issue`, of which
    `reference` and `web_url` are known, the `region` on shift when it came, `took` until its answer (None without one
    yet), `acknowledged_after`, and the `earlier` one for its ticket. `trends` are the labels that were set most often.
    """
    stars = week.stars[0]
    return {
        **_star_numbers(week.stars),
        "starts_at": week.period.starts_at,
        "ends_at": week.period.ends_at,
        "thursday": (week.period.ends_at + dt.timedelta(days=3)).date(),
        "sweep_minutes": facts.desk.sweep_minutes,
        "late_stars": _stars(stars.late),
        "slowest": _stars(stars.slowest[:MOST_SLOW]),
        "repeated": _stars(stars.repeats),
        "unlabelled_stars": _stars(stars.unlabelled),
        "trends": _trends([each.trends for each in week.stars]),
        "regions": [{"name": name, **_star_numbers(weeks)} for name, weeks in week.regions.items()],
        "feedback": _feedback(week.feedback) if week.feedback else None,
    }


def _star_numbers(weeks: Sequence[StarNumbers]) -> dict[str, Any]:
    return {
        "received": _counts(each.received for each in weeks),
        "outside": _counts(each.outside for each in weeks),
        "acknowledged": _times([each.acknowledged for each in weeks]),
        "answered": _shares([each.answered for each in weeks]),
        "late": _counts(len(each.late) for each in weeks),
        "resolved": _times([each.resolved for each in weeks]),
        "resolved_by_clock": _times([each.resolved_by_clock for each in weeks]),
        "unstarred": _shares([each.unstarred for each in weeks]),
        "repeats": _counts(len(each.repeats) for each in weeks),
        "unlabelled": _counts(len(each.unlabelled) for each in weeks),
    }


def _feedback(weeks: Sequence[FeedbackNumbers]) -> dict[str, Any]:
    """`kinds` each with its `name`; `overdue` are the issues that were open for more than seven days."""
    last = weeks[0]
    return {
        "received": _counts(each.received for each in weeks),
        "kinds": [{"name": kind, **_counts(each.kinds.get(kind, 0) for each in weeks)} for kind in last.kinds],
        "asked": _counts(each.asked for each in weeks),
        "contacted": _shares([each.contacted for each in weeks]),
        "contact_times": _times([each.contact_times for each in weeks]),
        "overdue": _counts(len(each.overdue) for each in weeks),
        "overdue_issues": [_issue(each) for each in last.overdue],
        "good": [_issue(each) for each in last.good],
        "trends": _trends([each.trends for each in weeks]),
    }


def _counts(weeks: Iterable[int]) -> dict[str, Any]:
    last, *before = weeks
    return {"last": last, "usual": usual_count(before)}


def _shares(weeks: Sequence[Share]) -> dict[str, Any]:
    last, *before = weeks
    return {"last": {**structs.asdict(last), "percent": last.percent}, "usual": usual_percent(before)}


def _times(weeks: Sequence[Times]) -> dict[str, Any]:
    last, *before = weeks
    return {"last": structs.asdict(last), "usual": structs.asdict(usual_times(before))}


def _stars(stars: Iterable[Star]) -> list[dict[str, Any]]:
    return [
        {
            "issue": _issue(each.issue),
            "region": each.region,
            "took": each.answer.took if each.answer else None,
            "acknowledged_after": each.acknowledged_after,
            "earlier": _issue(each.earlier) if each.earlier else None,
        }
        for each in stars
    ]


def _issue(issue: Resource) -> dict[str, Any]:
    """No title, no text: what a customer is called must not get into any words, whatever the template."""
    return {"reference": Reference(issue.reference), "web_url": Url(issue.web_url)}


def _trends(weeks: Sequence[Mapping[str, int]]) -> list[dict[str, Any]]:
    """The most frequent of last week; of equal ones the first by name."""
    found = sorted(weeks[0], key=lambda name: (-weeks[0][name], name))[:MOST_TRENDS]
    return [{"label": Label(name), **_counts(each.get(name, 0) for each in weeks)} for name in found]
