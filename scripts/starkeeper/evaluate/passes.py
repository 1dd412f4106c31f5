"""One pass of all rules over a virtual copy of all resources, so that each rule sees what the ones before it did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from starkeeper.errors import RenderError
from starkeeper.evaluate.effects import after
from starkeeper.evaluate.outlook import outlook_of
from starkeeper.evaluate.shelves import Place, Shelf, asked_by
from starkeeper.evaluate.steps import Wanted, match_of, wanted_elsewhere, wanted_steps
from starkeeper.evaluate.undone import is_undone
from starkeeper.model.decisions import Decision, Evaluation
from starkeeper.model.facets import BULK_FACETS, Facet, FacetNeeded, Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.parts import WHOLE, Part
from starkeeper.model.plan import Change, Failure, Notice, Step
from starkeeper.model.resources import Resource, ResourceKey, Subject
from starkeeper.model.rules import Clause, Limits, Match, Renderer, Rule, Section, Summary
from starkeeper.render.markers import find_content

Excluded = frozenset[tuple[str, str, ResourceKey]]
"""Rule name, tracker and key of each resource on which that rule is not to be asked."""
Trouble = FacetNeeded | Unanswerable | RenderError
"""Why it cannot be told, yet or at all, whether a rule holds on a resource."""
Found = list[tuple[int, Resource]]
"""Resources on which a rule holds, as it saw them, and where they stand on their shelf."""


class Shortlist:
    """Which resources each rule still has to look at, as long as these are as they were read.

    What a rule turned down as it was read, without a facet that was missing, it turns down again.
    """

    def __init__(self) -> None:
        self._open: dict[tuple[int, Place], tuple[frozenset[int], list[int]]] = {}

    def of(self, rule: Rule, place: Place) -> set[int] | None:
        """Positions; None where the rule has not been asked yet."""
        undecided, changed = self._open.get((id(rule), place), (None, []))
        return None if undecided is None else {*undecided, *changed}

    def keep(self, rule: Rule, place: Place, undecided: Iterable[int], changed: Iterable[int]) -> None:
        """Remembers what a first pass left open; `rule` must live as long as this does.

        `changed` are those that an earlier rule had changed by then: what they are turned down for may not last.
        """
        if (id(rule), place) not in self._open:
            self._open[id(rule), place] = frozenset(undecided), list(changed)


class Pass:
    """The state of one pass: the resources as the rules so far would leave them, and what was found on the way."""

    def __init__(
        self, rules: Sequence[Rule], facts: Facts, render: Renderer, excluded: Excluded, shortlist: Shortlist
    ) -> None:
        self.facts = facts
        self.render = render
        self.rules = rules
        self.excluded = excluded
        self.shortlist = shortlist
        by_place: dict[Place, list[Resource]] = {}
        for resource in facts.resources:
            by_place.setdefault((resource.tracker, resource.type), []).append(resource)
        self.shelves = {place: Shelf(resources) for place, resources in by_place.items()}
        self.decisions: list[Decision] = []
        self.gathered: list[Change] = []
        self.errors: dict[Failure, None] = {}
        self.notices: dict[Notice, None] = {}
        self.needs: set[tuple[Facet, Subject]] = set()
        self.untold: set[tuple[int, str]] = set()
        self.waiting: dict[ResourceKey, list[Rule]] = {}
        self.left: set[ResourceKey] = set()

    def knows_all(self, rule: Rule, tracker: str) -> bool:
        """Whether all resources that the rule is for were read, and it could be told of each whether the rule holds."""
        unread = any(each.tracker == tracker and each.type == rule.type for each in self.facts.failures)
        return not unread and (id(rule), tracker) not in self.untold


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
            _leave(rule, state)
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

    A rule that `gathers` looks at all of them, also in a run that decides on some only. It never finds a summary of
    ours: it would list itself, and change by that at every run.
    """
    place: Place = (tracker, rule.type)
    shelf = state.shelves.get(place)
    if shelf is None:
        return []
    clauses = _cheap_first(rule.conditions)
    among = state.shortlist.of(rule, place)
    holding: Found = []
    undecided: list[int] = []
    for position, resource in shelf.candidates(asked_by(rule), among):
        if not (gathers or state.facts.is_decided_on(resource)) or resource.key in state.left:
            continue
        holds = _holds(rule, clauses, resource, state)
        if holds is not False:
            undecided.append(position)
        if holds and not _is_excluded(rule, resource, state) and not (gathers and _is_own_summary(resource, state)):
            holding.append((position, resource))
    state.shortlist.keep(rule, place, undecided, shelf.changed)
    return limited(holding, rule.limits, state.facts.part)


def _is_excluded(rule: Rule, resource: Resource, state: Pass) -> bool:
    return (rule.name, resource.tracker, resource.key) in state.excluded


def _is_own_summary(resource: Resource, state: Pass) -> bool:
    is_own = resource.author is not None and resource.author.username == state.facts.bot
    return is_own and bool(find_content(resource.description))


def rule_holds(rule: Rule, resource: Resource, facts: Facts) -> bool:
    """Whether every condition of the rule holds on that record of the resource; may raise FacetNeeded."""
    return all(clause.condition.holds(resource, facts) for clause in _cheap_first(rule.conditions))


def limited(found: Found, limits: Limits, part: Part = WHOLE) -> Found:
    """What the limits of a rule leave: the newest first for `most_recent`, the oldest first for `oldest`.

    One `part` of a run has its share.
    """
    if limits.most_recent is None and limits.oldest is None:
        return found
    by_age = sorted(
        found, key=lambda each: (each[1].created_at, each[1].iid, each[1].name), reverse=limits.most_recent is not None
    )
    most = limits.most_recent if limits.most_recent is not None else limits.oldest or 0
    return by_age[: part.share_of(most)]


def _cheap_first(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    return tuple(sorted(clauses, key=lambda clause: len(clause.condition.facets)))


def _holds(rule: Rule, clauses: tuple[Clause, ...], resource: Resource, state: Pass) -> bool | None:
    """None where that cannot be told yet, or at all."""
    told = _told(rule, clauses, resource, state.facts)
    if isinstance(told, bool):
        return told
    _note(rule, resource, told, state)
    if not isinstance(told, FacetNeeded):
        state.untold.add((id(rule), resource.tracker))
    return None


def _told(rule: Rule, clauses: tuple[Clause, ...], resource: Resource, facts: Facts) -> bool | Trouble:
    """Whether it holds, or why that cannot be told."""
    troubles: list[Trouble] = []
    for clause in clauses:
        try:
            if not clause.condition.holds(resource, facts):
                return False
        except (FacetNeeded, Unanswerable, RenderError) as trouble:
            troubles.append(trouble)
    if not troubles:
        try:
            return not is_undone(rule, resource, facts)
        except (FacetNeeded, Unanswerable) as trouble:
            troubles.append(trouble)
    # What is cheapest to read may be enough to know; what fails has to be said only where nothing else decides.
    return min(troubles, key=_cost)


def may_hold(rule: Rule, resource: Resource, facts: Facts) -> bool:
    """Whether the rule holds on that record of the resource, or would as far as is known."""
    return _told(rule, _cheap_first(rule.conditions), resource, facts) is not False


def _leave(rule: Rule, state: Pass) -> None:
    """Of a rule that is left to the sweep it is looked where it would act, or might: what comes behind it must not be
    done on what no sweep would see, nor take its turn away."""
    clauses = _cheap_first(rule.conditions)
    shelves = (state.shelves[tracker, rule.type] for tracker in rule.trackers if (tracker, rule.type) in state.shelves)
    for _, resource in (each for shelf in shelves for each in shelf.candidates(asked_by(rule), None)):
        if not state.facts.is_decided_on(resource) or resource.key in state.left:
            continue
        told = _told(rule, clauses, resource, state.facts)
        if told is False:
            continue
        if rule.is_left == "for_now":
            state.waiting.setdefault(resource.key, []).append(rule)
        elif isinstance(told, FacetNeeded):
            state.needs |= told.needs
        elif told is not True or _would_act(rule, resource, state):
            state.left.add(resource.key)


def _would_act(rule: Rule, resource: Resource, state: Pass) -> bool:
    try:
        match = match_of(rule, resource, state.facts)
        wanted = wanted_steps(rule, match, state.render)
        return bool(wanted.steps or _elsewhere(rule, match, state)[1].steps)
    except FacetNeeded as need:
        state.needs |= need.needs
        return False
    except (Unanswerable, RenderError):
        return True


def _is_too_early(resource: Resource, steps: tuple[Step, ...], state: Pass) -> bool:
    """Whether a rule before this one, which is left to the sweep and may hold, would not hold any more after these
    steps: then they, and all behind them, are left to the sweep as well."""
    waiting = state.waiting.get(resource.key)
    changed = after(resource, steps, state.facts.now) if waiting else None
    for rule in waiting or ():
        clauses = _cheap_first(rule.conditions)
        if changed is not None and _told(rule, clauses, changed, state.facts) is not False:
            continue
        told = _told(rule, clauses, resource, state.facts)
        if isinstance(told, FacetNeeded):
            state.needs |= told.needs
        elif told is not False:
            state.left.add(resource.key)
        if told is not False:
            return True
    return False


def _cost(trouble: Trouble) -> int:
    """Notes are read in bulk, all else one by one."""
    return 2 if not isinstance(trouble, FacetNeeded) else 0 if trouble.facet in BULK_FACETS else 1


def _act(rule: Rule, position: int, resource: Resource, state: Pass) -> None:
    try:
        outlook = partial(outlook_of, state.rules, state.facts, resource, state.render)
        match = match_of(rule, resource, state.facts, outlook)
        wanted = wanted_steps(rule, match, state.render)
        there, elsewhere = _elsewhere(rule, match, state)
    except (FacetNeeded, Unanswerable, RenderError) as trouble:
        _note(rule, resource, trouble, state)
        return
    if wanted.steps and _is_too_early(resource, wanted.steps, state):
        return
    _decide(rule, position, resource, wanted, state)
    if there is not None and elsewhere.steps:
        _decide(rule, *there, elsewhere, state, because_of=resource)


def _decide(
    rule: Rule, position: int, resource: Resource, wanted: Wanted, state: Pass, *, because_of: Resource | None = None
) -> None:
    for label in wanted.new_labels:
        state.notices[_new_label(label, resource)] = None
    if wanted.steps:
        changed = after(resource, wanted.steps, state.facts.now)
        state.shelves[resource.tracker, resource.type].put(position, changed)
    state.decisions.append(Decision(rule, resource, wanted.steps, because_of))


def _elsewhere(rule: Rule, match: Match, state: Pass) -> tuple[tuple[int, Resource] | None, Wanted]:
    """Where the original of the resource is, as it is by now, and what the rule wants of it."""
    original = match.names.get("original")
    if not isinstance(original, Resource) or not any(act.action.elsewhere for act in rule.actions):
        return None, Wanted()
    there = state.shelves[original.tracker, original.type].find(original.key)
    if there is None or _is_excluded(rule, there[1], state) or is_undone(rule, there[1], state.facts):
        return None, Wanted()
    return there, wanted_elsewhere(rule, match, there[1], state.render)


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
