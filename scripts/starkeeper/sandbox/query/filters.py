"""The filters that lists of issues, merge requests and epics share: parameters to tests of one item."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starkeeper.sandbox.answers import bad_parameter
from starkeeper.sandbox.params import Values, integer, moment, one_of, words
from starkeeper.sandbox.records import Item, User

Test = Callable[[Any], bool]
SCOPES = ("created-by-me", "assigned-to-me", "created_by_me", "assigned_to_me", "all")


def state_tests(params: Values, states: tuple[str, ...]) -> list[Test]:
    wanted = one_of(params, "state", (*states, "all"), "all")
    return [lambda each: each.state == wanted] if wanted != "all" else []


def scope_tests(params: Values, user: User | None, default: str) -> list[Test]:
    scope = one_of(params, "scope", SCOPES, default).replace("-", "_")
    if scope == "created_by_me":
        return [lambda each: each.author is user]
    if scope == "assigned_to_me":
        return [lambda each: user in each.assignees]
    return []


def label_tests(names: list[str]) -> list[Test]:
    if [each.lower() for each in names] == ["none"]:
        return [lambda each: not each.labels]
    if [each.lower() for each in names] == ["any"]:
        return [lambda each: bool(each.labels)]
    wanted = set(names)
    return [lambda each: wanted <= {label.name for label in each.labels}] if wanted else []


def people_tests(params: Values) -> list[Test]:
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


def number_tests(params: Values) -> list[Test]:
    """By iid, and by milestone in its two ways of being named."""
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
    return tests


MILESTONE_WORDS = ("None", "Any", "Upcoming", "Started")


def _milestone_test(title: str) -> Test:
    if title.lower() in ("none", "any"):
        return lambda each: (each.milestone is not None) is (title.lower() == "any")
    return lambda each: each.milestone is not None and each.milestone.title == title


def matches_word(value: int | str | None, wanted: str) -> bool:
    """Whether a value is the one that was named, or is there at all for `Any`, or is not for `None`."""
    if wanted.lower() in ("none", "any"):
        return (value is not None) is (wanted.lower() == "any")
    return str(value) == wanted


def time_tests(params: Values) -> list[Test]:
    tests: list[Test] = []
    if (created_after := moment(params, "created_after")) is not None:
        tests.append(lambda each: each.created_at >= created_after)
    if (created_before := moment(params, "created_before")) is not None:
        tests.append(lambda each: each.created_at <= created_before)
    if (updated_after := moment(params, "updated_after")) is not None:
        tests.append(lambda each: each.updated_at >= updated_after)
    if (updated_before := moment(params, "updated_before")) is not None:
        tests.append(lambda each: each.updated_at <= updated_before)
    return tests


def text_tests(params: Values) -> list[Test]:
    wanted = str(params.get("search") or "").lower().split()
    if not wanted:
        return []
    fields = words(params.get("in")) or ["title", "description"]

    def has_all_words(item: Item) -> bool:
        parts = [item.title if "title" in fields else "", item.description or "" if "description" in fields else ""]
        text = "\n".join(parts).lower()
        return all(each in text for each in wanted)

    return [has_all_words]


def negated(params: Values, others: Callable[[Values], list[Test]]) -> list[Test]:
    """`not[…]`: an item with any of several labels is left out, and so is one that meets any other of them."""
    tests = [_without(name) for name in words(params.get("labels"))]
    rest = {key: value for key, value in params.items() if key != "labels"}
    return tests + [_opposite(test) for test in others(rest)]


def _without(name: str) -> Test:
    return lambda each: all(label.name != name for label in each.labels)


def _opposite(test: Test) -> Test:
    return lambda each: not test(each)
