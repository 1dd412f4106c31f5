"""`starkeeper digest` as schedules run it: the desk's own policies, on a GitLab, Slack and PagerDuty that answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from starkeeper.sandbox.faults import Fault
from tests.commands.shift_desk import AMBER, CHANNEL, DRAFT_AT, EMIL, HANDOVER, HOUR, SHIFT_AT, Desk


def test_draft_tells_whoever_is_on_call_and_opens_nothing(desk: Desk) -> None:
    desk.fill()
    assert desk.run(DRAFT_AT)[0] == 0
    (draft,) = desk.texts
    assert draft.startswith("*Draft of the hand-over at 16:00 UTC*")
    assert (draft.count(EMIL), draft.count(AMBER)) == (1, 0)
    assert desk.world.issues(HANDOVER) == ()


def test_at_the_shift_there_is_one_issue_with_all_of_it_for_whoever_comes(desk: Desk) -> None:
    desk.fill()
    desk.run(DRAFT_AT)
    assert desk.run(SHIFT_AT)[0] == 0
    (issue,) = desk.world.issues(HANDOVER)
    assert issue.title == "SMOC hand-over 2026-12-02 16:00 UTC EMEA to AMER"
    assert (issue.assignees, issue.labels, issue.confidential) == (("amber",), (), True)
    for words in (
        "**Ticket 219001** (support/emergencies#1)",
        "**Ticket 219014** (support/emergencies#2)",
        "| support/star#1 | 218702 | acknowledged | Emil | Wed 2026-12-02 16:30 UTC |",
        "| support/feedback#1 | Wed 2026-12-02 21:00 UTC in this shift |",
        "- [ ] handed over\n- [ ] taken over",
    ):
        assert words in issue.description
    assert "It is not known who" not in issue.description


def test_issue_is_hidden_and_given_in_the_request_that_opens_it(desk: Desk) -> None:
    desk.run(SHIFT_AT)
    writes = [
        (each.method, each.path) for each in desk.world.requests if "/issues" in each.path and each.method != "GET"
    ]
    assert [method for method, _ in writes] == ["POST"]


def test_message_mentions_both_managers_once_and_leads_to_the_issue(desk: Desk) -> None:
    desk.fill()
    desk.run(DRAFT_AT)
    desk.run(SHIFT_AT)
    _, message = desk.texts
    (issue,) = desk.world.issues(HANDOVER)
    assert message.startswith("*Hand-over EMEA to AMER*")
    assert (message.count(EMIL), message.count(AMBER), message.count("<@")) == (1, 1, 2)
    assert f"/{HANDOVER}/-/issues/{issue.iid}|Issue>" in message
    lines = message.splitlines()
    order = [
        next(place for place, line in enumerate(lines) if ticket in line) for ticket in ("219001", "218433", "218702")
    ]
    assert order == sorted(order)
    assert "customer asks for contact, due 21:00 UTC" in message
    assert "acknowledged, with Emil, answer due 16:30 UTC" in message


def test_second_run_changes_nothing(desk: Desk) -> None:
    desk.fill()
    desk.run(DRAFT_AT)
    desk.run(DRAFT_AT)
    desk.run(SHIFT_AT)
    before = desk.writes
    status, printed, _ = desk.run(SHIFT_AT)
    assert (status, desk.writes) == (0, before)
    assert "Nothing to do" in printed
    assert (len(desk.said), len(desk.world.issues(HANDOVER))) == (2, 1)


def test_dry_run_plans_the_same_and_writes_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.fill()
    path = tmp_path / "plan.json"
    assert desk.run(SHIFT_AT, "--dry-run", "--plan", str(path))[0] == 0
    plan = json.loads(path.read_text("utf-8"))
    steps = [step for change in plan["changes"] for step in change["steps"]]
    assert [step["action"] for step in steps] == ["summarize", "slack"]
    assert (steps[0]["assignees"], steps[0]["confidential"]) == (["amber"], True)
    assert (desk.writes, desk.texts, desk.world.issues(HANDOVER)) == (0, [], ())


def test_later_run_edits_the_issue_and_the_message_and_tells_nobody_again(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    desk.world.close("support/star", 1, by="emil", at=SHIFT_AT + HOUR / 2)
    desk.run(SHIFT_AT + HOUR)
    (message,), (issue,) = desk.said, desk.world.issues(HANDOVER)
    assert "218702" not in message.text
    assert "| support/star#1" not in issue.description
    assert "Closed since the shift before began: support/star#1." in issue.description


def test_what_people_wrote_and_ticked_stays(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    hostile = (
        "@all <!channel> `` \\` <!-- never closed ~~~\n```\n| {{ 7*7 }} {% raw %}\u202eback\n\t/var/log is full  \n"
    )
    before = desk.world.issue(HANDOVER, 1).description
    text = before.replace("- Theory: \n", f"- Theory: \n{hostile}", 1).replace("[ ] handed over", "[x] handed over")
    desk.world.edit(HANDOVER, 1, by="emil", description=text)
    desk.world.close("support/star", 1, by="emil", at=SHIFT_AT + HOUR / 2)
    assert desk.run(SHIFT_AT + HOUR)[0] == 0
    after = desk.world.issue(HANDOVER, 1).description
    assert "| support/star#1" not in after
    assert f"- Theory: \n{hostile}- Not tried: \n" in after
    assert "- [x] handed over\n- [ ] taken over" in after


def test_command_that_people_wrote_is_never_sent_with_our_rights(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    before = desk.world.issue(HANDOVER, 1).description
    desk.world.edit(
        HANDOVER, 1, by="emil", description=before.replace("- Theory: \n", "- Theory: \n```\n/close \n```\n", 1)
    )
    text = desk.world.issue(HANDOVER, 1).description
    assert "/close" in text
    desk.world.close("support/star", 1, by="emil", at=SHIFT_AT + HOUR / 2)
    status, printed, _ = desk.run(SHIFT_AT + HOUR)
    assert desk.world.issue(HANDOVER, 1).description == text
    assert "what people wrote there has a line that GitLab would run as a command" in " ".join(printed.split())
    assert status == 0


def test_text_about_what_is_gone_is_kept(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    before = desk.world.issue(HANDOVER, 1).description
    desk.world.edit(HANDOVER, 1, by="emil", description=before.replace("- Theory: \n", "- Theory: a full disk\n", 1))
    desk.world.close("support/emergencies", 1, by="emil", at=SHIFT_AT + HOUR / 2)
    for hours in (1, 2):
        desk.run(SHIFT_AT + hours * HOUR)
        after = desk.world.issue(HANDOVER, 1).description
        assert "**Ticket 219001**" not in after
        assert after.count("- Theory: a full disk\n") == 1
        desk.world.close("support/star", 1, by="emil", at=SHIFT_AT + HOUR)


def test_sweep_reminds_once_where_nobody_took_over(desk: Desk) -> None:
    desk.sweep(SHIFT_AT)
    desk.run(SHIFT_AT)
    desk.sweep(SHIFT_AT + HOUR / 3)
    assert len(desk.said) == 1
    desk.world.slack.react(CHANNEL, desk.said[0].ts, "emil", "eyes")
    desk.sweep(SHIFT_AT + HOUR / 2)
    desk.sweep(SHIFT_AT + HOUR)
    _, reminder = desk.texts
    assert reminder == f"{AMBER} Please take over: nobody has set :eyes: on the hand-over of 16:00 UTC."


def test_whoever_took_over_is_not_reminded(desk: Desk) -> None:
    desk.run(SHIFT_AT)
    desk.world.slack.react(CHANNEL, desk.said[0].ts, "amber", "eyes")
    desk.sweep(SHIFT_AT + HOUR / 2)
    assert len(desk.said) == 1


def test_quiet_shift_has_an_issue_and_one_line(desk: Desk) -> None:
    desk.world.pagerduty.resolve("PINC002", "emil")
    desk.sweep(SHIFT_AT - HOUR / 6)
    assert desk.run(SHIFT_AT)[0] == 0
    (message,), (issue,) = desk.texts, desk.world.issues(HANDOVER)
    assert len(message.splitlines()) == 1
    assert "a quiet shift, nothing to hand over" in message
    assert issue.description.startswith("Nothing to hand over.\n")


def test_who_stands_in_is_told_and_assigned(desk: Desk) -> None:
    desk.world.pagerduty.override("Support Manager - AMER", "aoi", SHIFT_AT, SHIFT_AT + 8 * HOUR)
    desk.run(SHIFT_AT)
    (message,), (issue,) = desk.texts, desk.world.issues(HANDOVER)
    assert issue.assignees == ("aoi",)
    assert "<@UAOI00001>" in message and AMBER not in message


def test_where_nobody_knows_who_is_on_call_the_group_is_told_and_nobody_assigned(desk: Desk) -> None:
    desk.world.faults.append(Fault("GET", "/pagerduty/oncalls", times=99, status=403, body="{}"))
    status, printed, _ = desk.run(SHIFT_AT)
    (message,), (issue,) = desk.texts, desk.world.issues(HANDOVER)
    assert (issue.assignees, issue.labels) == ((), ("needs-human",))
    assert "It is not known who is on call" in issue.description
    assert "<!subteam^S0SMONCALL>: *it is not known who is on call*" in message
    assert "<@" not in message
    assert status != 0 and "support_manager" in printed
    assert issue.title == "SMOC hand-over 2026-12-02 16:00 UTC EMEA to AMER"


def test_pages_that_cannot_be_read_are_said_to_be_missing(desk: Desk) -> None:
    desk.world.faults.append(Fault("GET", "/pagerduty/incidents", times=99, status=403, body="{}"))
    assert desk.run(SHIFT_AT)[0] != 0
    assert "this list is not whole: pages of emergencies" in desk.texts[0]
    assert "this list is not whole:** pages of emergencies" in desk.world.issue(HANDOVER, 1).description


def test_tracker_that_cannot_be_read_is_said_to_be_missing(desk: Desk) -> None:
    desk.fill()
    desk.world.faults.append(Fault("GET", "support%2Fstar/issues", times=99, status=403, body="{}"))
    assert desk.run(SHIFT_AT)[0] != 0
    assert "this list is not whole: star." in desk.texts[0]
    assert "218433" in desk.texts[0]


def test_issue_that_cannot_be_opened_holds_back_no_message(desk: Desk) -> None:
    desk.fill()
    desk.world.faults.append(Fault("POST", "handover/issues", times=99, status=403, body='{"message":"no"}'))
    assert desk.run(SHIFT_AT)[0] == 3
    (message,) = desk.texts
    assert AMBER in message and "Issue>" not in message
    desk.world.faults.clear()
    assert desk.run(SHIFT_AT)[0] == 0
    (message,) = desk.texts
    assert "Issue>" in message


@pytest.mark.parametrize(
    ("token", "said"),
    [("SLACK_BOT_TOKEN", "Slack is not connected"), ("PAGERDUTY_API_KEY", "PagerDuty is not connected")],
)
def test_without_slack_or_pagerduty_the_rest_is_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, token: str, said: str
) -> None:
    desk.fill()
    monkeypatch.setenv(token, "")
    status, printed, _ = desk.run(SHIFT_AT)
    assert (status, said in printed) == (0, True)
    (issue,) = desk.world.issues(HANDOVER)
    assert issue.assignees == ("amber",)
    assert "**Ticket 219014**" in issue.description
    assert len(desk.said) == (0 if token == "SLACK_BOT_TOKEN" else 1)


def test_sweeps_that_stopped_are_told(desk: Desk) -> None:
    desk.fill()
    desk.sweep(SHIFT_AT - HOUR / 2)
    desk.run(SHIFT_AT, name="shift-start")
    assert "sweep" not in desk.texts[-1]
    desk.run(SHIFT_AT + HOUR / 60, name="shift-start")
    assert "The last sweep ran 15:30 UTC: nobody is reminded" in desk.texts[-1]


def test_shift_start_tells_what_is_urgent_first_and_who_comes_next(desk: Desk) -> None:
    desk.fill()
    desk.world.pagerduty.trigger("Customer Emergencies", "Emergency - ZD#219020 Initech", at=SHIFT_AT - HOUR / 3)
    desk.world.open_issue("support/star", title="STAR for ZD#218800", author="dana", labels=["needs-human"])
    desk.run(SHIFT_AT, name="shift-start")
    (message,) = desk.texts
    first, *lines = message.splitlines()
    assert first.startswith(f"*Your shift AMER until Thu 00:00 UTC* · {AMBER} · then Aoi")
    assert "|ZD#219020>* paged 15:40 UTC, *not acknowledged*" in next(each for each in lines if "warning" not in each)
    assert "A person has to look" in lines[-1] and "support/star#2" in lines[-1]
    assert "Initech" not in message
    assert desk.world.issues(HANDOVER) == ()


def test_unknown_digest_must_be_corrected(desk: Desk) -> None:
    status, _, told = desk.run(SHIFT_AT, name="handover")
    assert status == 1
    assert "there is no digest 'handover'" in told and "hand-over" in told
    assert desk.world.requests == []


def test_more_issues_cost_no_more_requests(desk: Desk) -> None:
    desk.fill()

    def cost() -> int:
        _, printed, _ = desk.run(SHIFT_AT, "--dry-run", "--output", "json")
        requests: dict[str, int] = json.loads(printed)["summary"]["requests"]
        return sum(requests.values())

    before = cost()
    for number in range(12):
        desk.world.open_issue("support/star", title=f"STAR for ZD#3000{number}", author="dana")
    assert cost() == before


def test_long_list_is_cut_to_a_screen_and_leads_to_the_whole(desk: Desk) -> None:
    desk.fill()
    for number in range(30):
        desk.world.open_issue("support/star", title=f"STAR for ZD#3000{number:02}", author="dana")
        desk.world.pagerduty.trigger("Customer Emergencies", f"ZD#40{number:02}", at=SHIFT_AT - HOUR)
    desk.run(SHIFT_AT)
    *lines, last = desk.texts[0].splitlines()
    assert len(lines) <= 19
    assert last.startswith("… and 49 more: ") and last.endswith("/support/handover/-/issues/1|the whole list>")
    assert sum("*not acknowledged*" in line for line in lines) == 4
    text = desk.world.issue(HANDOVER, 1).description
    assert text.count("**not acknowledged**") == 30 and text.count("| support/star#") == 31


def test_at_a_weekend_stars_are_only_counted(desk: Desk) -> None:
    desk.fill()
    saturday = SHIFT_AT.replace(day=5)
    desk.run(saturday)
    (message,) = desk.texts
    assert "1 STAR open, for the week." in message
    assert "218702" not in message
    assert "219001" in message and "218433" in message
    text = desk.world.issue(HANDOVER, 1).description
    assert "1 open, for the week." in text and "support/star#1" not in text


def test_slack_that_does_not_answer_holds_back_no_issue(desk: Desk) -> None:
    desk.world.faults.append(Fault("*", "/slack/api/conversations.history", times=99, status=403, body="{}"))
    assert desk.run(SHIFT_AT)[0] != 0
    assert len(desk.world.issues(HANDOVER)) == 1
    desk.world.faults.clear()
    assert desk.run(SHIFT_AT)[0] == 0
    assert (len(desk.said), len(desk.world.issues(HANDOVER))) == (1, 1)
