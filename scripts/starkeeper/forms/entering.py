"""Takes what somebody entered into a form, and the time; gives the answers, or every mistake at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import suppress

from starkeeper.desk import calendars
from starkeeper.desk.cover import moment_of
from starkeeper.desk.fields import is_answer
from starkeeper.desk.words import instant
from starkeeper.errors import NOWHERE, PolicyError, Problem
from starkeeper.forms.answers import Unfit, answer_of
from starkeeper.model.desk import Desk
from starkeeper.model.forms import NOW, Entered, Form, FormField, When

Answers = Mapping[str, str]


def enter(form: Form, given: Mapping[str, str], by: str, desk: Desk, now: dt.datetime) -> Entered:
    """The form as `by`, a GitLab user, filled it in; raises PolicyError with all that is to be corrected.

    `given` holds no other names than those of the form's fields; what is empty, or says nothing, was not given.
    """
    answers: dict[str, str] = {}
    is_secret = form.confidential or _must_not_name(form, given, desk)
    problems = list(_closed(form, desk, now))
    unread: set[str] = set()
    for name, field in form.fields.items():
        try:
            answer = answer_of(field, given.get(name, ""), desk, is_secret=is_secret)
        except Unfit as why:
            problems.append(_problem(name, why.message, why.remedy))
            unread.add(name)
            continue
        if field.kind == "manager" and answer.casefold() == by.casefold():
            problems.append(_problem(name, "it names whoever asks", "name another manager, or leave it empty"))
            unread.add(name)
        elif is_answer(answer):
            answers[name] = answer
    for name, field in form.fields.items():
        if name not in unread:
            problems += _mistakes(field, answers, now)
    if problems:
        raise PolicyError(problems)
    return Entered(form=form, answers=answers, by=by)


def _must_not_name(form: Form, given: Mapping[str, str], desk: Desk) -> bool:
    """Whether some answer forbids another, as that of a US Federal ticket the customer's name; or could, once it is
    corrected."""
    answers: dict[str, str] = {}
    for name in {asked for field in form.fields.values() for asked in field.forbidden_when}:
        with suppress(Unfit):
            answers[name] = answer_of(form.fields[name], given.get(name, ""), desk)
        if not answers.get(name):
            return True
    return any(_where(field.forbidden_when, answers) for field in form.fields.values())


def _closed(form: Form, desk: Desk, now: dt.datetime) -> Iterator[Problem]:
    calendar = desk.calendars.get(form.calendar)
    if calendar is not None and not calendars.is_open(calendar, now):
        opens = instant(calendars.next_opening(calendar, now))
        message = f"the form '{form.name}' is closed now, outside {form.calendar.replace('_', ' ')}"
        yield Problem(NOWHERE, f"{message}; it opens {opens}", form.otherwise)


def _mistakes(field: FormField, answers: Answers, now: dt.datetime) -> Iterator[Problem]:
    """What is wrong with an answer, or with its absence, beside the others."""
    asked_where, refused_where = _where(field.required_when, answers), _where(field.forbidden_when, answers)
    if field.name not in answers:
        if field.required or asked_where:
            yield _problem(field.name, f"it must be filled in{asked_where}", _what_to_write(field))
    elif refused_where:
        yield _problem(field.name, f"it must be left empty{refused_where}", field.why)
    elif field.after:
        yield from _at_wrong_time(field, answers, now)


def _what_to_write(field: FormField) -> str:
    example = f", such as {field.such_as}" if field.such_as else ""
    choice = f"; choose one of {', '.join(field.options)}" if field.options else ""
    return f"{field.about.rstrip('.')}{example}{choice}"


def _where(when: When, answers: Answers) -> str:
    """In words, which other answer asks for it; "" where none does."""
    meant = (name for name, wanted in when.items() if answers.get(name) in wanted)
    return next((f" where '{name}' is '{answers[name]}'" for name in meant), "")


def _at_wrong_time(field: FormField, answers: Answers, now: dt.datetime) -> Iterator[Problem]:
    at, first = moment_of(answers[field.name]), now if field.after == NOW else moment_of(answers.get(field.after, ""))
    if at is None or first is None:
        return
    that = "now" if field.after == NOW else f"'{field.after}'"
    if at <= first:
        yield _problem(field.name, f"found {instant(at)}, expected a time after {that}", "all times are in UTC")
    elif field.at_most and at - first > field.at_most.length:
        yield _problem(field.name, f"found {instant(at)}, more than {field.at_most} after {that}", "")


def _problem(name: str, message: str, remedy: str) -> Problem:
    return Problem(NOWHERE, f"{name}: {message}", remedy)
