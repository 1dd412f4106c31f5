"""A list request to the issues it means: GitLab's filters, scope and order over all issues that the user can read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from starkeeper.sandbox.answers import bad_parameter
from starkeeper.sandbox.params import Values, boolean, integer, moment, one_of, words
from starkeeper.sandbox.records import Group, Issue, Project, User
from starkeeper.sandbox.state import State

Test = Callable[[Issue], bool]
ORDERS: dict[str, Callable[[Issue], Any]] = {
    "created_at": lambda each: (each.created_at, each.id),
    "updated_at": lambda each: (each.updated_at, each.id),
    "title": lambda each: (each.title.lower(), each.id),
    "due_date": lambda each: (each.due_date or dt.date.max, each.id),
    "weight": lambda each: (each.weight or 0, each.id),
    "popularity": lambda each: (each.upvotes, each.id),
    "priority": lambda each: (_priority(each), each.id),
    "label_priority": lambda each: (_priority(each), each.id),
    "milestone_due": lambda each: (_milestone_due(each), each.id),
    "relative_position": lambda each: (each.id,),
}
NOT_FILTERS = {"page", "per_page", "private_token", "pagination", "cursor", "with_labels_details", "id"}


def find_issues(state: State, user: User | None, place: Project | Group | None, params: Values) -> list[Issue]:
    """The issues of a project, of a group with its subgroups, or of everything (None), filtered and in order."""
    asked = tuple(sorted((key, repr(value)) for key, value in params.items() if key not in NOT_FILTERS))
    key = (user.id if user else 0, id(place), asked)
    kept = state.cache.get(key)
    if kept is not None and kept[0] == (state.version, state.clock().date()):
        return list(kept[1])
    found = _find(state, user, place, params)
    if len(state.cache) > 32:
        state.cache.clear()
    state.cache[key] = ((state.version, state.clock().date()), found)
    return found


def _find(state: State, user: User | None, place: Project | Group | None, params: Values) -> list[Issue]:
    tests = _tests(state, user, place, params)
    order = ORDERS[one_of(params, "order_by", tuple(ORDERS), "created_at")]
    descending = one_of(params, "sort", ("asc", "desc"), "desc") == "desc"
    archived = boolean(params, "non_archived") is False
    found: list[Issue] = []
    for project in _projects(state, user, place, archived):
        hidden = any(each.confidential for each in project.issues.values())
        own = [*tests, lambda each: state.can_read(user, each)] if hidden else tests
        found += [each for each in project.issues.values() if all(test(each) for test in own)]
    return sorted(found, key=order, reverse=descending)


def _projects(state: State, user: User | None, place: Project | Group | None, archived: bool) -> Iterable[Project]:
    if isinstance(place, Project):
        return [place]
    inside = place.path.lower() + "/" if place else ""
    return [
        each
        for path, each in state.projects.items()
        if path.startswith(inside) and (archived or not each.archived) and state.can_see(user, each)
    ]


def _tests(state: State, user: User | None, place: Project | Group | None, params: Values) -> list[Test]:
    tests: list[Test] = []
    wanted = one_of(params, "state", ("opened", "closed", "all"), "all")
    if wanted != "all":
        tests.append(lambda each: each.state == wanted)
    scope = one_of(params, "scope", SCOPES, "created_by_me" if place is None else "all").replace("-", "_")
    if scope == "created_by_me":
        tests.append(lambda each: each.author is user)
    elif scope == "assigned_to_me":
        tests.append(lambda each: user in each.assignees)
    tests += _label_tests(words(params.get("labels")))
    tests += [*_people_tests(params), *_number_tests(params), *_time_tests(state, params), *_text_tests(params)]
    return tests + _negated(params.get("not") or {})


SCOPES = ("created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "all")


def _label_tests(names: list[str]) -> list[Test]:
    if [each.lower() for each in names] == ["none"]:
        return [lambda each: not each.labels]
    if [each.lower() for each in names] == ["any"]:
        return [lambda each: bool(each.labels)]
    wanted = set(names)
    return [lambda each: wanted <= {label.name for label in each.labels}] if wanted else []


def _people_tests(params: Values) -> list[Test]:
    tests: list[Test] = []
    if (author := integer(params, "author_id")) is not None:
        tests.append(lambda each: each.author is not None and each.author.id == author)
    if name := str(params.get("author_username") or ""):
        tests.append(lambda each: each.author is not None and each.author.username.lower() == name.lower())
    assignee = str(params.get("assignee_id") or "")
    if assignee.lower() in ("none", "any"):
        tests.append(lambda each: bool(each.assignees) is (assignee.lower() == "any"))
    elif assignee:
        number = integer(params, "assignee_id")
        tests.append(lambda each: any(person.id == number for person in each.assignees))
    for wanted in words(params.get("assignee_username")):
        tests.append(_assigned_to(wanted.lower()))
    return tests


def _assigned_to(name: str) -> Test:
    return lambda each: any(person.username.lower() == name for person in each.assignees)


def _number_tests(params: Values) -> list[Test]:
    tests: list[Test] = []
    if iids := words(params.get("iids")):
        if not all(each.isdigit() for each in iids):
            raise bad_parameter("iids is invalid")
        tests.append(lambda each: str(each.iid) in iids)
    if title := str(params.get("milestone") or ""):
        tests.append(_milestone_test(title))
    if by_id := str(params.get("milestone_id") or ""):
        if "milestone" in params:
            raise bad_parameter("milestone_id, milestone are mutually exclusive")
        tests.append(_milestone_test(one_of({"milestone_id": by_id}, "milestone_id", MILESTONE_WORDS, "Any")))
    if (confidential := boolean(params, "confidential")) is not None:
        tests.append(lambda each: each.confidential is confidential)
    if kind := str(params.get("issue_type") or ""):
        tests.append(lambda each: each.issue_type == kind)
    if weight := str(params.get("weight") or ""):
        tests.append(lambda each: _matches_word(each.weight, weight))
    return tests


MILESTONE_WORDS = ("None", "Any", "Upcoming", "Started")


def _milestone_test(title: str) -> Test:
    if title.lower() in ("none", "any"):
        return lambda each: (each.milestone is not None) is (title.lower() == "any")
    return lambda each: each.milestone is not None and each.milestone.title == title


def _matches_word(value: int | None, wanted: str) -> bool:
    if wanted.lower() in ("none", "any"):
        return (value is not None) is (wanted.lower() == "any")
    return str(value) == wanted


def _time_tests(state: State, params: Values) -> list[Test]:
    tests: list[Test] = []
    if (created_after := moment(params, "created_after")) is not None:
        tests.append(lambda each: each.created_at >= created_after)
    if (created_before := moment(params, "created_before")) is not None:
        tests.append(lambda each: each.created_at <= created_before)
    if (updated_after := moment(params, "updated_after")) is not None:
        tests.append(lambda each: each.updated_at >= updated_after)
    if (updated_before := moment(params, "updated_before")) is not None:
        tests.append(lambda each: each.updated_at <= updated_before)
    if due := str(params.get("due_date") or ""):
        tests.append(_due_test(due, state.clock().date()))
    return tests


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


def _text_tests(params: Values) -> list[Test]:
    wanted = str(params.get("search") or "").lower().split()
    if not wanted:
        return []
    fields = words(params.get("in")) or ["title", "description"]

    def has_all_words(issue: Issue) -> bool:
        parts = [issue.title if "title" in fields else "", issue.description or "" if "description" in fields else ""]
        text = "\n".join(parts).lower()
        return all(each in text for each in wanted)

    return [has_all_words]


def _negated(params: Values) -> list[Test]:
    """`not[…]`: an issue with any of several labels is left out, and so is one that meets any other of them."""
    tests = [_without(name) for name in words(params.get("labels"))]
    others = {key: value for key, value in params.items() if key != "labels"}
    for test in (*_people_tests(others), *_number_tests(others)):
        tests.append(_opposite(test))
    return tests


def _without(name: str) -> Test:
    return lambda each: all(label.name != name for label in each.labels)


def _opposite(test: Test) -> Test:
    return lambda each: not test(each)


def _priority(issue: Issue) -> int:
    return min((each.priority for each in issue.labels if each.priority is not None), default=1_000_000)


def _milestone_due(issue: Issue) -> dt.date:
    return issue.milestone.due_date if issue.milestone and issue.milestone.due_date else dt.date.max
