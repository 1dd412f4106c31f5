"""Takes a rule that holds on a resource; gives the steps that it wants: one note, then what changes without a word."""

from __future__ import annotations

from msgspec import Struct, structs

from starkeeper.evaluate.effects import with_step
from starkeeper.evaluate.speech import may_speak, spoken
from starkeeper.model.facts import Facts
from starkeeper.model.plan import AssignStep, CommentStep, IssueStep, LabelsStep, Step
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Match, Renderer, Rule
from starkeeper.render.markers import marker_line
from starkeeper.render.names import names_for


class Wanted(Struct, frozen=True):
    """The steps, and those of the labels to be set that the project does not have yet."""

    steps: tuple[Step, ...] = ()
    new_labels: tuple[str, ...] = ()


def wanted_steps(rule: Rule, match: Match, render: Renderer) -> Wanted:
    """What the rule still wants. Raises FacetNeeded, Unanswerable and RenderError."""
    # By key, so that the words of a comment come before the line that mentions people, as in gitlab-triage.
    speaking = [act.action for act in sorted(rule.actions, key=lambda act: act.key) if act.action.speaks]
    silent = _silent_steps(rule, match, render)
    added = [label for step in silent if isinstance(step, LabelsStep) for label in step.add]
    new = tuple(label for label in added if not match.facts.has_label(label, match.resource))
    occurrence = may_speak(rule, match.resource, match.facts) if speaking else None
    if occurrence is None:
        return Wanted(silent, new)
    parts = [step for action in speaking for step in action.plan(rule.name, match, render)]
    comments = [step for step in parts if isinstance(step, CommentStep)]
    return Wanted((*spoken(rule, comments, occurrence, render), *silent), new)


def match_of(rule: Rule, resource: Resource, facts: Facts) -> Match:
    """The resource with every name that the templates of the rule see for it."""
    return Match(resource, facts, names_bound(rule, resource, facts))


def names_bound(rule: Rule, resource: Resource, facts: Facts) -> dict[str, object]:
    """Every name that the templates of the rule see for this resource."""
    extra: dict[str, object] = {}
    found: dict[str, str] = {}
    for clause in rule.conditions:
        bound = clause.condition.binds(resource, facts)
        found.update(bound.get("fields", {}))
        extra.update({name: value for name, value in bound.items() if name != "fields"})
    seen = structs.replace(resource, fields={**resource.fields, **found}) if found else resource
    return names_for(seen, facts, extra)


def _silent_steps(rule: Rule, match: Match, render: Renderer) -> tuple[Step, ...]:
    """What the rule changes without a word. What one action takes away and another sets stays as it is.

    So the ones that set are asked about the resource as those that take away would leave it: a whole scope taken off
    beside one label of it, or everybody unassigned beside whoever is on call, is at rest once it is so.
    """
    steps = _planned(rule, match, render)
    taken = [step for step in steps if isinstance(step, LabelsStep | AssignStep) and not step.add]
    if taken:
        bare = match.resource
        for step in taken:
            bare = with_step(bare, step) or bare
        steps = taken + _planned(rule, structs.replace(match, resource=bare), render)
    labels = _one_labels_step(match.resource, [step for step in steps if isinstance(step, LabelsStep)])
    people = _one_assign_step(match.resource, [step for step in steps if isinstance(step, AssignStep)])
    rest = (_finished(step, rule, render) for step in steps if not isinstance(step, LabelsStep | AssignStep))
    return (*labels, *people, *rest)


def _finished(step: Step, rule: Rule, render: Renderer) -> Step:
    """What opens an issue gets, as a note does, the line that says why and its marker."""
    if not isinstance(step, IssueStep):
        return step
    description = render.note([step.description], rule, marker_line(rule.name, step.key))
    return structs.replace(step, description=description)


def _planned(rule: Rule, match: Match, render: Renderer) -> list[Step]:
    return [step for act in rule.actions if not act.action.speaks for step in act.action.plan(rule.name, match, render)]


def _one_labels_step(resource: Resource, steps: list[LabelsStep]) -> tuple[LabelsStep, ...]:
    wanted = dict.fromkeys(label for step in steps for label in step.add)
    unwanted = dict.fromkeys(label for step in steps for label in step.remove)
    add = tuple(label for label in wanted if label not in resource.labels)
    remove = tuple(label for label in unwanted if label not in wanted)
    return (LabelsStep(rule=steps[0].rule, add=add, remove=remove),) if add or remove else ()


def _one_assign_step(resource: Resource, steps: list[AssignStep]) -> tuple[AssignStep, ...]:
    wanted = {name.casefold(): name for step in steps for name in step.add}
    unwanted = dict.fromkeys(name for step in steps for name in step.remove)
    assigned = {user.username.casefold() for user in resource.assignees}
    add = tuple(name for folded, name in wanted.items() if folded not in assigned)
    remove = tuple(name for name in unwanted if name.casefold() not in wanted)
    return (AssignStep(rule=steps[0].rule, add=add, remove=remove),) if add or remove else ()
