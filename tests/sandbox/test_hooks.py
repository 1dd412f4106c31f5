"""Webhooks that really call back: what is told, to whom, in which words, and what becomes of a hook that fails."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import gitlab
import pytest
import requests

from starkeeper.sandbox.records import EVENTS
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR, as_user
from tests.sandbox.receiver import Receiver, receiving
from tests.sandbox.recorded import LOOSE, RECORDED, assert_like

SAMPLES = RECORDED.parent / "gitlab-webhooks"
PAGE = {"X-Sandbox-Page": "yes"}
# What GitLab no longer sends, or sends of incidents only.
GONE = {"email", "escalation_status", "escalation_policy", "branch_name", "position", "assignee"}
# What the samples have an example of, where most issues and labels have nothing.
LOOSE_IN_EVENTS = LOOSE | {"updated_by_id", "milestone_id", "commit_id", "line_code", "group_id", "project_id"}
LOOSE_IN_EVENTS |= {
    "created_at",
    "updated_at",
    "health_status",
    "last_edited_by_id",
    "last_edited_at",
    "relative_position",
}
LOOSE_IN_EVENTS |= {"human_time_change"}
CHANGES = {"title", "description", "labels", "state_id", "closed_at"}


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def star(world: World, client: gitlab.Gitlab, receiver: Receiver) -> Any:
    """The project, with a label or two and a hook that hears everything."""
    world.add_label(STAR, "new")
    world.add_label(STAR, "seen")
    world.add_hook(STAR, receiver.url, EVENTS, token="secret", name="All")
    return client.projects.get(STAR)


def test_an_issue_is_told_of_when_it_is_opened_changed_closed_and_reopened(
    world: World, star: Any, receiver: Receiver
) -> None:
    issue = star.issues.create({"title": "First", "labels": "new"})
    for change in ({"title": "Second"}, {"state_event": "close"}, {"state_event": "reopen"}):
        star.issues.update(issue.iid, change)
    world.deliver_hooks()
    assert receiver.told == [
        ("Issue Hook", "open", "First"),
        ("Issue Hook", "update", "Second"),
        ("Issue Hook", "close", "Second"),
        ("Issue Hook", "reopen", "Second"),
    ]
    assert receiver.received[1].body["changes"] == {"title": {"previous": "First", "current": "Second"}}


def test_a_change_of_labels_says_which_there_were_and_which_there_are(
    world: World, star: Any, receiver: Receiver
) -> None:
    issue = star.issues.create({"title": "First", "labels": "new"})
    star.issues.update(issue.iid, {"add_labels": "seen", "remove_labels": "new"})
    world.deliver_hooks()
    labels = receiver.last["changes"]["labels"]
    assert [[each["title"] for each in labels[when]] for when in ("previous", "current")] == [["new"], ["seen"]]
    assert [each["title"] for each in receiver.last["object_attributes"]["labels"]] == ["seen"]


def test_one_request_is_one_event_and_a_request_that_changes_nothing_is_none(
    world: World, star: Any, receiver: Receiver
) -> None:
    issue = star.issues.create({"title": "First", "description": "/label ~new"})
    star.issues.update(issue.iid, {"title": "Second", "add_labels": "seen", "state_event": "close"})
    star.issues.update(issue.iid, {"title": "Second", "add_labels": "seen"})
    world.deliver_hooks()
    assert receiver.told == [("Issue Hook", "open", "First"), ("Issue Hook", "close", "Second")]
    assert set(receiver.last["changes"]) == {"title", "labels", "state_id", "closed_at"}


def test_a_note_is_told_of_and_so_is_what_its_quick_actions_did(world: World, star: Any, receiver: Receiver) -> None:
    issue = star.issues.create({"title": "First"})
    note = issue.notes.create({"body": "Done.\n\n/label ~seen\n/close"})
    note.body = "Really done."
    note.save()
    issue.notes.create({"body": "/reopen"})
    world.deliver_hooks()
    assert receiver.told[1:] == [
        ("Note Hook", "create", "Done."),
        ("Issue Hook", "close", "First"),
        ("Note Hook", "update", "Really done."),
        ("Issue Hook", "reopen", "First"),
    ]
    note = receiver.received[1].body
    assert (note["issue"]["iid"], note["object_attributes"]["noteable_type"]) == (issue.iid, "Issue")


@pytest.mark.usefixtures("star")
def test_what_people_do_on_the_page_is_told_of_too(world: World, url: str, receiver: Receiver) -> None:
    for verb, fields in (
        ("open", {"place": STAR, "title": "Help", "text": "Please."}),
        ("label", {"place": STAR, "iid": "1", "add": "new"}),
        ("comment", {"place": STAR, "iid": "1", "body": "Mine."}),
        ("state", {"place": STAR, "iid": "1", "event": "close"}),
    ):
        assert requests.post(f"{url}/-/{verb}", {"as": "amber", **fields}, headers=PAGE, timeout=10).ok
    world.deliver_hooks()
    assert [(each, action) for each, action, _ in receiver.told] == [
        ("Issue Hook", "open"),
        ("Issue Hook", "update"),
        ("Note Hook", "create"),
        ("Issue Hook", "close"),
    ]
    assert {each.body["user"]["username"] for each in receiver.received} == {"amber"}


@pytest.mark.usefixtures("star")
def test_a_move_closes_one_issue_and_opens_another(world: World, receiver: Receiver) -> None:
    world.add_project("support/desk/other")
    world.add_hook("support/desk/other", receiver.url, ["issues_events"])
    iid = world.open_issue(STAR, title="Wanders")
    world.move(STAR, iid, "support/desk/other", by="amber")
    world.deliver_hooks()
    told = [(each.body["project"]["path_with_namespace"], each.body["object_attributes"]) for each in receiver.received]
    assert [(path, each["action"]) for path, each in told[1:]] == [("support/desk/other", "open"), (STAR, "close")]


def test_what_is_confidential_is_told_only_to_hooks_that_ask_for_it(world: World, receiver: Receiver) -> None:
    world.add_hook(STAR, f"{receiver.url}/plain", ["issues_events", "note_events"])
    world.add_hook(STAR, f"{receiver.url}/all", ["confidential_issues_events", "confidential_note_events"])
    secret = world.open_issue(STAR, title="Secret", confidential=True)
    world.comment(STAR, secret, "amber", "On it.")
    plain = world.open_issue(STAR, title="Open")
    world.comment(STAR, plain, "amber", "Between us.", internal=True)
    world.deliver_hooks()
    assert [(each.path, each.headers["X-Gitlab-Event"], each.body["event_type"]) for each in receiver.received] == [
        ("/hook/all", "Confidential Issue Hook", "confidential_issue"),
        ("/hook/all", "Confidential Note Hook", "confidential_note"),
        ("/hook/plain", "Issue Hook", "issue"),
        ("/hook/all", "Confidential Note Hook", "confidential_note"),
    ]


def test_a_delivery_carries_gitlabs_headers_and_the_hooks_token(world: World, star: Any, receiver: Receiver) -> None:
    star.issues.create({"title": "First"})
    world.deliver_hooks()
    headers = receiver.received[0].headers
    assert (headers["X-Gitlab-Token"], headers["X-Gitlab-Instance"]) == ("secret", world.url)
    assert headers["Content-Type"] == "application/json"
    assert {"X-Gitlab-Event-UUID", "X-Gitlab-Webhook-UUID", "Idempotency-Key"} <= set(headers)


@pytest.mark.parametrize(
    ("status", "before", "after"), [(500, "executable", "temporarily_disabled"), (204, "executable", "executable")]
)
def test_a_hook_that_fails_four_times_in_a_row_is_left_alone(
    world: World, star: Any, receiver: Receiver, status: int, before: str, after: str
) -> None:
    receiver.status = status
    for _ in range(3):
        world.open_issue(STAR)
    world.deliver_hooks()
    (hook,) = star.hooks.list(get_all=True)
    assert hook.alert_status == before
    world.open_issue(STAR)
    world.deliver_hooks()
    assert star.hooks.get(hook.id).alert_status == after
    world.open_issue(STAR)
    world.deliver_hooks()
    assert len(receiver.received) == (4 if after != "executable" else 5)


def test_a_hook_that_was_left_alone_is_called_again_after_a_minute(world: World, star: Any, receiver: Receiver) -> None:
    receiver.status = 404
    for _ in range(4):
        world.open_issue(STAR)
    world.deliver_hooks()
    receiver.status = 200
    world.at(NOON + dt.timedelta(minutes=1))
    world.open_issue(STAR, title="Again")
    world.deliver_hooks()
    assert receiver.told[-1] == ("Issue Hook", "open", "Again")
    (hook,) = star.hooks.list(get_all=True)
    assert (hook.alert_status, hook.disabled_until) == ("executable", None)


def test_nobody_listens_and_the_world_goes_on(world: World, client: gitlab.Gitlab) -> None:
    with receiving() as gone:
        world.add_hook(STAR, gone.url, ["issues_events"])
    assert client.projects.get(STAR, lazy=True).issues.create({"title": "First"}).iid == 1
    world.deliver_hooks()
    assert [(each.event, each.status, each.refused) for each in world.deliveries] == [("issues_events", 0, "")]


def test_nothing_is_sent_off_this_machine(world: World) -> None:
    world.add_hook(STAR, "https://hooks.example.com/x", ["issues_events"])
    world.open_issue(STAR)
    world.deliver_hooks()
    assert [each.refused for each in world.deliveries] == ["it leads off this machine"]


def test_a_tried_hook_gets_the_newest_issue(world: World, star: Any, receiver: Receiver) -> None:
    (hook,) = star.hooks.list(get_all=True)
    with pytest.raises(gitlab.exceptions.GitlabHookTestError) as error:
        hook.test("issues_events")
    assert error.value.response_code == 422
    for title in ("Older", "Newer"):
        world.open_issue(STAR, title=title)
    hook.test("issues_events")
    world.deliver_hooks()
    assert receiver.told[-1] == ("Issue Hook", "None", "Newer")


def test_a_hook_is_made_shown_changed_and_deleted_and_keeps_its_secrets(client: gitlab.Gitlab, world: World) -> None:
    project = client.projects.get(STAR)
    made = project.hooks.create(
        {
            "url": "http://127.0.0.1/x?token={token}",
            "url_variables": [{"key": "token", "value": "hush"}],
            "custom_headers": [{"key": "X-Desk", "value": "hush"}],
            "token": "hush",
            "name": "Desk",
            "issues_events": True,
            "push_events": False,
        }
    )
    shown = made.attributes
    assert (shown["url"], shown["url_variables"]) == ("http://127.0.0.1/x?token={token}", [{"key": "token"}])
    assert (made.name, made.issues_events, made.push_events, made.note_events) == ("Desk", True, False, False)
    made.note_events = True
    made.save()
    again = project.hooks.get(made.id)
    assert (again.note_events, again.issues_events, again.alert_status) == (True, True, "executable")
    assert "hush" not in json.dumps([shown, again.attributes])
    assert world.projects[STAR].hooks[made.id].full_url == "http://127.0.0.1/x?token=hush"
    made.delete()
    assert project.hooks.list(get_all=True) == []


@pytest.mark.parametrize("address", ["ftp://x/y", "nothing", "http://", "http://localhost/{token}"])
def test_an_address_that_is_none_makes_no_hook(client: gitlab.Gitlab, address: str) -> None:
    project = client.projects.get(STAR)
    with pytest.raises(gitlab.GitlabCreateError, match="422: Invalid url given"):
        project.hooks.create({"url": address})
    assert project.hooks.list(get_all=True) == []


@pytest.mark.parametrize(("user", "status"), [("emil", 403), ("gus", 403), ("pat", 404)])
def test_hooks_are_for_maintainers(url: str, user: str, status: int) -> None:
    hooks = as_user(url, user).projects.get(STAR, lazy=True).hooks
    with pytest.raises(gitlab.GitlabListError) as listing:
        hooks.list(get_all=True)
    with pytest.raises(gitlab.GitlabCreateError) as making:
        hooks.create({"url": "http://localhost/x"})
    assert (listing.value.response_code, making.value.response_code) == (status, status)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not beside this checkout")
@pytest.mark.parametrize("name", ["go-gitlab-issue.json", "gitlab4j-issue-event.json"])
def test_an_issue_event_looks_like_gitlabs(world: World, star: Any, receiver: Receiver, name: str) -> None:
    issue = star.issues.create({"title": "First", "assignee_ids": [world.add_user("emil").id], "labels": "new"})
    star.issues.update(issue.iid, {"title": "Second", "description": "x", "labels": "seen", "state_event": "close"})
    world.deliver_hooks()
    sample = json.loads((SAMPLES / name).read_text("utf-8"))
    shown, real = receiver.last.pop("changes"), sample.pop("changes")
    assert_like(receiver.last, sample, GONE, loose=LOOSE_IN_EVENTS)
    assert set(shown) == CHANGES
    was, now = (shown["labels"][when][0] for when in ("previous", "current"))
    assert_like(now, real["labels"]["current"][0], GONE, loose=LOOSE_IN_EVENTS)
    assert (was["title"], now["title"]) == ("new", "seen")


@pytest.mark.usefixtures("star")
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not beside this checkout")
@pytest.mark.parametrize("name", ["go-gitlab-note_issue.json", "gitlab4j-note-issue-event.json"])
def test_a_note_event_looks_like_gitlabs(world: World, receiver: Receiver, name: str) -> None:
    iid = world.open_issue(STAR, labels=["new"])
    world.comment(STAR, iid, "amber", "Hello", thread=True)
    world.deliver_hooks()
    assert_like(receiver.last, json.loads((SAMPLES / name).read_text("utf-8")), GONE, loose=LOOSE_IN_EVENTS)
