"""Quick actions to changes of the item that they stand in, as the user who wrote them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any

from starkeeper.sandbox.announcing import told
from starkeeper.sandbox.changes import Edit, change_state, edit_item, may_edit, may_edit_details
from starkeeper.sandbox.linking import find_issue, relate
from starkeeper.sandbox.quick_actions import ACCEPTED, CARRIED_OUT, Found
from starkeeper.sandbox.records import Command, Issue, Item, MergeRequest, Milestone, User
from starkeeper.sandbox.state import State

DRAFT_PREFIX = r"(?i)^\s*(?:(?:draft:|\[draft\]|\(draft\))\s*)+"
Done = tuple[str, dict[str, Any]]


def run_commands(
    state: State, item: Item, user: User, found: Sequence[Found], at: dt.datetime
) -> tuple[list[str], dict[str, Any]]:
    """Carries the quick actions out in order; what GitLab says about each, and its `commands_changes`."""
    said: list[str] = []
    changes: dict[str, Any] = {}
    path, by = item.place.path, user.username
    with told(state, item, user):
        for each in found:
            message, change = _run(state, item, user, each, at)
            said.append(message)
            changes |= change
            state.commands.append(Command(path, item.iid, by, each.name, each.argument, message, item.kind))
    return said, changes


def _run(state: State, item: Item, user: User, found: Found, at: dt.datetime) -> Done:
    own = found.name in ("close", "reopen", "title")
    allowed = may_edit(state, item, user) if own else may_edit_details(state, item, user)
    if allowed and isinstance(item, MergeRequest) and found.name in ACCEPTED:
        return ACCEPTED[found.name], {}
    if found.name not in CARRIED_OUT or not allowed:
        return _could_not(found.name)
    return _ACTIONS[found.name](state, item, user, found.argument, at)


def _could_not(name: str) -> Done:
    return f"Could not apply {name} command.", {}


def _close(state: State, item: Item, user: User, _argument: str, at: dt.datetime) -> Done:
    if change_state(state, item, user, "close", at):
        return f"Closed this {item.noun}.", {"state_event": "close"}
    return _could_not("close")


def _reopen(state: State, item: Item, user: User, _argument: str, at: dt.datetime) -> Done:
    if change_state(state, item, user, "reopen", at):
        return f"Reopened this {item.noun}.", {"state_event": "reopen"}
    return _could_not("reopen")


def _label(state: State, item: Item, user: User, argument: str, at: dt.datetime) -> Done:
    names = _known_labels(state, item, argument)
    if not names:
        return "Failed to find label.", {}
    edit_item(state, item, user, Edit(add_labels=names), at)
    return f"Added {_labels(names)}.", {"add_label_ids": _ids(state, item, names)}


def _unlabel(state: State, item: Item, user: User, argument: str, at: dt.datetime) -> Done:
    names = _known_labels(state, item, argument) if argument else [each.name for each in item.labels]
    edit_item(state, item, user, Edit(remove_labels=names), at)
    return ("Removed all labels." if not argument else f"Removed {_labels(names)}."), {
        "remove_label_ids": _ids(state, item, names)
    }


def _relabel(state: State, item: Item, user: User, argument: str, at: dt.datetime) -> Done:
    names = _known_labels(state, item, argument)
    if not names:
        return "Failed to find label.", {}
    edit_item(state, item, user, Edit(labels=names), at)
    return f"Replaced all labels with {_labels(names)}.", {"label_ids": _ids(state, item, names)}


def _known_labels(state: State, item: Item, argument: str) -> list[str]:
    """Quick actions find labels and never create them: `~"two words"`, `~one`, or bare words."""
    names = [quoted or bare for quoted, bare in re.findall(r'~?"([^"]+)"|~?([^\s,~]+)', argument)]
    return [each for each in names if state.find_label(item.place, each)]


def _labels(names: Sequence[str]) -> str:
    written = " ".join(f'~"{each}"' for each in names)
    return f"{written} label{'' if len(names) == 1 else 's'}"


def _ids(state: State, item: Item, names: Sequence[str]) -> list[int]:
    return [label.id for each in names if (label := state.find_label(item.place, each))]


def _assign(state: State, item: Item, user: User, argument: str, at: dt.datetime) -> Done:
    people = _people(state, user, argument)
    if not people:
        return f"Failed to assign a user because no user was found for {argument or 'nobody'}.", {}
    kept = item.assignees if state.edition == "premium" else []
    edit_item(state, item, user, Edit(assignees=[*kept, *people]), at)
    named = " and ".join(f"@{each.username}" for each in people)
    return f"Assigned {named}.", {"assignee_ids": [each.id for each in item.assignees]}


def _unassign(state: State, item: Item, user: User, argument: str, at: dt.datetime) -> Done:
    gone = _people(state, user, argument) if argument else list(item.assignees)
    edit_item(state, item, user, Edit(assignees=[each for each in item.assignees if each not in gone]), at)
    return "Removed assignees.", {"assignee_ids": [each.id for each in item.assignees]}


def _people(state: State, user: User, argument: str) -> list[User]:
    named = [each.lstrip("@") for each in re.split(r"[\s,]+|\band\b", argument) if each]
    found = [user if each == "me" else state.users.get(each.lower()) for each in named]
    return [each for each in found if each is not None]


def _confidential(state: State, item: Item, user: User, _argument: str, at: dt.datetime) -> Done:
    edit_item(state, item, user, Edit(confidential=True), at)
    return f"Made this {item.noun} confidential.", {"confidential": True}


def _relate(state: State, item: Item, user: User, argument: str, at: dt.datetime) -> Done:
    if not isinstance(item, Issue):
        return _could_not("relate")
    others = [found for each in argument.split() if (found := find_issue(state, each, item))]
    for other in others:
        relate(state, item, other, user, "relates_to", at)
    return f"Added {' '.join(f'#{each.iid}' for each in others)} as a linked item related to this issue.", {}


def _title(state: State, item: Item, user: User, argument: str, at: dt.datetime) -> Done:
    if not argument:
        return _could_not("title")
    edit_item(state, item, user, Edit(title=argument), at)
    return f'Changed the title to "{argument}".', {"title": argument}


def _draft(state: State, item: Item, user: User, _argument: str, at: dt.datetime) -> Done:
    if not isinstance(item, MergeRequest) or item.draft:
        return _could_not("draft")
    edit_item(state, item, user, Edit(title=f"Draft: {item.title}"), at)
    return "Set the Draft status.", {"wip_event": "draft"}


def _ready(state: State, item: Item, user: User, _argument: str, at: dt.datetime) -> Done:
    if not isinstance(item, MergeRequest) or not item.draft:
        return _could_not("ready")
    edit_item(state, item, user, Edit(title=re.sub(DRAFT_PREFIX, "", item.title)), at)
    return "Set the Ready status.", {"wip_event": "ready"}


def _due(state: State, item: Item, user: User, argument: str, at: dt.datetime) -> Done:
    due = _date(argument, at.date())
    if due is None:
        return "Could not set due date. Use a date such as 2026-12-31.", {}
    edit_item(state, item, user, Edit(due_date=due), at)
    return f"Set the due date to {due:%b %-d, %Y}.", {"due_date": due.isoformat()}


def _date(text: str, today: dt.date) -> dt.date | None:
    words = {"today": 0, "tomorrow": 1}
    if text.lower() in words:
        return today + dt.timedelta(days=words[text.lower()])
    if ahead := re.fullmatch(r"in (\d{1,3}) (day|week)s?", text.lower()):
        return today + dt.timedelta(days=int(ahead[1]) * (7 if ahead[2] == "week" else 1))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _remove_due(state: State, item: Item, user: User, _argument: str, at: dt.datetime) -> Done:
    edit_item(state, item, user, Edit(due_date=None), at)
    return "Removed the due date.", {"due_date": None}


def _lock(state: State, item: Item, user: User, _argument: str, at: dt.datetime) -> Done:
    edit_item(state, item, user, Edit(locked=True), at)
    return "Locked the discussion.", {"discussion_locked": True}


def _unlock(state: State, item: Item, user: User, _argument: str, at: dt.datetime) -> Done:
    edit_item(state, item, user, Edit(locked=False), at)
    return "Unlocked the discussion.", {"discussion_locked": False}


def _milestone(state: State, item: Item, user: User, argument: str, at: dt.datetime) -> Done:
    title = argument.lstrip("%").strip('"')
    found: Milestone | None = next((each for each in state.milestones_of(item.place) if each.title == title), None)
    if found is None:
        return _could_not("milestone")
    edit_item(state, item, user, Edit(milestone=found), at)
    return f'Set the milestone to %"{title}".', {"milestone_id": found.id}


def _remove_milestone(state: State, item: Item, user: User, _argument: str, at: dt.datetime) -> Done:
    edit_item(state, item, user, Edit(milestone=None), at)
    return "Removed milestone.", {"milestone_id": None}


_ACTIONS: dict[str, Callable[[State, Item, User, str, dt.datetime], Done]] = {
    "close": _close,
    "reopen": _reopen,
    "label": _label,
    "unlabel": _unlabel,
    "relabel": _relabel,
    "assign": _assign,
    "unassign": _unassign,
    "confidential": _confidential,
    "relate": _relate,
    "title": _title,
    "draft": _draft,
    "ready": _ready,
    "due": _due,
    "remove_due_date": _remove_due,
    "lock": _lock,
    "unlock": _unlock,
    "milestone": _milestone,
    "remove_milestone": _remove_milestone,
}
