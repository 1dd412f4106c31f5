"""Takes the forms of a run and the desk; gives the names and words in them that would fail whoever fills them in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from starkeeper.errors import Problem, Where, nearest
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.forms import NOW, Form
from starkeeper.policies.check import RuleChecker
from starkeeper.policies.form_fields_check import field_problems
from starkeeper.policies.forms_read import FormRead, with_headings

_FORM_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLAIN_HEADING = re.compile(r"[^`{}#<>\n]+")


def form_problems(reads: Iterable[FormRead], desk: Desk, checker: RuleChecker) -> Iterator[Problem]:
    """Of all forms of a run, each mistake at its place."""
    seen: dict[str, Form] = {}
    for read in reads:
        first = seen.setdefault(read.form.name, read.form)
        if first is not read.form:
            message = f"the name '{first.name}' is taken by the form at {first.where}"
            yield Problem(read.entry.name.where, message, "its issues are found by it, so give it another")
        if not _FORM_NAME.fullmatch(read.form.name):
            remedy = "use small letters, digits, '-' and '_'"
            yield Problem(read.entry.name.where, f"'{read.form.name}' is no name of a form", remedy)
        yield from _desk_names(read, desk)
        tracker = desk.trackers.get(read.form.tracker)
        if tracker is not None:
            form = with_headings(read.form, tracker)
            yield from _fields(form)
            yield from _of_tracker(form, tracker)
        yield from _texts(read, desk, checker)


def _desk_names(read: FormRead, desk: Desk) -> Iterator[Problem]:
    tracker, within = read.entry.tracker, read.entry.within
    if tracker.text not in desk.trackers:
        remedy = nearest(tracker.text, desk.trackers) or "define it there under 'trackers'"
        yield Problem(tracker.where, f"there is no tracker '{tracker.text}' in desk.yml", remedy)
    elif desk.trackers[tracker.text].source == "groups":
        yield Problem(tracker.where, f"tracker '{tracker.text}' is a group, which has no issues", "name a project")
    if within and within.calendar.text not in desk.calendars:
        remedy = nearest(within.calendar.text, desk.calendars) or "define it there under 'calendars'"
        yield Problem(within.calendar.where, f"there is no calendar '{within.calendar.text}' in desk.yml", remedy)


def _fields(form: Form) -> Iterator[Problem]:
    if not form.fields:
        yield Problem(form.where, "this form asks nothing", "give it fields")
    headings: dict[str, str] = {}
    for name, field in form.fields.items():
        if not _FIELD_NAME.fullmatch(name) or name == NOW:
            remedy = f"use small letters, digits and '_'; '{NOW}' is another thing"
            yield Problem(field.where, f"'{name}' is no name for a field", remedy)
        if not _PLAIN_HEADING.fullmatch(field.heading):
            yield Problem(
                field.where, f"the heading of '{name}' has signs that are no words", "write it in plain words"
            )
        first = headings.setdefault(field.heading, name)
        if first != name:
            yield Problem(field.where, f"'{name}' stands below the heading of '{first}'", "give each a heading")
        yield from field_problems(field, form)


def _of_tracker(form: Form, tracker: Tracker) -> Iterator[Problem]:
    """What the desk reads in an issue, and the form writes there, must be the same."""
    for heading, field in tracker.form.items():
        if field not in form.fields:
            message = (
                f"tracker '{tracker.name}' reads '{heading}', and nobody can fill it in: there is no field '{field}'"
            )
            yield Problem(form.where, message, "ask for it, or take it out of the tracker's 'form'")
            continue
        own, where = form.fields[field].heading, form.fields[field].where
        if own != heading:
            message = f"'{field}' stands below '{own}', and tracker '{tracker.name}' reads it below '{heading}'"
            yield Problem(where, message, "take the heading out")
        yield from _unreachable(field, form.fields[field].options, tracker, where)
    for name, each in form.fields.items():
        if each.heading in tracker.form and tracker.form[each.heading] != name:
            message = (
                f"below '{each.heading}' tracker '{tracker.name}' reads '{tracker.form[each.heading]}', not '{name}'"
            )
            yield Problem(each.where, message, "give it another heading")


def _unreachable(field: str, options: tuple[str, ...], tracker: Tracker, where: Where) -> Iterator[Problem]:
    """What rules call an answer that no option becomes: one of the two is misspelt."""
    if not options:
        return
    values = tracker.values.get(field, {})
    reached = {values[folded] for each in options if (folded := " ".join(each.split()).casefold()) in values}
    for called in dict.fromkeys(values.values()):
        if called not in reached:
            written = [each for each, name in values.items() if name == called]
            message = f"no option of '{field}' is what tracker '{tracker.name}' knows as '{called}'"
            yield Problem(where, message, f"that is written like '{written[0]}' there")


def _texts(read: FormRead, desk: Desk, checker: RuleChecker) -> Iterator[Problem]:
    from starkeeper.render.form_names import form_names

    known = form_names(frozenset(read.form.fields), frozenset(desk.settings))
    for template in (read.form.title, read.form.template):
        if template is not None:
            yield from checker.template_problems(template, known, read.node)
