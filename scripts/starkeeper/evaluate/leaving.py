"""What a reaction leaves to the sweep: rules that wait, and what must wait for them."""

from __future__ import annotations

from collections.abc import Iterable

from starkeeper.errors import RenderError
from starkeeper.evaluate.effects import after
from starkeeper.evaluate.halves import MOVED_BY, can_move_back
from starkeeper.evaluate.holding import cheap_first, may_hold, told
from starkeeper.evaluate.originals import elsewhere
from starkeeper.evaluate.shelves import asked_by
from starkeeper.evaluate.state import Pass
from starkeeper.evaluate.steps import match_of, wanted_steps
from starkeeper.model.facets import FacetNeeded, Unanswerable
from starkeeper.model.plan import LabelsStep, SlackStep, Step
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Act, Rule


def leave(rule: Rule, state: Pass) -> None:
    """Notes where a rule that is left to the sweep would act, or might: what comes below it must not be done on what no
    sweep would see, nor take its turn away."""
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


def is_too_early(rule: Rule, resource: Resource, steps: tuple[Step, ...], state: Pass) -> bool:
    """Whether a rule above this one that is left to the sweep, and may hold, would not hold any more after these steps,
    or would have kept this one from holding; or one that is left would pull the other way for ever. Then they, and all
    below, are left to the sweep as well."""
    changed = after(resource, steps, state.facts.now)
    if any(_disagree(rule, each, steps, changed, state) for each in state.rules if each.is_left):
        state.left.add(resource.key)
        return True
    for above in state.waiting.get(resource.key, ()):
        moved = _moved_by(above, resource, state)
        if _may_hold(above, changed, state) and not _is_turned(rule, resource, moved, state):
            continue
        answer = told(above, cheap_first(above.conditions), resource, state.facts)
        if isinstance(answer, FacetNeeded):
            state.needs |= answer.needs
        elif answer is not False:
            state.left.add(resource.key)
        if answer is not False:
            return True
    return False


def is_too_early_on_original(
    rule: Rule, resource: Resource, original: Resource, steps: tuple[Step, ...], state: Pass
) -> bool:
    """The same of what is done to the original of a resource, on which this run does not decide: any rule above may
    still have its turn there, and any below may pull the other way."""
    if state.facts.is_decided_on(original) or not _move_anything(steps):
        return False
    changed = after(original, steps, state.facts.now)
    here = [each for each in state.rules if each.type == original.type and original.tracker in each.trackers]
    above, below = here[: here.index(rule)], here[here.index(rule) + 1 :]
    loses = any(_may_hold(each, original, state) and not _may_hold(each, changed, state) for each in above)
    if loses or any(can_move_back(each, steps) and _may_hold(each, changed, state) for each in below):
        state.left.add(resource.key)
        return True
    return False


def lacks_its_thread(resource: Resource, steps: tuple[Step, ...], of_original: tuple[Step, ...], state: Pass) -> bool:
    """Whether a reaction would have to reply to a message that is not there yet: the sweep may post that first.

    Then this, and all below, is left to it. Where nothing else is done, and that on the original, the plan leaves the
    reply out, and the rule holds again.
    """
    if not state.facts.is_of_one:
        return False
    mine = (each for each in state.decisions if each.resource.key == resource.key)
    posted = {step.role for each in mine for step in each.steps if isinstance(step, SlackStep)}
    lacking = [each for each in (*steps, *of_original) if isinstance(each, SlackStep) and each.is_reply]
    lacking = [each for each in lacking if each.reply_to not in posted]
    if lacking and (steps or len(lacking) < len(of_original)):
        state.left.add(resource.key)
        return True
    return False


def _disagree(rule: Rule, left: Rule, steps: tuple[Step, ...], changed: Resource | None, state: Pass) -> bool:
    """Whether the one may move back what the other has moved, and that would then act again."""
    if changed is None or not can_move_back(left, steps) or not _may_hold(left, changed, state):
        return False
    return _may_hold(rule, _moved_by(left, changed, state), state)


def _may_hold(rule: Rule, resource: Resource | None, state: Pass) -> bool:
    return resource is not None and may_hold(rule, resource, state.facts)


def _move_anything(steps: Iterable[Step]) -> bool:
    return any(isinstance(step, LabelsStep) or type(step) in MOVED_BY for step in steps)


def _is_turned(rule: Rule, resource: Resource, moved: Resource, state: Pass) -> bool:
    """Whether the rule would do something else on the resource once that was moved."""
    if moved is resource:
        return False
    return not _may_hold(rule, moved, state) or _moving(rule, moved, state) != _moving(rule, resource, state)


def _moved_by(rule: Rule, resource: Resource, state: Pass) -> Resource:
    """The resource after what the rule would move, as far as that can be told."""
    steps = _moving(rule, resource, state)
    return (after(resource, steps, state.facts.now) or resource) if steps else resource


def _moving(rule: Rule, resource: Resource, state: Pass) -> list[Step]:
    """What the rule would move."""
    try:
        match = match_of(rule, resource, state.facts)
        return [
            step for act in rule.actions if _is_moving(act) for step in act.action.plan(rule.name, match, state.render)
        ]
    except (FacetNeeded, Unanswerable, RenderError):
        return []


def _is_moving(act: Act) -> bool:
    return act.key in {"labels", "remove_labels"}.union(*MOVED_BY.values()) - {"move"}
