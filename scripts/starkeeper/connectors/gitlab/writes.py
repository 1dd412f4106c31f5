"""What changes an issue: one request for its fields, notes and links that are never written twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from starkeeper.connectors.gitlab import pacing, wire
from starkeeper.connectors.gitlab.asks import SERVICE, Ask, issue_path
from starkeeper.connectors.gitlab.facets import links_of, notes_of
from starkeeper.connectors.gitlab.issues import read_issue
from starkeeper.connectors.gitlab.users import Users
from starkeeper.errors import ConnectorError
from starkeeper.model.requests import IssueUpdate
from starkeeper.model.resources import Issue, IssueKey, User

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

_TRIES = 3


def update_issue(client: Client, users: Users, tracker: str, key: IssueKey, update: IssueUpdate) -> Issue:
    """Changes the fields in one request that may be repeated, for it names what to change and not the whole."""
    about = f"changing {key}"
    for label in (*update.add_labels, *update.remove_labels):
        if "," in label or not label.strip():
            found = "a label is empty or holds a comma, which GitLab takes for two labels"
            raise ConnectorError(SERVICE, about, found, "name each label by itself in the rule")
    assignees = None if update.assignees is None else tuple(users.find(name) for name in update.assignees)
    body = _body(update, assignees)
    if not body:
        return read_issue(client, tracker, key)
    answer = client.request(Ask(kind="update", verb="put", path=issue_path(key), about=about, body=body))
    issue = wire.issue(wire.decode(answer.content, wire.WireIssue, about), tracker, key.project)
    _verify(issue, update, assignees, about)
    return issue


def post_note(
    client: Client, users: Users, pace: pacing.Pace, key: IssueKey, body: str, *, internal: bool, marker: str
) -> None:
    """Writes a note once; 201 says that it stands there, 202 that it held commands only, which were carried out."""
    if not marker or marker not in body:
        raise ValueError("a note must hold its marker, or it cannot be found again")
    path, about = f"{issue_path(key)}/notes", f"writing a note on {key}"
    ask = Ask(kind="note", verb="post", path=path, about=about, body={"body": body, "internal": internal}, repeat=False)

    def send() -> None:
        pace.wait()
        client.request(ask)

    def is_there() -> bool:
        me = users.me()
        return any(
            note.author == me.username and marker in note.body for note in notes_of(client, key, newest_first=True)
        )

    once(client, send, is_there)


def relate(client: Client, key: IssueKey, other: IssueKey, link_type: str) -> None:
    """Links two issues; a link that is there already is as good."""
    path, about = f"{issue_path(key)}/links", f"linking {key} to {other}"
    body = {"target_project_id": other.project, "target_issue_iid": other.iid, "link_type": link_type}
    ask = Ask(kind="link", verb="post", path=path, about=about, body=body, repeat=False)

    def send() -> None:
        try:
            client.request(ask)
        except ConnectorError as error:
            if error.status != 409:
                raise

    def is_there() -> bool:
        return other in links_of(client, key)

    once(client, send, is_there)


def once(client: Client, send: Callable[[], None], is_there: Callable[[], bool]) -> None:
    """Sends until it is there, and looks for it each time an answer was lost: sent twice, it would stand there twice.

    Before the look it waits as long again as the lost answer took, for a request that ran out of our time may still be
    at work. Raises the error with `lost` where it could not be found out.
    """
    for tried in range(1, _TRIES + 1):
        begun_at = client.monotonic()
        try:
            return send()
        except ConnectorError as error:
            if not error.lost:
                raise
            lost = error
        client.sleep(max(pacing.backoff(tried), client.monotonic() - begun_at))
        try:
            if is_there():
                return None
        except ConnectorError as error:
            found = f"{lost.found}, and whether it took effect could not be seen: {error.found}"
            raise ConnectorError(SERVICE, lost.request, found, lost.advice, status=lost.status, lost=True) from None
    raise lost


def _body(update: IssueUpdate, assignees: tuple[User, ...] | None) -> dict[str, Any]:
    """The parameters of GitLab. `labels`, which would replace them all, is never among them."""
    body: dict[str, Any] = {}
    if update.add_labels:
        body["add_labels"] = ",".join(update.add_labels)
    if update.remove_labels:
        body["remove_labels"] = ",".join(update.remove_labels)
    if update.state is not None:
        body["state_event"] = "close" if update.state == "closed" else "reopen"
    if assignees is not None:
        # GitLab takes 0 for nobody.
        body["assignee_ids"] = [each.id for each in assignees] or [0]
    if update.confidential is not None:
        body["confidential"] = update.confidential
    return body


def _verify(issue: Issue, update: IssueUpdate, assignees: tuple[User, ...] | None, about: str) -> None:
    """GitLab answers 200 and leaves out what the token may not do, or what its licence does not have."""
    kept, asked = {each.id for each in issue.assignees}, {each.id for each in assignees or ()}
    if assignees is not None and kept < asked:
        found = f"GitLab kept {len(kept)} of {len(asked)} assignees"
        advice = "several need GitLab Premium, and each must be able to see the project"
        raise ConnectorError(SERVICE, about, found, advice, status=200)
    unchanged = [what for what, is_so in _checks(issue, update) if not is_so]
    unchanged += ["its assignees"] if assignees is not None and kept != asked else []
    if unchanged:
        found = f"GitLab accepted the request but did not change {', '.join(unchanged)}"
        raise ConnectorError(SERVICE, about, found, "the token needs at least the Planner role", status=200)


def _checks(issue: Issue, update: IssueUpdate) -> list[tuple[str, bool]]:
    return [
        *((f"label '{label}'", label.strip() in issue.labels) for label in update.add_labels),
        *((f"label '{label}'", label.strip() not in issue.labels) for label in update.remove_labels),
        ("its state", update.state in (None, issue.state)),
        ("whether it is confidential", update.confidential in (None, issue.confidential)),
    ]
