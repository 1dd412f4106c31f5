"""A digest: its lists become an issue and a message, planned, applied and reported as the changes of a sweep are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import structs

from starkeeper.apply import apply_plan
from starkeeper.apply.entries import Record
from starkeeper.errors import ConnectorError, PolicyError
from starkeeper.evaluate import choose, within_reach
from starkeeper.facts import read_also, read_facets, read_facts
from starkeeper.flow.runs import Connector, Run, Watch, said_of, unknown_names
from starkeeper.model.decisions import Evaluation
from starkeeper.model.digests import Digest
from starkeeper.model.facts import Facts
from starkeeper.model.journal import Said
from starkeeper.model.plan import Outcome, Plan
from starkeeper.model.policies import Policies
from starkeeper.model.resources import ResourceKey
from starkeeper.model.rules import Renderer, Rule
from starkeeper.model.services import Services
from starkeeper.plan import make_plan

if TYPE_CHECKING:
    from starkeeper.digests import Digested


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
    facts = structs.replace(facts, said=said_of(said or {}, facts), swept_at=swept_at, heard_at=heard_at)
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


def the_digest(policies: Policies, name: str) -> Digest:
    """The digest of that name; raises PolicyError where there is none."""
    if problems := unknown_names("digest", [name], [each.name for each in policies.digests]):
        raise PolicyError(problems)
    return next(each for each in policies.digests if each.name == name)


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
