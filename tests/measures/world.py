"""A small desk whose weeks can be counted by hand. The last whole week is from Monday 2026-11-30."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import structs

from starkeeper.measures import Week, needs_of, week_of
from starkeeper.model.desk import Clock, ClockStart, ClockStop, Desk, Tracker
from starkeeper.model.facts import Facts
from starkeeper.model.measures import FeedbackMeasures, WeekMeasures
from starkeeper.model.resources import Issue
from starkeeper.model.values import Interval, LabelPattern
from tests.builders import DESK, OFFICE_HOURS, SHIFTS, make_facts, make_issue

UNTIL = dt.datetime(2026, 12, 7, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
MEASURES = WeekMeasures(
    tracker="star",
    clock="urgency",
    calendar="office_hours",
    rotation="support_manager",
    acknowledged=LabelPattern.parse("star::acknowledged"),
    unstarred=LabelPattern.parse("unstarred"),
    trends=LabelPattern.parse("Escalation::*"),
    feedback=FeedbackMeasures(
        tracker="feedback",
        kind="kind",
        asked=LabelPattern.parse("SSAT::Contact"),
        clock="contact",
        good=LabelPattern.parse("satisfaction::good"),
        trends=LabelPattern.parse("feedback::*"),
    ),
)
REGIONS = ("APAC", "EMEA", "AMER")
"""On shift from 00:00, 08:00 and 16:00; office hours are from 09:00 to 17:00."""
A_DESK: Desk = structs.replace(
    DESK,
    trackers={
        "star": Tracker(name="star", path="support/star", form={"Ticket": "ticket"}, same_by="ticket"),
        "feedback": Tracker(
            name="feedback",
            path="support/feedback",
            form={"Kind": "kind"},
            values={"kind": {"positive": "positive", "negative": "negative"}},
        ),
    },
    rotations={
        "support_manager": structs.replace(
            DESK.rotations["support_manager"],
            shifts=tuple(structs.replace(each, region=region) for each, region in zip(SHIFTS, REGIONS, strict=True)),
        )
    },
    clocks={
        "urgency": Clock(
            name="urgency",
            calendar=OFFICE_HOURS.name,
            starts=ClockStart(at="opening"),
            stops=(ClockStop(what="closed"), ClockStop(what="comment", by="others")),
            length=Interval(1, "hours"),
        ),
        "contact": Clock(
            name="contact",
            starts=ClockStart(at="opened"),
            stops=(ClockStop(what="closed"), ClockStop(what="label", label=LabelPattern.parse("done"), by="managers")),
            length=Interval(48, "hours"),
        ),
    },
)


def star(iid: int, came: str, **said: Any) -> Issue:
    """A STAR that came on a day and hour such as `12-01 10:00`, or `closed` then."""
    if closed := said.pop("closed", None):
        said |= {"state": "closed", "closed_at": at(closed)}
    ticket = said.pop("ticket", str(1000 + iid))
    return make_issue(**{"iid": iid, "created_at": at(came), "fields": {"ticket": ticket}, **said})


def feedback(iid: int, came: str, **said: Any) -> Issue:
    """The same for feedback, of number 500 and up so that one number is one issue."""
    plain = {"tracker": "feedback", "project": "support/feedback", "fields": {"kind": said.pop("kind", "positive")}}
    return star(iid, came, **{**plain, **said})


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-{text}").replace(tzinfo=dt.UTC)


def label_set(label: str, when: str, user: str = "emil") -> dict[str, Any]:
    return {"action": "add", "label": label, "user": user, "created_at": at(when)}


def acknowledged(when: str) -> tuple[dict[str, Any], ...]:
    return (label_set("star::acknowledged", when),)


def answered(when: str) -> tuple[dict[str, Any], ...]:
    return ({"author": "emil", "body": "We look at it.", "created_at": at(when)},)


def facts_of(
    *issues: Issue,
    notes: Mapping[int, Iterable[Mapping[str, Any]]] | None = None,
    events: Mapping[int, Iterable[Mapping[str, Any]]] | None = None,
) -> Facts:
    return make_facts(*issues, notes=notes, label_events=events, now=UNTIL, desk=A_DESK)


def measured(facts: Facts, measures: WeekMeasures = MEASURES) -> Week:
    assert needs_of(measures, facts, UNTIL) == frozenset()
    return week_of(measures, facts, UNTIL)
