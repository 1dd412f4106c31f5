"""A reaction: the rules for one event on one issue, at once. What it leaves, or what is lost, the next sweep does."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct, structs

from starkeeper.apply import apply_plan
from starkeeper.apply.entries import Record
from starkeeper.errors import ConnectorError
from starkeeper.evaluate import evaluate, may_disagree, within_reach
from starkeeper.facts import OF_SLACK, facts_of_one, read_facets
from starkeeper.flow.runs import Connector, Run, Watch, decide, said_of, with_digests
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.events import Event
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.journal import Said
from starkeeper.model.plan import Failure, Plan
from starkeeper.model.policies import Policies
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Place, Resource, ResourceKey, Subject
from starkeeper.model.rules import Limits, Renderer, Rule
from starkeeper.model.services import Services
from starkeeper.plan import make_plan

Needs = frozenset[tuple[Facet, Subject]]


class Reactive(Connector, Protocol):
    """A service in which one issue can be found by numbers alone."""

    def read_issue_at(self, project_id: int, iid: int) -> Resource: ...

    def read_notes_and_me(self, key: ResourceKey) -> Reading[Any]: ...


class Reaction(Struct, frozen=True):
    """What became of an event; `why_not` says why nothing was looked at, "" where something was."""

    run: Run
    why_not: str = ""


def react(
    policies: Policies,
    connector: Reactive,
    render: Renderer,
    now: dt.datetime,
    watch: Watch,
    event: Event,
    *,
    dry_run: bool,
    said: Mapping[ResourceKey, Said] | None = None,
    record: Record | None = None,
    services: Services | None = None,
) -> Reaction:
    """Reads the issue of an event and does what the rules for that event want of it.

    What is certain before Slack is asked is done first: labels and people must not wait for a channel's history.
    Raises ConnectorError where the issue cannot be read.
    """
    beside = services or Services()
    watch.began("listing")
    issue = connector.read_issue_at(event.project_id, event.iid)
    tracker = _tracker_of(issue, policies.desk)
    if tracker is None:
        return Reaction(_nothing(policies, now), "its project is no tracker of desk.yml")
    facts = _facts_of(issue, tracker, connector, policies.desk, now, beside)
    if event.actor == connector.whoami().id and not event.is_opening:
        return Reaction(_nothing(policies, now), "the desk did it itself")
    facts = structs.replace(facts, said=said_of(said or {}, facts))
    policies = within_reach(rules_for(event, tracker.name, policies), beside.systems)
    told = with_digests(record, policies)
    if dry_run:
        return Reaction(_done(policies, facts, connector, beside, render, watch, None, dry_run=True))
    decided, facts = _before_slack(policies, facts, connector, beside, render, watch)
    certain, rest = _halves(decided, policies)
    evaluation = evaluate(certain, facts, render)
    if may_disagree(rest.rules, evaluation.decisions, facts):
        return Reaction(_done(policies, facts, connector, beside, render, watch, told))
    first = _done(certain, facts, connector, beside, render, watch, told)
    is_left = issue.key in evaluation.left or decided == len(policies.rules)
    if is_left or any(each.result != "applied" for each in first.outcomes):
        return Reaction(first)
    try:
        facts = _anew(first.plan, facts, connector, beside)
    except ConnectorError as error:
        return Reaction(_without_rest(first, issue, error))
    return Reaction(_as_one([first, _done(rest, facts, connector, beside, render, watch, told)]))


def rules_for(event: Event, tracker: str, policies: Policies) -> Policies:
    """The rules that run at once on such an event in a tracker, and among them, marked, those left to the sweep.

    These are rules for other events; those with `limits` or `max_changes`, for they are about all issues; and what
    lists. The ceilings of files and of the desk count issues, of which there is one.
    """
    kept = tuple(
        structs.replace(rule, trackers=(tracker,), actions=acts, is_left=_is_left(rule, event))
        for rule in policies.rules
        if tracker in rule.trackers
        and rule.type == "issues"
        and ((acts := tuple(each for each in rule.actions if not each.action.gathers)) or not rule.actions)
    )
    desk = structs.replace(policies.desk, max_changes=None)
    return structs.replace(policies, rules=kept, summaries=(), max_changes={}, desk=desk)


def _is_left(rule: Rule, event: Event) -> Literal["", "for_now", "whole"]:
    if rule.limits != Limits() or rule.max_changes is not None:
        return "whole"
    return "" if rule.events is None or event.names.intersection(rule.events) else "for_now"


def _tracker_of(issue: Resource, desk: Desk) -> Tracker | None:
    """The tracker that the project of the issue is, or in whose group it is."""
    project = issue.project.casefold()
    for each in desk.trackers.values():
        path = each.path.casefold()
        if project == path if each.source == "projects" else project.startswith(f"{path}/"):
            return each
    return None


def _facts_of(
    issue: Resource, tracker: Tracker, connector: Reactive, desk: Desk, now: dt.datetime, services: Services
) -> Facts:
    """The issue with its notes, and whose notes are our own."""
    # First of all, for by the same request it is known who the token stands for.
    reading = connector.read_notes_and_me(issue.key)
    for why in reading.failed.values():
        raise why
    facts = facts_of_one(issue, tracker, connector, desk, now, services)
    return structs.replace(facts, bot=connector.whoami().username, read={"notes": reading.found})


def _before_slack(
    policies: Policies, facts: Facts, connector: Reactive, services: Services, render: Renderer, watch: Watch
) -> tuple[int, Facts]:
    """How many rules come before the first that must ask Slack: they decide what they would in the whole run.

    Rule by rule only that is read without which the next one cannot be decided: what an earlier rule does may spare
    the question.
    """
    while True:
        watch.began("deciding")
        decided, needs = _undecided(policies, facts, render)
        wanted = {each for each in needs if each[0] not in OF_SLACK}
        if not wanted:
            return decided, facts
        watch.began("reading facets")
        facts = read_facets(facts, wanted, connector, services)


def _undecided(policies: Policies, facts: Facts, render: Renderer) -> tuple[int, Needs]:
    """How many rules can be decided, and what the next one lacks."""

    def needs(count: int) -> Needs:
        return evaluate(_first(count, policies), facts, render).needs

    decided = bisect_left(range(1, len(policies.rules) + 1), True, key=lambda count: bool(needs(count)))
    return decided, needs(decided + 1)


def _first(count: int, policies: Policies) -> Policies:
    return structs.replace(policies, rules=policies.rules[:count])


def _halves(count: int, policies: Policies) -> tuple[Policies, Policies]:
    """So many rules, and those behind them, which must know as well what the first ones leave to the sweep."""
    left = tuple(rule for rule in policies.rules[:count] if rule.is_left)
    return _first(count, policies), structs.replace(policies, rules=(*left, *policies.rules[count:]))


def _done(
    policies: Policies,
    facts: Facts,
    connector: Reactive,
    services: Services,
    render: Renderer,
    watch: Watch,
    record: Record | None,
    *,
    dry_run: bool = False,
) -> Run:
    # One rule after the other, as before Slack.
    while needs := _undecided(policies, facts, render)[1]:
        watch.began("reading facets")
        facts = read_facets(facts, needs, connector, services)
    evaluation, facts = decide(policies, facts, connector, services, render, watch)
    plan = make_plan(evaluation, facts, policies)
    watch.planned(plan)
    watch.began("applying")
    outcomes = () if dry_run else apply_plan(plan, facts, connector, watch.applying, record, services)
    watch.began("reporting")
    return Run(plan, outcomes, len(facts.resources))


def _anew(done: Plan, facts: Facts, connector: Reactive, services: Services) -> Facts:
    """The issue, and what else was changed, as they are by now; what was read of places and others is still good."""
    if not done.changes:
        return facts
    before, tracker = facts.resources[0], facts.desk.trackers[facts.resources[0].tracker]
    issue = connector.read_resource(before.tracker, before.key)
    fresh = _facts_of(issue, tracker, connector, facts.desk, facts.now, services)
    changed = {(each.tracker, ResourceKey(each.project, each.iid, each.type)) for each in done.changes}
    others = tuple(
        facts_of_one(
            connector.read_resource(each.tracker, each.key), tracker, connector, facts.desk, facts.now
        ).resources[0]
        if (each.tracker, each.key) in changed
        else each
        for each in facts.resources[1:]
    )
    of_places = {
        facet: {subject: found for subject, found in known.items() if isinstance(subject, Place)}
        for facet, known in facts.read.items()
    }
    return structs.replace(facts, resources=(*fresh.resources, *others), read={**of_places, **fresh.read})


def _without_rest(first: Run, issue: Resource, error: ConnectorError) -> Run:
    """What was done, and why no more: one that is gone by now needs no more."""
    if error.status == 404:
        return first
    failure = Failure(where=issue.reference, what=str(error), must_correct=False)
    return structs.replace(first, plan=structs.replace(first.plan, errors=(*first.plan.errors, failure)))


def _as_one(runs: Sequence[Run]) -> Run:
    """One after the other; what both say is said once."""
    plans, last = [each.plan for each in runs], runs[-1].plan
    plan: Plan = structs.replace(
        last,
        changes=tuple(change for each in plans for change in each.changes),
        conflicts=tuple(dict.fromkeys(conflict for each in plans for conflict in each.conflicts)),
        errors=tuple(dict.fromkeys(error for each in plans for error in each.errors)),
        notices=tuple(dict.fromkeys(notice for each in plans for notice in each.notices)),
    )
    return Run(plan, tuple(outcome for each in runs for outcome in each.outcomes), runs[-1].resources)


def _nothing(policies: Policies, now: dt.datetime) -> Run:
    return Run(Plan(now=now.strftime("%Y-%m-%dT%H:%M:%SZ"), policies=policies.digest))
