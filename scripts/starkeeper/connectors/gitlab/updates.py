"""What changes the fields of a resource: one request, and a look at what GitLab made of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from starkeeper.connectors.gitlab.asks import SERVICE, WORDS, Ask, resource_path
from starkeeper.connectors.gitlab.single import made_of, read_resource
from starkeeper.connectors.gitlab.users import Users
from starkeeper.errors import ConnectorError
from starkeeper.model.requests import Update
from starkeeper.model.resources import Resource, ResourceKey, ResourceType, User

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

_NOTHING = Update()
_EVERY = frozenset({"add_labels", "remove_labels", "state", "title", "description"})
_FIELDS: dict[ResourceType, frozenset[str]] = {
    "issues": _EVERY | {"assignees", "confidential", "locked", "due_date"},
    "merge_requests": _EVERY | {"assignees", "locked"},
    "epics": _EVERY | {"confidential", "due_date"},
    "branches": frozenset(),
}


def update_resource(client: Client, users: Users, tracker: str, key: ResourceKey, update: Update) -> Resource:
    """Changes the fields in one request that may be repeated, for it names what to change and not the whole."""
    about = f"changing {key}"
    _check(key.type, update, about)
    assignees = None if update.assignees is None else tuple(users.find(name) for name in update.assignees)
    body = _body(key.type, update, assignees)
    if not body:
        return read_resource(client, tracker, key)
    answer = client.request(Ask(kind="update", verb="put", path=resource_path(key), about=about, body=body))
    resource = made_of(answer.content, client, tracker, key, about)
    _verify(resource, update, assignees, about)
    return resource


def _check(type: ResourceType, update: Update, about: str) -> None:
    changed = {name for name in Update.__struct_fields__ if getattr(update, name) != getattr(_NOTHING, name)}
    if alien := changed - _FIELDS[type]:
        found = f"{WORDS[type]} do not have {', '.join(sorted(alien))}"
        raise ConnectorError(SERVICE, about, found, "take it out of the rule")
    for label in (*update.add_labels, *update.remove_labels):
        if "," in label or not label.strip():
            found = "a label is empty or holds a comma, which GitLab takes for two labels"
            raise ConnectorError(SERVICE, about, found, "name each label by itself in the rule")


def _body(type: ResourceType, update: Update, assignees: tuple[User, ...] | None) -> dict[str, Any]:
    """The parameters of GitLab. `labels`, which would replace them all, is never among them."""
    wanted: dict[str, Any] = {
        "title": update.title,
        "description": update.description,
        "add_labels": ",".join(update.add_labels) or None,
        "remove_labels": ",".join(update.remove_labels) or None,
        "state_event": update.state and ("close" if update.state == "closed" else "reopen"),
        # GitLab takes 0 for nobody.
        "assignee_ids": None if assignees is None else [each.id for each in assignees] or [0],
        "confidential": update.confidential,
        "discussion_locked": update.locked,
    }
    if update.due_date is not None:
        day = update.due_date.isoformat() if isinstance(update.due_date, dt.date) else ""
        # An epic's day can also follow from its issues.
        wanted |= {"due_date_is_fixed": True, "due_date_fixed": day} if type == "epics" else {"due_date": day}
    return {name: value for name, value in wanted.items() if value is not None}


def _verify(resource: Resource, update: Update, assignees: tuple[User, ...] | None, about: str) -> None:
    """GitLab answers 200 and leaves out what the token may not do, or what its licence does not have."""
    kept, asked = {each.id for each in resource.assignees}, {each.id for each in assignees or ()}
    if assignees is not None and kept < asked:
        found = f"GitLab kept {len(kept)} of {len(asked)} assignees"
        advice = "several need GitLab Premium, and each must be able to see the project"
        raise ConnectorError(SERVICE, about, found, advice, status=200)
    unchanged = [what for what, is_so in _checks(resource, update) if not is_so]
    unchanged += ["its assignees"] if assignees is not None and kept != asked else []
    if unchanged:
        found = f"GitLab accepted the request but did not change {', '.join(unchanged)}"
        raise ConnectorError(SERVICE, about, found, "the token needs at least the Planner role", status=200)


def _checks(resource: Resource, update: Update) -> list[tuple[str, bool]]:
    return [
        *((f"label '{label}'", label.strip() in resource.labels) for label in update.add_labels),
        *((f"label '{label}'", label.strip() not in resource.labels) for label in update.remove_labels),
        ("its state", update.state in (None, resource.state)),
        ("whether it is confidential", update.confidential in (None, resource.confidential)),
        ("whether its discussion is locked", update.locked in (None, resource.locked)),
        ("its due date", update.due_date is None or (update.due_date or None) == resource.due_date),
        ("its title", update.title is None or update.title.strip() == resource.title),
        ("its description", update.description is None or _text(update.description) == _text(resource.description)),
    ]


def _text(description: str) -> list[str]:
    """What GitLab keeps of a description: it carries out lines that are commands and takes them out."""
    lines = [line.rstrip() for line in description.strip().splitlines()]
    return [line for line in lines if line and not line.startswith("/")]
