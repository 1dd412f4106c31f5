"""A list request to the merge requests it means: GitLab's filters and orders for merge requests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from starkeeper.sandbox.params import Values, boolean, integer, one_of, words
from starkeeper.sandbox.query.filters import (
    Test,
    label_tests,
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
from starkeeper.sandbox.records import MergeRequest, Place, User
from starkeeper.sandbox.state import State

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
ORDERS: dict[str, Callable[[MergeRequest], Any]] = {
    **COMMON_ORDERS,
    "merged_at": lambda each: (each.merged_at or NEVER, each.id),
}


def find_merge_requests(state: State, user: User | None, place: Place | None, params: Values) -> list[MergeRequest]:
    """The merge requests of a project, of a group with its subgroups, or of everything (None)."""
    return kept(state, user, "merge_requests", place, params, lambda: _find(state, user, place, params))


def _find(state: State, user: User | None, place: Place | None, params: Values) -> list[MergeRequest]:
    tests = _tests(user, place, params)
    found: list[MergeRequest] = []
    for project in projects_of(state, user, place, boolean(params, "non_archived") is False):
        if state.can_read_code(user, project):
            found += [each for each in project.merge_requests.values() if all(test(each) for test in tests)]
    return in_order(found, params, ORDERS)


def _tests(user: User | None, place: Place | None, params: Values) -> list[Test]:
    tests = state_tests(params, ("opened", "closed", "merged", "locked"))
    tests += scope_tests(params, user, "created_by_me" if place is None else "all")
    tests += label_tests(words(params.get("labels")))
    tests += [*_field_tests(params), *_draft_tests(params), *time_tests(params), *text_tests(params)]
    return tests + negated(params.get("not") or {}, _field_tests)


def _field_tests(params: Values) -> list[Test]:
    """The filters that may also be negated."""
    tests = [*people_tests(params), *number_tests(params), *_reviewer_tests(params)]
    if source := str(params.get("source_branch") or ""):
        tests.append(lambda each: each.source_branch == source)
    if target := str(params.get("target_branch") or ""):
        tests.append(lambda each: each.target_branch == target)
    return tests


def _reviewer_tests(params: Values) -> list[Test]:
    wanted, name = str(params.get("reviewer_id") or ""), str(params.get("reviewer_username") or "").lower()
    tests: list[Test] = []
    if wanted.lower() in ("none", "any"):
        tests.append(lambda each: bool(each.reviewers) is (wanted.lower() == "any"))
    elif wanted:
        number = integer(params, "reviewer_id")
        tests.append(lambda each: any(person.id == number for person in each.reviewers))
    if name:
        tests.append(lambda each: any(person.username.lower() == name for person in each.reviewers))
    return tests


def _draft_tests(params: Values) -> list[Test]:
    """`wip` has the words `yes` and `no`; `draft` is its newer name and a boolean."""
    word = one_of(params, "wip", ("yes", "no"), "")
    wanted = word == "yes" if word else boolean(params, "draft")
    return [] if wanted is None else [lambda each: each.draft is wanted]
