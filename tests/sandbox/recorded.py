"""Recorded answers of real GitLabs, and how an answer of the sandbox is held against one of them.

A recorded body may lack keys that GitLab added later; a key that it has and the sandbox lacks must be listed here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests

RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "specs" / "gitlab-recorded"

# Fields that GitLab no longer sends, or sends only where its users turned something on.
GONE = {
    "issues": {"closed", "health_status", "weight", "epic", "iteration", "epic_iid", "task_status", "file_name"},
    "notes": {"upvote", "downvote", "resolved", "resolved_at", "resolved_by", "file_name", "expires_at"},
    "labels": {"priority", "is_project_label", "open_issues_count", "closed_issues_count", "open_merge_requests_count"},
    "events": set[str](),
    "awards": set[str](),
    "people": {"email", "created_at", "blocked"},
    "merge_requests": {"allow_collaboration", "allow_maintainer_to_push"},
    "discussions": set[str](),
}
# Where older generations said another type: null before a thing had a default, a number for an object.
LOOSE = {"blocking_issues_count", "discussion_locked", "avatar_url", "milestone", "assignee", "description", "due_date"}
LOOSE |= {"closed_by", "closed_at", "moved_to_id", "type", "attachment", "weight", "url", "position", "public_email"}
# What depends on pipelines, of which the sandbox has none.
LOOSE |= {"pipeline", "head_pipeline", "latest_build_started_at", "latest_build_finished_at"}
LOOSE |= {
    "approvals_before_merge",
    "human_time_estimate",
    "human_total_time_spent",
    "start_date",
    "duplicated_to_id",
    "state",
}


def recorded(name: str) -> Any:
    return json.loads((RECORDED / name).read_text(encoding="utf-8"))


def exchanges(method: str, path_end: str, status: int) -> Iterator[Any]:
    for file in sorted((RECORDED / "ogr").glob("*.json")):
        for each in json.loads(file.read_text(encoding="utf-8")):
            path = each["url"].partition("?")[0].partition("/api/v4")[2]
            parts = "/".join("N" if part.isdigit() else part for part in path.split("/")[3:])
            if (each["method"], parts, each["status"]) == (method, path_end, status):
                yield each


def assert_like(shown: Any, real: Any, gone: set[str], path: str = "", loose: set[str] = LOOSE) -> None:
    """Every key of the recorded object is shown, with a value of the same type unless it is a `loose` one."""
    assert isinstance(shown, dict), path
    missing = set(real) - set(shown) - gone
    assert not missing, f"{path or 'the object'} lacks {sorted(missing)}"
    for key in set(real) & set(shown):
        one, two = shown[key], real[key]
        if isinstance(one, dict) and isinstance(two, dict):
            assert_like(one, two, gone | GONE["people"], f"{path}.{key}", loose)
        elif key not in loose:
            assert isinstance(one, type(two)) or isinstance(two, type(one)), f"{path}.{key}: {one!r} for {two!r}"


class Api:
    """Plain requests to the sandbox as the bot; paths are those below /api/v4."""

    def __init__(self, session: requests.Session, base: str) -> None:
        self._session = session
        self.base = base

    def get(self, path: str, **query: Any) -> requests.Response:
        return self._session.get(f"{self.base}/{path}", params=query)

    def send(self, method: str, path: str, **values: Any) -> requests.Response:
        return self._session.request(method, f"{self.base}/{path}", json=values)


def has_header(real: Any, name: str) -> bool:
    return name.lower() in {each.lower() for each in real["headers"]}
