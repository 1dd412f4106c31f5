"""Takes a rule with its conditions and actions made; gives the names and templates in it that would fail later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from starkeeper.desk.intervals import calendar_problems
from starkeeper.errors import Problem, Where
from starkeeper.model.desk import GROUPS, Desk
from starkeeper.model.resources import EVERY_TYPE, ResourceType
from starkeeper.model.rules import Act, Action, Clause, Condition, Kind, Rule
from starkeeper.model.values import Expression, GatheredText, Pattern, TemplateName, Text, values_in
from starkeeper.policies.nodes import MapNode, ScalarNode, scalars
from starkeeper.policies.syntax import place_in

if TYPE_CHECKING:
    from starkeeper.render.check import TemplateChecker


class RuleChecker:
    """Checks rules over one desk and one folder of templates; each template file is read once."""

    def __init__(self, desk: Desk, templates: Path) -> None:
        self._desk = desk
        self._templates = templates
        self._made: TemplateChecker | None = None

    def problems(self, rule: Rule, node: MapNode, knows_names: bool = True) -> Iterator[Problem]:
        """Names that the desk does not define, and templates that are missing or name what nobody gives them."""
        kinds: list[tuple[str, Kind, Where]] = [(each.key, each.condition, each.where) for each in rule.conditions]
        kinds += [(each.key, each.action, each.where) for each in _every_act(rule)]
        for _, kind, where in kinds:
            for text in kind.problems(self._desk, rule):
                message, _, remedy = text.partition("; ")
                yield Problem(where, message, remedy)
        yield from _then_problems(rule)
        yield from _group_problems(rule)
        if rule.repeat:
            for text in calendar_problems(rule.repeat.calendar, rule.repeat.every.unit, self._desk):
                message, _, remedy = text.partition("; ")
                yield Problem(rule.where, f"'repeat': {message}", remedy)
        inner = ((each.key, each.condition, each.where) for each in every_clause(rule.conditions))
        yield from _misfits(rule, [*inner, *kinds[len(rule.conditions) :]], self._desk)
        yield from self._expressions(rule, node)
        if knows_names:
            yield from self._texts(rule, node)

    def template_problems(
        self, template: Text | TemplateName, known: Mapping[str, frozenset[str] | None], node: MapNode
    ) -> Iterator[Problem]:
        """What is wrong with a template that may use these names, at its place in the text of `node`."""
        yield from _placed(self._templates_checker.check_template(template, known), template.where, node)

    @property
    def _templates_checker(self) -> TemplateChecker:
        """Made, and Jinja read, only where a policy has a template."""
        from starkeeper.render.check import TemplateChecker

        self._made = self._made or TemplateChecker(self._templates if self._templates.is_dir() else None)
        return self._made

    def _expressions(self, rule: Rule, node: MapNode) -> Iterator[Problem]:
        for expression in values_in(rule.conditions, Expression):
            known = self._known(rule, (), ())
            yield from _placed(self._templates_checker.check_expression(expression, known), expression.where, node)

    def _texts(self, rule: Rule, node: MapNode) -> Iterator[Problem]:
        names, fields = bound_names(rule.conditions)
        for act, there in _texts_of(rule):
            known = self._known(rule, {*names, *act.action.names, *there}, () if there else fields)
            for template in _templates_of(act.action):
                if isinstance(template, Text) and "{" not in template.source:
                    continue
                used = self._gathered if isinstance(template, GatheredText) else known
                yield from self.template_problems(template, used, node)
            means_original = act.action.elsewhere or there or "original" in values_in(act.action, str)
            if means_original and "original" not in names:
                yield Problem(act.where, "nobody says which issue is the original", "add the condition 'duplicate_of'")

    @property
    def _gathered(self) -> Mapping[str, frozenset[str] | None]:
        from starkeeper.render.gathered import GATHERED_NAMES

        rotations = frozenset(self._desk.rotations)
        return {**dict.fromkeys(GATHERED_NAMES), "on_call": rotations, "mention_on_call": rotations}

    def _known(self, rule: Rule, names: Iterable[str], fields: Iterable[str]) -> Mapping[str, frozenset[str] | None]:
        from starkeeper.render.names import known_names

        trackers = [self._desk.trackers[each] for each in rule.trackers if each in self._desk.trackers]
        common = frozenset.intersection(*(each.field_names for each in trackers)) if trackers else frozenset()
        known = known_names(common | frozenset(fields), names)
        rotations = frozenset(self._desk.rotations)
        known |= {"clock_of": frozenset(self._desk.clocks), "on_call": rotations, "mention_on_call": rotations}
        return {**known, "settings": frozenset(self._desk.settings)}


def _every_act(rule: Rule) -> tuple[Act, ...]:
    return (*rule.actions, *(rule.repeat.then if rule.repeat else ()))


def _texts_of(rule: Rule) -> Iterator[tuple[Act, frozenset[str]]]:
    """Each action that can hold texts, and the names that are there beyond the rule's: what is said of an original is
    said of its own fields, beside the duplicate."""
    for act in _every_act(rule):
        if not act.action.elsewhere:
            yield act, frozenset()
        for inner in act.action.acts():
            yield inner, frozenset({"duplicate"})


def _group_problems(rule: Rule) -> Iterator[Problem]:
    for clause in every_clause(rule.conditions):
        names = getattr(clause.condition, "by", ())
        for name in names if isinstance(names, tuple) else ():
            if name in GROUPS:
                message = f"'by': a list holds user names, and '{name}' is a group"
                yield Problem(clause.where, message, f"write by: {name}")


def _then_problems(rule: Rule) -> Iterator[Problem]:
    if rule.repeat is None or not rule.repeat.then:
        return
    if rule.repeat.at_most is None:
        yield Problem(rule.where, "'repeat': without 'at_most' it never comes to 'then'", "add at_most: 3")
    if not any(act.action.speaks for act in rule.actions):
        yield Problem(rule.where, "'repeat': what says nothing is not repeated, so 'then' never comes", "add a comment")
    for act in rule.repeat.then:
        if act.action.elsewhere or act.action.gathers:
            yield Problem(act.where, f"'{act.key}' is not done in 'then'", "put it into a rule of its own")


def _templates_of(action: Action) -> list[Text | TemplateName]:
    return [*values_in(action, Text), *values_in(action, TemplateName)]


def _misfits(rule: Rule, kinds: Iterable[tuple[str, Kind, Where]], desk: Desk) -> Iterator[Problem]:
    """What the type of the rule cannot have. A kind that says so itself, and better, is left to it."""
    for key, kind, where in kinds:
        if rule.type not in kind.types and not kind.problems(desk, rule):
            *most, last = (_in_words(each) for each in EVERY_TYPE if each in kind.types)
            meant = f"{', '.join(most)} and {last}" if most else last
            yield Problem(where, f"'{key}' is not for {_in_words(rule.type)}", f"it is for {meant}; take it out")
    if rule.type == "epics":
        known = (desk.trackers[each] for each in rule.trackers if each in desk.trackers)
        projects = [each.name for each in known if each.source == "projects"]
        if projects:
            message = f"epics belong to groups, and '{projects[0]}' is a project"
            yield Problem(rule.where, message, "run epic rules over the group, or take them out")


def _in_words(type: ResourceType) -> str:
    return type.replace("_", " ")


def bound_names(clauses: Iterable[Clause]) -> tuple[frozenset[str], frozenset[str]]:
    """The names that conditions add for the actions of their rule, and the fields that their patterns find.

    Of groups of which one is enough, only what every one of them adds is there for sure.
    """
    names: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    for clause in clauses:
        more = _bound(clause)
        names, fields = names | more[0], fields | more[1]
    return names, fields


def every_clause(clauses: Iterable[Clause]) -> Iterator[Clause]:
    """Those clauses, and the ones in groups within them."""
    for clause in clauses:
        yield clause
        for group in _groups(clause.condition):
            yield from every_clause(group)


def _bound(clause: Clause) -> tuple[frozenset[str], frozenset[str]]:
    condition = clause.condition
    groups = [bound_names(group) for group in _groups(condition)]
    if groups and clause.key == "any_of":
        names, fields = zip(*groups, strict=True)
        return frozenset.intersection(*names), frozenset.intersection(*fields)
    if clause.key == "concurrent":
        return condition.bound, frozenset()
    if clause.key == "none_of" or type(condition).binds is Condition.binds:
        return frozenset(), frozenset()
    found = {name for pattern in _sought(condition) for name in pattern.compiled.groupindex}
    inner = bound_names(each for group in _groups(condition) for each in group)
    return condition.bound | inner[0], frozenset(found) | inner[1]


def _groups(condition: Condition) -> tuple[tuple[Clause, ...], ...]:
    value = getattr(condition, "value", ())
    where = getattr(condition, "where", None)
    if isinstance(where, tuple):
        return (where,)
    return value if isinstance(value, tuple) and all(isinstance(each, tuple) for each in value) else ()


def _sought(condition: Condition) -> Iterator[Pattern]:
    """The patterns that must be found; what must be lacking gives no field."""
    value = getattr(condition, "value", condition)
    if isinstance(value, Pattern):
        yield value
    elif isinstance(value, Struct):
        named = (getattr(value, name) for name in value.__struct_fields__ if name != "lacks")
        yield from (each for each in named if isinstance(each, Pattern))


def _placed(problems: Iterable[Problem], where: Where, node: MapNode) -> Iterator[Problem]:
    """Counts lines and columns of a text as the file has them: YAML folds and quotes, so they may lie elsewhere."""
    for problem in problems:
        text = next((each for each in scalars(node) if each.content == where), None)
        yield _moved(problem, text) if text and problem.where.file == where.file else problem


def _moved(problem: Problem, text: ScalarNode) -> Problem:
    line = problem.where.line - text.content.line + 1
    return Problem(
        place_in(text, line, problem.where.column - text.content.column + 1), problem.message, problem.remedy
    )
