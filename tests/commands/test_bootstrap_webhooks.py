"""The webhooks and the trigger that `starkeeper bootstrap` makes: known for certain, and the token shown to nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from starkeeper.sandbox.faults import Fault
from starkeeper.sandbox.seeds import seed_hooks
from tests.commands.new_desk import (
    DESK,
    HANDOVER,
    STAR,
    NewDesk,
)

ROOT = Path(__file__).resolve().parents[2]
EVENTS = {"issues_events", "confidential_issues_events", "note_events", "confidential_note_events"}


def test_event_of_a_tracker_starts_a_pipeline_by_an_address_that_hides_its_token(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    (hook,) = new_desk.hooks()
    (trigger,) = new_desk.project().triggers.values()
    assert (hook.events, hook.enable_ssl_verification, trigger.description) == (
        EVENTS,
        True,
        "Starkeeper: issue events",
    )
    assert hook.url.endswith(
        f"/api/v4/projects/{new_desk.project().id}/ref/main/trigger/pipeline?token={{trigger_token}}"
    )
    assert new_desk.hooks(HANDOVER) == []
    new_desk.world.open_issue(STAR, title="STAR for ZD#1", author="kim")
    new_desk.world.deliver_hooks()
    (pipeline,) = new_desk.world.pipelines(DESK)
    assert (pipeline.source, pipeline.user.username) == ("trigger", "smoc-bot")


@pytest.mark.parametrize("name", ["Nightly (of amber)", "Starkeeper"])
@pytest.mark.parametrize("is_set_up", [False, True])
def test_webhook_of_a_stranger_never_gets_the_token(new_desk: NewDesk, name: str, is_set_up: bool) -> None:
    if is_set_up:
        new_desk.bootstrap()
        new_desk.project(STAR).hooks.clear()
    number = new_desk.project().id
    url = f"https://evil.example/api/v4/projects/{number}/ref/main/trigger/pipeline?token={{trigger_token}}"
    evil = new_desk.world.add_hook(STAR, url, name=name, url_variables={"trigger_token": "x"})
    assert new_desk.bootstrap("--prune")[0] == 0
    first, ours = new_desk.hooks()
    assert (first, evil.url, evil.url_variables) == (evil, url, {"trigger_token": "x"})
    assert ours.url.startswith(f"{new_desk.world.url}/api/v4/projects/{number}/")
    assert new_desk.steps("--prune") == []


def test_plan_says_where_a_webhook_leads_and_which_it_replaces(new_desk: NewDesk) -> None:
    leads = f"to support/desk on {new_desk.world.url}"
    assert f"make webhook {leads}" in " ".join(new_desk.wide("--dry-run").split())
    new_desk.bootstrap()
    (hook,) = new_desk.hooks()
    new_desk.project().triggers.clear()
    assert f"replace webhook {hook.id} {leads}" in " ".join(new_desk.wide("--dry-run").split())


def test_webhook_calls_gitlab_by_its_own_address_however_it_was_reached(
    new_desk: NewDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITLAB_URL", new_desk.world.url.replace("127.0.0.1", "localhost"))
    assert new_desk.bootstrap()[0] == 0
    (hook,) = new_desk.hooks()
    assert hook.url.startswith(f"{new_desk.world.url}/api/v4/")
    monkeypatch.setenv("GITLAB_URL", new_desk.world.url)
    assert new_desk.steps("--prune") == []


@pytest.mark.parametrize(
    ("web_url", "begin"),
    [("https://host.example/gitlab/support/desk", "https://host.example/gitlab/api/v4/"), ("", "{url}/api/v4/")],
)
def test_webhook_of_a_gitlab_below_a_path_or_that_does_not_tell_its_address(
    new_desk: NewDesk, web_url: str, begin: str
) -> None:
    row = {"id": new_desk.project().id, "web_url": web_url, "path_with_namespace": DESK}
    new_desk.world.faults.append(Fault("GET", "projects/support%2Fdesk$", status=200, body=json.dumps(row)))
    assert new_desk.bootstrap()[0] == 0
    (hook,) = new_desk.hooks()
    assert hook.url.startswith(begin.format(url=new_desk.world.url))


def test_webhook_is_replaced_when_its_token_is_gone(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    new_desk.project().triggers.clear()
    new_desk.hooks()[0].enable_ssl_verification = False
    assert new_desk.steps() == [("make", "trigger", "Starkeeper: issue events"), ("replace", "webhook", "Starkeeper")]
    new_desk.bootstrap()
    assert [each.enable_ssl_verification for each in new_desk.hooks()] == [False]
    _starts_one_pipeline(new_desk)


@pytest.mark.parametrize(
    ("method", "path", "status", "after_effect"),
    [
        ("POST", "/triggers", 503, False),
        ("POST", "/triggers", 502, True),
        ("POST", "/hooks", 503, False),
        ("POST", "/hooks", 502, True),
        ("DELETE", "/hooks", 403, False),
    ],
)
def test_replacement_that_stops_half_way_is_told_and_brought_to_its_end_by_the_next_run(
    new_desk: NewDesk, method: str, path: str, status: int, after_effect: bool
) -> None:
    new_desk.bootstrap()
    new_desk.project().triggers.clear()
    new_desk.refuse(method, path, status)
    new_desk.world.faults[-1].after_effect = after_effect
    assert new_desk.bootstrap()[0] == 3
    _, lines = new_desk.check()
    assert [line for line in lines if "webhook" in line], "\n".join(lines)
    assert new_desk.bootstrap()[0] == 0
    _starts_one_pipeline(new_desk)
    # What stayed behind is deleted only where that is asked for.
    assert new_desk.bootstrap("--prune")[0] == 0
    assert (len(new_desk.project().triggers), len(new_desk.hooks())) == (1, 1)
    assert new_desk.steps("--prune") == []


def test_webhook_with_the_token_of_another_trigger_is_replaced(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    (trigger,) = new_desk.project().triggers.values()
    trigger.description = "Not this desk's any more"
    assert "it carries the token of another trigger" not in new_desk.wide("--dry-run")
    new_desk.world.add_trigger(DESK, "smoc-bot", "Starkeeper: issue events")
    assert "it carries the token of another trigger" in new_desk.wide()
    (hook,) = new_desk.hooks()
    right = list(new_desk.project().triggers.values())[-1]
    assert hook.description == f"Made by starkeeper bootstrap; trigger {right.id}"
    assert hook.url_variables == {"trigger_token": right.token}
    assert new_desk.steps("--prune") == []


def test_trigger_that_no_webhook_uses_is_a_double_that_prune_removes(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    (used,) = new_desk.project().triggers
    double = new_desk.world.add_trigger(DESK, "smoc-bot", "Starkeeper: issue events")
    printed = new_desk.bootstrap()[1]
    assert f"trigger {double.id} (Starkeeper: issue events) is not wanted any more" in printed
    assert new_desk.bootstrap("--prune")[0] == 0
    assert list(new_desk.project().triggers) == [used]
    _starts_one_pipeline(new_desk)


def test_desk_that_the_sandbox_seeds_keeps_its_webhooks(new_desk: NewDesk) -> None:
    seed_hooks(new_desk.world)
    before = {path: new_desk.hooks(path) for path in (STAR, HANDOVER)}
    assert new_desk.bootstrap("--prune")[0] == 0
    assert {path: new_desk.hooks(path) for path in (STAR, HANDOVER)} == before
    assert new_desk.steps("--prune") == []
    _starts_one_pipeline(new_desk)


def test_check_of_a_certificate_that_people_turned_off_stays_off(new_desk: NewDesk) -> None:
    new_desk.bootstrap()
    (hook,) = new_desk.hooks()
    hook.enable_ssl_verification = False
    assert new_desk.steps() == []
    hook.events.discard("note_events")
    assert new_desk.bootstrap()[0] == 0
    assert (hook.events, hook.enable_ssl_verification) == (EVENTS, False)


def test_token_of_somebody_else_is_asked_of_them(new_desk: NewDesk) -> None:
    new_desk.world.add_trigger(DESK, "amber", "Starkeeper: issue events")
    status, printed, _ = new_desk.bootstrap()
    assert (status, new_desk.hooks(), len(new_desk.project().triggers)) == (1, [], 1)
    assert "the token for it is known to @amber alone; @amber: run starkeeper bootstrap" in printed


def _starts_one_pipeline(new_desk: NewDesk) -> None:
    new_desk.world.open_issue(STAR, title="STAR for ZD#1", author="kim")
    new_desk.world.deliver_hooks()
    assert len(new_desk.world.pipelines(DESK)) == 1
