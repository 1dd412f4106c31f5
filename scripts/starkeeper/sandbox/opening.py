"""The bare records of new issues, merge requests and epics, already in their place; the caller holds the lock."""

from __future__ import annotations

import datetime as dt

from starkeeper.sandbox.records import Epic, Group, Issue, MergeRequest, Project, User
from starkeeper.sandbox.state import State


def new_issue(
    state: State, project: Project, author: User | None, title: str, at: dt.datetime, *, iid: int = 0, id: int = 0
) -> Issue:
    number = state.claim("issue", id) if id else state.number("issue")
    iid = iid or project.last_iid + 1
    project.last_iid = max(project.last_iid, iid)
    issue = Issue(id=number, iid=iid, title=title, created_at=at, updated_at=at, author=author, project=project)
    project.issues[iid] = issue
    state.changed()
    return issue


def new_merge_request(
    state: State,
    project: Project,
    author: User | None,
    title: str,
    at: dt.datetime,
    *,
    source_branch: str,
    target_branch: str,
    iid: int = 0,
    id: int = 0,
) -> MergeRequest:
    number = state.claim("merge_request", id) if id else state.number("merge_request")
    iid = iid or project.last_merge_request_iid + 1
    project.last_merge_request_iid = max(project.last_merge_request_iid, iid)
    made = project.merge_requests[iid] = MergeRequest(
        id=number,
        iid=iid,
        title=title,
        created_at=at,
        updated_at=at,
        author=author,
        project=project,
        source_branch=source_branch,
        target_branch=target_branch,
    )
    state.changed()
    return made


def new_epic(
    state: State, group: Group, author: User | None, title: str, at: dt.datetime, *, iid: int = 0, id: int = 0
) -> Epic:
    number = state.claim("epic", id) if id else state.number("epic")
    iid = iid or group.last_epic_iid + 1
    group.last_epic_iid = max(group.last_epic_iid, iid)
    epic = Epic(id=number, iid=iid, title=title, created_at=at, updated_at=at, author=author, group=group)
    group.epics[iid] = epic
    state.changed()
    return epic
