"""`starkeeper open` as pipelines run it: the desk's own forms, on a GitLab that answers."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest

from starkeeper.sandbox.faults import Fault, dropped
from tests.commands.shift_desk import Desk
from tests.forms import desk as forms
from tests.running import starkeeper

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
STAR, NOTICES = "support/star", "support/notices"
ANSWERS = forms.STAR
NOTICE = {**forms.NOTICE, "recipients": "3", "audience": "users 1 to 3"}
ISSUES = r"/projects/support%2Fstar/issues$"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    """As in a job of somebody's pipeline, but for the pipeline's id."""
    monkeypatch.setenv("GITLAB_USER_LOGIN", "dana")
    monkeypatch.delenv("CI_PIPELINE_ID", raising=False)
    desk.world.at(NOW)


def fill_in(*more: str, of: str = "star", **answers: str) -> tuple[int, str, str]:
    fields = [word for name, value in answers.items() for word in ("--field", f"{name}={value}")]
    return starkeeper("open", of, *fields, "--now", NOW.isoformat(), "--no-journal", *more)


def url_of(iid: int) -> str:
    return f"{os.environ['GITLAB_URL']}/{STAR}/-/issues/{iid}"


def test_form_opens_an_issue_and_says_which(desk: Desk) -> None:
    status, printed, complaint = fill_in(**ANSWERS)
    (issue,) = desk.world.issues(STAR)
    assert (status, complaint) == (0, "")
    assert printed == f"Opened {STAR}#1: {url_of(1)}\n"
    assert (issue.title, issue.author, issue.confidential) == ("STAR for ZD#123456", "smoc-bot", False)
    assert "### Reason more attention is needed\n\n```\n| Renewal is due this week.\n```" in issue.description
    assert "Opened from the form star for dana." in issue.description


def test_pipeline_that_is_run_again_opens_nothing_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_PIPELINE_ID", "4711")
    fill_in(**ANSWERS)
    desk.world.close(STAR, 1, by="emil", at=NOW)
    before = desk.writes
    status, printed, _ = fill_in(**{**ANSWERS, "reason": "Said in other words."})
    assert (status, desk.writes) == (0, before)
    assert printed.startswith(f"Opened before: {STAR}#1, closed by now: ")
    monkeypatch.setenv("CI_PIPELINE_ID", "4712")
    assert fill_in(**ANSWERS)[1].startswith(f"Opened {STAR}#2: ")


def test_key_of_the_command_line_counts_more_than_the_pipeline(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_PIPELINE_ID", "4711")
    fill_in("--key", "a", **ANSWERS)
    monkeypatch.setenv("CI_PIPELINE_ID", "4712")
    assert fill_in("--key", "a", **ANSWERS)[1].startswith("Opened before: ")
    assert len(desk.world.issues(STAR)) == 1


def test_issue_whose_answer_was_lost_is_not_opened_again(desk: Desk) -> None:
    desk.world.faults.append(dropped("POST", ISSUES))
    assert fill_in(**ANSWERS)[0] == 0
    assert fill_in(**ANSWERS)[1].startswith("Opened before: ")
    assert len(desk.world.issues(STAR)) == 1


def test_of_two_that_were_opened_at_once_the_second_is_closed_and_the_first_is_named(desk: Desk) -> None:
    fill_in(**ANSWERS)
    # What another run opens while this one looks is not there yet when it looks.
    desk.world.faults.append(Fault("GET", ISSUES, keep_rows=0, total=0))
    status, printed, _ = fill_in(**ANSWERS)
    assert status == 0
    assert printed.startswith(f"Opened before: {STAR}#1: ")
    assert [each.state for each in desk.world.issues(STAR)] == ["opened", "closed"]
    (note,) = desk.world.notes(STAR, 2)
    assert "The form was sent twice at once. Please go on in support/star#1." in note.body


def test_second_issue_of_a_run_that_was_cut_short_is_closed_by_the_next_one(desk: Desk) -> None:
    fill_in(**ANSWERS)
    desk.world.faults.append(Fault("GET", ISSUES, keep_rows=0, total=0))
    desk.world.faults.append(Fault("PUT", "/issues/2$", times=9))
    assert fill_in(**ANSWERS)[0] == 3
    assert [each.state for each in desk.world.issues(STAR)] == ["opened", "opened"]
    desk.world.faults.clear()
    assert fill_in(**ANSWERS)[1].startswith(f"Opened before: {STAR}#1: ")
    assert [each.state for each in desk.world.issues(STAR)] == ["opened", "closed"]


def test_same_answers_of_another_person_are_a_request_of_their_own() -> None:
    fill_in(**ANSWERS)
    assert fill_in("--by", "emil", **ANSWERS)[1].startswith(f"Opened {STAR}#2: ")


def test_copy_of_the_hidden_line_in_somebodys_issue_is_not_what_was_opened(desk: Desk) -> None:
    fill_in(**ANSWERS)
    text = desk.world.issue(STAR, 1).description
    desk.world.edit(STAR, 1, by="emil", description="Rewritten.")
    desk.world.open_issue(STAR, title="A copy", description=text, author="dana")
    assert fill_in(**ANSWERS)[1].startswith(f"Opened {STAR}#3: ")


def test_dry_run_shows_the_issue_and_opens_none(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    status, printed, _ = fill_in("--dry-run", "--plan", str(path), **ANSWERS)
    assert (status, desk.writes, desk.world.issues(STAR)) == (0, 0, ())
    assert printed.startswith(f"Would open in {STAR}:\n\nSTAR for ZD#123456\n\n### Ticket\n\n123456\n")
    assert printed.endswith("Dry run: nothing was opened.\n")
    (change,) = json.loads(path.read_text("utf-8"))["changes"]
    assert (change["iid"], change["title"]) == (0, "STAR for ZD#123456")


def test_dry_run_of_a_notice_shows_nothing_of_it_but_in_the_plan(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    status, printed, _ = fill_in("--dry-run", "--plan", str(path), of="notice", **NOTICE)
    assert (status, desk.writes) == (0, 0)
    assert printed.startswith(f"Would open in {NOTICES}, confidential:\n\nWhat it says is not shown")
    assert not any(word in printed for word in ("Rotate", "SIRT", "Tokens"))
    assert "SIRT" in path.read_text("utf-8")


def test_json_names_the_issue_and_whether_it_is_new() -> None:
    for is_new in (True, False):
        _, printed, _ = fill_in("--output", "json", **ANSWERS)
        assert json.loads(printed)["issue"] == {
            "reference": f"{STAR}#1",
            "web_url": url_of(1),
            "is_new": is_new,
        }


def test_page_of_the_job_leads_to_the_new_issue(tmp_path: Path) -> None:
    path = tmp_path / "annotations.json"
    fill_in("--annotations", str(path), **ANSWERS)
    (link,) = json.loads(path.read_text("utf-8"))["changes"]
    assert link["external_link"] == {"label": "star#1: summarize", "url": url_of(1)}


def test_notice_is_hidden_in_the_request_that_opens_it_and_the_log_tells_nothing_of_it(desk: Desk) -> None:
    status, printed, complaint = fill_in(of="notice", **NOTICE)
    (issue,) = desk.world.issues(NOTICES)
    assert (status, complaint, issue.confidential) == (0, "", True)
    assert "a director of Support has approved it" in issue.description
    assert not any(word in printed for word in ("Rotate", "SIRT", "Tokens"))
    writes = [each.method for each in desk.world.requests if each.method != "GET" and "/issues" in each.path]
    assert writes == ["POST"]


def test_fields_of_the_environment_are_taken_as_they_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "$(touch /tmp/owned)\n/close\n`id`; {{ 7*7 }} \"'"
    for name, value in {**ANSWERS, "reason": hostile, "plan": "", "group": " "}.items():
        monkeypatch.setenv(f"STARKEEPER_FIELD_{name.upper()}", value)
    assert fill_in(urgency="Urgent")[0] == 0
    (issue,) = desk.world.issues(STAR)
    assert "```\n| $(touch /tmp/owned)\n| /close\n| `id`; {{ 7*7 }} \"'\n```" in issue.description
    assert "### Urgency\n\nUrgent\n" in issue.description
    assert "Plan" not in issue.description
    assert issue.state == "opened"


def test_field_of_another_form_in_the_environment_is_passed_over_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARKEEPER_FIELD_RECIPIENTS", "3")
    status, _, complaint = fill_in(**ANSWERS)
    assert (status, complaint) == (0, "note: the form 'star' does not ask for 'recipients'; it was passed over\n")
    monkeypatch.setenv("STARKEEPER_FIELD_RESAON", "x")
    status, _, complaint = fill_in(**ANSWERS)
    assert status == 2
    assert "no form has the field 'resaon' of STARKEEPER_FIELD_RESAON; did you mean 'reason'?" in complaint


def test_all_that_is_to_be_corrected_is_said_before_any_request(desk: Desk) -> None:
    before = len(desk.world.requests)
    status, printed, complaint = fill_in(ticket="soon", urgency="Tmely", form="Emergency")
    assert (status, printed, len(desk.world.requests)) == (1, "", before)
    assert [line.partition(":")[0] for line in complaint.splitlines()] == [
        "ticket",
        "urgency",
        "form",
        "reason",
        "result",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["stra"], "there is no form 'stra'; did you mean 'star'?"),
        (["star", "--field", "tiket=1"], "the form 'star' has no field 'tiket'; did you mean 'ticket'?"),
        (["star", "--field", "ticket"], "this one has no '='"),
        (["star", "--field", "ticket=1", "--field", "ticket=2"], "the field 'ticket' is given twice"),
        (["star", "--by", ""], "nobody is named who asks; say --by USER"),
    ],
)
def test_wrong_arguments_say_what_is_right(monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str) -> None:
    monkeypatch.delenv("GITLAB_USER_LOGIN")
    status, printed, complaint = starkeeper("open", *arguments, "--no-journal")
    assert (status, printed) == (2, "")
    assert said in complaint


def test_nobody_can_ask_as_somebody_whom_gitlab_does_not_know(desk: Desk) -> None:
    status, _, complaint = fill_in("--by", "nobody-here", **ANSWERS)
    assert (status, desk.world.issues(STAR)) == (2, ())
    assert "--by: GitLab knows no user 'nobody-here'" in complaint


def test_the_desks_own_account_asks_for_nothing(desk: Desk) -> None:
    status, _, complaint = fill_in("--by", "smoc-bot", **ANSWERS)
    assert (status, desk.world.issues(STAR)) == (2, ())
    assert "the desk's own account asks for nothing" in complaint


def test_refusal_of_gitlab_is_told_and_the_next_run_opens_it(desk: Desk) -> None:
    desk.world.faults.append(Fault("POST", ISSUES, status=403, body='{"message":"403 Forbidden"}'))
    status, printed, _ = fill_in(**ANSWERS)
    assert (status, desk.world.issues(STAR)) == (3, ())
    assert printed.startswith("error: GitLab: opening an issue in support/star: ")
    assert fill_in(**ANSWERS)[1].startswith(f"Opened {STAR}#1: ")


def test_undo_says_that_an_opened_issue_stays(desk: Desk, tmp_path: Path) -> None:
    words = [word for name, value in ANSWERS.items() for word in ("--field", f"{name}={value}")]
    journal = ["--journal", str(tmp_path), "--now", NOW.isoformat()]
    _, printed, _ = starkeeper("open", "star", *words, *journal, "--output", "json")
    status, told, _ = starkeeper("undo", json.loads(printed)["run"], *journal)
    assert status == 0
    assert "not taken back: 1 opened issue" in " ".join(told.split())
    assert desk.world.issue(STAR, 1).state == "opened"
