"""The story on one page: policies and facts become decisions, decisions a plan, the plan outcomes.

Everything below is given what it needs: the policies, the connector, the renderer and the time. Only this file knows
that a dry run ends after the plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct, structs

from starkeeper.apply import apply_plan
from starkeeper.apply.target import Target
from starkeeper.errors import NOWHERE, PolicyError, Problem, StarkeeperError, nearest
from starkeeper.evaluate import evaluate, explain_rules
from starkeeper.facts import Progress, Source, read_facets, read_facts, read_one
from starkeeper.model.decisions import Evaluation
from starkeeper.model.explanations import Explanation
from starkeeper.model.facts import FACETS, Facts
from starkeeper.model.plan import Failure, Outcome, Plan
from starkeeper.model.resources import Issue, IssueKey
from starkeeper.model.rules import Policies, Renderer
from starkeeper.plan import RuleKey, blown_fuses, make_plan, rule_key


class Connector(Source, Target, Protocol):
    """A service that trackers are read from and written to."""


class Run(Struct, frozen=True):
    """What a sweep planned, and what became of it; `outcomes` is empty in a dry run."""

    plan: Plan
    outcomes: tuple[Outcome, ...] = ()


class Watch(Progress, Protocol):
    """Is told how a run gets on, for a progress bar or the log."""

    def planned(self, plan: Plan) -> None: ...

    def applying(self, done: int, total: int) -> None: ...


def sweep(
    policies: Policies, connector: Connector, render: Renderer, now: dt.datetime, watch: Watch, *, dry_run: bool
) -> Run:
    """One run over all trackers of the policies."""
    facts = read_facts(policies, connector, now, watch)
    evaluation, facts = _decide(policies, facts, connector, render)
    blown: dict[RuleKey, Failure] = {}
    while found := blown_fuses(evaluation.decisions, facts, policies):
        blown |= found
        policies = structs.replace(
            policies, rules=tuple(each for each in policies.rules if rule_key(each) not in blown)
        )
        evaluation, facts = _decide(policies, facts, connector, render)
    plan = make_plan(evaluation, facts, policies, tuple(dict.fromkeys(blown.values())))
    watch.planned(plan)
    return Run(plan, () if dry_run else apply_plan(plan, facts, connector, watch.applying))


def explain(
    policies: Policies,
    connector: Connector,
    render: Renderer,
    now: dt.datetime,
    watch: Watch,
    tracker: str,
    key: IssueKey,
) -> tuple[Issue, tuple[Explanation, ...]]:
    """Every rule of a tracker on one of its issues, each condition with the value seen.

    The key without a project is of the tracker's own.

    Raises PolicyError for a tracker that is not there, StarkeeperError where not all of the issue can be read.
    """
    narrowed(policies, (tracker,), ())
    facts, issue = read_one(policies, connector, now, watch, tracker, key)
    facts = read_facets(facts, [(facet, issue.key) for facet in FACETS], connector)
    if facts.failures:
        raise StarkeeperError(facts.failures[0].why)
    return issue, explain_rules(policies, facts, issue, render)


def narrowed(policies: Policies, trackers: tuple[str, ...], rules: tuple[str, ...]) -> Policies:
    """The policies with only these trackers and rules; raises PolicyError for a name that is not there."""
    problems = [*_unknown("tracker", trackers, policies.desk.trackers)]
    problems += _unknown("rule", rules, [each.name for each in policies.rules])
    if problems:
        raise PolicyError(problems)
    kept = []
    for rule in policies.rules:
        looked_at = tuple(each for each in rule.trackers if not trackers or each in trackers)
        if looked_at and (not rules or rule.name in rules):
            kept.append(structs.replace(rule, trackers=looked_at))
    return structs.replace(policies, rules=tuple(kept))


def _decide(policies: Policies, facts: Facts, connector: Connector, render: Renderer) -> tuple[Evaluation, Facts]:
    """Evaluates, reads the facets that turned out to be in question, and evaluates again until none is missing."""
    while True:
        evaluation = evaluate(policies, facts, render)
        if not evaluation.needs:
            return evaluation, facts
        facts = read_facets(facts, evaluation.needs, connector)


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> list[Problem]:
    names_known = list(known)
    return [
        Problem(NOWHERE, f"there is no {what} '{name}'", nearest(name, names_known))
        for name in names
        if name not in names_known
    ]
