"""Notes and label events of many issues: keys in, what was found for each out, and for which it could not be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, TypeVar

from starkeeper.connectors.gitlab import graphql, wire
from starkeeper.connectors.gitlab.asks import PER_PAGE, Ask, issue_path
from starkeeper.errors import ConnectorError
from starkeeper.model.requests import Reading
from starkeeper.model.resources import IssueKey, LabelEvent, Note

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

T = TypeVar("T")


def read_notes(client: Client, keys: Collection[IssueKey]) -> Reading[tuple[Note, ...]]:
    """The comments of each issue, oldest first: in bulk where that saves requests, and one by one what is left."""
    found = graphql.read_notes(client, set(keys))
    reading = _read_each(client, lambda key: notes_of(client, key), (key for key in set(keys) if key not in found))
    return Reading(found | reading.found, reading.failed)


def read_label_events(client: Client, keys: Collection[IssueKey]) -> Reading[tuple[LabelEvent, ...]]:
    """The label events of each issue, oldest first; GitLab has them one issue at a time only."""
    return _read_each(client, lambda key: _label_events_of(client, key), set(keys))


def read_links(client: Client, keys: Collection[IssueKey]) -> Reading[tuple[IssueKey, ...]]:
    """The issues to which each is linked, in either direction."""
    return _read_each(client, lambda key: links_of(client, key), set(keys))


def links_of(client: Client, key: IssueKey) -> tuple[IssueKey, ...]:
    """The issues to which one is linked; GitLab lists them all at once."""
    ask = Ask(kind="links", path=f"{issue_path(key)}/links", about=f"reading the links of {key}")
    rows = wire.decode(client.request(ask).content, list[wire.WireIssue], ask.about)
    return tuple(sorted(IssueKey(wire.project_of(row, client.url), row.iid) for row in rows))


def notes_of(client: Client, key: IssueKey, *, newest_first: bool = False) -> tuple[Note, ...]:
    """The comments of one issue.

    GitLab takes out what the token may not see after it made the pages, so a short page may have others behind it.
    """
    query: dict[str, str | int] = {"activity_filter": "only_comments", "order_by": "created_at", "per_page": PER_PAGE}
    query["sort"] = "desc" if newest_first else "asc"
    ask = Ask(kind="notes", path=f"{issue_path(key)}/notes", about=f"reading the notes of {key}", query=query)
    pages = [wire.decode(answer.content, list[wire.WireNote], ask.about) for answer in client.follow(ask)]
    # A GitLab that does not know the filter sends its own lines as well; a page that shifts repeats a note.
    notes = {row.id: wire.note(row) for page in pages for row in page if not row.system}
    return tuple(sorted(notes.values(), key=lambda each: (each.created_at, each.id), reverse=newest_first))


def _label_events_of(client: Client, key: IssueKey) -> tuple[LabelEvent, ...]:
    path, about = f"{issue_path(key)}/resource_label_events", f"reading the label events of {key}"
    ask = Ask(kind="label_events", path=path, about=about, query={"per_page": PER_PAGE})
    pages = [wire.decode(answer.content, list[wire.WireLabelEvent], about) for answer in client.follow(ask)]
    events = {row.id: wire.label_event(row) for page in pages for row in page}
    return tuple(sorted(events.values(), key=lambda each: (each.created_at, each.id)))


def _read_each(client: Client, read: Callable[[IssueKey], T], keys: Iterable[IssueKey]) -> Reading[T]:
    def attempt(key: IssueKey) -> T | ConnectorError:
        try:
            return read(key)
        except ConnectorError as error:
            return error

    reading: Reading[T] = Reading({}, {})
    for key, result in client.side_by_side(attempt, sorted(keys)):
        if isinstance(result, ConnectorError):
            reading.failed[key] = result
        else:
            reading.found[key] = result
    return reading
