"""Takes a rule that holds on a resource; gives the steps that it wants: its notes, then what changes without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from msgspec import Struct, structs

from starkeeper.evaluate.effects import with_step
from starkeeper.evaluate.speech import Turn, spoken, turn_to_speak
from starkeeper.evaluate.telling import told
from starkeeper.model.facts import Facts
from starkeeper.model.plan import AssignStep, CommentStep, IssueStep, LabelsStep, SlackStep, Step
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Action, Clause, Match, Occasion, Renderer, Rule, each_with_each
from starkeeper.render.markers import marker_line
from starkeeper.render.names import names_for

Outlook = Callable[[], Sequence[Any]]
"""What gives, for templates, what the rules will do to a resource if nothing happens."""


class Wanted(Struct, frozen=True):
    """The steps, and those of the labels to be set that the project does not have yet."""

    steps: tuple[Step, ...] = ()
    new_labels: tuple[str, ...] = ()


def wanted_steps(rule: Rule, match: Match, render: Renderer) -> Wanted:
    """What the rule still wants. Raises FacetNeeded, Unanswerable and RenderError."""
    said: list[CommentStep | SlackStep] = []
    is_over = False
    speaks, tells = bool(_speaking(rule)), any(act.action.tells for act in rule.actions)
    for occasion in _occasions(rule, match) if speaks or tells else ():
        turn = turn_to_speak(rule, occasion.about, match.resource, match.facts) if speaks else Turn(None)
        is_over = is_over or turn.is_over
        if turn.number is not None:
            said += _words(rule, occasion, turn.number, match, render)
        for step, turn in _told(rule, occasion, match, render):
            is_over = is_over or turn.is_over
            said += [step] if step else []
    if not said and is_answer(rule):
        # It is answered, and with that done.
        return Wanted()
    silent = _silent_steps(rule, match, render)
    if is_answer(rule):
        said = [structs.replace(each, is_answer=True) if isinstance(each, CommentStep) else each for each in said]
    wanted = Wanted((*said, *silent), _new_labels(silent, match))
    return _then(rule, match, wanted, render) if is_over else wanted


def wanted_elsewhere(rule: Rule, match: Match, original: Resource, render: Renderer) -> Wanted:
    """What the rule wants of the original of the resource, told for each duplicate by itself."""
    every = (act for each in rule.actions for act in each.action.acts())
    acts = tuple(act for act in every if act.action.system in match.facts.systems)
    if not acts:
        return Wanted()
    base = names_for(original, match.facts, {"duplicate": match.resource, "original": original})
    names = {**match.names, **base}
    there = Match(original, match.facts, names)
    of_it = structs.replace(rule, actions=acts, conditions=(), repeat=None)
    silent = _silent_steps(of_it, there, render)
    occasion = Occasion((f"duplicate {match.resource.reference}",))
    said: tuple[CommentStep | SlackStep, ...] = ()
    if _speaking(of_it) and turn_to_speak(of_it, occasion.about, original, match.facts).number is not None:
        said = _words(of_it, occasion, 1, there, render)
    said += tuple(step for step, _ in _told(of_it, occasion, there, render) if step)
    return Wanted((*said, *silent), _new_labels(silent, there))


def is_answer(rule: Rule) -> bool:
    """Whether what the rule says answers a command: it acts once for each, and not as long as it holds."""
    return any(_asks_command(clause) for clause in rule.conditions)


def _asks_command(clause: Clause) -> bool:
    groups = getattr(clause.condition, "value", ())
    inner = groups if isinstance(groups, tuple) and clause.key in ("any_of", "all_of") else ()
    return clause.key == "command" or any(_asks_command(each) for group in inner for each in group)


def match_of(rule: Rule, resource: Resource, facts: Facts, outlook: Outlook | None = None) -> Match:
    """The resource with every name that the templates of the rule see for it."""
    names = names_bound(rule, resource, facts)
    return Match(resource, facts, {**names, "explanation": outlook} if outlook else names)


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


def _then(rule: Rule, match: Match, wanted: Wanted, render: Renderer) -> Wanted:
    """What is done besides when a rule has spoken as often as it may. What is said then goes by another name, for it is
    no further time of what the rule says."""
    if rule.repeat is None or not rule.repeat.then:
        return wanted
    last = structs.replace(rule, name=f"{rule.name} (then)", actions=rule.repeat.then, repeat=None)
    more = wanted_steps(last, match, render)
    steps = (structs.replace(each, rule=rule.name) for each in more.steps)
    return Wanted((*wanted.steps, *steps), (*wanted.new_labels, *more.new_labels))


def _speaking(rule: Rule) -> list[Action]:
    """By key, so that the words of a comment come before the line that mentions people, as in gitlab-triage."""
    return [act.action for act in sorted(rule.actions, key=lambda act: act.key) if act.action.speaks]


def _occasions(rule: Rule, match: Match) -> tuple[Occasion, ...]:
    """What the rule speaks of, each by itself; one without a name where it is all the same to its conditions."""
    return each_with_each(each.condition.occasions(match.resource, match.facts) for each in rule.conditions)


def _told(rule: Rule, occasion: Occasion, match: Match, render: Renderer) -> Iterator[tuple[SlackStep | None, Turn]]:
    """What the rule says in Slack on that occasion; it is put into words only where it was not said before."""
    seen = structs.replace(match, names={**match.names, **occasion.names})
    telling = [act.action for act in rule.actions if act.action.tells]
    outlined = [step for action in telling for step in action.outline(rule.name, seen)]

    @cache
    def words() -> tuple[str, ...]:
        steps = (step for action in telling for step in action.plan(rule.name, seen, render))
        return tuple(step.text for step in steps if isinstance(step, SlackStep))

    return told(rule, outlined, lambda place: words()[place], occasion.about, match.resource, match.facts, render)


def _words(rule: Rule, occasion: Occasion, number: int, match: Match, render: Renderer) -> tuple[CommentStep, ...]:
    told = structs.replace(match, names={**match.names, **occasion.names}) if occasion.names else match
    parts = [step for action in _speaking(rule) for step in action.plan(rule.name, told, render)]
    comments = [step for step in parts if isinstance(step, CommentStep)]
    return spoken(rule, comments, number, occasion.about, match.resource, match.facts, render)


def _new_labels(silent: Sequence[Step], match: Match) -> tuple[str, ...]:
    added = [label for step in silent if isinstance(step, LabelsStep) for label in step.add]
    return tuple(label for label in added if not match.facts.has_label(label, match.resource))


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
    silent = (act.action for act in rule.actions if not act.action.speaks and not act.action.tells)
    return [step for action in silent for step in action.plan(rule.name, match, render)]


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
