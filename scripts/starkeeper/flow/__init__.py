"""The story on one page: policies and facts become decisions, decisions a plan, the plan outcomes.

Everything below is given what it needs: the policies, the connector, the renderer and the time. Only this room
knows that a dry run ends after the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from msgspec import structs

from starkeeper.apply import apply_plan
from starkeeper.apply.entries import Record
from starkeeper.errors import PolicyError, StarkeeperError
from starkeeper.evaluate import explain_rules, within_reach
from starkeeper.facts import read_facets, read_facts, read_one
from starkeeper.flow.digesting import digest, the_digest
from starkeeper.flow.opening import Opening, open_form
from starkeeper.flow.reacting import Reaction, react
from starkeeper.flow.runs import Connector, Run, Watch, decide, said_of, unknown_names, with_digests
from starkeeper.model.explanations import Explanation
from starkeeper.model.facets import FacetNeeded
from starkeeper.model.journal import Journal, Said
from starkeeper.model.parts import Part
from starkeeper.model.plan import Failure
from starkeeper.model.policies import Policies
from starkeeper.model.resources import Resource, ResourceKey
from starkeeper.model.rules import Renderer, Rule
from starkeeper.model.services import Services
from starkeeper.plan import RuleKey, blown_fuses, make_plan, rule_key

__all__ = [
    "Connector",
    "Opening",
    "Reaction",
    "Run",
    "Watch",
    "digest",
    "explain",
    "narrowed",
    "open_form",
    "react",
    "sweep",
    "the_digest",
    "undo",
]


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
    part: Part | None = None,
) -> Run:
    """One run over all trackers of the policies, or that part of it.

    `services` are what is connected beside GitLab, `swept_at` is when a run last did all that it was to do. `said` is
    what the journals of earlier runs know to have been said; `record` is told what is done as it is done.
    """
    beside = services or Services()
    policies = within_reach(policies if part is None else parted(policies, part), beside.systems)
    watch.began("listing")
    facts = read_facts(policies, connector, now, watch, beside)
    facts = structs.replace(facts, said=said_of(said or {}, facts), swept_at=swept_at)
    if part is not None:
        facts = structs.replace(facts, only=part.keys(facts.resources, policies.desk), part=part)
    evaluation, facts = decide(policies, facts, connector, beside, render, watch)
    blown: dict[RuleKey, Failure] = {}
    while found := blown_fuses(evaluation.decisions, facts, policies):
        blown |= found
        policies = structs.replace(
            policies, rules=tuple(each for each in policies.rules if rule_key(each) not in blown)
        )
        evaluation, facts = decide(policies, facts, connector, beside, render, watch)
    plan = make_plan(evaluation, facts, policies, tuple(dict.fromkeys(blown.values())))
    watch.planned(plan)
    watch.began("applying")
    told = with_digests(record, policies)
    outcomes = () if dry_run else apply_plan(plan, facts, connector, watch.applying, told, beside)
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
    watch.began("reading facets")
    facts, resource = read_one(policies, connector, now, tracker, key, beside)
    facts = structs.replace(facts, said=said_of(said or {}, facts))
    while True:
        try:
            return resource, explain_rules(policies, facts, resource, render)
        except FacetNeeded as need:
            facts = read_facets(facts, need.needs, connector, beside)
        if facts.failures:
            raise StarkeeperError(facts.failures[0].why)


def narrowed(policies: Policies, trackers: tuple[str, ...], rules: tuple[str, ...]) -> Policies:
    """The policies with only these trackers and rules; raises PolicyError for a name that is not there."""
    problems = [*unknown_names("tracker", trackers, policies.desk.trackers)]
    summaries = [each.summarize for each in policies.summaries]
    problems += unknown_names("rule", rules, [each.name for each in (*policies.rules, *summaries)])
    if problems:
        raise PolicyError(problems)
    kept = tuple(each for rule in policies.rules if (each := _looking_at(rule, trackers)) and _named(rule, rules))
    gathering = tuple(
        structs.replace(each, summarize=outer, parts=tuple(_looking_at(part, trackers) or part for part in each.parts))
        for each in policies.summaries
        if (outer := _looking_at(each.summarize, trackers)) and _named(outer, rules)
    )
    return structs.replace(policies, rules=kept, summaries=gathering)


def parted(policies: Policies, part: Part) -> Policies:
    """The policies as that part of a run has them: what lists many issues in one is done by the first alone."""
    if part.is_first:
        return policies
    kept = ((rule, tuple(each for each in rule.actions if not each.action.gathers)) for rule in policies.rules)
    rules = tuple(structs.replace(rule, actions=acts) for rule, acts in kept if acts or not rule.actions)
    return structs.replace(policies, rules=rules, summaries=())


def _looking_at(rule: Rule, trackers: tuple[str, ...]) -> Rule | None:
    left = tuple(each for each in rule.trackers if not trackers or each in trackers)
    return structs.replace(rule, trackers=left) if left else None


def _named(rule: Rule, names: tuple[str, ...]) -> bool:
    return not names or rule.name in names
