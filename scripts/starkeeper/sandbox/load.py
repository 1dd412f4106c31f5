"""Issues and merge requests as GitLab lists them to those of the world: what a file of real ones becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starkeeper.errors import PolicyError
from starkeeper.sandbox.labelling import DEFAULT_COLOR
from starkeeper.sandbox.load_check import Checked, Row, check_rows, date_of, time_of
from starkeeper.sandbox.opening import new_issue, new_merge_request
from starkeeper.sandbox.records import Issue, Item, Iteration, MergeRequest, Milestone, Project, User
from starkeeper.sandbox.world import World


def load_issues(world: World, issues: Sequence[Any], project: str | None = None, source: str = "issues") -> list[str]:
    """Adds issues in any shape that GitLab ever listed them in; returns their references, such as `group/project#1`.

    Entries with a source branch are merge requests, `group/project!1`.

    They go into `project`, else where `references.full` or `web_url` says, else into a project named after
    `project_id`. People, labels, milestones, projects and groups are made as needed, and everyone who has a token may
    work there. `source` names the file in messages. Raises PolicyError with every wrong entry; then nothing is loaded.
    """
    with world.lock:
        checked, problems = check_rows(world, issues, project, source)
        if problems:
            raise PolicyError(problems)
        for each in checked:
            _load(world, each)
        return [each.reference for each in checked]


def _load(world: World, checked: Checked) -> None:
    row = checked.row
    project, author = _project(world, checked), _person(world, row.get("author"))
    item = _new(world, project, author, checked)
    item.updated_at, item.due_date = checked.updated_at, checked.due_date
    item.description = row.get("description")
    if row.get("state") == "closed" or (row.get("closed") is True and "state" not in row):
        item.state = "closed"
        item.closed_at = checked.closed_at or checked.updated_at
        item.closed_by = _person(world, row.get("closed_by"))
    item.labels = [_label(world, project, each) for each in row.get("labels") or []]
    item.assignees = _people(world, row.get("assignees") or [row.get("assignee")])
    item.milestone = _milestone(world, project, row.get("milestone"))
    _load_counts(item, row)
    if isinstance(item, Issue):
        _load_issue(world, item, row)
    elif isinstance(item, MergeRequest):
        _load_merge_request(world, item, row)


def _new(world: World, project: Project, author: User | None, checked: Checked) -> Item:
    row, at = checked.row, checked.created_at
    number = row["id"] if isinstance(row.get("id"), int) else 0
    if checked.sign == "#":
        return new_issue(world, project, author, row["title"], at, iid=checked.iid, id=number)
    source, target = str(row.get("source_branch") or ""), str(row.get("target_branch") or project.default_branch)
    return new_merge_request(
        world,
        project,
        author,
        row["title"],
        at,
        source_branch=source,
        target_branch=target,
        iid=checked.iid,
        id=number,
    )


def _load_counts(item: Item, row: Row) -> None:
    item.confidential, item.locked = row.get("confidential") is True, row.get("discussion_locked") is True
    item.upvotes, item.downvotes = row.get("upvotes") or 0, row.get("downvotes") or 0
    item.notes_count = row.get("user_notes_count") or 0
    times = row.get("time_stats") or {}
    item.time_estimate, item.time_spent = times.get("time_estimate") or 0, times.get("total_time_spent") or 0


def _load_issue(world: World, issue: Issue, row: Row) -> None:
    issue.issue_type = str(row.get("issue_type") or "issue")
    issue.weight, issue.health_status = row.get("weight"), row.get("health_status")
    issue.iteration = _iteration(world, issue, row.get("iteration"))


def _load_merge_request(world: World, item: MergeRequest, row: Row) -> None:
    item.reviewers = _people(world, row.get("reviewers") or [])
    if row.get("state") in ("merged", "locked"):
        item.state = row["state"]
    if item.state == "merged":
        item.merged_at = time_of(row, "merged_at") or item.updated_at
        item.merged_by = _person(world, row.get("merge_user") or row.get("merged_by"))


def _iteration(world: World, issue: Issue, shape: Any) -> Iteration | None:
    """An iteration without a title is named by its days, as GitLab does in lists for people."""
    if not isinstance(shape, Mapping):
        return None
    start, due = (date_of(shape.get(name), f"the iteration's {name}") for name in ("start_date", "due_date"))
    if start is None or due is None:
        return None
    title = str(shape.get("title") or f"{start:%b %-d} - {due:%b %-d, %Y}")
    return world.add_iteration(issue.project.path.rpartition("/")[0], title, start_date=start, due_date=due)


def _project(world: World, checked: Checked) -> Project:
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


def _people(world: World, shapes: Sequence[Any]) -> list[User]:
    return [found for each in shapes if (found := _person(world, each))]


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
    dates = {name: date_of(shape.get(name), name) for name in ("start_date", "due_date")}
    return world.add_milestone(project.path, title, state=str(shape.get("state") or "active"), **dates)
