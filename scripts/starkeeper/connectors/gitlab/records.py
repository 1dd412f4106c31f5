"""Rows of GitLab's lists to resources; what is the same in many of them is kept once."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from sys import intern
from typing import Any

from starkeeper.connectors.gitlab.asks import SERVICE
from starkeeper.connectors.gitlab.wire import WireLabel, WireUser, full_reference, project_of, utc
from starkeeper.connectors.gitlab.wire_features import WireIteration, WireMilestone, WireTasks, WireTimes
from starkeeper.connectors.gitlab.wire_resources import Row, WireBranch, WireEpic, WireIssue, WireMergeRequest
from starkeeper.connectors.gitlab.work_items import flat
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Branch, Epic, Issue, MergeRequest, Milestone, Resource, User

_NO_FIELDS: Mapping[str, str] = {}
_NO_TASKS, _NO_TIMES = WireTasks(), WireTimes()
_EPOCH = dt.datetime.fromtimestamp(0, dt.UTC)
_STATES = frozenset({"closed", "merged", "locked"})


class Records:
    """Makes the records of one tracker: a person, a milestone or a label of many resources is one object."""

    def __init__(self, tracker: str, url: str) -> None:
        self._tracker = tracker
        self._url = url
        self._people: dict[tuple[str | None, int], User] = {}
        self._milestones: dict[Milestone, Milestone] = {}

    def resource(self, row: Row, project: str, about: str) -> Resource:
        """The record of a row; `project` is where it is if it does not say so itself, "" where that is not known."""
        place = self._place(row) or project
        if not place:
            found = f"one of them (number {row.iid}) does not say which project it is of"
            raise ConnectorError(SERVICE, about, found, "name the project itself instead of its group")
        if isinstance(row, WireMergeRequest):
            return self._merge_request(row, place)
        return self._epic(row, place) if isinstance(row, WireEpic) else self._issue(row, place)

    def branch(self, row: WireBranch, project: str) -> Branch:
        """The record of a branch; all that is known of its author is the name that the commit has."""
        commit = row.commit
        at = utc(commit.committed_date or commit.created_at or commit.authored_date or _EPOCH)
        return Branch(
            tracker=self._tracker,
            project=project,
            name=row.name,
            title=row.name,
            author=self.person(WireUser(name=commit.author_name, username="")) if commit.author_name else None,
            created_at=at,
            updated_at=at,
            web_url=row.web_url or "",
            merged=bool(row.merged),
            protected=bool(row.protected),
            default=bool(row.default),
            committed_date=_at(commit.committed_date),
            authored_date=_at(commit.authored_date),
            commit=commit.id,
            fields=_NO_FIELDS,
        )

    def person(self, wire: WireUser | None) -> User | None:
        """Nobody where GitLab names nobody, as for an account that was deleted."""
        if wire is None:
            return None
        key = (wire.username or wire.name, wire.id)
        known = self._people.get(key)
        if known is None:
            known = self._people.setdefault(key, User(wire.username or "", wire.id, wire.name or ""))
        return known

    def _place(self, row: Row) -> str:
        full = full_reference(row.references) or (row.reference if isinstance(row, WireIssue) else "") or ""
        return intern(project_of(full, row.web_url or "", self._url))

    def _issue(self, row: WireIssue, project: str) -> Issue:
        row = flat(row) if row.features else row
        return Issue(
            issue_type=intern(_issue_type(row)),
            weight=row.weight,
            iteration=_iteration(row.iteration) if row.iteration else None,
            moved=row.moved_to_id is not None,
            health_status=_snake(row.health_status) if row.health_status else None,
            merge_requests_count=row.merge_requests_count or 0,
            **self._common(row, project),
        )

    def _merge_request(self, row: WireMergeRequest, project: str) -> MergeRequest:
        return MergeRequest(
            draft=bool(row.draft or row.work_in_progress),
            source_branch=row.source_branch or "",
            target_branch=intern(row.target_branch or ""),
            reviewers=self._people_of(row.reviewers),
            merged_at=_at(row.merged_at),
            merged_by=self.person(row.merge_user or row.merged_by),
            **self._common(row, project),
        )

    def _epic(self, row: WireEpic, project: str) -> Epic:
        common = self._common(row, project)
        return Epic(**common | {"due_date": row.due_date or row.end_date})

    def _common(self, row: Row, project: str) -> dict[str, Any]:
        created_at = utc(row.created_at)
        tasks, times = row.task_completion_status or _NO_TASKS, row.time_stats or _NO_TIMES
        return {
            "tracker": self._tracker,
            "project": project,
            "iid": row.iid,
            "id": number_of(row.id),
            "title": row.title or "",
            "description": row.description or "",
            # An old GitLab also says `reopened`.
            "state": row.state if row.state in _STATES else "opened",
            "labels": tuple(_label(each) for each in row.labels) if row.labels else (),
            "author": self.person(row.author),
            "assignees": self._people_of(row.assignees or ([row.assignee] if row.assignee else None)),
            "milestone": self._milestone(row.milestone) if row.milestone else None,
            "created_at": created_at,
            "updated_at": utc(row.updated_at) if row.updated_at else created_at,
            "closed_at": _at(row.closed_at),
            "closed_by": self.person(row.closed_by),
            "due_date": row.due_date,
            "confidential": bool(row.confidential),
            "locked": bool(row.discussion_locked),
            "upvotes": row.upvotes or 0,
            "downvotes": row.downvotes or 0,
            "notes_count": row.user_notes_count or 0,
            "tasks": tasks.count,
            "tasks_done": tasks.completed_count,
            "time_estimate": times.time_estimate or 0,
            "time_spent": times.total_time_spent or 0,
            "web_url": row.web_url or "",
            # Without it each record would get an empty mapping of its own.
            "fields": _NO_FIELDS,
        }

    def _people_of(self, rows: list[WireUser] | None) -> tuple[User, ...]:
        return tuple([each for row in rows if (each := self.person(row))]) if rows else ()

    def _milestone(self, wire: WireMilestone) -> Milestone:
        made = Milestone(wire.title, wire.id, wire.iid, wire.state or "active", wire.start_date, wire.due_date)
        return self._milestones.setdefault(made, made)


def number_of(id: int | str) -> int:
    """The number of a resource, also where it is named as `gid://gitlab/WorkItem/12`."""
    if isinstance(id, int):
        return id
    last = id.rpartition("/")[2]
    return int(last) if re.fullmatch(r"[0-9]{1,18}", last) else 0


def _issue_type(row: WireIssue) -> str:
    """`type` and the name of a work item type say the same in other letters: TEST_CASE, Test Case."""
    kind = row.work_item_type
    name = row.issue_type or (kind if isinstance(kind, str) else kind.name if kind else None) or row.type or "issue"
    return name.lower().replace(" ", "_")


def _iteration(wire: WireIteration) -> str:
    return wire.title or f"{wire.start_date} - {wire.due_date}"


def _snake(status: str) -> str:
    """`onTrack` as `on_track`."""
    return intern(re.sub(r"(?<=[a-z])([A-Z])", r"_\1", status).lower())


def _label(row: str | WireLabel) -> str:
    return intern(row if isinstance(row, str) else row.name or row.title)


def _at(at: dt.datetime | None) -> dt.datetime | None:
    return utc(at) if at else None
