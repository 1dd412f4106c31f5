"""Merge requests, threads and moved issues held against recorded answers of real GitLabs."""

from __future__ import annotations

import pytest

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR
from tests.sandbox.recorded import GONE, RECORDED, Api, assert_like, exchanges, has_header, recorded

pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not beside this checkout")


def test_merge_requests_are_shown_as_gitlab_shows_them(world: World, api: Api) -> None:
    iids = {
        "opened": world.open_merge_request(STAR, labels=["x"], assignees=["emil"], author="amber"),
        "merged": world.open_merge_request(STAR, author="amber", merged_at=NOON),
    }
    states = set()
    for real in exchanges("GET", "merge_requests/N", 200):
        states.add(real["body"]["state"])
        shown = api.get(f"projects/1/merge_requests/{iids[real['body']['state']]}").json()
        assert_like(shown, real["body"], GONE["merge_requests"])
    assert states == set(iids)


def test_notes_of_merge_requests_are_shown_as_gitlab_shows_them(world: World, api: Api) -> None:
    world.open_merge_request(STAR)
    made = api.send("POST", "projects/1/merge_requests/1/notes", body="Hello")
    reaction = api.send("POST", f"projects/1/merge_requests/1/notes/{made.json()['id']}/award_emoji", name="tractor")
    listed = api.get("projects/1/merge_requests/1/notes")
    for end, answer in (("notes", made), ("notes/N/award_emoji", reaction)):
        for real in exchanges("POST", f"merge_requests/N/{end}", 201):
            assert answer.status_code == 201
            assert_like(answer.json(), real["body"], GONE["notes"])
    found = 0
    for real in exchanges("GET", "merge_requests/N/notes", 200):
        for name in ("X-Page", "X-Per-Page", "X-Total", "Link"):
            assert (name in listed.headers) is has_header(real, name)
        for each in real["body"]:
            # What stands at a line of the change has a place in it; the sandbox has no changes to stand in.
            if each["type"] != "DiffNote":
                assert_like(listed.json()[0], each, GONE["notes"])
                found += 1
    assert found > 20


def test_a_missing_merge_request_is_answered_as_gitlab_answers(api: Api) -> None:
    (real,) = [each for each in recorded("ogr/test_pr_not_exists.json") if each["status"] == 404]
    answer = api.get("projects/1/merge_requests/100000000000000000000")
    assert (answer.status_code, answer.json()) == (real["status"], real["body"])


def test_threads_are_shown_as_gitlab_shows_them(world: World, api: Api) -> None:
    world.open_issue(STAR)
    api.send("POST", "projects/1/issues/1/discussions", body="A question")
    api.send("POST", "projects/1/issues/1/notes", body="A comment")
    thread, alone = api.get("projects/1/issues/1/discussions").json()
    real_thread, real_alone = recorded("gitlab4j/issue-discussions.json")
    for shown, real in ((thread, real_thread), (alone, real_alone)):
        assert_like(shown, {**real, "notes": []}, set())
        assert shown["individual_note"] is real["individual_note"]
        assert_like(shown["notes"][0], real["notes"][0], GONE["notes"])


def test_a_moved_issue_is_shown_as_gitlab_shows_it(world: World, api: Api) -> None:
    world.open_issue(STAR, labels=["x"], assignees=["emil"])
    target = world.add_project("support/elsewhere")
    answer = api.send("POST", "projects/1/issues/1/move", to_project_id=target.id)
    assert answer.status_code == 201
    assert_like(answer.json(), recorded("go-gitlab/issue_move.json"), GONE["issues"])
    (body,) = [each["body"] for each in recorded("perceval/notes_1.json") if each["body"].startswith("moved to ")]
    assert world.notes(STAR, 1, system=True)[-1].body.partition("#")[0].rpartition(" ")[0] == "moved to"
    assert "#" in body
