"""Takes the `forms` of one policy file, bound to their records; gives each as the run knows it."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, structs

from starkeeper.model.desk import Tracker
from starkeeper.model.forms import Form, FormField, When
from starkeeper.policies.grammar import FormEntry, FormFieldEntry, Word
from starkeeper.policies.nodes import MapNode
from starkeeper.render.clean import INLINE_LIMIT

DEFAULT_LENGTHS = {"line": 200, "link": INLINE_LIMIT, "text": 4_000}


class FormRead(Struct, frozen=True):
    """A form, its entry with the place of each name, and its text as nodes."""

    form: Form
    entry: FormEntry
    node: MapNode


def form_read(entry: FormEntry, node: MapNode, shown: str) -> FormRead:
    """The headings of its fields may be those of a tracker, which is not known here: see `with_headings`."""
    form = Form(
        name=entry.name.text.strip(),
        policy=shown,
        tracker=entry.tracker.text,
        title=entry.title,
        fields={name: _field(name, each) for name, each in entry.fields.items()},
        template=entry.template,
        confidential=entry.confidential,
        calendar=entry.within.calendar.text if entry.within else "",
        otherwise=entry.within.otherwise if entry.within else "",
        where=entry.where,
    )
    return FormRead(form, entry, node)


def with_headings(form: Form, tracker: Tracker) -> Form:
    """The form with a heading for each field: its own, else that of the tracker, else its name."""
    known = {field: heading for heading, field in tracker.form.items()}
    fields = {
        name: structs.replace(each, heading=each.heading or known.get(name, name.replace("_", " ").capitalize()))
        for name, each in form.fields.items()
    }
    return structs.replace(form, fields=fields)


def _field(name: str, entry: FormFieldEntry) -> FormField:
    return FormField(
        name=name,
        heading=entry.heading.strip(),
        about=entry.about.strip(),
        kind=entry.kind,
        required=entry.required,
        required_when=_when(entry.required_when),
        forbidden_when=_when(entry.forbidden_when),
        why=entry.why,
        options=tuple(each.text for each in entry.options),
        refused=entry.refused,
        pattern=entry.pattern.compiled if entry.pattern else None,
        such_as=entry.such_as,
        max_length=entry.max_length or DEFAULT_LENGTHS.get(entry.kind, 0),
        after=entry.after.text if entry.after else "",
        at_most=entry.at_most,
        where=entry.where,
    )


def _when(entry: Mapping[str, Word | tuple[Word, ...]]) -> When:
    return {name: tuple(each.text for each in words_of(answers)) for name, answers in entry.items()}


def words_of(value: Word | tuple[Word, ...]) -> tuple[Word, ...]:
    """Answers said as one or as a list."""
    return value if isinstance(value, tuple) else (value,)
