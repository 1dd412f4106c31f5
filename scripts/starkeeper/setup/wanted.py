"""Takes the policies; gives what the desk needs in GitLab: labels, templates, webhooks, schedules and CI variables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from starkeeper.actions.labels import Labels
from starkeeper.conditions.clock import ClockCondition
from starkeeper.model.desk import Desk, LabelLook, Tracker
from starkeeper.model.digests import Digest
from starkeeper.model.policies import Policies
from starkeeper.model.resources import Place
from starkeeper.model.rules import Rule
from starkeeper.model.setup import (
    Wanted,
    WantedLabel,
    WantedPipelines,
    WantedSchedule,
    WantedTracker,
    WantedVariable,
)
from starkeeper.model.values import LabelPattern, Text, values_in
from starkeeper.render.undone import UNDONE_LABEL
from starkeeper.setup.forms import issue_template

_FIELD = re.compile(r"\{\{\s*fields\.(\w+)\s*\}\}")
# A digest that does not know who comes on call says so by it.
_NEEDS_HUMAN = "needs-human"


def wanted_by(policies: Policies) -> Wanted:
    """All of it, in the order of desk.yml."""
    desk = policies.desk
    trackers = tuple(_tracker(each, policies) for each in desk.trackers.values())
    if desk.pipelines is None:
        return Wanted(trackers=trackers)
    schedules = tuple(
        WantedSchedule(name=each.name, cron=each.cron, zone=each.zone, digest=each.digest)
        for each in desk.pipelines.schedules
    )
    pipelines = WantedPipelines(
        place=Place("projects", desk.pipelines.project),
        ref=desk.pipelines.ref,
        schedules=schedules,
        variables=tuple(_variables(desk)),
    )
    return Wanted(trackers=trackers, pipelines=pipelines)


def label_names(tracker: Tracker, policies: Policies) -> frozenset[str]:
    """The labels that rules of the tracker set, take off or ask for, and those that desk.yml wants there."""
    rules = _rules(tracker, policies)
    names = {UNDONE_LABEL} if rules else set[str]()
    names |= {name for rule in rules for name in _of_rule(rule, tracker, policies.desk)}
    names |= {name for each in policies.digests for name in _of_digest(each, tracker, policies.desk)}
    names |= {name for look in policies.desk.labels if tracker.name in look.trackers for name in look.pattern.names}
    return frozenset(names)


def _tracker(tracker: Tracker, policies: Policies) -> WantedTracker:
    """A group has no repository, so no template."""
    in_project = tracker.source == "projects"
    form = next((each for each in policies.forms if each.tracker == tracker.name), None)
    return WantedTracker(
        name=tracker.name,
        place=Place(tracker.source, tracker.path),
        labels=tuple(_label(name, policies.desk) for name in sorted(label_names(tracker, policies))),
        template=issue_template(tracker, form) if in_project and tracker.form else "",
        headings=tuple(tracker.form),
        hears=any(rule.type == "issues" for rule in _rules(tracker, policies)),
    )


def _label(name: str, desk: Desk) -> WantedLabel:
    look = _look_of(name, desk)
    return WantedLabel(name=name, color=look.color if look else "", description=look.description if look else "")


def _look_of(name: str, desk: Desk) -> LabelLook | None:
    """The one that names it; else the first whose pattern it fits."""
    named = next((each for each in desk.labels if name in each.pattern.names), None)
    return named or next((each for each in desk.labels if each.pattern.matches((name,))), None)


def _rules(tracker: Tracker, policies: Policies) -> list[Rule]:
    parts = [rule for each in policies.summaries for rule in (each.summarize, *each.parts)]
    return [rule for rule in (*policies.rules, *parts) if tracker.name in rule.trackers]


def _of_rule(rule: Rule, tracker: Tracker, desk: Desk) -> Iterator[str]:
    whole = (rule.conditions, rule.actions, rule.repeat)
    clocks = {each.name for each in values_in(rule.conditions, ClockCondition)}
    for pattern in (*values_in(whole, LabelPattern), *_of_clocks(clocks, desk)):
        yield from () if pattern.word else pattern.names
    for action in values_in((rule.actions, rule.repeat), Labels):
        for text in values_in(action, Text):
            yield from _spelt_out(text.source, tracker)


def _of_digest(digest: Digest, tracker: Tracker, desk: Desk) -> Iterator[str]:
    if digest.issue and digest.issue.tracker == tracker.name:
        yield _NEEDS_HUMAN
    for each in digest.lists:
        if each.tracker == tracker.name:
            yield from _of_rule(each.rule, tracker, desk)
    week = digest.week
    asked = [week.acknowledged, week.unstarred] if week and week.tracker == tracker.name else []
    if week and week.feedback and week.feedback.tracker == tracker.name:
        asked += [week.feedback.asked, week.feedback.good]
    yield from (name for pattern in asked for name in pattern.names)


def _of_clocks(names: set[str], desk: Desk) -> Iterator[LabelPattern]:
    for name in names:
        yield from values_in(desk.clocks.get(name), LabelPattern)


def _spelt_out(source: str, tracker: Tracker) -> Iterator[str]:
    """A label's name, or the names that it can have where a field of known values stands in it."""
    found = _FIELD.search(source)
    if not found and "{" not in source:
        yield " ".join(source.split())
    elif found and "{" not in source[: found.start()] + source[found.end() :]:
        for value in sorted(set(tracker.values.get(found[1], {}).values())):
            yield source[: found.start()] + value + source[found.end() :]


def _variables(desk: Desk) -> Iterator[WantedVariable]:
    """Only of services that the desk uses."""
    yield WantedVariable(
        key="GITLAB_TOKEN", masked=True, protected=True, must=True, why="without it no job can read or write an issue"
    )
    yield WantedVariable(
        key="STARKEEPER_APPLY",
        masked=False,
        protected=True,
        value="false",
        why="without it, and until it is true, every run is a dry run",
    )
    # Merge requests run on branches that are not protected.
    yield WantedVariable(
        key="STARKEEPER_READ_TOKEN",
        masked=True,
        protected=False,
        why="a token of scope read_api; without it a merge request is not told what it would change",
    )
    if desk.channels:
        yield WantedVariable(
            key="SLACK_BOT_TOKEN", masked=True, protected=True, why="without it nothing is said in Slack"
        )
    if desk.services or any(each.schedules for each in desk.rotations.values()):
        why = "without it the tables of desk.yml say who is on call"
        yield WantedVariable(key="PAGERDUTY_API_KEY", masked=True, protected=True, why=why)
        why = "the e-mail address of a user there; without it nothing is changed in PagerDuty"
        yield WantedVariable(key="PAGERDUTY_FROM", masked=False, protected=True, why=why)
