"""Merge requests, epics, branches and the facts about places, on the look-alike GitLab over real HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from msgspec import Struct

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.facets import Facet
from starkeeper.model.requests import Update
from starkeeper.model.resources import Branch, MergeRequest, Place, ResourceKey
from starkeeper.sandbox import faults
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.connectors.conftest import TOKEN

STAR, GROUP = Tracker(name="star", path="desk/star"), Tracker(name="all", path="desk", source="groups")
BEGIN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
MARKER = "<!-- starkeeper key=1 -->"
BODY = f"Still waiting.\n\n{MARKER}"
ISSUE = ResourceKey("desk/star", 1)
MERGE_REQUEST = ResourceKey("desk/star", 1, "merge_requests")
EPIC = ResourceKey("desk", 1, "epics")


class Desk(Struct):
    world: World
    gitlab: GitLab


@pytest.fixture
def desk(connect: Callable[..., GitLab]) -> Iterator[Desk]:
    world = World(edition="premium")
    world.add_token(TOKEN, "star-bot")
    for project in ("desk/star", "desk/archive"):
        world.add_project(project)
    world.add_member("desk", "star-bot", "maintainer")
    world.open_issue("desk/star", title="STAR", author="ann", created_at=BEGIN)
    for number in range(3):
        at = BEGIN + dt.timedelta(minutes=number)
        world.open_merge_request("desk/star", title=f"Fix {number}", author="ann", closes=[1], created_at=at)
        world.open_epic("desk", title=f"Epic {number}", author="ann", labels=["new"], created_at=at)
    with serve(world) as served:
        yield Desk(world, connect(served.url))


def test_merge_requests_are_listed_as_they_are(desk: Desk) -> None:
    desk.world.open_merge_request(
        "desk/star",
        title="A draft",
        author="ben",
        draft=True,
        reviewers=["ann"],
        source_branch="fix",
        target_branch="main",
    )
    desk.world.merge("desk/star", 1, by="ben")
    found = desk.gitlab.list_resources(STAR, "merge_requests", {})
    assert [each.reference for each in found] == [f"desk/star!{number}" for number in (1, 2, 3, 4)]
    assert found == desk.gitlab.list_resources(STAR, "merge_requests", {"state": "all"})
    merged, draft = found[0], found[3]
    assert isinstance(merged, MergeRequest) and isinstance(draft, MergeRequest)
    assert (merged.state, merged.merged_by.username if merged.merged_by else "") == ("merged", "ben")
    assert (draft.draft, draft.source_branch, draft.target_branch) == (True, "fix", "main")
    assert [each.username for each in draft.reviewers] == ["ann"]
    assert desk.gitlab.read_resource("star", draft.key) == draft


def test_a_group_lists_its_merge_requests_epics_and_branches(desk: Desk) -> None:
    desk.world.add_branch("desk/archive", "old/1", committed_at=BEGIN)
    requests = desk.gitlab.list_resources(GROUP, "merge_requests", {})
    epics = desk.gitlab.list_resources(GROUP, "epics", {})
    branches = desk.gitlab.list_resources(GROUP, "branches", {"search": "^old"})
    assert [each.reference for each in requests] == ["desk/star!1", "desk/star!2", "desk/star!3"]
    assert [each.reference for each in epics] == ["desk&1", "desk&2", "desk&3"]
    assert {each.labels for each in epics} == {("new",)}
    assert [each.reference for each in branches] == ["desk/archive old/1"]
    assert desk.gitlab.read_resource("all", EPIC) == epics[0]


def test_a_branch_is_listed_and_deleted_unless_it_matters(desk: Desk) -> None:
    desk.world.add_branch("desk/star", "main", default=True, committed_at=BEGIN)
    desk.world.add_branch("desk/star", "fix/1", author="ann", committed_at=BEGIN, merged=True)
    branches = desk.gitlab.list_resources(STAR, "branches", {})
    found = {each.name: each for each in branches if isinstance(each, Branch)}
    fix, main = found["fix/1"], found["main"]
    assert (fix.created_at, fix.merged, fix.protected, fix.default) == (BEGIN, True, False, False)
    assert (main.protected, main.default) == (True, True)
    with pytest.raises(ConnectorError, match="it is the default branch"):
        desk.gitlab.delete_branch(main.key, main.commit)
    desk.world.faults.append(faults.dropped("DELETE", "/branches"))
    desk.gitlab.delete_branch(fix.key, fix.commit)
    desk.gitlab.delete_branch(fix.key, fix.commit)
    assert "fix/1" not in {each.name for each in desk.world.branches("desk/star")}


@pytest.mark.parametrize("key", [ISSUE, MERGE_REQUEST, EPIC], ids=str)
def test_notes_threads_and_labels_of_each_type_are_what_is_there(desk: Desk, key: ResourceKey) -> None:
    desk.gitlab.post_note(key, f"One {MARKER}", internal=False, marker=MARKER)
    desk.world.faults.append(faults.server_error("POST", "/discussions", after_effect=True))
    desk.gitlab.post_note(key, BODY, internal=False, marker=BODY, thread=True)
    changed = desk.gitlab.update_resource("star", key, Update(add_labels=("done",), state="closed", title="Another"))
    assert (changed.labels[0], changed.state, changed.title) == ("done", "closed", "Another")
    [notes] = desk.gitlab.read_facet("notes", [key]).found.values()
    assert [(each.author, each.body) for each in notes] == [("star-bot", f"One {MARKER}"), ("star-bot", BODY)]
    assert desk.gitlab.read_facet("threads", [key]).found == {key: 2}
    [events] = desk.gitlab.read_facet("label_events", [key]).found.values()
    assert [(each.action, each.label, each.user) for each in events][-1] == ("add", "done", "star-bot")
    desk.gitlab.update_resource("star", key, Update(state="opened"))
    [states] = desk.gitlab.read_facet("state_events", [key]).found.values()
    assert [(each.state, each.user) for each in states] == [("closed", "star-bot"), ("reopened", "star-bot")]


@pytest.mark.parametrize("facet", ["notes", "threads"])
@pytest.mark.parametrize("type", ["issues", "merge_requests"])
def test_what_is_read_in_bulk_is_what_is_read_one_by_one(desk: Desk, facet: Facet, type: str) -> None:
    for number in range(2, 4):
        desk.world.open_issue("desk/star", title=f"STAR {number}", author="ann")
    keys = [ResourceKey("desk/star", iid, "issues" if type == "issues" else "merge_requests") for iid in (1, 2, 3)]
    for key in keys[:2]:
        for number in range(key.iid):
            desk.gitlab.post_note(key, f"{number} {MARKER}", internal=False, marker=MARKER, thread=number == 1)
    before = desk.gitlab.requests.get(facet, 0)
    bulk = desk.gitlab.read_facet(facet, keys)
    assert desk.gitlab.requests[facet] == before + 1
    desk.world.graphql = False
    assert bulk == desk.gitlab.read_facet(facet, keys)
    counts = [each if isinstance(each, int) else len(each) for _, each in sorted(bulk.found.items())]
    assert counts == [1, 2, 0]


def test_issues_and_merge_requests_know_of_each_other(desk: Desk) -> None:
    desk.world.merge("desk/star", 2, by="ann")
    assert sorted(desk.gitlab.read_facet("merge_requests", [ISSUE]).found[ISSUE]) == ["merged", "opened", "opened"]
    assert desk.gitlab.read_facet("closes_issues", [MERGE_REQUEST]).found == {MERGE_REQUEST: (ISSUE,)}


def test_members_and_labels_of_places(desk: Desk) -> None:
    desk.world.add_member("desk/star", "Ann", "reporter")
    project, group = Place("projects", "desk/star"), Place("groups", "desk")
    nowhere = Place("groups", "nowhere")
    members = desk.gitlab.read_facet("members", [project, group, nowhere])
    assert members.found == {project: frozenset({"ann"}), group: frozenset({"star-bot"})}
    assert members.failed[nowhere].status == 404
    desk.world.add_label("desk", "of the group")
    assert "of the group" in desk.gitlab.read_facet("labels", [project]).found[project]


def test_an_issue_is_opened_once_and_is_our_own(desk: Desk) -> None:
    desk.world.faults.append(faults.server_error("POST", "/issues$", after_effect=True))
    key = desk.gitlab.open_issue("desk/archive", "What waits", BODY, marker=MARKER)
    again = desk.gitlab.open_issue("desk/archive", "What else waits", BODY, marker=MARKER)
    assert (key, again) == (ResourceKey("desk/archive", 1), ResourceKey("desk/archive", 2))
    place = Place("projects", "desk/archive")
    [own] = desk.gitlab.read_facet("own_issues", [place]).found.values()
    assert [(each.key, each.title, each.tracker) for each in own] == [
        (key, "What waits", ""),
        (again, "What else waits", ""),
    ]


@pytest.mark.parametrize("after_effect", [True, False])
def test_an_issue_is_moved_once(desk: Desk, after_effect: bool) -> None:
    desk.world.faults.append(faults.server_error("POST", "/move", after_effect=after_effect))
    desk.gitlab.move_issue(ISSUE, "desk/archive")
    assert [each.title for each in desk.world.issues("desk/archive")] == ["STAR"]
    assert desk.world.issue("desk/star", 1).state == "closed"


def test_a_move_without_the_right_to_it_is_told(desk: Desk) -> None:
    desk.world.add_project("other/place", visibility="public")
    with pytest.raises(ConnectorError, match="it needs at least the Planner role in both projects"):
        desk.gitlab.move_issue(ISSUE, "other/place")
    assert desk.world.issues("other/place") == ()


def test_what_can_be_set_on_an_issue_is_set(desk: Desk) -> None:
    update = Update(due_date=dt.date(2026, 12, 24), locked=True, description="New words\n", title="New title")
    issue = desk.gitlab.update_resource("star", ISSUE, update)
    assert (issue.due_date, issue.locked, issue.title) == (dt.date(2026, 12, 24), True, "New title")
    assert desk.gitlab.update_resource("star", ISSUE, Update(due_date="", locked=False)).due_date is None
