"""One pass of all rules over a virtual copy of all resources, so that each rule sees what the ones before it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from starkeeper.errors import RenderError
from starkeeper.evaluate.effects import after
from starkeeper.evaluate.holding import cheap_first, told
from starkeeper.evaluate.leaving import is_too_early, is_too_early_on_original, lacks_its_thread, leave
from starkeeper.evaluate.originals import elsewhere, is_excluded
from starkeeper.evaluate.outlook import outlook_of
from starkeeper.evaluate.shelves import Place, asked_by
from starkeeper.evaluate.state import Excluded, Pass, Shortlist
from starkeeper.evaluate.steps import Wanted, match_of, wanted_steps
from starkeeper.model.decisions import Decision, Evaluation
from starkeeper.model.facets import FacetNeeded, Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Failure, Notice
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Clause, Limits, Match, Renderer, Rule, Section, Summary
from starkeeper.render.markers import find_content

Found = list[tuple[int, Resource]]
"""Resources on which a rule holds, as it saw them, and where they stand on their shelf."""


def run_pass(
    rules: Iterable[Rule],
    facts: Facts,
    render: Renderer,
    excluded: Excluded = frozenset(),
    *,
    summaries: Iterable[Summary] = (),
    shortlist: Shortlist | None = None,
) -> Evaluation:
    """Asks each summary, then each rule in turn, about every resource of its type in its trackers."""
    rules = tuple(rules)
    state = Pass(rules, facts, render, excluded, shortlist or Shortlist())
    gathering: list[tuple[Rule, str, list[tuple[Rule, Found]]]] = []
    for summary in summaries:
        for tracker in summary.summarize.trackers:
            parts = [(rule, matching(rule, tracker, state, gathers=True)) for rule in summary.parts]
            gathering.append((summary.summarize, tracker, parts))
    for rule in rules:
        if rule.is_left:
            leave(rule, state)
            continue
        gathers = any(act.action.gathers for act in rule.actions)
        for tracker in rule.trackers:
            found = matching(rule, tracker, state, gathers=gathers)
            if gathers:
                gathering.append((rule, tracker, [(rule, found)]))
            for position, resource in found:
                if facts.is_decided_on(resource):
                    _act(rule, position, resource, state)
    for rule, tracker, parts in gathering:
        _gather(rule, tracker, parts, state)
    return Evaluation(
        decisions=tuple(state.decisions),
        gathered=tuple(state.gathered),
        errors=tuple(state.errors),
        notices=tuple(state.notices),
        needs=frozenset(state.needs),
        left=frozenset(state.left),
    )


def matching(rule: Rule, tracker: str, state: Pass, *, gathers: bool) -> Found:
    """The resources of a tracker on which the rule holds, as far as its limits leave them.

    A rule that `gathers`, or has limits, looks at all of them, also in a run that decides on some only. One that
    gathers never finds a summary of ours: it would list itself, and change by that at every run.
    """
    place: Place = (tracker, rule.type)
    shelf = state.shelves.get(place)
    if shelf is None:
        return []
    clauses = cheap_first(rule.conditions)
    looks_at_all = gathers or rule.limits != Limits()
    among = state.shortlist.of(rule, place)
    holding: Found = []
    undecided: list[int] = []
    for position, resource in shelf.candidates(asked_by(rule), among):
        if not (looks_at_all or state.facts.is_decided_on(resource)) or resource.key in state.left:
            continue
        holds = _holds(rule, clauses, resource, state)
        if holds is not False:
            undecided.append(position)
        if holds and not is_excluded(rule, resource, state) and not (gathers and _is_own_summary(resource, state)):
            holding.append((position, resource))
    state.shortlist.keep(rule, place, undecided, shelf.changed)
    return limited(holding, rule.limits)


def _is_own_summary(resource: Resource, state: Pass) -> bool:
    is_own = resource.author is not None and resource.author.username == state.facts.bot
    return is_own and bool(find_content(resource.description))


def limited(found: Found, limits: Limits) -> Found:
    """What the limits of a rule leave: the newest first for `most_recent`, the oldest first for `oldest`."""
    if limits.most_recent is None and limits.oldest is None:
        return found
    by_age = sorted(
        found, key=lambda each: (each[1].created_at, each[1].iid, each[1].name), reverse=limits.most_recent is not None
    )
    most = limits.most_recent if limits.most_recent is not None else limits.oldest or 0
    return by_age[:most]


def _holds(rule: Rule, clauses: tuple[Clause, ...], resource: Resource, state: Pass) -> bool | None:
    """None where that cannot be told yet, or at all."""
    answer = told(rule, clauses, resource, state.facts)
    if isinstance(answer, bool):
        return answer
    _note(rule, resource, answer, state)
    if not isinstance(answer, FacetNeeded):
        state.untold.add((id(rule), resource.tracker))
    return None


def _act(rule: Rule, position: int, resource: Resource, state: Pass) -> None:
    try:
        outlook = partial(outlook_of, state.rules, state.facts, resource, state.render)
        match = match_of(rule, resource, state.facts, outlook)
        wanted = wanted_steps(rule, match, state.render)
        there, of_original = elsewhere(rule, match, state)
    except (FacetNeeded, Unanswerable, RenderError) as trouble:
        _note(rule, resource, trouble, state)
        return
    if wanted.steps and is_too_early(rule, resource, wanted.steps, state):
        return
    if there is not None and is_too_early_on_original(rule, resource, there[1], of_original.steps, state):
        return
    if lacks_its_thread(resource, wanted.steps, of_original.steps, state):
        return
    _decide(rule, position, resource, wanted, state)
    if there is not None and of_original.steps:
        _decide(rule, *there, of_original, state, because_of=resource)


def _decide(
    rule: Rule, position: int, resource: Resource, wanted: Wanted, state: Pass, *, because_of: Resource | None = None
) -> None:
    for label in wanted.new_labels:
        state.notices[_new_label(label, resource)] = None
    if wanted.steps:
        changed = after(resource, wanted.steps, state.facts.now)
        state.shelves[resource.tracker, resource.type].put(position, changed)
    state.decisions.append(Decision(rule, resource, wanted.steps, because_of))


def _gather(rule: Rule, tracker: str, parts: Sequence[tuple[Rule, Found]], state: Pass) -> None:
    """Asks the actions that are for all resources of the rule, or of the rules of a summary, together.

    They see them as all rules leave them, or what is listed would be out of date at once. On half of what there is
    they are not asked: what is only not known would look as if it were gone.
    """
    if not all(state.knows_all(part, tracker) for part, _ in parts):
        return
    for act in (each for each in rule.actions if each.action.gathers):
        try:
            sections = [Section(part, _matches(part, tracker, found, state)) for part, found in parts]
            state.gathered.extend(act.action.gather(rule, tracker, sections, state.facts, state.render))
        except (FacetNeeded, Unanswerable, RenderError) as trouble:
            _note(rule, None, trouble, state)


def _matches(rule: Rule, tracker: str, found: Found, state: Pass) -> tuple[Match, ...]:
    """One that was moved or deleted is seen as it was."""
    shelf = state.shelves.get((tracker, rule.type))
    left = ((shelf.at(position) if shelf else None) or seen for position, seen in found)
    return tuple(match_of(rule, each, state.facts) for each in left)


def _note(
    rule: Rule, resource: Resource | None, trouble: FacetNeeded | Unanswerable | RenderError, state: Pass
) -> None:
    whose = f"{rule.where if rule.where.line else rule.policy}: rule '{rule.name}'"
    if isinstance(trouble, FacetNeeded):
        state.needs |= trouble.needs
    elif isinstance(trouble, Unanswerable) and trouble.service:
        # The plan says so once, whichever rules wanted to know it.
        return
    elif isinstance(trouble, Unanswerable):
        failure = Failure(where=whose, what=str(trouble), must_correct=trouble.must_correct)
        state.errors[failure] = None
    else:
        where = f"{whose} on {resource.reference}" if resource else whose
        state.errors[Failure(where=where, what=str(trouble), must_correct=True)] = None


def _new_label(label: str, resource: Resource) -> Notice:
    return Notice(
        where=f"label '{label}'",
        what=f"{resource.project} has no label of that name, so GitLab makes it; is the name right?",
    )
