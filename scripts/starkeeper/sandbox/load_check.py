"""A list of issues and merge requests, as GitLab lists them, to what can be loaded of it, or all that is wrong."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from starkeeper.errors import Problem, Where
from starkeeper.sandbox.state import State

Row = Mapping[str, Any]
Taken = set[tuple[str, str, int]]


class Checked(Struct, frozen=True):
    """An entry of the list that can be loaded: where it goes, and the values that had to be read. `sign` is # or !."""

    row: Row
    sign: str
    project: str
    iid: int
    created_at: dt.datetime
    updated_at: dt.datetime
    closed_at: dt.datetime | None
    due_date: dt.date | None

    @property
    def reference(self) -> str:
        return f"{self.project}{self.sign}{self.iid}"


def check_rows(
    world: State, issues: Sequence[Any], project: str | None, source: str
) -> tuple[list[Checked], list[Problem]]:
    """Every entry that can be loaded, and a problem for each that cannot; `source` names the file."""
    checked: list[Checked] = []
    problems: list[Problem] = []
    taken = {(path, "#", iid) for path, each in world.projects.items() for iid in each.issues}
    taken |= {(path, "!", iid) for path, each in world.projects.items() for iid in each.merge_requests}
    listed: set[tuple[str, int]] = set()
    if not isinstance(issues, Sequence) or isinstance(issues, str | bytes):
        remedy = "give the array that a list of issues answers"
        return [], [Problem(Where(source), "this is no array of issues", remedy)]
    for number, row in enumerate(issues, start=1):
        # A tracker that changed while its pages were read shows some issues twice.
        known = (sign_of(row), row["id"]) if isinstance(row, Mapping) and isinstance(row.get("id"), int) else None
        if known in listed:
            continue
        try:
            found = _check_row(row, project, taken)
        except ValueError as error:
            message, _, remedy = str(error).partition("; ")
            problems.append(Problem(Where(source), f"entry {number}: {message}", remedy))
        else:
            taken.add((found.project.lower(), found.sign, found.iid))
            checked.append(found)
            listed |= {known} if known else set()
    return checked, problems


def sign_of(row: Row) -> str:
    """Only merge requests have a source branch."""
    return "!" if "source_branch" in row else "#"


def _check_row(row: Any, project: str | None, taken: Taken) -> Checked:
    """Raises ValueError: what is wrong, a semicolon, what to do about it."""
    if not isinstance(row, Mapping):
        raise ValueError("this is no issue but another kind of value; each entry is an object")
    if not isinstance(row.get("title"), str):
        raise ValueError("the title is missing; each issue has one")
    sign = sign_of(row)
    _check_state(row, sign)
    path = project or _path(row)
    iid = _iid(row, (path.lower(), sign), taken)
    if (path.lower(), sign, iid) in taken:
        raise ValueError(f"{sign}{iid} is in {path} already; each number is used once")
    created = time_of(row, "created_at")
    if created is None:
        raise ValueError("created_at is missing; it is a time such as 2026-11-30T09:00:00Z")
    updated, closed = time_of(row, "updated_at") or created, time_of(row, "closed_at")
    time_of(row, "merged_at")
    _check_shapes(row)
    return Checked(row, sign, path, iid, created, updated, closed, date_of(row.get("due_date"), "due_date"))


def _check_state(row: Row, sign: str) -> None:
    state = row.get("state", "opened")
    if sign == "!" and state not in ("opened", "closed", "merged", "locked"):
        raise ValueError("the state is unknown; it is opened, closed, merged or locked")
    if sign == "#" and state not in ("opened", "closed", "reopened"):
        raise ValueError("the state is unknown; it is opened or closed")


def _path(row: Row) -> str:
    references = row.get("references")
    full = references.get("full") if isinstance(references, Mapping) else None
    if isinstance(full, str) and (found := re.fullmatch(r"(.+)[#!]\d+", full)):
        return found[1]
    found = re.match(
        r"\w+://[^/]+/(.+?)(?:/-)?/(?:issues|work_items|merge_requests)/\d+$", str(row.get("web_url") or "")
    )
    if found:
        return found[1]
    if isinstance(row.get("project_id"), int):
        return f"loaded/project-{row['project_id']}"
    raise ValueError("no project is named; give one, or keep references, web_url or project_id")


def _iid(row: Row, where: tuple[str, str], taken: Taken) -> int:
    iid = row.get("iid")
    if iid is None:
        return 1 + max((number for path, sign, number in taken if (path, sign) == where), default=0)
    if isinstance(iid, bool) or not isinstance(iid, int) or iid < 1:
        raise ValueError("the iid is no number; it counts from 1")
    return iid


def time_of(row: Row, name: str) -> dt.datetime | None:
    """Raises ValueError as `_check_row` does; so does `date_of`."""
    value = row.get(name)
    if value is None:
        return None
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{name} is no time; write one such as 2026-11-30T09:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def date_of(value: Any, name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(value)) if value else None
    except ValueError:
        raise ValueError(f"{name} is no day; write one such as 2026-11-30") from None


def _check_shapes(row: Row) -> None:
    for name in ("labels", "assignees", "reviewers"):
        if not isinstance(row.get(name) or [], list):
            raise ValueError(f"{name} is no array; it may be empty")
    for label in row.get("labels") or []:
        if not isinstance(label, str) and not (isinstance(label, Mapping) and isinstance(label.get("name"), str)):
            raise ValueError("a label has no name; it is a name, or an object with one")
    for name in ("author", "assignee", "milestone", "iteration", "closed_by", "merged_by", "merge_user"):
        if not isinstance(row.get(name) or {}, Mapping):
            raise ValueError(f"{name} is no object; it may be null")
    for thing in ("milestone", "iteration"):
        for name in ("start_date", "due_date"):
            date_of((row.get(thing) or {}).get(name), f"the {thing}'s {name}")
