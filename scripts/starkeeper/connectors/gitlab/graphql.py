"""The comments of up to 100 issues of one project in one request; whatever GraphQL does not answer is left out."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field

from starkeeper.connectors.gitlab import wire
from starkeeper.connectors.gitlab.asks import Ask
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import IssueKey, Note

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

# Below so many issues, single requests side by side are done as soon.
FEWEST = 3
MOST = 100
# GitLab allows a complexity of 250: a page of notes counts 2 for each of its fields, and issues that are named by
# their numbers count once however many they are, which makes about 30.
_QUERY = """
query($project: ID!, $iids: [String!], $first: Int!) {
  project(fullPath: $project) {
    issues(iids: $iids, first: $first) {
      nodes {
        iid
        notes(filter: ONLY_COMMENTS, first: 100) {
          pageInfo { hasNextPage }
          nodes { id body system internal createdAt author { username } }
        }
      }
    }
  }
}
"""


class _PageInfo(Struct, rename="camel"):
    has_next_page: bool


class _Note(Struct, rename="camel"):
    id: str
    created_at: dt.datetime
    body: str | None = None
    system: bool = False
    internal: bool | None = None
    author: wire.WireUser | None = None


class _Notes(Struct, rename="camel"):
    page_info: _PageInfo
    nodes: list[_Note]


class _Issue(Struct):
    iid: str
    notes: _Notes | None = None


class _Issues(Struct):
    nodes: list[_Issue] = field(default_factory=list)


class _Project(Struct):
    issues: _Issues | None = None


class _Data(Struct):
    project: _Project | None = None


class _Answer(Struct):
    data: _Data | None = None
    errors: list[object] | None = None


def read_notes(client: Client, keys: Collection[IssueKey]) -> dict[IssueKey, tuple[Note, ...]]:
    """The comments of each issue, oldest first, for those issues whose notes one answer could hold.

    Never an error: GraphQL may be switched off, older than this query, or too slow, and REST has the rest.
    """
    found: dict[IssueKey, tuple[Note, ...]] = {}
    for _, part in client.side_by_side(lambda batch: _read(client, batch), _batches(keys)):
        found |= part
    return found


def _batches(keys: Collection[IssueKey]) -> Iterator[tuple[IssueKey, ...]]:
    projects: defaultdict[str, list[IssueKey]] = defaultdict(list)
    for key in sorted(keys):
        projects[key.project].append(key)
    for each in projects.values():
        for start in range(0, len(each), MOST):
            if len(batch := each[start : start + MOST]) >= FEWEST:
                yield tuple(batch)


def _read(client: Client, keys: tuple[IssueKey, ...]) -> dict[IssueKey, tuple[Note, ...]]:
    project, iids = keys[0].project, [str(key.iid) for key in keys]
    ask = Ask(
        kind="notes",
        verb="post",
        path=f"{client.url}/api/graphql",
        about=f"reading the notes of {len(keys)} issues of {project}",
        body={"query": _QUERY, "variables": {"project": project, "iids": iids, "first": len(keys)}},
        tries=2,
    )
    try:
        answer = wire.decode(client.request(ask).content, _Answer, ask.about)
    except ConnectorError:
        return {}
    # Beside an error, what is there may be a part of what there is.
    if answer.errors or not answer.data or not answer.data.project or not answer.data.project.issues:
        return {}
    rows = answer.data.project.issues.nodes
    read = {IssueKey(project, int(row.iid)): row.notes for row in rows if row.iid.isdigit()}
    return {key: _notes(page.nodes) for key in keys if (page := read.get(key)) and not page.page_info.has_next_page}


def _notes(rows: Iterable[_Note]) -> tuple[Note, ...]:
    notes = (wire.note(_as_rest(row)) for row in rows if not row.system)
    return tuple(sorted(notes, key=lambda each: (each.created_at, each.id)))


def _as_rest(row: _Note) -> wire.WireNote:
    """The same note as REST shows it: its id is the number at the end of `gid://gitlab/Note/12`."""
    number = row.id.rpartition("/")[2]
    return wire.WireNote(
        int(number) if number.isdigit() else 0, row.created_at, row.body, row.author, row.system, row.internal
    )
