"""What is written once: notes, links between issues, moves, new issues, and branches that go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from starkeeper.connectors import pacing
from starkeeper.connectors.gitlab.asks import PER_PAGE, SERVICE, Ask, list_path, resource_path
from starkeeper.connectors.gitlab.facets import links_of, notes_of
from starkeeper.connectors.gitlab.once import once
from starkeeper.connectors.gitlab.records import Records
from starkeeper.connectors.gitlab.single import Numbers, moved_to, read_branch
from starkeeper.connectors.gitlab.users import Users
from starkeeper.connectors.gitlab.wire import decode
from starkeeper.connectors.gitlab.wire_resources import WireIssue
from starkeeper.errors import ConnectorError
from starkeeper.model.requests import NOTHING_MORE, Start
from starkeeper.model.resources import Place, ResourceKey

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client


class Written(Struct, frozen=True):
    """A note that is to be written."""

    key: ResourceKey
    body: str
    internal: bool
    marker: str
    thread: bool = False


def post_note(client: Client, users: Users, numbers: Numbers, pace: pacing.Pace, note: Written) -> None:
    """Writes a note once; 201 says that it stands there, 202 that it held commands only, which were carried out.

    A thread is begun by the discussions route, which cannot hide anything from outsiders: an internal one is written
    as an internal note, which people can answer all the same.
    """
    if not note.marker or note.marker not in note.body:
        raise ValueError("a note must hold its marker, or it cannot be found again")
    begins = note.thread and not note.internal
    path = f"{numbers.below(note.key)}/{'discussions' if begins else 'notes'}"
    body: dict[str, Any] = {"body": note.body} if begins else {"body": note.body, "internal": note.internal}
    ask = Ask(kind="note", verb="post", path=path, about=f"writing a note on {note.key}", body=body, repeat=False)

    def send() -> bool:
        pace.wait()
        client.request(ask)
        return True

    def look() -> bool | None:
        me, notes = users.me(), notes_of(client, numbers, note.key, newest_first=True)
        return any(each.author == me.username and note.marker in each.body for each in notes) or None

    once(client, send, look)


def relate(client: Client, key: ResourceKey, other: ResourceKey, link_type: str) -> None:
    """Links two issues; a link that is there already is as good."""
    path, about = f"{resource_path(key)}/links", f"linking {key} to {other}"
    body = {"target_project_id": other.project, "target_issue_iid": other.iid, "link_type": link_type}
    ask = Ask(kind="link", verb="post", path=path, about=about, body=body, repeat=False)

    def send() -> bool:
        try:
            client.request(ask)
        except ConnectorError as error:
            if error.status != 409:
                raise
        return True

    once(client, send, lambda: other in links_of(client, key) or None)


def move_issue(client: Client, numbers: Numbers, key: ResourceKey, to: str) -> None:
    """Moves the issue to the project of that path, once."""
    about = f"moving {key} to {to}"
    body = {"to_project_id": numbers.project(to)}
    ask = Ask(kind="move", verb="post", path=f"{resource_path(key)}/move", about=about, body=body, repeat=False)

    def send() -> bool:
        try:
            client.request(ask)
        except ConnectorError as error:
            if error.status not in (400, 403):
                raise
            found = f"{error.found}: the token may not move the issue there, or it is there already"
            advice = "it needs at least the Planner role in both projects"
            raise ConnectorError(SERVICE, about, found, advice, status=error.status) from None
        return True

    once(client, send, lambda: moved_to(client, key) is not None or None)


def delete_branch(client: Client, key: ResourceKey, commit: str) -> None:
    """Deletes the branch if it is as it was; one that is gone is as good."""
    about = f"deleting branch {key}"
    ask = Ask(kind="delete", verb="delete", path=resource_path(key), about=about, repeat=False)

    def send() -> bool:
        try:
            _refuse(client, key, commit, about)
            client.request(ask)
        except ConnectorError as error:
            # A project that cannot be seen is another matter.
            if error.status != 404 or "Project" in error.found:
                raise
        return True

    # Sent again, it looks at the branch again first.
    once(client, send, lambda: None)


def _refuse(client: Client, key: ResourceKey, commit: str, about: str) -> None:
    """Raises where the branch may not be deleted; 404 where it is gone."""
    branch = read_branch(client, "", key, "delete")
    if branch.protected or branch.default:
        what = "the default branch" if branch.default else "protected"
        raise ConnectorError(SERVICE, about, f"it is {what}", "such a branch is never deleted")
    if branch.commit != commit:
        found = "somebody has committed to it since it was looked at"
        raise ConnectorError(SERVICE, about, found, "the next run looks at it again")


def open_issue(
    client: Client,
    users: Users,
    project: str,
    title: str,
    description: str,
    *,
    marker: str,
    start: Start = NOTHING_MORE,
) -> ResourceKey:
    """Opens an issue once and gives its key; `marker`, which the description must hold, is how it is found again."""
    if not marker or marker not in description:
        raise ValueError("a description must hold its marker, or the issue cannot be found again")
    path, about = list_path(Place("projects", project), "issues"), f"opening an issue in {project}"
    body = {"title": title, "description": description, **_start_of(start, users)}
    ask = Ask(kind="open", verb="post", path=path, about=about, body=body, repeat=False)
    records = Records("", client.url)

    def send() -> ResourceKey:
        return records.resource(decode(client.request(ask).content, WireIssue, about), project, about).key

    def look() -> ResourceKey | None:
        query: dict[str, str | int] = {"author_username": users.me().username, "scope": "all", "state": "all"}
        query |= {"order_by": "created_at", "sort": "desc", "per_page": PER_PAGE}
        latest = Ask(kind="own_issues", path=path, about=f"looking for an issue in {project}", query=query)
        rows = decode(client.request(latest).content, list[WireIssue], latest.about)
        issues = (records.resource(row, project, latest.about) for row in rows)
        mine = (issue for issue in issues if issue.author and issue.author.username == users.me().username)
        return next((issue.key for issue in mine if marker in issue.description), None)

    return once(client, send, look)


def _start_of(start: Start, users: Users) -> dict[str, Any]:
    """Only what is asked for: an issue that is hidden must be so in the very request that opens it."""
    wanted: dict[str, Any] = {
        "confidential": start.confidential,
        "labels": ",".join(start.labels),
        "assignee_ids": [users.find(name).id for name in start.assignees],
    }
    return {name: value for name, value in wanted.items() if value}
