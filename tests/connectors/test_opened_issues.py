"""New issues: opened once, whatever becomes of the answer."""

from __future__ import annotations

from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import ResourceKey
from tests.connectors.conftest import Answer, Asked, Scripted
from tests.connectors.desk import LOST

DESCRIPTION = "A secret text\n<!-- starkeeper key=1 -->"
MARKER = "<!-- starkeeper key=1 -->"


class Project:
    """A project whose issues are opened; `trouble` are the answers to the next, which take effect unless `misses`."""

    def __init__(self) -> None:
        self.issues: list[dict[str, Any]] = []
        self.trouble: list[Answer] = []
        self.misses = False
        self.sent: list[Any] = []
        self.author = "star-bot"

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/api/v4/user":
            return Answer({"id": 1, "username": "star-bot"})
        if asked.verb == "GET":
            assert (asked.query["author_username"], asked.query["sort"]) == ("star-bot", "desc")
            return Answer(self.issues[::-1])
        self.sent.append(asked.body)
        trouble = self.trouble.pop(0) if self.trouble else None
        if trouble is None or not self.misses:
            iid = len(self.issues) + 1
            shown = {"id": iid, "iid": iid, "created_at": "2026-11-30T09:00:00Z", "author": {"username": self.author}}
            self.issues.append(shown | asked.body | {"references": {"full": f"desk/reports#{iid}"}})
        return trouble or Answer(self.issues[-1], 201)


@pytest.fixture
def project(scripted: Scripted) -> Project:
    scripted.script = found = Project()
    return found


def open_one(gitlab: GitLab) -> ResourceKey:
    return gitlab.open_issue("desk/reports", "A title", DESCRIPTION, marker=MARKER)


def test_an_issue_is_opened_in_one_request(gitlab: GitLab, project: Project) -> None:
    assert open_one(gitlab) == ResourceKey("desk/reports", 1)
    assert project.sent == [{"title": "A title", "description": DESCRIPTION}]
    assert gitlab.requests == {"open": 1}


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize(("misses", "sent"), [(False, 1), (True, 2)])
def test_an_issue_whose_answer_was_lost_is_looked_for(
    gitlab: GitLab, project: Project, lost: Answer, misses: bool, sent: int
) -> None:
    project.misses, project.trouble = misses, [lost]
    assert open_one(gitlab) == ResourceKey("desk/reports", 1)
    assert (len(project.issues), len(project.sent)) == (1, sent)


def test_another_issue_of_ours_is_not_taken_for_it(gitlab: GitLab, project: Project) -> None:
    gitlab.open_issue("desk/reports", "Another", "key=2", marker="key=2")
    project.misses, project.trouble = True, [Answer("", 502)]
    assert open_one(gitlab) == ResourceKey("desk/reports", 2)


def test_strangers_copy_is_not_taken_for_it(gitlab: GitLab, project: Project) -> None:
    project.author = "mallory"
    gitlab.open_issue("desk/reports", "A copy", DESCRIPTION, marker=MARKER)
    project.author, project.misses, project.trouble = "star-bot", True, [Answer("", 502)]
    assert open_one(gitlab) == ResourceKey("desk/reports", 2)


def test_an_issue_that_is_refused_is_an_error(gitlab: GitLab, project: Project) -> None:
    project.misses, project.trouble = True, [Answer({"message": {"title": ["is too long"]}}, 400)]
    with pytest.raises(ConnectorError, match=r"opening an issue in desk/reports: answered 400 \(title\)"):
        open_one(gitlab)


def test_an_issue_without_its_marker_is_a_mistake_of_the_caller(gitlab: GitLab, project: Project) -> None:
    with pytest.raises(ValueError, match="must hold its marker"):
        gitlab.open_issue("desk/reports", "A title", "A text", marker=MARKER)
    assert project.sent == []
