"""One issue behind a scripted server, and writes whose answers get lost."""

from __future__ import annotations

from typing import Any

from starkeeper.model.resources import ResourceKey
from tests.connectors.conftest import Answer, Asked

KEY, OTHER = ResourceKey("desk/star", 7), ResourceKey("desk/feedback", 3)
PEOPLE = {"ann": 4, "ben": 5}
LOST = [Answer("", 500), Answer("", 502), Answer("", 504), Answer(drop=True)]


class Desk:
    """One issue behind a server; `trouble` are the answers to the next writes, which take effect unless `misses`."""

    def __init__(self) -> None:
        self.issue: dict[str, Any] = {
            "id": 70,
            "iid": 7,
            "created_at": "2026-11-01T08:00:00Z",
            "state": "opened",
            "labels": ["star::new", "kept"],
            "assignees": [],
            "confidential": False,
            "discussion_locked": None,
            "title": "A title",
            "description": None,
            "due_date": None,
        }
        self.notes: list[dict[str, Any]] = []
        self.links: list[tuple[str, int]] = []
        self.trouble: list[Answer] = []
        self.misses = False
        self.sent: list[Any] = []
        self.most_assignees = 9
        self.obeys = True

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/api/v4/user":
            return Answer({"id": 1, "username": "star-bot"})
        if asked.path == "/api/v4/users":
            name = asked.query["username"]
            return Answer([{"id": PEOPLE[name], "username": name}] if name in PEOPLE else [])
        if asked.verb == "GET":
            return self._read(asked)
        self.sent.append(asked.body)
        trouble = self.trouble.pop(0) if self.trouble else None
        answer = None if trouble and (self.misses or trouble.status == 429) else self._write(asked)
        return trouble or answer or Answer("", 500)

    def _read(self, asked: Asked) -> Answer:
        if asked.path.endswith("/links"):
            return Answer([linked(project, iid) for project, iid in self.links])
        return Answer(self.notes if asked.path.endswith("/notes") else self.issue)

    def _write(self, asked: Asked) -> Answer:
        if asked.path.endswith(("/notes", "/discussions")):
            self.notes.append(written(asked.body["body"], "star-bot", len(self.notes) + 1))
            return Answer(self.notes[-1], 201)
        if asked.path.endswith("/move"):
            self.issue["moved_to_id"] = 99
            return Answer({**self.issue, "id": 99, "iid": 1}, 201)
        if asked.path.endswith("/links"):
            link = (asked.body["target_project_id"], asked.body["target_issue_iid"])
            if link in self.links:
                return Answer({"message": "Issue(s) already assigned"}, 409)
            self.links.append(link)
            return Answer({"link_type": "relates_to"}, 201)
        return Answer(self._changed(asked.body) if self.obeys else self.issue)

    def _changed(self, body: dict[str, Any]) -> dict[str, Any]:
        issue = self.issue
        labels = set(issue["labels"]) | set(body.get("add_labels", "").split(","))
        issue["labels"] = sorted(labels - set(body.get("remove_labels", "").split(",")) - {""})
        issue["state"] = {"close": "closed", "reopen": "opened"}.get(body.get("state_event", ""), issue["state"])
        for name in ("confidential", "discussion_locked"):
            issue[name] = body.get(name, issue[name])
        issue["title"] = body.get("title", issue["title"]).strip()
        # As GitLab, which carries commands out.
        issue["description"] = body.get("description", issue["description"] or "").partition("\n/")[0]
        issue["due_date"] = body.get("due_date", issue["due_date"]) or None
        if "assignee_ids" in body:
            names = {number: name for name, number in PEOPLE.items()}
            ids = [each for each in body["assignee_ids"] if each in names][: self.most_assignees]
            issue["assignees"] = [{"id": each, "username": names[each]} for each in ids]
        return issue


def written(body: str, author: str, number: int) -> dict[str, Any]:
    return {"id": number, "body": body, "created_at": "2026-11-30T09:00:00Z", "author": {"username": author}}


def linked(project: str, iid: int) -> dict[str, Any]:
    return {
        "id": iid,
        "iid": iid,
        "created_at": "2026-11-01T08:00:00Z",
        "web_url": f"https://gitlab.example.com/{project}/-/issues/{iid}",
    }
