"""Issues as GitLab's interface lists them to issues of the world: what a file of real ones becomes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from starkeeper.errors import PolicyError, Problem, Where
from starkeeper.sandbox.changes import DEFAULT_COLOR
from starkeeper.sandbox.records import Issue, Milestone, Project, User
from starkeeper.sandbox.world import World

Row = Mapping[str, Any]


class _Checked(Struct, frozen=True):
    """An entry of the list that can be loaded: where it goes, and the values that had to be read."""

    row: Row
    project: str
    iid: int
    created_at: dt.datetime
    updated_at: dt.datetime
    closed_at: dt.datetime | None
    due_date: dt.date | None


def load_issues(world: World, issues: Sequence[Any], project: str | None = None, source: str = "issues") -> list[str]:
    """Adds issues in any shape that GitLab ever listed them in; returns their references, such as `group/project#1`.

    They go into `project`, else where `references.full` or `web_url` says, else into a project named after
    `project_id`. People, labels, milestones, projects and groups are made as needed, and everyone who has a token may
    work there. `source` names the file in messages. Raises PolicyError with every wrong entry; then nothing is loaded.
    """
    with world.lock:
        checked, problems = _check(world, issues, project, source)
        if problems:
            raise PolicyError(problems)
        for each in checked:
            _load(world, each)
        return [f"{each.project}#{each.iid}" for each in checked]


def _check(
    world: World, issues: Sequence[Any], project: str | None, source: str
) -> tuple[list[_Checked], list[Problem]]:
    checked: list[_Checked] = []
    problems: list[Problem] = []
    taken = {(path, iid) for path, each in world.projects.items() for iid in each.issues}
    listed: set[int] = set()
    if not isinstance(issues, Sequence) or isinstance(issues, str | bytes):
        remedy = "give the array that a list of issues answers"
        return [], [Problem(Where(source), "this is no array of issues", remedy)]
    for number, row in enumerate(issues, start=1):
        # A tracker that changed while its pages were read shows some issues twice.
        own_id = row.get("id") if isinstance(row, Mapping) else None
        if isinstance(own_id, int) and own_id in listed:
            continue
        try:
            found = _check_row(row, project, taken)
        except ValueError as error:
            message, _, remedy = str(error).partition("; ")
            problems.append(Problem(Where(source), f"entry {number}: {message}", remedy))
        else:
            taken.add((found.project.lower(), found.iid))
            checked.append(found)
            listed |= {own_id} if isinstance(own_id, int) else set()
    return checked, problems


def _check_row(row: Any, project: str | None, taken: set[tuple[str, int]]) -> _Checked:
    """Raises ValueError: what is wrong, a semicolon, what to do about it."""
    if not isinstance(row, Mapping):
        raise ValueError("this is no issue but another kind of value; each entry is an object")
    if not isinstance(row.get("title"), str):
        raise ValueError("the title is missing; each issue has one")
    if row.get("state", "opened") not in ("opened", "closed", "reopened"):
        raise ValueError("the state is unknown; it is opened or closed")
    path = project or _path(row)
    iid = _iid(row, path, taken)
    if (path.lower(), iid) in taken:
        raise ValueError(f"#{iid} is in {path} already; each number is used once")
    created = _time(row, "created_at")
    if created is None:
        raise ValueError("created_at is missing; it is a time such as 2026-11-30T09:00:00Z")
    updated, closed = _time(row, "updated_at") or created, _time(row, "closed_at")
    _check_shapes(row)
    return _Checked(row, path, iid, created, updated, closed, _date(row.get("due_date"), "due_date"))


def _path(row: Row) -> str:
    references = row.get("references")
    full = references.get("full") if isinstance(references, Mapping) else None
    if isinstance(full, str) and "#" in full:
        return full.partition("#")[0]
    found = re.match(r"\w+://[^/]+/(.+?)(?:/-)?/(?:issues|work_items)/\d+$", str(row.get("web_url") or ""))
    if found:
        return found[1]
    if isinstance(row.get("project_id"), int):
        return f"loaded/project-{row['project_id']}"
    raise ValueError("no project is named; give one, or keep references, web_url or project_id")


def _iid(row: Row, path: str, taken: set[tuple[str, int]]) -> int:
    iid = row.get("iid")
    if iid is None:
        return 1 + max((number for where, number in taken if where == path.lower()), default=0)
    if isinstance(iid, bool) or not isinstance(iid, int) or iid < 1:
        raise ValueError("the iid is no number; it counts from 1")
    return iid


def _time(row: Row, name: str) -> dt.datetime | None:
    value = row.get(name)
    if value is None:
        return None
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{name} is no time; write one such as 2026-11-30T09:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _date(value: Any, name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value)) if value else None
    except ValueError:
        raise ValueError(f"{name} is no day; write one such as 2026-11-30") from None


def _check_shapes(row: Row) -> None:
    for name in ("labels", "assignees"):
        if not isinstance(row.get(name) or [], list):
            raise ValueError(f"{name} is no array; it may be empty")
    for label in row.get("labels") or []:
        if not isinstance(label, str) and not (isinstance(label, Mapping) and isinstance(label.get("name"), str)):
            raise ValueError("a label has no name; it is a name, or an object with one")
    for name in ("author", "assignee", "milestone", "closed_by"):
        if not isinstance(row.get(name) or {}, Mapping):
            raise ValueError(f"{name} is no object; it may be null")
    milestone = row.get("milestone")
    if milestone:
        for name in ("start_date", "due_date"):
            _date(milestone.get(name), f"the milestone's {name}")


def _load(world: World, checked: _Checked) -> None:
    row = checked.row
    project = _project(world, checked)
    number = row["id"] if isinstance(row.get("id"), int) else 0
    author = _person(world, row.get("author"))
    issue = world.new_issue(project, author, row["title"], checked.created_at, iid=checked.iid, id=number)
    issue.updated_at, issue.due_date = checked.updated_at, checked.due_date
    issue.description = row.get("description")
    if row.get("state") == "closed" or (row.get("closed") is True and "state" not in row):
        issue.state = "closed"
        issue.closed_at = checked.closed_at or checked.updated_at
        issue.closed_by = _person(world, row.get("closed_by"))
    issue.labels = [_label(world, project, each) for each in row.get("labels") or []]
    people = row.get("assignees") or [row.get("assignee")]
    issue.assignees = [found for each in people if (found := _person(world, each))]
    issue.milestone = _milestone(world, project, row.get("milestone"))
    _load_rest(issue, row)


def _load_rest(issue: Issue, row: Row) -> None:
    issue.confidential, issue.locked = row.get("confidential") is True, row.get("discussion_locked") is True
    issue.issue_type = str(row.get("issue_type") or "issue")
    issue.weight = row.get("weight")
    issue.upvotes, issue.downvotes = row.get("upvotes") or 0, row.get("downvotes") or 0
    issue.notes_count = row.get("user_notes_count") or 0
    times = row.get("time_stats") or {}
    issue.time_estimate, issue.time_spent = times.get("time_estimate") or 0, times.get("total_time_spent") or 0


def _project(world: World, checked: _Checked) -> Project:
    found = world.projects.get(checked.project.lower())
    if found is None:
        number = checked.row.get("project_id")
        free = isinstance(number, int) and number not in world.projects_by_id
        found = world.add_project(checked.project, id=number if free and isinstance(number, int) else 0)
        for token in world.tokens.values():
            world.add_member(found.path, token.user.username, "maintainer")
    return found


def _person(world: World, shape: Any) -> User | None:
    if not isinstance(shape, Mapping):
        return None
    number = shape.get("id")
    username = str(shape.get("username") or (f"user-{number}" if number else ""))
    if not username:
        return None
    free = isinstance(number, int) and number not in world.users_by_id
    user = world.add_user(username, str(shape.get("name") or ""), id=number if free and isinstance(number, int) else 0)
    user.state = str(shape.get("state") or user.state)
    return user


def _label(world: World, project: Project, shape: Any) -> Any:
    name = shape if isinstance(shape, str) else shape["name"]
    found = world.find_label(project, name)
    if found is not None:
        return found
    details = {} if isinstance(shape, str) else shape
    color, about = str(details.get("color") or DEFAULT_COLOR), str(details.get("description") or "")
    return world.add_label(project.path, name, color, about)


def _milestone(world: World, project: Project, shape: Any) -> Milestone | None:
    if not shape or not shape.get("title"):
        return None
    title = str(shape["title"])
    for each in world.milestones_of(project):
        if each.title == title:
            return each
    dates = {name: _date(shape.get(name), name) for name in ("start_date", "due_date")}
    return world.add_milestone(project.path, title, state=str(shape.get("state") or "active"), **dates)
