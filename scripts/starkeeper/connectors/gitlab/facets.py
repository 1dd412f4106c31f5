"""What costs a request per resource: keys in, what was found for each out, and for which it could not be read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, structs

from starkeeper.connectors.gitlab import graphql, wire
from starkeeper.connectors.gitlab.asks import PER_PAGE, Ask, resource_path
from starkeeper.connectors.gitlab.single import Numbers
from starkeeper.connectors.gitlab.users import Users
from starkeeper.errors import ConnectorError
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Edit, LabelEvent, Note, ResourceKey, StateEvent, Subject

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

T = TypeVar("T")
S = TypeVar("S", bound=Subject)


class WireState(Struct, gc=False):
    state: str


class WireDiscussion(Struct, gc=False):
    notes: list[wire.WireNote] = []


def read_notes(client: Client, numbers: Numbers, keys: Collection[ResourceKey]) -> Reading[tuple[Note, ...]]:
    """The comments of each, oldest first: in bulk where that saves requests, and one by one what is left."""
    found = graphql.read_notes(client, set(keys))
    rest = read_each(client, lambda key: notes_of(client, numbers, key), set(keys) - found.keys())
    return Reading(found | rest.found, rest.failed)


def read_notes_and_me(client: Client, numbers: Numbers, users: Users, key: ResourceKey) -> Reading[tuple[Note, ...]]:
    """The comments of one, oldest first. Who the token stands for is known then, by the same request where that can
    be."""
    notes, me = graphql.read_notes_and_me(client, key)
    if me is not None:
        users.met(me)
    users.me()
    return Reading({key: notes}, {}) if notes is not None else read_notes(client, numbers, [key])


def read_threads(client: Client, numbers: Numbers, keys: Collection[ResourceKey]) -> Reading[int]:
    """How many threads people began on each: in bulk where that saves requests, and one by one what is left."""
    found = graphql.read_threads(client, set(keys))
    rest = read_each(client, lambda key: _threads_of(client, numbers, key), set(keys) - found.keys())
    return Reading(found | rest.found, rest.failed)


def read_edits(client: Client, numbers: Numbers, keys: Collection[ResourceKey]) -> Reading[tuple[Edit, ...]]:
    """Who changed the description of each, oldest first, as GitLab notes it: in bulk where that saves requests."""
    found = graphql.read_edits(client, set(keys))
    rest = read_each(client, lambda key: _edits_of(client, numbers, key), set(keys) - found.keys())
    return Reading(found | rest.found, rest.failed)


def read_label_events(
    client: Client, numbers: Numbers, keys: Collection[ResourceKey]
) -> Reading[tuple[LabelEvent, ...]]:
    """The label events of each, oldest first; GitLab has them one resource at a time only."""
    return read_each(client, lambda key: _label_events_of(client, numbers, key), set(keys))


def read_state_events(
    client: Client, numbers: Numbers, keys: Collection[ResourceKey]
) -> Reading[tuple[StateEvent, ...]]:
    """When each was closed, opened again or merged, oldest first; one resource at a time, as label events."""
    return read_each(client, lambda key: _state_events_of(client, numbers, key), set(keys))


def read_links(client: Client, keys: Collection[ResourceKey]) -> Reading[tuple[ResourceKey, ...]]:
    """The issues to which each is linked, in either direction."""
    return read_each(client, lambda key: links_of(client, key), set(keys))


def read_merge_requests(client: Client, keys: Collection[ResourceKey]) -> Reading[tuple[str, ...]]:
    """The states of the merge requests that mention or close each issue."""
    return read_each(client, lambda key: _merge_requests_of(client, key), set(keys))


def read_closes_issues(client: Client, keys: Collection[ResourceKey]) -> Reading[tuple[ResourceKey, ...]]:
    """The issues that each merge request closes once it is merged."""
    return read_each(client, lambda key: _closes_issues_of(client, key), set(keys))


def links_of(client: Client, key: ResourceKey) -> tuple[ResourceKey, ...]:
    """The issues to which one is linked; GitLab lists them all at once."""
    ask = Ask(kind="links", path=f"{resource_path(key)}/links", about=f"reading the links of {key}")
    return _keys(wire.decode(client.request(ask).content, list[wire.WireNumbered], ask.about), client)


def notes_of(client: Client, numbers: Numbers, key: ResourceKey, *, newest_first: bool = False) -> tuple[Note, ...]:
    """The comments of one resource, those of threads among them.

    GitLab takes out what the token may not see after it made the pages, so a short page may have others behind it.
    """
    query: dict[str, str | int] = {"activity_filter": "only_comments", "order_by": "created_at"}
    query["sort"] = "desc" if newest_first else "asc"
    path, about = f"{numbers.below(key)}/notes", f"reading the notes of {key}"
    rows = all_pages(client, Ask(kind="notes", path=path, about=about, query=query), wire.WireNote)
    # A GitLab that does not know the filter sends its own lines as well; a page that shifts repeats a note.
    notes = {row.id: wire.note(row) for row in rows if not row.system}
    return tuple(sorted(notes.values(), key=lambda each: (each.created_at, each.id), reverse=newest_first))


def _edits_of(client: Client, numbers: Numbers, key: ResourceKey) -> tuple[Edit, ...]:
    query: dict[str, str | int] = {"activity_filter": "only_activity", "order_by": "created_at", "sort": "asc"}
    path, about = f"{numbers.below(key)}/notes", f"reading who edited {key}"
    rows = all_pages(client, Ask(kind="edits", path=path, about=about, query=query), wire.WireNote)
    return wire.edits(rows)


def _threads_of(client: Client, numbers: Numbers, key: ResourceKey) -> int:
    path, about = f"{numbers.below(key)}/discussions", f"reading the threads of {key}"
    rows = all_pages(client, Ask(kind="threads", path=path, about=about), WireDiscussion)
    return sum(any(not note.system for note in row.notes) for row in rows)


def _label_events_of(client: Client, numbers: Numbers, key: ResourceKey) -> tuple[LabelEvent, ...]:
    path, about = f"{numbers.below(key)}/resource_label_events", f"reading the label events of {key}"
    rows = all_pages(client, Ask(kind="label_events", path=path, about=about), wire.WireLabelEvent)
    events = {row.id: wire.label_event(row) for row in rows}
    return tuple(sorted(events.values(), key=lambda each: (each.created_at, each.id)))


def _state_events_of(client: Client, numbers: Numbers, key: ResourceKey) -> tuple[StateEvent, ...]:
    path, about = f"{numbers.below(key)}/resource_state_events", f"reading the state events of {key}"
    rows = all_pages(client, Ask(kind="state_events", path=path, about=about), wire.WireStateEvent)
    events = {row.id: event for row in rows if (event := wire.state_event(row))}
    return tuple(sorted(events.values(), key=lambda each: (each.created_at, each.id)))


def _merge_requests_of(client: Client, key: ResourceKey) -> tuple[str, ...]:
    path, about = f"{resource_path(key)}/related_merge_requests", f"reading the merge requests of {key}"
    rows = all_pages(client, Ask(kind="merge_requests", path=path, about=about), WireState)
    return tuple(row.state for row in rows)


def _closes_issues_of(client: Client, key: ResourceKey) -> tuple[ResourceKey, ...]:
    path, about = f"{resource_path(key)}/closes_issues", f"reading which issues {key} closes"
    return _keys(all_pages(client, Ask(kind="closes_issues", path=path, about=about), wire.WireNumbered), client)


def _keys(rows: Iterable[wire.WireNumbered], client: Client) -> tuple[ResourceKey, ...]:
    """The issues that GitLab has itself; those of another tracker have no number."""
    found = {
        ResourceKey(wire.project_of(wire.full_reference(row.references), row.web_url or "", client.url), row.iid)
        for row in rows
        if row.iid is not None
    }
    return tuple(sorted(found))


def all_pages(client: Client, ask: Ask, shape: type[T]) -> list[T]:
    """The rows of all pages of a list, one page after the other."""
    rows: list[T] = []
    for answer in client.follow(structs.replace(ask, query={**ask.query, "per_page": PER_PAGE})):
        rows += wire.decode_list(answer.content, shape, ask.about)
    return rows


def read_each(client: Client, read: Callable[[S], T], subjects: Iterable[S]) -> Reading[T]:
    """Each by itself, side by side; one that fails does not stop the others."""

    def attempt(subject: S) -> T | ConnectorError:
        try:
            return read(subject)
        except ConnectorError as error:
            return error

    reading: Reading[T] = Reading({}, {})
    for subject, result in client.side_by_side(attempt, sorted(subjects)):
        if isinstance(result, ConnectorError):
            reading.failed[subject] = result
        else:
            reading.found[subject] = result
    return reading
