"""A list request to the issues it means: GitLab's filters and orders for issues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from starkeeper.sandbox.answers import bad_parameter
from starkeeper.sandbox.params import Values, boolean, one_of, words
from starkeeper.sandbox.query.filters import (
    Test,
    label_tests,
    matches_word,
    negated,
    number_tests,
    people_tests,
    scope_tests,
    state_tests,
    text_tests,
    time_tests,
)
from starkeeper.sandbox.query.finding import in_order, kept, projects_of
from starkeeper.sandbox.query.orders import COMMON_ORDERS
from starkeeper.sandbox.records import Issue, Place, User
from starkeeper.sandbox.state import State

ORDERS: dict[str, Callable[[Issue], Any]] = {
    **COMMON_ORDERS,
    "due_date": lambda each: (each.due_date or dt.date.max, each.id),
    "weight": lambda each: (each.weight or 0, each.id),
    "relative_position": lambda each: (each.id,),
}
KEYSET_ORDERS = {
    name: ORDERS[name] for name in ("created_at", "updated_at", "title", "due_date", "relative_position", "weight")
}
ISSUE_TYPES = ("issue", "incident", "test_case", "requirement", "task", "ticket")
PAID = ("weight", "health_status", "iteration_id", "iteration_title")


def find_issues(state: State, user: User | None, place: Place | None, params: Values) -> list[Issue]:
    """The issues of a project, of a group with its subgroups, or of everything (None), filtered and in order."""
    asked = params if state.edition == "premium" else _without_paid(params)
    return kept(state, user, "issues", place, asked, lambda: _find(state, user, place, asked))


def _without_paid(params: Values) -> Values:
    """The free edition does not know these filters, and GitLab passes over what it does not know."""
    kept_ones = {key: value for key, value in params.items() if key not in PAID}
    if isinstance(params.get("not"), dict):
        kept_ones["not"] = _without_paid(params["not"])
    return kept_ones


def _find(state: State, user: User | None, place: Place | None, params: Values) -> list[Issue]:
    tests = _tests(state, user, place, params)
    found: list[Issue] = []
    for project in projects_of(state, user, place, boolean(params, "non_archived") is False):
        hidden = any(each.confidential for each in project.issues.values())
        own: list[Test] = [*tests, lambda each: state.can_read(user, each)] if hidden else tests
        found += [each for each in project.issues.values() if all(test(each) for test in own)]
    return in_order(found, params, ORDERS)


def _tests(state: State, user: User | None, place: Place | None, params: Values) -> list[Test]:
    tests = state_tests(params, ("opened", "closed"))
    tests += scope_tests(params, user, "created_by_me" if place is None else "all")
    tests += label_tests(words(params.get("labels")))
    tests += [*_field_tests(params), *time_tests(params), *text_tests(params)]
    if due := str(params.get("due_date") or ""):
        tests.append(_due_test(due, state.clock().date()))
    return tests + negated(params.get("not") or {}, _field_tests)


def _field_tests(params: Values) -> list[Test]:
    """The filters that may also be negated."""
    tests = [*people_tests(params), *number_tests(params), *_iteration_tests(params)]
    if (confidential := boolean(params, "confidential")) is not None:
        tests.append(lambda each: each.confidential is confidential)
    if params.get("issue_type"):
        kind = one_of(params, "issue_type", ISSUE_TYPES, "")
        tests.append(lambda each: each.issue_type == kind)
    if weight := str(params.get("weight") or ""):
        tests.append(lambda each: matches_word(each.weight, weight))
    if health := str(params.get("health_status") or ""):
        tests.append(lambda each: matches_word(each.health_status, health))
    return tests


def _iteration_tests(params: Values) -> list[Test]:
    number, title = str(params.get("iteration_id") or ""), str(params.get("iteration_title") or "")
    if number and title:
        raise bad_parameter("iteration_id, iteration_title are mutually exclusive")
    if number:
        return [lambda each: matches_word(each.iteration.id if each.iteration else None, number)]
    if title:
        return [lambda each: each.iteration is not None and each.iteration.title == title]
    return []


def _due_test(wanted: str, today: dt.date) -> Test:
    tomorrow, week_end = today + dt.timedelta(days=1), today + dt.timedelta(days=6 - today.weekday())
    month_end = (today.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    spans: dict[str, tuple[dt.date, dt.date]] = {
        "any": (dt.date.min, dt.date.max),
        "today": (today, today),
        "tomorrow": (tomorrow, tomorrow),
        "overdue": (dt.date.min, today - dt.timedelta(days=1)),
        "week": (week_end - dt.timedelta(days=6), week_end),
        "month": (today.replace(day=1), month_end),
        "next_month_and_previous_two_weeks": (
            today - dt.timedelta(days=14),
            (month_end + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1),
        ),
    }
    if wanted == "0":
        return lambda each: each.due_date is None
    if wanted not in spans:
        raise bad_parameter("due_date does not have a valid value")
    first, last = spans[wanted]
    return lambda each: each.due_date is not None and first <= each.due_date <= last
