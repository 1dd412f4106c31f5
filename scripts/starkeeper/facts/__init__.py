"""Takes the policies and a connector; gives what is true now: each tracker listed once, facets only where asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

from msgspec import structs

from starkeeper.desk.fields import read_fields
from starkeeper.errors import ConnectorError
from starkeeper.facts.beside import OF_PAGERDUTY, OF_SLACK, WRONG_NAME, read_beside, with_beside
from starkeeper.facts.openers import by_opener
from starkeeper.facts.queries import queries_for
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts, TrackerFailure
from starkeeper.model.policies import Policies
from starkeeper.model.requests import Reading
from starkeeper.model.resources import RESOURCE_TYPES, Place, Resource, ResourceKey, ResourceType, Subject, User
from starkeeper.model.rules import Act, Kind, Rule
from starkeeper.model.services import Services

__all__ = ["OF_SLACK", "Progress", "Source", "facts_of_one", "read_also", "read_facets", "read_facts", "read_one"]


class Progress(Protocol):
    """Is told how the reading gets on."""

    def reading(self, tracker: str, type: ResourceType, pages: int, of: int | None) -> None:
        """After each page of a list; `of` is None where GitLab does not say how many there are."""

    def listed(self, tracker: str, type: ResourceType, resources: int) -> None:
        """Once a list was read to its end."""


class _Silent:
    """Progress of what is read in between."""

    def reading(self, tracker: str, type: ResourceType, pages: int, of: int | None) -> None:
        pass

    def listed(self, tracker: str, type: ResourceType, resources: int) -> None:
        pass


class Source(Protocol):
    """What is read through; connectors.gitlab.GitLab is one. All raise ConnectorError."""

    def whoami(self) -> User: ...

    def list_resources(
        self,
        tracker: Tracker,
        type: ResourceType,
        params: Mapping[str, str],
        on_page: Callable[[int, int | None], None] | None = None,
    ) -> tuple[Resource, ...]: ...

    def read_resource(self, tracker: str, key: ResourceKey) -> Resource: ...

    def read_facet(self, facet: Facet, subjects: Collection[Subject]) -> Reading[Any]: ...


def read_facts(
    policies: Policies, source: Source, now: dt.datetime, progress: Progress, services: Services | None = None
) -> Facts:
    """Lists, of every tracker, each type that a rule looks at, narrowed as far as all its rules agree; of channels and
    rotations, messages and shifts.

    What cannot be read to its end is left out whole and stands in `failures`; the others go on.
    """
    resources: list[Resource] = []
    failures: list[TrackerFailure] = []
    compared = _compared_trackers(policies)
    beside = services or Services()
    places = _rules_by_place(policies)
    for (name, type), rules in places.items():
        if type not in RESOURCE_TYPES:
            continue
        try:
            is_compared, tracker = type == "issues" and name in compared, policies.desk.trackers[name]
            found = _list_tracker(tracker, type, rules, source, now, progress, is_compared=is_compared)
        except ConnectorError as error:
            failures.append(TrackerFailure(name, type, str(error)))
            continue
        progress.listed(name, type, len(found))
        resources.extend(found)
    facts = Facts(
        now=now,
        desk=policies.desk,
        bot=_bot(_rules(policies), source) if resources else "",
        resources=tuple(resources),
        failures=tuple(failures),
        systems=beside.systems,
    )
    return with_beside(facts, [place for place in places if place[1] not in RESOURCE_TYPES], policies, beside, progress)


def read_one(
    policies: Policies,
    source: Source,
    now: dt.datetime,
    tracker: str,
    key: ResourceKey,
    services: Services | None = None,
) -> tuple[Facts, Resource]:
    """The facts about one resource of a tracker; others are read only where a question is about them.

    A key without a project is of the project that the tracker is.

    Raises ConnectorError where something cannot be read.
    """
    place = policies.desk.trackers[tracker]
    read = source.read_resource(tracker, key._replace(project=key.project or place.path))
    facts = facts_of_one(read, place, source, policies.desk, now, services)
    return structs.replace(facts, bot=_bot(policies.rules, source)), facts.resources[0]


def facts_of_one(
    resource: Resource,
    tracker: Tracker,
    source: Source,
    desk: Desk,
    now: dt.datetime,
    services: Services | None = None,
) -> Facts:
    """All that is known, where nothing but that resource of the tracker was read."""
    known = _with_fields(structs.replace(resource, tracker=tracker.name), tracker, source)
    systems = (services or Services()).systems
    return Facts(
        now=now, desk=desk, resources=(known,), systems=systems, only=frozenset({known.key}), listed=frozenset()
    )


def read_also(
    facts: Facts, queries: Iterable[tuple[str, Mapping[str, str]]], source: Source, progress: Progress
) -> Facts:
    """The same facts with the issues as well that these queries, each of a tracker, give; what was read stays."""
    resources = {(each.tracker, each.key): each for each in facts.resources}
    failures = list(facts.failures)
    for name, params in queries:
        tracker = facts.desk.trackers[name]
        try:
            listed = source.list_resources(tracker, "issues", params, partial(progress.reading, name, "issues"))
        except ConnectorError as error:
            failures.append(TrackerFailure(name, "issues", str(error)))
            continue
        for each in listed:
            resources.setdefault((name, each.key), _with_fields(each, tracker, source))
    return structs.replace(facts, resources=tuple(resources.values()), failures=tuple(dict.fromkeys(failures)))


def read_facets(
    facts: Facts, needs: Iterable[tuple[Facet, Subject]], source: Source, services: Services | None = None
) -> Facts:
    """The same facts with those facets read, in bulk.

    A resource of which one could not be read is left out from then on, and `failures` says why: nothing is decided on
    half of what there is to know. Issues that are about the same are left out with it, for without it they would look
    like the only ones. Of a place, and of an issue in no list, it is remembered in `unread`, for each rule that asks.
    """
    wanted: dict[Facet, set[Subject]] = {}
    for facet, subject in needs:
        wanted.setdefault(facet, set()).add(subject)
    facts = _with_others(facts, wanted.pop("others", ()), source)
    bot = facts.bot
    # What is beside GitLab is read also where GitLab does not answer.
    if not bot and any(facet not in OF_SLACK and facet not in OF_PAGERDUTY for facet in wanted):
        bot = source.whoami().username
    read, unread = dict(facts.read), dict(facts.unread)
    failed: dict[ResourceKey, ConnectorError] = {}
    for facet, subjects in sorted(wanted.items()):
        is_beside = facet in OF_SLACK or facet in OF_PAGERDUTY
        reading = (
            read_beside(facet, subjects, services or Services(), facts.slack_since)
            if is_beside
            else source.read_facet(facet, subjects)
        )
        read[facet] = {**read.get(facet, {}), **reading.found}
        for subject, error in reading.failed.items():
            unread[facet, subject] = (str(error), isinstance(subject, Place) and error.status in WRONG_NAME)
            if not isinstance(subject, Place) and not is_beside:
                failed[subject] = error
    if failed:
        failed = {each.key: failed[each.key] for each in facts.resources if each.key in failed}
    left_out = failed.keys() | _compared_with(failed, facts)
    return structs.replace(
        facts,
        bot=bot,
        resources=tuple(each for each in facts.resources if each.key not in left_out) if left_out else facts.resources,
        failures=facts.failures + tuple(_left_out(facts, key, error) for key, error in sorted(failed.items())),
        read=read,
        unread=unread,
    )


def _with_others(facts: Facts, places: Iterable[Subject], source: Source) -> Facts:
    """The issues of these trackers that others are compared with: those that are open, and lately were."""
    for place in sorted(places):
        assert isinstance(place, Place)
        tracker = facts.desk.trackers[place.path]
        try:
            listed = _list_tracker(tracker, "issues", [], source, facts.now, _Silent())
        except ConnectorError as error:
            facts = structs.replace(facts, unread={**facts.unread, ("others", place): (str(error), False)})
            continue
        known = {each.key for each in facts.resources}
        others = tuple(each for each in listed if each.key not in known)
        named = (facts.listed or frozenset()) | {place.path}
        since, read = facts.slack_since, dict(facts.read)
        facts = structs.replace(facts, resources=(*facts.resources, *others), listed=named)
        if facts.slack_since < since:
            # What was said about the older ones was not read yet.
            read.pop("messages", None)
            facts = structs.replace(facts, read=read)
    return facts


def _rules_by_place(policies: Policies) -> dict[tuple[str, ResourceType], list[Rule]]:
    found: dict[tuple[str, ResourceType], list[Rule]] = {}
    for rule in _rules(policies):
        for tracker in rule.trackers:
            found.setdefault((tracker, rule.type), []).append(rule)
    for tracker in sorted(_compared_trackers(policies) & policies.desk.trackers.keys()):
        found.setdefault((tracker, "issues"), [])
    return found


def _compared_trackers(policies: Policies) -> frozenset[str]:
    """Those of which a condition or an action of any rule looks at all open issues."""
    rules = _rules(policies)
    kinds: list[tuple[Rule, Kind]] = [(rule, each.condition) for rule in rules for each in rule.conditions]
    kinds += [(rule, each.action) for rule in rules for each in (*rule.actions, *_then(rule))]
    return frozenset(name for rule, kind in kinds for name in kind.looks_at(rule))


def _then(rule: Rule) -> tuple[Act, ...]:
    return rule.repeat.then if rule.repeat else ()


def _rules(policies: Policies) -> tuple[Rule, ...]:
    return (*policies.rules, *(part for summary in policies.summaries for part in summary.parts))


def _bot(rules: Iterable[Rule], source: Source) -> str:
    """Whose notes and labels are the run's own, where a rule tells them from people's; "" where none does.

    It is known before the first question, for a condition may find its answer before it lacks a facet.
    """
    facets = {facet for rule in rules for clause in rule.conditions for facet in clause.condition.facets}
    return source.whoami().username if facets & {"notes", "label_events", "state_events"} else ""


def _list_tracker(
    tracker: Tracker,
    type: ResourceType,
    rules: list[Rule],
    source: Source,
    now: dt.datetime,
    progress: Progress,
    *,
    is_compared: bool = False,
) -> list[Resource]:
    found: dict[ResourceKey, Resource] = {}
    for params in queries_for(tracker, type, rules, now, is_compared=is_compared):
        listed = source.list_resources(tracker, type, params, partial(progress.reading, tracker.name, type))
        found.update((each.key, _with_fields(each, tracker, source)) for each in listed)
    return list(found.values())


def _with_fields(resource: Resource, tracker: Tracker, source: Source) -> Resource:
    """The fields of the title and the form, which only issues are written in; of one that was opened from a form the
    author is who filled it in."""
    if resource.type != "issues":
        return resource
    resource = by_opener(resource, source)
    if not (tracker.title or tracker.form):
        return resource
    return structs.replace(resource, fields=read_fields(resource, tracker))


def _compared_with(failed: Iterable[ResourceKey], facts: Facts) -> set[ResourceKey]:
    """The issues that `same_by` of their tracker compares with one of those."""
    fields = {name: tracker.same_by for name, tracker in facts.desk.trackers.items() if tracker.same_by}
    missing = set(failed)
    return {
        other.key
        for resource in (facts.resources if missing else ())
        if resource.key in missing and resource.tracker in fields and facts.knows_all_of(resource.tracker)
        for other in facts.alike(resource, fields[resource.tracker])
    }


def _left_out(facts: Facts, key: ResourceKey, error: ConnectorError) -> TrackerFailure:
    tracker = next((resource.tracker for resource in facts.resources if resource.key == key), key.project)
    return TrackerFailure(tracker, key.type, f"{key} was left out: {error}")
