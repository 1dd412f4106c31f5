"""`starkeeper digest` where two runs, people and services get into each other's way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from starkeeper.sandbox.faults import Fault, dropped
from starkeeper.sandbox.seeds.desk import BOT
from tests.commands.shift_desk import AMBER, EMIL, HANDOVER, HOUR, SHIFT_AT, Desk

MINUTE = dt.timedelta(minutes=1)


class Listening(list[Any]):
    """Does something once, when a request for that path comes in."""

    def __init__(self, path: str, act: Any) -> None:
        super().__init__()
        self._path, self._act = path, act

    def append(self, request: Any) -> None:
        super().append(request)
        if self._path in request.path and self._act:
            act, self._act = self._act, None
            act()


def news(desk: Desk) -> None:
    """Something that the next run has to tell."""
    desk.world.close("support/star", 1, by="emil", at=SHIFT_AT + HOUR / 2)


def second_issue(desk: Desk, **changed: str) -> None:
    """As another run would have opened it at the same time."""
    first = desk.world.issue(HANDOVER, 1)
    description = changed.get("description", first.description)
    desk.world.open_issue(HANDOVER, title=first.title, description=description, author=BOT, created_at=SHIFT_AT)


def test_of_two_issues_about_one_shift_the_second_is_closed_and_leads_to_the_first(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    second_issue(desk)
    # Also a run that is about another shift.
    assert desk.run(SHIFT_AT + 7.5 * HOUR)[0] == 0
    assert [each.state for each in desk.world.issues(HANDOVER)] == ["opened", "closed"]
    (note,) = desk.world.notes(HANDOVER, 2)
    assert f"Please go on in {HANDOVER}#1." in note.body
    assert desk.world.notes(HANDOVER, 1) == ()


def test_second_issue_in_which_people_wrote_is_left_to_them(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    text = desk.world.issue(HANDOVER, 1).description
    second_issue(desk, description=text.replace("- Theory: \n", "- Theory: a full disk\n", 1))
    status, printed, _ = desk.run(SHIFT_AT + HOUR)
    assert [each.state for each in desk.world.issues(HANDOVER)] == ["opened", "opened"]
    assert status == 0
    assert "people wrote in it; close one of the two" in " ".join(printed.split())


def test_issue_that_another_run_opened_meanwhile_is_not_opened_again(desk: Desk) -> None:
    desk.run(SHIFT_AT)
    issue = desk.world.issue(HANDOVER, 1)
    del desk.world.projects[HANDOVER].issues[1]
    desk.world.requests = Listening(
        "conversations.history",
        lambda: desk.world.open_issue(HANDOVER, title=issue.title, description=issue.description, author=BOT),
    )
    desk.run(SHIFT_AT)
    assert len(desk.world.issues(HANDOVER)) == 1


def test_what_somebody_writes_while_the_run_reads_is_not_overwritten(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    news(desk)
    text = desk.world.issue(HANDOVER, 1).description.replace("- Theory: \n", "- Theory: a full disk\n", 1)
    desk.world.requests = Listening(
        "conversations.history", lambda: desk.world.edit(HANDOVER, 1, by="emil", description=text)
    )
    assert desk.run(SHIFT_AT + HOUR)[0] == 0
    after = desk.world.issue(HANDOVER, 1).description
    assert "- Theory: a full disk\n" in after and "| support/star#1" not in after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("- [ ] taken over\n", "- [ ] taken over\n- [ ] called the customer\n"),
        ("### Emergencies", "### Emergencies, both bad"),
        ("<!-- starkeeper v1", "See you!\n\n<!-- starkeeper v1"),
        ("### Notes\n", ""),
    ],
)
def test_issue_in_which_people_wrote_elsewhere_is_left_as_it_is_and_says_so_once(
    desk: Desk, before: str, after: str
) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    text = desk.world.issue(HANDOVER, 1).description.replace(before, after, 1)
    desk.world.edit(HANDOVER, 1, by="emil", description=text)
    text = desk.world.issue(HANDOVER, 1).description
    news(desk)
    for hours in (1, 2):
        status, printed, _ = desk.run(SHIFT_AT + hours * HOUR)
        assert status == 0
        assert "somebody wrote in the description" in " ".join(printed.split())
    assert desk.world.issue(HANDOVER, 1).description == text
    (note,) = desk.world.notes(HANDOVER, 1)
    assert note.internal and "I no longer edit this description" in note.body


def test_what_people_deleted_outside_again_holds_nothing(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    ours = desk.world.issue(HANDOVER, 1).description
    news(desk)
    desk.world.edit(HANDOVER, 1, by="emil", description=f"{ours}\n\nBye!")
    desk.run(SHIFT_AT + HOUR)
    desk.world.edit(HANDOVER, 1, by="emil", description=ours.replace("\n", "\r\n") + "\r\n")
    desk.run(SHIFT_AT + 2 * HOUR)
    assert "| support/star#1" not in desk.world.issue(HANDOVER, 1).description


def test_line_that_is_no_quick_action_does_not_hold_the_issue(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    before = desk.world.issue(HANDOVER, 1).description
    text = before.replace("- Theory: \n", "- Theory: \n/var is full\n", 1)
    desk.world.edit(HANDOVER, 1, by="emil", description=text)
    news(desk)
    assert desk.run(SHIFT_AT + HOUR)[0] == 0
    after = desk.world.issue(HANDOVER, 1).description
    assert "- Theory: \n/var is full\n" in after and "| support/star#1" not in after


def test_issue_that_lost_its_marker_is_known_by_its_title(desk: Desk) -> None:
    desk.fill()
    desk.run(SHIFT_AT)
    text = "\n".join(line for line in desk.world.issue(HANDOVER, 1).description.splitlines() if "<!--" not in line)
    desk.world.edit(HANDOVER, 1, by="emil", description=text)
    news(desk)
    desk.run(SHIFT_AT + HOUR)
    assert len(desk.world.issues(HANDOVER)) == 1
    assert f"/{HANDOVER}/-/issues/1|Issue>" in desk.texts[0]


def test_manager_who_is_known_later_gets_the_issue(desk: Desk) -> None:
    desk.world.faults.append(Fault("GET", "/pagerduty/oncalls", times=99, status=403, body="{}"))
    desk.run(SHIFT_AT)
    desk.world.faults.clear()
    assert desk.run(SHIFT_AT + 10 * MINUTE)[0] == 0
    issue = desk.world.issue(HANDOVER, 1)
    assert (issue.assignees, issue.labels) == (("amber",), ())
    assert "It is not known who" not in issue.description


def test_issue_that_somebody_took_stays_theirs(desk: Desk) -> None:
    desk.world.faults.append(Fault("GET", "/pagerduty/oncalls", times=99, status=403, body="{}"))
    desk.run(SHIFT_AT)
    desk.world.faults.clear()
    desk.world.edit(HANDOVER, 1, by="aoi", assignees=["aoi"])
    desk.run(SHIFT_AT + 10 * MINUTE)
    issue = desk.world.issue(HANDOVER, 1)
    assert (issue.assignees, issue.labels) == (("aoi",), ("needs-human",))


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (Fault("*", "/api/v4", times=999, status=401, body='{"message":"401 Unauthorized"}'), "its token is refused"),
        (dropped("*", "/api/v4", times=999), "the connection broke off"),
    ],
)
@pytest.mark.parametrize(("at", "who"), [(SHIFT_AT, AMBER), (SHIFT_AT - HOUR / 2, EMIL)])
def test_gitlab_that_cannot_be_read_is_told_to_whoever_is_on_call(
    desk: Desk, fault: Fault, why: str, at: dt.datetime, who: str
) -> None:
    fault.times = 999
    desk.world.faults.append(fault)
    for _ in range(2):
        status, printed, told = desk.run(at)
        assert status == 3, printed + told
    assert desk.texts == [
        f"{who}: *The desk cannot read GitLab* ({why}): nobody is reminded of anything. Please look at the pipeline."
    ]
    desk.world.faults.clear()
    assert desk.run(at)[0] == 0
    (message,) = desk.texts
    assert "cannot read GitLab" not in message


def test_where_slack_is_not_connected_a_gitlab_that_cannot_be_read_fails_the_run(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "")
    desk.world.faults.append(Fault("*", "/api/v4", times=999, status=401, body='{"message":"401 Unauthorized"}'))
    status, _, told = desk.run(SHIFT_AT)
    assert status == 3 and "GITLAB_TOKEN was refused" in told


def test_sweeps_that_are_never_whole_are_told(desk: Desk) -> None:
    desk.sweep(SHIFT_AT - 61 * MINUTE)
    desk.world.faults.append(Fault("GET", "support%2Ffeedback/issues", times=99, status=403, body="{}"))
    for minutes in (30, 1):
        at = SHIFT_AT - minutes * MINUTE
        assert desk.try_sweep(at) == 3
    desk.world.faults.clear()
    desk.run(SHIFT_AT)
    assert "The last whole sweep ran 14:59 UTC: reminders are missing; please look at the pipeline." in desk.texts[0]
    assert "**The last whole sweep ran Wed 2026-12-02 14:59 UTC**" in desk.world.issue(HANDOVER, 1).description


def test_where_no_sweep_is_on_record_nothing_is_claimed(desk: Desk) -> None:
    desk.run(SHIFT_AT)
    words = "It is not known when the last sweep ran; please look at the pipeline."
    assert words in desk.texts[0] and "nobody is reminded" not in desk.texts[0]


def test_confidential_emergency_of_nobody_is_not_said_to_have_somebody(desk: Desk) -> None:
    for project, title, labels in (
        ("support/emergencies", "Emergency - ZD#219020", ["emergency"]),
        ("support/feedback", "Negative feedback for ticket 219020", ["SSAT::Contact"]),
        ("support/star", "STAR for ZD#219020", ["star::in-progress", "urgency::timely"]),
    ):
        form = "### Urgency\n\nTimely"
        desk.world.open_issue(
            project, title=title, description=form, author="dana", labels=labels, confidential=True, created_at=SHIFT_AT
        )
    desk.world.pagerduty.trigger("Customer Emergencies", "Emergency - ZD#219020 Initech", at=SHIFT_AT - HOUR / 3)
    desk.sweep(SHIFT_AT)
    desk.run(SHIFT_AT + MINUTE)
    message, issue = desk.texts[-1], desk.world.issue(HANDOVER, 1)
    lines = message.splitlines()
    for words in ("a confidential emergency, <", "a confidential feedback, <", "a confidential STAR, <"):
        assert sum(words in line for line in lines) == 1
    for text in (message, issue.description):
        assert "219020" not in text and "(confidential)" not in text and "Initech" not in text
    (star,) = (line for line in lines if "confidential STAR" in line)
    assert star.endswith("support/star#1>, answer due 17:00 UTC")
    (emergency,) = (line for line in lines if "confidential emergency" in line)
    assert emergency.endswith("support/emergencies#1>")
    assert "**A confidential emergency**, support/emergencies#1\n" in issue.description
    assert "| a confidential STAR, support/star#1 | — | — | — | Wed 2026-12-02 17:00 UTC | — |" in issue.description


def test_customer_whom_a_stranger_labelled_as_contacted_still_waits(desk: Desk) -> None:
    desk.fill()
    contacted = "ssat-manager-contacted-customer"
    desk.world.set_labels("support/feedback", 1, by="dana", add=[contacted], at=SHIFT_AT - HOUR)
    desk.run(SHIFT_AT)
    assert "218433" in desk.texts[0]
    desk.world.set_labels("support/feedback", 1, by="dana", remove=[contacted], at=SHIFT_AT)
    desk.world.set_labels("support/feedback", 1, by="amber", add=[contacted], at=SHIFT_AT + MINUTE)
    desk.run(SHIFT_AT + HOUR)
    assert "218433" not in desk.texts[0]


def test_override_in_the_middle_of_a_shift_has_its_hand_over(desk: Desk) -> None:
    desk.world.pagerduty.override("Support Manager - AMER", "aoi", SHIFT_AT + HOUR, SHIFT_AT + 3 * HOUR)
    desk.run(SHIFT_AT)
    desk.run(SHIFT_AT + 1.5 * HOUR)
    assert [each.assignees for each in desk.world.issues(HANDOVER)] == [("amber",), ("aoi",)]
    assert [each.startswith("*Hand-over ") for each in desk.texts] == [True, True]


def test_shift_start_leads_to_what_it_leaves_out_and_says_nothing_of_nobody(desk: Desk) -> None:
    desk.fill()
    for number in range(30):
        desk.world.open_issue("support/star", title=f"STAR for ZD#3000{number:02}", author="dana")
    desk.run(SHIFT_AT, name="shift-start")
    assert "/support/star/-/issues?state=opened|STARs>" in desk.texts[0].splitlines()[-1]


def test_where_nobody_is_known_the_first_lines_read_well(desk: Desk) -> None:
    desk.world.pagerduty.resolve("PINC002", "emil")
    desk.world.faults.append(Fault("GET", "/pagerduty/oncalls", times=99, status=403, body="{}"))
    desk.try_sweep(SHIFT_AT)
    desk.run(SHIFT_AT, name="shift-start")
    desk.run(SHIFT_AT, name="hand-over")
    start, hand_over = (each.splitlines()[0] for each in desk.texts)
    assert start.endswith("*it is not known who is on call*. Nothing is open.")
    assert "not known who:" not in start and "  " not in start + hand_over
    assert " to*" not in hand_over
