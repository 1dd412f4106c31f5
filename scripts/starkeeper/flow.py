"""The story on one page: policies and facts become decisions, decisions a plan, the plan outcomes.

Everything below is given what it needs: the policies, the connector, the renderer and the time. Only this file knows
that a dry run ends after the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, structs

from starkeeper.apply import apply_plan
from starkeeper.apply.entries import Record
from starkeeper.apply.target import Target
from starkeeper.errors import NOWHERE, ConnectorError, PolicyError, Problem, StarkeeperError, nearest
from starkeeper.evaluate import Shortlist, choose, evaluate, explain_rules, within_reach
from starkeeper.facts import Progress, Source, read_also, read_facets, read_facts, read_one
from starkeeper.model.decisions import Evaluation
from starkeeper.model.digests import Digest
from starkeeper.model.explanations import Explanation
from starkeeper.model.facts import FacetNeeded, Facts
from starkeeper.model.journal import Entry, Journal, Said
from starkeeper.model.plan import Failure, Outcome, Plan
from starkeeper.model.resources import Resource, ResourceKey
from starkeeper.model.rules import Policies, Renderer, Rule
from starkeeper.model.services import Services
from starkeeper.plan import RuleKey, blown_fuses, make_plan, rule_key

if TYPE_CHECKING:
    from starkeeper.digests import Digested


class Connector(Source, Target, Protocol):
    """A service that trackers are read from and written to."""


class Run(Struct, frozen=True):
    """What a sweep planned, and what became of it; `outcomes` is empty in a dry run.

    `resources` is how many were read.
    """

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()
    resources: int = 0


class Watch(Progress, Protocol):
    """Is told how a run gets on, for a progress bar, the log and what it cost."""

    def began(self, step: str) -> None:
        """Another part of the run begins: listing, deciding, reading facets, applying, reporting."""

    def planned(self, plan: Plan) -> None: ...

    def applying(self, done: int, total: int) -> None: ...


def sweep(
    policies: Policies,
    connector: Connector,
    render: Renderer,
    now: dt.datetime,
    watch: Watch,
    *,
    dry_run: bool,
    said: Mapping[ResourceKey, Said] | None = None,
    record: Record | None = None,
    services: Services | None = None,
    swept_at: dt.datetime | None = None,
) -> Run:
    """One run over all trackers of the policies.

    `services` are what is connected beside GitLab, `swept_at` is when a run last did all that it was to do. `said` is
    what the journals of earlier runs know to have been said; `record` is told what is done as it is done.
    """
    beside = services or Services()
    policies = within_reach(policies, beside.systems)
    watch.began("listing")
    facts = read_facts(policies, connector, now, watch, beside)
    facts = structs.replace(facts, said=_said(said or {}, facts), swept_at=swept_at)
    evaluation, facts = _decide(policies, facts, connector, beside, render, watch)
    blown: dict[RuleKey, Failure] = {}
    while found := blown_fuses(evaluation.decisions, facts, policies):
        blown |= found
        policies = structs.replace(
            policies, rules=tuple(each for each in policies.rules if rule_key(each) not in blown)
        )
        evaluation, facts = _decide(policies, facts, connector, beside, render, watch)
    plan = make_plan(evaluation, facts, policies, tuple(dict.fromkeys(blown.values())))
    watch.planned(plan)
    watch.began("applying")
    told = _with_digests(record, policies)
    outcomes = () if dry_run else apply_plan(plan, facts, connector, watch.applying, told, beside)
    watch.began("reporting")
    return Run(plan, outcomes, len(facts.resources))


def digest(
    policies: Policies,
    connector: Connector,
    render: Renderer,
    now: dt.datetime,
    watch: Watch,
    name: str,
    *,
    dry_run: bool = False,
    said: Mapping[ResourceKey, Said] | None = None,
    record: Record | None = None,
    services: Services | None = None,
    swept_at: dt.datetime | None = None,
    heard_at: dt.datetime | None = None,
) -> Run:
    """One digest: its issue, then its message, which names the issue's address.

    `heard_at` is when a sweep last ran, whole or not; the rest is as for a sweep. Where GitLab cannot be read at all
    the message says so. Raises PolicyError for a digest that is not there.
    """
    from starkeeper.digests import also_asked, with_changed, without_own_issues

    beside = services or Services()
    told = the_digest(policies, name)
    try:
        connector.whoami()
    except ConnectorError as why:
        if told.slack is None or beside.slack is None:
            raise
        return _unreadable(told, why, policies, connector, render, now, watch, beside, record, dry_run=dry_run)
    reading = _reading_for(told, policies, beside)
    watch.began("listing")
    facts = read_facts(reading, connector, now, watch, beside)
    facts = structs.replace(facts, said=_said(said or {}, facts), swept_at=swept_at, heard_at=heard_at)
    facts = read_also(facts, also_asked(told, facts), connector, watch)
    lists = [rule for rule in reading.rules if rule.type == "issues"]
    digested, facts = _digested(told, lists, facts, connector, beside, render, watch)
    if digested.issue and not dry_run:
        # While all else was read another run may have opened it, or a person may have written in it.
        digested, facts = _digested(told, lists, without_own_issues(facts), connector, beside, render, watch)
    plan = _plan_of(digested, facts, reading)
    watch.planned(plan)
    watch.began("applying")
    outcomes: tuple[Outcome, ...] = ()
    if not dry_run:
        issue = structs.replace(plan, changes=digested.issue)
        outcomes = apply_plan(issue, with_changed(facts, issue.changes), connector, watch.applying, record, beside)
        if any(not each.iid and each.result == "applied" for each in outcomes):
            facts = without_own_issues(facts)
            digested, facts = _digested(told, lists, facts, connector, beside, render, watch)
        message = structs.replace(plan, changes=digested.message)
        outcomes += apply_plan(message, facts, connector, watch.applying, record, beside)
    watch.began("reporting")
    return Run(plan, outcomes, len(facts.resources))


def undo(
    policies: Policies,
    connector: Connector,
    journal: Journal,
    now: dt.datetime,
    watch: Watch,
    *,
    dry_run: bool,
    trackers: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    earlier: Sequence[Journal] = (),
    record: Record | None = None,
) -> Run:
    """Takes back what a run did, of those trackers and rules or of all, where nobody has touched it since.

    `earlier` are the journals of runs that have taken it back before. Raises PolicyError where the journal is not of
    this desk or account, or knows none of those names.
    """
    # A sweep, which runs every few minutes, must not wait for it to be read.
    from starkeeper.undo import check_account, check_places, chosen, plan_undo, read_done

    journal = chosen(journal, trackers, rules)
    check_places(journal, policies.desk)
    bot = connector.whoami().username
    check_account(journal, bot)
    watch.began("listing")
    facts = structs.replace(read_done(journal, policies.desk, connector, now), bot=bot)
    while True:
        watch.began("deciding")
        undoing = plan_undo(journal, earlier, facts, policies.digest)
        if not undoing.needs:
            break
        watch.began("reading facets")
        facts = read_facets(facts, undoing.needs, connector)
    watch.planned(undoing.plan)
    watch.began("applying")
    outcomes = () if dry_run else apply_plan(undoing.plan, facts, connector, watch.applying, record)
    watch.began("reporting")
    return Run(undoing.plan, outcomes, len(facts.resources))


def explain(
    policies: Policies,
    connector: Connector,
    render: Renderer,
    now: dt.datetime,
    watch: Watch,
    tracker: str,
    key: ResourceKey,
    *,
    said: Mapping[ResourceKey, Said] | None = None,
    services: Services | None = None,
) -> tuple[Resource, tuple[Explanation, ...]]:
    """Every rule of a tracker on one of its issues, each condition with the value seen.

    The key without a project is of the tracker's own. `said` is as for a sweep.

    Raises PolicyError for a tracker that is not there, StarkeeperError where not all of the issue can be read.
    """
    narrowed(policies, (tracker,), ())
    beside = services or Services()
    policies = within_reach(policies, beside.systems)
    facts, resource = read_one(policies, connector, now, watch, tracker, key, beside)
    facts = structs.replace(facts, said=_said(said or {}, facts))
    while True:
        try:
            return resource, explain_rules(policies, facts, resource, render)
        except FacetNeeded as need:
            facts = read_facets(facts, need.needs, connector, beside)
        if facts.failures:
            raise StarkeeperError(facts.failures[0].why)


def narrowed(policies: Policies, trackers: tuple[str, ...], rules: tuple[str, ...]) -> Policies:
    """The policies with only these trackers and rules; raises PolicyError for a name that is not there."""
    problems = [*_unknown("tracker", trackers, policies.desk.trackers)]
    summaries = [each.summarize for each in policies.summaries]
    problems += _unknown("rule", rules, [each.name for each in (*policies.rules, *summaries)])
    if problems:
        raise PolicyError(problems)
    kept = tuple(each for rule in policies.rules if (each := _looking_at(rule, trackers)) and _named(rule, rules))
    gathering = tuple(
        structs.replace(each, summarize=outer, parts=tuple(_looking_at(part, trackers) or part for part in each.parts))
        for each in policies.summaries
        if (outer := _looking_at(each.summarize, trackers)) and _named(outer, rules)
    )
    return structs.replace(policies, rules=kept, summaries=gathering)


def the_digest(policies: Policies, name: str) -> Digest:
    """The digest of that name; raises PolicyError where there is none."""
    if problems := _unknown("digest", [name], [each.name for each in policies.digests]):
        raise PolicyError(problems)
    return next(each for each in policies.digests if each.name == name)


def _looking_at(rule: Rule, trackers: tuple[str, ...]) -> Rule | None:
    left = tuple(each for each in rule.trackers if not trackers or each in trackers)
    return structs.replace(rule, trackers=left) if left else None


def _named(rule: Rule, names: tuple[str, ...]) -> bool:
    return not names or rule.name in names


def _decide(
    policies: Policies, facts: Facts, connector: Connector, services: Services, render: Renderer, watch: Watch
) -> tuple[Evaluation, Facts]:
    """Evaluates, reads the facets that turned out to be in question, and evaluates again until none is missing."""
    shortlist = Shortlist()
    while True:
        watch.began("deciding")
        evaluation = evaluate(policies, facts, render, shortlist)
        if not evaluation.needs:
            return evaluation, facts
        watch.began("reading facets")
        known = read_facets(facts, evaluation.needs, connector, services)
        if known.resources is not facts.resources:
            shortlist = Shortlist()
        facts = known


def _reading_for(told: Digest, policies: Policies, services: Services) -> Policies:
    """Policies of which the facts are the shifts, and what the lists choose from."""
    shifts = Rule(name=told.name, policy=told.policy, type="shifts", trackers=(told.rotation,))
    rules = (*(each.rule for each in told.lists), shifts)
    return within_reach(structs.replace(policies, rules=rules, summaries=()), services.systems)


def _digested(
    told: Digest,
    lists: Sequence[Rule],
    facts: Facts,
    connector: Connector,
    services: Services,
    render: Renderer,
    watch: Watch,
) -> tuple[Digested, Facts]:
    """As `_decide`: what it wants, once everything is read that turned out to be in question."""
    from starkeeper.digests import plan_digest

    while True:
        watch.began("deciding")
        choice = choose(lists, facts, render)
        digested = plan_digest(told, choice.chosen, facts, render)
        needs = choice.needs | digested.needs
        if not needs:
            return structs.replace(digested, errors=choice.errors + digested.errors), facts
        watch.began("reading facets")
        facts = read_facets(facts, needs, connector, services)


def _unreadable(
    told: Digest,
    why: ConnectorError,
    policies: Policies,
    connector: Connector,
    render: Renderer,
    now: dt.datetime,
    watch: Watch,
    services: Services,
    record: Record | None,
    *,
    dry_run: bool,
) -> Run:
    """The run of a digest that can ask Slack and PagerDuty alone: its message says why."""
    from starkeeper.digests import plan_unreadable

    reading = _reading_for(structs.replace(told, lists=()), policies, services)
    facts = read_facts(reading, connector, now, watch, services)
    while (digested := plan_unreadable(told, why, facts, render)).needs:
        facts = read_facets(facts, digested.needs, connector, services)
    plan = _plan_of(digested, facts, reading)
    watch.planned(plan)
    watch.began("applying")
    outcomes = () if dry_run else apply_plan(plan, facts, connector, watch.applying, record, services)
    watch.began("reporting")
    return Run(plan, outcomes)


def _plan_of(digested: Digested, facts: Facts, policies: Policies) -> Plan:
    """Few writes, whatever a fuse of the desk says: it counts what rules would change."""
    evaluation = Evaluation(
        gathered=digested.issue + digested.message, errors=digested.errors, notices=digested.notices
    )
    desk = structs.replace(policies.desk, max_changes=None)
    skipped = policies.skipped + digested.skipped
    return make_plan(evaluation, facts, structs.replace(policies, desk=desk, skipped=skipped))


def _said(said: Mapping[ResourceKey, Said], facts: Facts) -> dict[ResourceKey, Mapping[str, dt.datetime]]:
    """Of the resources that were read; one that has only the number of another is not taken for that.

    What a run with a later clock said, as a trial with `--now` may, is yet to be said.
    """
    found = ((each, said[each.key]) for each in (facts.resources if said else ()) if each.key in said)
    return {
        each.key: {key: at for key, at in known.notes.items() if at <= facts.now}
        for each, known in found
        if known.is_of(each)
    }


def _with_digests(record: Record | None, policies: Policies) -> Record | None:
    """Tells with each entry which text its rule had, so that an undo holds until that text changes."""
    if record is None:
        return None
    rules = [*policies.rules, *(each.summarize for each in policies.summaries)]
    digests = {(tracker, each.type, each.name): each.digest for each in rules for tracker in each.trackers}

    def tell(entries: Sequence[Entry]) -> None:
        known = ((each, digests.get((each.tracker, each.type, each.rule), "")) for each in entries)
        record([structs.replace(each, digest=digest) for each, digest in known])

    return tell


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> list[Problem]:
    names_known = list(known)
    return [
        Problem(NOWHERE, f"there is no {what} '{name}'", nearest(name, names_known))
        for name in names
        if name not in names_known
    ]
