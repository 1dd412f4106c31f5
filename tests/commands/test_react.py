"""`starkeeper react` as a webhook starts it: the desk's own policies, on a GitLab, Slack and PagerDuty that answer."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from starkeeper.sandbox.faults import Fault
from starkeeper.sandbox.forms import star_form
from starkeeper.sandbox.seen import SeenNote
from starkeeper.sandbox.world import World
from tests.commands.shift_desk import CHANNEL, Desk
from tests.running import starkeeper

STAR = "support/star"
AT = dt.datetime(2026, 12, 2, 9, 20, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
READING = ("/slack/api/conversations.", "/slack/api/users.", "/slack/api/auth.test", "/api/graphql")


class Reacting:
    """A desk whose issues start reactions, and what these did."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.world: World = desk.world
        self.folder = folder
        self.now = AT

    def star(self, ticket: str = "777777", **more: Any) -> int:
        """A STAR that Dana opens now."""
        issue = {"title": f"STAR for ZD#{ticket}", "description": star_form(ticket), "author": "dana", **more}
        return self.world.open_issue(STAR, **{"created_at": self.now, **issue})

    def payload(self, iid: int, action: str = "open", *, by: str = "dana", **more: Any) -> dict[str, Any]:
        """What GitLab sends of an issue, as far as anything in it counts."""
        about = {"id": 9000 + iid, "iid": iid, "project_id": self.number_of(STAR), "action": action}
        user = {"id": self.world.users[by].id, "username": by}
        return {"object_kind": "issue", "user": user, "object_attributes": about, **more}

    def note(self, iid: int, *, by: str, action: str = "create") -> dict[str, Any]:
        about = {"id": 5, "noteable_type": "Issue", "project_id": self.number_of(STAR), "action": action}
        user = {"id": self.world.users[by].id, "username": by}
        return {"object_kind": "note", "user": user, "object_attributes": about, "issue": {"id": 1, "iid": iid}}

    def number_of(self, project: str) -> int:
        return self.world.projects[project].id

    def react(self, payload: Mapping[str, Any] | bytes, *more: str) -> tuple[int, str, str]:
        """Runs it on that payload; `sent` are then its requests."""
        file = self.folder / "payload.json"
        file.write_bytes(payload if isinstance(payload, bytes) else json.dumps(payload).encode())
        self.world.at(self.now)
        before = len(self.world.requests)
        journal = ("--journal", str(self.folder / "journal"))
        done = starkeeper("react", "--payload", str(file), "--now", self.now.isoformat(), *journal, *more)
        self.sent = self.world.requests[before:]
        return done

    def before_the_first_write(self) -> int:
        return next((place for place, each in enumerate(self.sent) if is_write(each.method, each.path)), len(self.sent))

    def notes(self, iid: int) -> tuple[SeenNote, ...]:
        return self.world.notes(STAR, iid)

    def sweep(self) -> int:
        journal = ("--journal", str(self.folder / "journal"))
        self.world.at(self.now)
        before = len(self.world.requests)
        status = starkeeper("sweep", "--now", self.now.isoformat(), *journal)[0]
        self.sent = self.world.requests[before:]
        return status

    @property
    def writes(self) -> list[str]:
        return [f"{each.method} {each.path}" for each in self.sent if is_write(each.method, each.path)]


def is_write(method: str, path: str) -> bool:
    return method not in ("GET", "HEAD") and not path.startswith(READING)


@pytest.fixture
def reacting(desk: Desk, tmp_path: Path) -> Reacting:
    return Reacting(desk, tmp_path)


def test_new_star_is_taken_in_at_once(reacting: Reacting) -> None:
    iid = reacting.star()
    status, out, _ = reacting.react(reacting.payload(iid))
    issue = reacting.world.issue(STAR, iid)
    assert status == 0, out
    assert (set(issue.labels), issue.assignees) == ({"star::new", "urgency::timely"}, ("emil",))
    (note,) = reacting.notes(iid)
    assert note.internal
    (message,) = reacting.desk.said
    assert re.match(r":new: \*<http\S+\|STAR for ZD#777777>\* · timely", message.text)
    assert "1 issue, 5 steps: 5 done" in out


def test_what_a_reaction_did_leaves_nothing_for_the_next_one_or_the_sweep(reacting: Reacting) -> None:
    iid = reacting.star()
    reacting.react(reacting.payload(iid))
    reacting.react(reacting.payload(iid))
    assert reacting.writes == []
    reacting.now += MINUTE
    assert reacting.sweep() == 0
    assert reacting.writes == []


def test_only_the_issue_of_the_event_is_touched(reacting: Reacting) -> None:
    first, second = reacting.star("1"), reacting.star("2")
    reacting.react(reacting.payload(second))
    assert reacting.world.issue(STAR, first).labels == ()
    assert "star::new" in reacting.world.issue(STAR, second).labels


def test_opening_costs_six_requests_before_the_first_write(reacting: Reacting) -> None:
    reacting.react(reacting.payload(reacting.star()))
    assert reacting.writes
    assert reacting.before_the_first_write() <= 6


@pytest.mark.parametrize(
    "event",
    ["a manager's comment", "a technical thread", "a manager's mark", "closing", "opening again", "a second STAR"],
)
def test_no_event_costs_more_than_six_requests_before_the_first_write(reacting: Reacting, event: str) -> None:
    world, iid = reacting.world, reacting.star()
    reacting.react(reacting.payload(iid))
    reacting.now += MINUTE
    if event == "a manager's comment":
        world.comment(STAR, iid, "emil", "@smoc-bot snooze 2 hours", at=reacting.now)
        payload = reacting.note(iid, by="emil")
    elif event == "a manager's mark":
        world.set_labels(STAR, iid, add=["unstarred"], by="emil", at=reacting.now)
        payload = reacting.payload(iid, "update", by="emil", changes={"labels": {}})
    elif event == "a technical thread":
        url = "https://gitlab.slack.com/archives/C012345/p1234567890"
        world.comment(STAR, iid, "emil", f"See {url}", at=reacting.now)
        payload = reacting.note(iid, by="emil")
    elif event == "opening again":
        world.close(STAR, iid, by="emil", at=reacting.now)
        reacting.react(reacting.payload(iid, "close", by="emil"))
        world.reopen(STAR, iid, by="emil", at=reacting.now)
        payload = reacting.payload(iid, "reopen", by="emil")
    elif event == "closing":
        world.close(STAR, iid, by="emil", at=reacting.now)
        payload = reacting.payload(iid, "close", by="emil")
    else:
        payload = reacting.payload(reacting.star())
    assert reacting.react(payload)[0] == 0
    assert reacting.writes
    assert reacting.before_the_first_write() <= 6, [f"{each.method} {each.path}" for each in reacting.sent]


def test_closing_an_unstarred_star_costs_one_more_for_its_past_counts(reacting: Reacting) -> None:
    world, iid = reacting.world, reacting.star()
    reacting.react(reacting.payload(iid))
    reacting.now += MINUTE
    world.set_labels(STAR, iid, add=["unstarred"], by="emil", at=reacting.now)
    reacting.react(reacting.payload(iid, "update", by="emil", changes={"labels": {}}))
    world.comment(STAR, iid, "emil", "Reason: none given. Agreed path: the usual one.", at=reacting.now)
    assert reacting.react(reacting.note(iid, by="emil"))[0] == 0
    assert world.issue(STAR, iid).state == "closed"
    assert reacting.before_the_first_write() <= 7


def test_without_slack_the_rest_is_done(reacting: Reacting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_BOT_TOKEN")
    iid = reacting.star()
    assert reacting.react(reacting.payload(iid))[0] == 0
    assert reacting.before_the_first_write() <= 6
    assert "star::new" in reacting.world.issue(STAR, iid).labels
    assert reacting.desk.texts == []


def test_labels_do_not_wait_for_slack(reacting: Reacting) -> None:
    inactive = '{"ok":false,"error":"account_inactive"}'
    reacting.world.faults.append(Fault("POST", "/slack/api/.*", times=100, status=200, body=inactive))
    iid = reacting.star()
    status, out, _ = reacting.react(reacting.payload(iid))
    assert (status, reacting.world.issue(STAR, iid).assignees) == (3, ("emil",))
    assert "star::new" in reacting.world.issue(STAR, iid).labels
    assert "Slack" in out
    reacting.world.faults.clear()
    reacting.now += MINUTE
    assert reacting.sweep() == 0
    (text,) = reacting.desk.texts
    assert "STAR for ZD#777777" in text.splitlines()[0]


def test_second_star_for_a_ticket_is_told_from_the_first(reacting: Reacting) -> None:
    first = reacting.star()
    reacting.react(reacting.payload(first))
    reacting.now += MINUTE
    second = reacting.star()
    reacting.react(reacting.payload(second))
    assert "star-possible-duplicate" in reacting.world.issue(STAR, second).labels
    assert len(reacting.notes(first)) == 2


def test_managers_question_in_a_comment_is_answered_at_once(reacting: Reacting) -> None:
    iid = reacting.star()
    reacting.react(reacting.payload(iid))
    reacting.world.comment(STAR, iid, "emil", "@smoc-bot snooze 2 hours", at=reacting.now)
    reacting.now += MINUTE
    reacting.react(reacting.note(iid, by="emil"))
    assert "nooze" in reacting.notes(iid)[-1].body


def test_rules_that_wait_for_another_event_are_left_to_it(reacting: Reacting) -> None:
    reacting.now -= 40 * MINUTE
    iid = reacting.star()
    reacting.react(reacting.payload(iid))
    reacting.now += 40 * MINUTE
    reacting.react(reacting.payload(iid, "update"))
    assert "sla::due-soon" not in reacting.world.issue(STAR, iid).labels
    reacting.sweep()
    assert "sla::due-soon" in reacting.world.issue(STAR, iid).labels


def test_dry_run_says_all_of_it_and_does_nothing(reacting: Reacting) -> None:
    iid = reacting.star()
    plan = reacting.folder / "plan.json"
    status, out, _ = reacting.react(reacting.payload(iid), "--dry-run", "--plan", str(plan))
    steps = [step["action"] for change in json.loads(plan.read_bytes())["changes"] for step in change["steps"]]
    assert (status, reacting.writes) == (0, [])
    assert sorted(steps) == ["assign", "comment", "labels", "labels", "slack"]
    assert "dry run" in out
    assert not (reacting.folder / "journal").exists()


def test_reaction_can_be_undone(reacting: Reacting) -> None:
    iid = reacting.star()
    _, out, _ = reacting.react(reacting.payload(iid))
    run = out.split("Run ")[1].split(";")[0]
    journal = ("--journal", str(reacting.folder / "journal"))
    assert starkeeper("undo", run, *journal, "--now", (reacting.now + MINUTE).isoformat())[0] == 0
    issue = reacting.world.issue(STAR, iid)
    assert (set(issue.labels), issue.assignees) == ({"starkeeper:undone"}, ())


# --- what starts nothing ----------------------------------------------------------------------------------------------


def test_its_own_notes_and_labels_start_nothing(reacting: Reacting) -> None:
    iid = reacting.star()
    for payload in (reacting.note(iid, by="smoc-bot"), reacting.payload(iid, "update", by="smoc-bot")):
        status, out, err = reacting.react(payload)
        assert (status, out, reacting.writes) == (0, "", [])
        assert err == "Nothing to do: the desk did it itself. The next sweep looks at everything.\n"
        assert len(reacting.sent) <= 2


def test_issue_that_the_bot_opened_is_taken_in_all_the_same(reacting: Reacting) -> None:
    iid = reacting.star(author="smoc-bot")
    reacting.react(reacting.payload(iid, by="smoc-bot"))
    assert "star::new" in reacting.world.issue(STAR, iid).labels


def test_issue_of_another_project_is_left_alone(reacting: Reacting) -> None:
    reacting.world.add_project("support/elsewhere")
    iid = reacting.world.open_issue("support/elsewhere", title="STAR for ZD#5", author="dana")
    payload = reacting.payload(iid)
    payload["object_attributes"]["project_id"] = reacting.number_of("support/elsewhere")
    status, _, err = reacting.react(payload)
    assert (status, reacting.writes) == (0, [])
    assert "its project is no tracker of desk.yml" in err


def test_issue_that_is_not_there_is_left_alone(reacting: Reacting) -> None:
    status, _, err = reacting.react(reacting.payload(12345))
    assert (status, reacting.writes) == (0, [])
    assert "there is no such issue, or the token may not see it" in err


def test_without_a_payload_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIGGER_PAYLOAD", raising=False)
    assert starkeeper("react") == (
        0,
        "",
        "Nothing to do: no webhook sent anything: TRIGGER_PAYLOAD is not set. The next sweep looks at everything.\n",
    )


def test_the_file_of_the_trigger_is_found(reacting: Reacting, monkeypatch: pytest.MonkeyPatch) -> None:
    iid = reacting.star()
    file = reacting.folder / "TRIGGER_PAYLOAD"
    wrapped = {**reacting.payload(iid), "id": "12", "ref": "main", "variables": {}}
    file.write_text(json.dumps(wrapped), "utf-8")
    monkeypatch.setenv("TRIGGER_PAYLOAD", str(file))
    assert starkeeper("react", "--now", AT.isoformat(), "--no-journal")[0] == 0
    assert "star::new" in reacting.world.issue(STAR, iid).labels


def test_gitlab_that_refuses_the_token_is_an_error(reacting: Reacting, monkeypatch: pytest.MonkeyPatch) -> None:
    iid = reacting.star()
    monkeypatch.setenv("GITLAB_TOKEN", "expired")
    status, _, err = reacting.react(reacting.payload(iid))
    assert (status, "GITLAB_TOKEN was refused" in err) == (3, True)


def test_where_graphql_does_not_answer_the_star_is_taken_in_all_the_same(reacting: Reacting) -> None:
    reacting.world.graphql = False
    iid = reacting.star()
    assert reacting.react(reacting.payload(iid))[0] == 0
    assert "star::new" in reacting.world.issue(STAR, iid).labels


def test_channel_of_the_message_is_the_desks(reacting: Reacting) -> None:
    reacting.react(reacting.payload(reacting.star()))
    assert [each.text for each in reacting.world.slack.messages(CHANNEL)] == reacting.desk.texts


def test_slack_is_asked_where_its_bot_is_once_an_hour(reacting: Reacting) -> None:
    """So nobody waits for it, and a channel that was renamed is not written to for long."""
    asked = []
    for minutes in (0, 30, 31, 30, 61):
        reacting.now += minutes * MINUTE
        reacting.react(reacting.payload(reacting.star(str(reacting.now.timestamp())[:9])))
        asked.append(sum(each.path == "/slack/api/users.conversations" for each in reacting.sent))
    assert asked == [1, 0, 1, 0, 1]
