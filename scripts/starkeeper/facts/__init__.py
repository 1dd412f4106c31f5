"""Takes the policies and a connector; gives what is true now: each tracker listed once, facets only where asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Protocol

from msgspec import structs

from starkeeper.desk.fields import read_fields
from starkeeper.errors import ConnectorError
from starkeeper.facts.queries import queries_for
from starkeeper.model.desk import Tracker
from starkeeper.model.facts import Facet, Facts, TrackerFailure
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Issue, IssueKey, LabelEvent, Note, User
from starkeeper.model.rules import Policies, Rule


class Progress(Protocol):
    """Is told how the reading gets on."""

    def reading(self, tracker: str, pages: int, of: int | None) -> None:
        """After each page of a list; `of` is None where GitLab does not say how many there are."""

    def listed(self, tracker: str, issues: int) -> None:
        """Once a tracker was read to its end."""


class Source(Protocol):
    """What is read through; connectors.gitlab.GitLab is one."""

    def whoami(self) -> User: ...

    def list_issues(
        self, tracker: Tracker, params: Mapping[str, str], on_page: Callable[[int, int | None], None] | None = None
    ) -> tuple[Issue, ...]: ...

    def read_issue(self, tracker: str, key: IssueKey) -> Issue: ...

    def read_notes(self, keys: Collection[IssueKey]) -> Reading[tuple[Note, ...]]: ...

    def read_label_events(self, keys: Collection[IssueKey]) -> Reading[tuple[LabelEvent, ...]]: ...

    def read_links(self, keys: Collection[IssueKey]) -> Reading[tuple[IssueKey, ...]]: ...


def read_facts(policies: Policies, source: Source, now: dt.datetime, progress: Progress) -> Facts:
    """Lists every tracker that a rule looks at, narrowed as far as all its rules agree.

    A tracker that cannot be read to its end is left out whole and stands in `failures`; the others go on.
    """
    issues: list[Issue] = []
    failures: list[TrackerFailure] = []
    for name, rules in _rules_by_tracker(policies).items():
        tracker = policies.desk.trackers[name]
        try:
            found = _list_tracker(tracker, rules, source, now, progress)
        except ConnectorError as error:
            failures.append(TrackerFailure(name, str(error)))
            continue
        progress.listed(name, len(found))
        issues.extend(found)
    return Facts(now=now, desk=policies.desk, issues=tuple(issues), failures=tuple(failures))


def read_one(
    policies: Policies, source: Source, now: dt.datetime, progress: Progress, tracker: str, key: IssueKey
) -> tuple[Facts, Issue]:
    """The facts about one issue of a tracker: other issues only where issues are compared with each other.

    A key without a project is of the project that the tracker is.

    Raises ConnectorError where something cannot be read.
    """
    place = policies.desk.trackers[tracker]
    read = source.read_issue(tracker, IssueKey(key.project or place.path, key.iid))
    issue = structs.replace(read, fields=read_fields(read, place))
    others: list[Issue] = []
    if place.same_by:
        rules = [rule for rule in policies.rules if tracker in rule.trackers]
        listed = _list_tracker(place, rules, source, now, progress)
        others = [each for each in listed if each.key != issue.key]
    return Facts(now=now, desk=policies.desk, issues=(issue, *others)), issue


def read_facets(facts: Facts, needs: Iterable[tuple[Facet, IssueKey]], source: Source) -> Facts:
    """The same facts with those facets read, in bulk.

    An issue of which one could not be read is left out from then on, and `failures` says why: nothing is decided on
    half of what there is to know. Issues that are about the same are left out with it, for without it they would look
    like the only ones.
    """
    wanted: dict[Facet, list[IssueKey]] = {}
    for facet, key in sorted(needs):
        wanted.setdefault(facet, []).append(key)
    bot = facts.bot or source.whoami().username
    notes = source.read_notes(wanted.get("notes", ()))
    events = source.read_label_events(wanted.get("label_events", ()))
    links = source.read_links(wanted.get("links", ()))
    failed = {**notes.failed, **events.failed, **links.failed}
    left_out = failed.keys() | _compared_with(failed, facts)
    return structs.replace(
        facts,
        bot=bot,
        issues=tuple(issue for issue in facts.issues if issue.key not in left_out),
        failures=facts.failures + tuple(_left_out(facts, key, error) for key, error in failed.items()),
        read_notes={**facts.read_notes, **notes.found},
        read_label_events={**facts.read_label_events, **events.found},
        read_links={**facts.read_links, **links.found},
    )


def _rules_by_tracker(policies: Policies) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = {}
    for rule in policies.rules:
        for tracker in rule.trackers:
            found.setdefault(tracker, []).append(rule)
    return found


def _list_tracker(
    tracker: Tracker, rules: list[Rule], source: Source, now: dt.datetime, progress: Progress
) -> list[Issue]:
    found: dict[IssueKey, Issue] = {}
    for params in queries_for(tracker, rules, now):
        for issue in source.list_issues(tracker, params, partial(progress.reading, tracker.name)):
            found[issue.key] = structs.replace(issue, fields=read_fields(issue, tracker))
    return list(found.values())


def _compared_with(failed: Iterable[IssueKey], facts: Facts) -> set[IssueKey]:
    """The issues that `same_by` of their tracker compares with one of those."""
    fields = {name: tracker.same_by for name, tracker in facts.desk.trackers.items() if tracker.same_by}
    missing = set(failed)
    return {
        other.key
        for issue in facts.issues
        if issue.key in missing and issue.tracker in fields
        for other in facts.alike(issue, fields[issue.tracker])
    }


def _left_out(facts: Facts, key: IssueKey, error: ConnectorError) -> TrackerFailure:
    tracker = next((issue.tracker for issue in facts.issues if issue.key == key), key.project)
    return TrackerFailure(tracker, f"{key} was left out: {error}")
