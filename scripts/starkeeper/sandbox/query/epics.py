"""A list request to the epics it means: GitLab's filters and orders for epics."""

from __future__ import annotations

from collections.abc import Iterable

from starkeeper.sandbox.params import Values, boolean, words
from starkeeper.sandbox.query.filters import (
    Test,
    label_tests,
    negated,
    number_tests,
    people_tests,
    state_tests,
    text_tests,
    time_tests,
)
from starkeeper.sandbox.query.finding import in_order, kept
from starkeeper.sandbox.query.orders import COMMON_ORDERS
from starkeeper.sandbox.records import Epic, Group, User
from starkeeper.sandbox.state import State, places

ORDERS = {name: COMMON_ORDERS[name] for name in ("created_at", "updated_at", "title")}


def find_epics(state: State, user: User | None, group: Group, params: Values) -> list[Epic]:
    """The epics of a group and of the groups below it; those above it only where they were asked for."""
    return kept(state, user, "epics", group, params, lambda: _find(state, user, group, params))


def _find(state: State, user: User | None, group: Group, params: Values) -> list[Epic]:
    tests = [*state_tests(params, ("opened", "closed")), *label_tests(words(params.get("labels")))]
    tests += [*_field_tests(params), *time_tests(params), *text_tests(params)]
    tests += negated(params.get("not") or {}, _field_tests)
    if (confidential := boolean(params, "confidential")) is not None:
        tests.append(lambda each: each.confidential is confidential)
    found = [
        each
        for one in _groups(state, group, params)
        for each in one.epics.values()
        if state.can_read(user, each) and all(test(each) for test in tests)
    ]
    return in_order(found, params, ORDERS)


def _field_tests(params: Values) -> list[Test]:
    """The filters that may also be negated."""
    return [*people_tests(params), *number_tests(params)]


def _groups(state: State, group: Group, params: Values) -> Iterable[Group]:
    below = boolean(params, "include_descendant_groups") is not False
    above = list(places(group)) if boolean(params, "include_ancestor_groups") else [group]
    inside = group.path.lower() + "/"
    return [each for path, each in state.groups.items() if each in above or (below and path.startswith(inside))]
