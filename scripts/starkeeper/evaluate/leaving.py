"""What a reaction leaves to the sweep: rules that wait, and what must wait for them."""

from __future__ import annotations

from starkeeper.errors import RenderError
from starkeeper.evaluate.effects import after
from starkeeper.evaluate.holding import cheap_first, told
from starkeeper.evaluate.originals import elsewhere
from starkeeper.evaluate.shelves import asked_by
from starkeeper.evaluate.state import Pass
from starkeeper.evaluate.steps import match_of, wanted_steps
from starkeeper.model.facets import FacetNeeded, Unanswerable
from starkeeper.model.plan import Step
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Rule


def leave(rule: Rule, state: Pass) -> None:
    """Of a rule that is left to the sweep it is looked where it would act, or might: what comes behind it must not be
    done on what no sweep would see, nor take its turn away."""
    clauses = cheap_first(rule.conditions)
    shelves = (state.shelves[tracker, rule.type] for tracker in rule.trackers if (tracker, rule.type) in state.shelves)
    for _, resource in (each for shelf in shelves for each in shelf.candidates(asked_by(rule), None)):
        if not state.facts.is_decided_on(resource) or resource.key in state.left:
            continue
        answer = told(rule, clauses, resource, state.facts)
        if answer is False:
            continue
        if rule.is_left == "for_now":
            state.waiting.setdefault(resource.key, []).append(rule)
        elif isinstance(answer, FacetNeeded):
            state.needs |= answer.needs
        elif answer is not True or _would_act(rule, resource, state):
            state.left.add(resource.key)


def _would_act(rule: Rule, resource: Resource, state: Pass) -> bool:
    try:
        match = match_of(rule, resource, state.facts)
        wanted = wanted_steps(rule, match, state.render)
        return bool(wanted.steps or elsewhere(rule, match, state)[1].steps)
    except FacetNeeded as need:
        state.needs |= need.needs
        return False
    except (Unanswerable, RenderError):
        return True


def is_too_early(resource: Resource, steps: tuple[Step, ...], state: Pass) -> bool:
    """Whether a rule before this one, which is left to the sweep and may hold, would not hold any more after these
    steps: then they, and all behind them, are left to the sweep as well."""
    waiting = state.waiting.get(resource.key)
    changed = after(resource, steps, state.facts.now) if waiting else None
    for rule in waiting or ():
        clauses = cheap_first(rule.conditions)
        if changed is not None and told(rule, clauses, changed, state.facts) is not False:
            continue
        answer = told(rule, clauses, resource, state.facts)
        if isinstance(answer, FacetNeeded):
            state.needs |= answer.needs
        elif answer is not False:
            state.left.add(resource.key)
        if answer is not False:
            return True
    return False
