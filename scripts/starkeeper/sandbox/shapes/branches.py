"""Branches and the commits at their tips to the JSON objects of GitLab."""

from __future__ import annotations

from urllib.parse import quote

from starkeeper.sandbox.records import Branch, Project
from starkeeper.sandbox.shapes.base import Json, stamp


def branch_shape(base: str, project: Project, branch: Branch, can_push: bool) -> Json:
    """A branch; `can_push` is said of the user who asks."""
    return {
        "name": branch.name,
        "commit": _commit(base, project, branch),
        "merged": branch.merged,
        "protected": branch.protected,
        "developers_can_push": False,
        "developers_can_merge": branch.developers_can_merge,
        "can_push": can_push,
        "default": branch.name == project.default_branch,
        "web_url": f"{base}/{project.path}/-/tree/{quote(branch.name)}",
    }


def _commit(base: str, project: Project, branch: Branch) -> Json:
    return {
        "id": branch.sha,
        "short_id": branch.sha[:8],
        "created_at": stamp(branch.committed_at),
        "parent_ids": [],
        "title": branch.title,
        "message": f"{branch.title}\n",
        "author_name": branch.author_name,
        "author_email": "",
        "authored_date": stamp(branch.authored_at),
        "committer_name": branch.author_name,
        "committer_email": "",
        "committed_date": stamp(branch.committed_at),
        "trailers": {},
        "extended_trailers": {},
        "web_url": f"{base}/{project.path}/-/commit/{branch.sha}",
    }
