"""Takes one field of a form; gives what in it contradicts the rest, so that no answer would do."""

from __future__ import annotations

from collections.abc import Iterator

from starkeeper.errors import Problem, nearest
from starkeeper.model.forms import NOW, Form, FormField, When
from starkeeper.render.clean import INLINE_LIMIT

_ONLY_FOR = {
    "options": ("line",),
    "refused": ("line",),
    "pattern": ("line", "link"),
    "after": ("time",),
    "at_most": ("time",),
}


def field_problems(field: FormField, form: Form) -> Iterator[Problem]:
    """Each mistake in the field, at its place."""

    def problem(message: str, remedy: str = "") -> Problem:
        return Problem(field.where, f"'{field.name}': {message}", remedy)

    for key, kinds in _ONLY_FOR.items():
        if getattr(field, key) and field.kind not in kinds:
            remedy = f"take it out, or write kind: {kinds[0]}"
            yield problem(f"'{key}' is for a {' or a '.join(kinds)}, and this is a {field.kind}", remedy)
    if field.kind == "line" and field.max_length > INLINE_LIMIT:
        yield problem(f"a line has at most {INLINE_LIMIT} characters", "write kind: text for more")
    if field.refused and not field.options:
        yield problem("'refused' without 'options' refuses nothing", "say what can be chosen")
    for each in (each for each in field.options if each in field.refused):
        yield problem(f"'{each}' can be chosen and is refused", "keep it in one of the two")
    if field.pattern and field.options:
        yield problem("'pattern' and 'options' say two things", "keep one of them")
    if field.pattern and not field.pattern.fullmatch(field.such_as):
        yield problem("'such_as' is no example of 'pattern'", "write one that fits all of it")
    if bool(field.forbidden_when) is not bool(field.why):
        yield problem("'forbidden_when' and 'why' belong together", "say why it must be left empty there")
    for message, remedy in (*_times(field, form), *_others(field.required_when, field, form)):
        yield problem(message, remedy)
    for message, remedy in _others(field.forbidden_when, field, form):
        yield problem(message, remedy)


def _times(field: FormField, form: Form) -> Iterator[tuple[str, str]]:
    times = [name for name, each in form.fields.items() if each.kind == "time" and each is not field]
    if field.after and field.after not in (NOW, *times):
        yield f"'after' names '{field.after}', which is no time of this form", nearest(field.after, (NOW, *times))
    if field.at_most and not field.after:
        yield "'at_most' says how long after what: that is missing", "add 'after'"
    if field.at_most and field.at_most.unit in ("months", "years"):
        yield "'at_most' counts minutes, hours, days or weeks", "write at_most: 7 days"


def _others(when: When, field: FormField, form: Form) -> Iterator[tuple[str, str]]:
    for name, answers in when.items():
        other = form.fields.get(name)
        if other is None or other is field:
            yield f"it depends on '{name}', which is no other field", nearest(name, form.fields.keys() - {field.name})
        elif other.options:
            for each in (each for each in answers if each not in other.options):
                yield f"'{each}' is no option of '{name}'", nearest(each, other.options)
