"""People, places, labels and milestones of the world to the JSON objects in which GitLab shows them."""

from __future__ import annotations

import datetime as dt
import re

from starkeeper.sandbox.records import Group, Iteration, Label, Milestone, Project, User
from starkeeper.sandbox.shapes.base import Json, day, stamp


def user_basic(base: str, user: User | None) -> Json | None:
    if user is None:
        return None
    return {
        "id": user.id,
        "username": user.username,
        "public_email": "",
        "name": user.name,
        "state": user.state,
        "locked": False,
        "avatar_url": None,
        "web_url": f"{base}/{user.username}",
    }


def user_full(base: str, user: User, own: bool) -> Json:
    """A user as `/user` (their own: more fields) and `/users/:id` show one."""
    shape: Json = {
        **(user_basic(base, user) or {}),
        "created_at": stamp(user.created_at),
        "bio": "",
        "location": "",
        "linkedin": "",
        "twitter": "",
        "discord": "",
        "website_url": "",
        "github": "",
        "job_title": "",
        "pronouns": None,
        "organization": "",
        "bot": user.bot,
        "work_information": None,
        "followers": 0,
        "following": 0,
        "local_time": None,
    }
    if own:
        shape |= {"email": "", "commit_email": "", "external": False, "private_profile": False}
        shape |= {"can_create_group": True, "can_create_project": True, "projects_limit": 100000, "identities": []}
        shape |= {"two_factor_enabled": False, "confirmed_at": stamp(user.created_at), "last_activity_on": None}
        shape |= {"theme_id": 1, "color_scheme_id": 1, "current_sign_in_at": None, "last_sign_in_at": None}
        shape |= {"is_admin": user.admin, "note": None, "namespace_id": user.id} if user.admin else {}
    return shape


def member(base: str, user: User, level: int, since: dt.datetime) -> Json:
    return {
        **(user_basic(base, user) or {}),
        "access_level": level,
        "created_at": stamp(since),
        "expires_at": None,
        "membership_state": "active",
    }


def group(base: str, group: Group) -> Json:
    return {
        "id": group.id,
        "web_url": f"{base}/groups/{group.path}",
        "name": group.name,
        "path": group.path.rpartition("/")[2],
        "description": "",
        "visibility": group.visibility,
        "full_name": " / ".join(group.path.split("/")),
        "full_path": group.path,
        "parent_id": group.parent.id if group.parent else None,
        "created_at": stamp(group.created_at),
        "archived": False,
    }


def project(base: str, project: Project) -> Json:
    parent, _, path = project.path.rpartition("/")
    api = f"{base}/api/v4/projects/{project.id}"
    space = {"id": project.group.id if project.group else 0, "name": parent, "path": parent.rpartition("/")[2]}
    return {
        "id": project.id,
        "description": project.description,
        "name": project.name,
        "name_with_namespace": f"{parent} / {project.name}",
        "path": path,
        "path_with_namespace": project.path,
        "created_at": stamp(project.created_at),
        "default_branch": project.default_branch,
        "tag_list": [],
        "topics": [],
        "ssh_url_to_repo": f"git@localhost:{project.path}.git",
        "http_url_to_repo": f"{base}/{project.path}.git",
        "web_url": f"{base}/{project.path}",
        "readme_url": None,
        "forks_count": 0,
        "avatar_url": None,
        "star_count": 0,
        "last_activity_at": stamp(project.created_at),
        "visibility": project.visibility,
        "namespace": {**space, "kind": "group", "full_path": parent, "web_url": f"{base}/groups/{parent}"},
        "archived": project.archived,
        "empty_repo": False,
        "issues_enabled": project.issues_enabled,
        "issues_access_level": "enabled" if project.issues_enabled else "disabled",
        "merge_requests_enabled": True,
        "jobs_enabled": True,
        "open_issues_count": sum(each.state == "opened" for each in project.issues.values()),
        "ci_pipeline_variables_minimum_override_role": project.variables_role,
        "_links": {"self": api, "issues": f"{api}/issues", "labels": f"{api}/labels", "members": f"{api}/members"},
    }


def permissions(project: Project, user: User | None) -> Json:
    """What the user was made in the project itself and in its groups; null where nobody made them anything."""
    above, group = 0, project.group
    while user is not None and group is not None:
        above, group = max(above, group.members.get(user.id, 0)), group.parent
    own = project.members.get(user.id, 0) if user else 0
    return {"project_access": _access(own), "group_access": _access(above)}


def _access(level: int) -> Json | None:
    return {"access_level": level, "notification_level": 3} if level else None


def label_color(color: str) -> str:
    """The colour of a label's text: dark on light labels, white on dark ones."""
    found = re.fullmatch(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", color)
    red, green, blue = (int(part, 16) for part in found.groups()) if found else (0, 0, 0)
    return "#1F1E24" if (red * 299 + green * 587 + blue * 114) / 1000 > 140 else "#FFFFFF"


def label_brief(label: Label) -> Json:
    """A label in events and, where a list asks for details, in issues."""
    return {
        "id": label.id,
        "name": label.name,
        "description": label.description,
        "description_html": label.description or "",
        "text_color": label_color(label.color),
        "color": label.color,
        "archived": label.archived,
    }


def label(label: Label, counts: tuple[int, int] | None) -> Json:
    """A label of a list; `counts` are its open and closed issues where they were asked for."""
    shape = label_brief(label)
    if counts is not None:
        shape |= {"open_issues_count": counts[0], "closed_issues_count": counts[1], "open_merge_requests_count": 0}
    shape |= {"subscribed": False}
    if label.project is not None or counts is not None:
        shape |= {"priority": label.priority, "is_project_label": label.project is not None}
    return shape


def milestone(base: str, milestone: Milestone) -> Json:
    place = milestone.project or milestone.group
    kind = "project_id" if milestone.project else "group_id"
    return {
        "id": milestone.id,
        "iid": milestone.iid,
        kind: place.id if place else 0,
        "title": milestone.title,
        "description": milestone.description,
        "state": milestone.state,
        "created_at": stamp(milestone.created_at),
        "updated_at": stamp(milestone.created_at),
        "due_date": day(milestone.due_date),
        "start_date": day(milestone.start_date),
        "expired": False,
        "web_url": f"{base}/{place.path if place else ''}/-/milestones/{milestone.iid}",
    }


def iteration(base: str, iteration: Iteration) -> Json:
    group = iteration.group
    return {
        "id": iteration.id,
        "iid": iteration.iid,
        "sequence": iteration.iid,
        "group_id": group.id if group else None,
        "title": iteration.title,
        "description": None,
        "state": 2,
        "created_at": stamp(iteration.created_at),
        "updated_at": stamp(iteration.created_at),
        "start_date": day(iteration.start_date),
        "due_date": day(iteration.due_date),
        "web_url": f"{base}/groups/{group.path if group else ''}/-/iterations/{iteration.id}",
    }
