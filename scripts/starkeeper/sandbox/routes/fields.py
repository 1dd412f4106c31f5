"""The fields of a request that changes an item: checked, and looked up where they name people or milestones."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, UnsetType

from starkeeper.sandbox.answers import bad_parameter, invalid
from starkeeper.sandbox.api import Call
from starkeeper.sandbox.changes import Edit
from starkeeper.sandbox.params import Values, boolean, date, integer, numbers, one_of, words
from starkeeper.sandbox.records import Epic, Issue, Item, Iteration, MergeRequest, Milestone, User

MOST_IN_TITLE, MOST_IN_DESCRIPTION = 255, 1_048_576
HEALTH = ("on_track", "needs_attention", "at_risk")
EPIC_DUE_NAMES = ("end_date", "due_date", "due_date_fixed")
ISSUE_TYPES = ("issue", "incident", "test_case", "task")


def need_one_of(params: Values, changeable: list[str]) -> None:
    if not any(each in params for each in changeable):
        raise bad_parameter(f"{', '.join(changeable)} are missing, at least one parameter must be provided")


def read_edit(call: Call, item: Item) -> Edit:
    """What the request wants to change about the item; raises the refusal that GitLab gives for a wrong value."""
    params = call.params
    event = one_of(params, "state_event", ("close", "reopen"), "")
    locked, confidential = boolean(params, "discussion_locked"), boolean(params, "confidential")
    return Edit(
        labels=words(params["labels"]) if "labels" in params else UNSET,
        add_labels=words(params.get("add_labels")),
        remove_labels=words(params.get("remove_labels")),
        state_event=event or UNSET,
        assignees=UNSET if (people := assignees(call)) is None else people,
        title=title(params["title"]) if "title" in params else UNSET,
        description=description(params["description"]) if "description" in params else UNSET,
        confidential=UNSET if confidential is None or isinstance(item, MergeRequest) else confidential,
        locked=UNSET if locked is None else locked,
        milestone=milestone(call, item),
        **(issue_fields(call) if isinstance(item, Issue) else {}),
        **(_merge_request_fields(call) if isinstance(item, MergeRequest) else {}),
        **(_epic_fields(call) if isinstance(item, Epic) else {}),
    )


def issue_fields(call: Call) -> dict[str, Any]:
    """What only issues have, by the names of the record."""
    params = call.params
    fields: dict[str, Any] = {}
    if "due_date" in params:
        fields["due_date"] = date(params, "due_date")
    if params.get("issue_type"):
        fields["issue_type"] = one_of(params, "issue_type", ISSUE_TYPES, "issue")
    if call.state.edition == "premium":
        fields |= _paid_fields(call)
    return fields


def _paid_fields(call: Call) -> dict[str, Any]:
    params = call.params
    fields: dict[str, Any] = {}
    if "weight" in params:
        fields["weight"] = _weight(params)
    if "health_status" in params:
        fields["health_status"] = one_of(params, "health_status", HEALTH, "") or None
    if "iteration_id" in params:
        fields["iteration"] = _iteration(call)
    return fields


def _weight(params: Values) -> int | None:
    weight = integer(params, "weight")
    if weight is not None and weight < 0:
        raise bad_parameter("weight does not have a valid value")
    return weight


def _iteration(call: Call) -> Iteration | None:
    wanted = integer(call.params, "iteration_id")
    return next((each for each in call.state.iterations.values() if each.id == wanted), None)


def _merge_request_fields(call: Call) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if "reviewer_ids" in call.params:
        fields["reviewers"] = _people(call, numbers(call.params, "reviewer_ids"))
    if call.params.get("target_branch"):
        fields["target_branch"] = str(call.params["target_branch"])
    return fields


def _epic_fields(call: Call) -> dict[str, Any]:
    """An epic's dates count where they are fixed; GitLab keeps the plain names as older ones of the same."""
    params = call.params
    fields: dict[str, Any] = {}
    for name, names in (("start_date", ("start_date", "start_date_fixed")), ("due_date", EPIC_DUE_NAMES)):
        for each in names:
            if each in params:
                fields[name] = date(params, each)
    return fields


def title(value: Any) -> str:
    found = str(value or "").strip()
    if not found:
        raise invalid(title=["can't be blank"])
    if len(found) > MOST_IN_TITLE:
        raise invalid(title=[f"is too long (maximum is {MOST_IN_TITLE} characters)"])
    return found


def description(value: Any) -> str | None:
    if value is not None and len(str(value)) > MOST_IN_DESCRIPTION:
        raise invalid(description=["is too long (maximum is 1 MiB)"])
    return None if value is None else str(value)


def assignees(call: Call) -> list[User] | None:
    """The people to assign, None where the request says nothing of them; unknown ids are left out."""
    if "assignee_ids" in call.params:
        wanted = numbers(call.params, "assignee_ids")
    elif "assignee_id" in call.params:
        wanted = [integer(call.params, "assignee_id") or 0]
    else:
        return None
    return _people(call, wanted)


def _people(call: Call, wanted: list[int]) -> list[User]:
    return [call.state.users_by_id[each] for each in wanted if each in call.state.users_by_id]


def milestone(call: Call, item: Item) -> Milestone | UnsetType | None:
    if "milestone_id" not in call.params:
        return UNSET
    wanted = integer(call.params, "milestone_id")
    return next((each for each in call.state.milestones_of(item.place) if each.id == wanted), None)
