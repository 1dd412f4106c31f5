"""Branches: listed whole or not at all, of a project or of all projects of a group; deleted only as they were seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.resources import Branch, ResourceKey, User
from tests.connectors.conftest import Answer, Asked, Scripted

STAR, GROUP = Tracker(name="star", path="desk/star"), Tracker(name="desk", path="desk", source="groups")
KEY = ResourceKey("desk/star", 0, "branches", "fix/1")
AT = "2026-11-30T10:00:00.000+01:00"


def branch(name: str, **fields: Any) -> dict[str, Any]:
    commit = {"id": "abc", "author_name": "Ann Lee", "committed_date": AT, "authored_date": "2026-11-29T09:00:00Z"}
    return {"name": name, "commit": commit, "merged": False, "protected": False, "default": False} | fields


class Repository:
    """The branches of projects, paged as GitLab does; `meanwhile` happens before an answer, by its number."""

    def __init__(self, **names: list[str]) -> None:
        self.names = {f"desk/{project}": found for project, found in names.items()}
        self.counted = True
        self.meanwhile: dict[int, Callable[[], None]] = {}
        self.asked = 0

    def __call__(self, asked: Asked) -> Answer:
        self.asked += 1
        self.meanwhile.pop(self.asked, lambda: None)()
        if asked.path == "/api/v4/groups/desk/projects":
            closed = [{"path_with_namespace": "desk/closed", "repository_access_level": "disabled"}]
            return Answer([{"path_with_namespace": path} for path in self.names] + closed)
        project = asked.path.removeprefix("/api/v4/projects/").removesuffix("/repository/branches")
        names, page = sorted(self.names[project]), int(asked.query.get("page", "1"))
        last = max(1, -(-len(names) // 100))
        headers = {"X-Next-Page": str(page + 1) if page < last else ""}
        headers |= {"X-Total": str(len(names)), "X-Total-Pages": str(last)} if self.counted else {}
        return Answer([branch(each) for each in names[(page - 1) * 100 : page * 100]], headers=headers)


def names(count: int) -> list[str]:
    return [f"branch-{number:04}" for number in range(count)]


@pytest.fixture
def repository(scripted: Scripted) -> Repository:
    scripted.script = found = Repository(star=names(250))
    return found


def listed(gitlab: GitLab, tracker: Tracker = STAR) -> list[str]:
    return [each.name for each in gitlab.list_resources(tracker, "branches", {})]


def test_a_branch_is_understood_to_its_last_field(gitlab: GitLab, scripted: Scripted) -> None:
    url = "https://gitlab.example.com/desk/star/-/tree/fix/1"
    scripted.says(Answer([branch("fix/1", merged=True, protected=True, default=True, web_url=url)]))
    assert gitlab.list_resources(STAR, "branches", {"search": "^fix"}) == (
        Branch(
            tracker="star",
            project="desk/star",
            name="fix/1",
            title="fix/1",
            author=User("", 0, "Ann Lee"),
            created_at=dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC),
            updated_at=dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC),
            committed_date=dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC),
            authored_date=dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC),
            commit="abc",
            merged=True,
            protected=True,
            default=True,
            web_url=url,
        ),
    )
    assert [each.query for each in scripted.asked] == [{"search": "^fix", "per_page": "100"}]


def test_two_authors_of_one_commit_date_stay_two(gitlab: GitLab, scripted: Scripted) -> None:
    rows = [branch(name, commit={"id": "a", "author_name": name, "created_at": AT}) for name in ("ann", "ben")]
    scripted.says(Answer(rows))
    found = gitlab.list_resources(STAR, "branches", {})
    assert [each.author.name if each.author else "" for each in found] == ["ann", "ben"]


@pytest.mark.parametrize("counted", [True, False])
def test_all_branches_are_read_in_one_request_a_page(gitlab: GitLab, repository: Repository, counted: bool) -> None:
    repository.counted = counted
    assert listed(gitlab) == names(250)
    assert gitlab.requests == {"list": 3}


def test_a_group_has_the_branches_of_its_projects(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.script = Repository(star=names(120), tools=names(1), empty=[])
    found = gitlab.list_resources(GROUP, "branches", {})
    assert sorted((each.project, each.name) for each in found) == [
        *(("desk/star", name) for name in names(120)),
        ("desk/tools", "branch-0000"),
    ]
    assert scripted.asked[0].query | {"per_page": ""} == {
        "include_subgroups": "true",
        "archived": "false",
        "with_shared": "false",
        "order_by": "id",
        "sort": "asc",
        "per_page": "",
    }


@pytest.mark.parametrize("answer", [2, 3])
def test_branches_that_go_meanwhile_hide_none(gitlab: GitLab, repository: Repository, answer: int) -> None:
    repository.meanwhile[answer] = lambda: repository.names["desk/star"].remove("branch-0005")
    assert listed(gitlab) == [each for each in names(250) if each != "branch-0005"]


def test_a_branch_seen_twice_makes_the_list_be_read_anew(gitlab: GitLab, repository: Repository) -> None:
    repository.counted = False
    repository.meanwhile[2] = lambda: repository.names["desk/star"].append("a-new-one")
    assert listed(gitlab) == ["a-new-one", *names(250)]


def test_branches_that_never_hold_still_are_an_error(gitlab: GitLab, repository: Repository) -> None:
    for number in range(250):
        repository.meanwhile[number] = partial(repository.names["desk/star"].remove, f"branch-{number:04}")
    with pytest.raises(ConnectorError, match="the branches of desk/star changed each time while they were read"):
        listed(gitlab)


class Fate:
    """One branch that is deleted, once."""

    def __init__(self, **fields: Any) -> None:
        self.row: dict[str, Any] | None = branch("fix/1", **fields)
        self.trouble: list[Answer] = []
        self.misses = False
        self.deleted = 0

    def __call__(self, asked: Asked) -> Answer:
        assert asked.path == "/api/v4/projects/desk/star/repository/branches/fix/1"
        gone = Answer({"message": "404 Branch Not Found"}, 404)
        if asked.verb == "GET":
            return Answer(self.row) if self.row else gone
        self.deleted += 1
        trouble = self.trouble.pop(0) if self.trouble else None
        if not (trouble and self.misses):
            self.row = None
        return trouble or Answer("", 204, content_type="text/plain")


def test_a_branch_is_deleted_as_it_was_seen(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.script = fate = Fate()
    gitlab.delete_branch(KEY, "abc")
    gitlab.delete_branch(KEY, "abc")
    assert (fate.row, fate.deleted, gitlab.requests) == (None, 1, {"delete": 3})


@pytest.mark.parametrize(
    ("fields", "commit", "says"),
    [
        (
            {"protected": True},
            "abc",
            "deleting branch desk/star fix/1: it is protected; such a branch is never",
        ),
        ({"default": True}, "abc", "it is the default branch; such a branch is never deleted"),
        ({}, "def", "somebody has committed to it since it was looked at; the next run looks at it again"),
    ],
)
def test_a_branch_that_matters_is_not_deleted(
    gitlab: GitLab, scripted: Scripted, fields: dict[str, Any], commit: str, says: str
) -> None:
    scripted.script = fate = Fate(**fields)
    with pytest.raises(ConnectorError, match=says):
        gitlab.delete_branch(KEY, commit)
    assert (fate.row is None, fate.deleted) == (False, 0)


@pytest.mark.parametrize("lost", [Answer("", 502), Answer(drop=True)])
@pytest.mark.parametrize(("misses", "deleted"), [(False, 1), (True, 2)])
def test_a_branch_is_looked_at_again_before_a_second_try(
    gitlab: GitLab, scripted: Scripted, lost: Answer, misses: bool, deleted: int
) -> None:
    scripted.script = fate = Fate()
    fate.misses, fate.trouble = misses, [lost]
    gitlab.delete_branch(KEY, "abc")
    assert (fate.row, fate.deleted) == (None, deleted)


def test_a_project_that_cannot_be_seen_is_not_taken_for_a_branch_that_is_gone(
    gitlab: GitLab, scripted: Scripted
) -> None:
    scripted.says(Answer({"message": "404 Project Not Found"}, 404))
    with pytest.raises(ConnectorError, match=r"answered 404 \(Project Not Found\)"):
        gitlab.delete_branch(KEY, "abc")


def test_one_branch_is_read_by_its_name(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.script = Fate()
    assert gitlab.read_resource("star", KEY).key == KEY
