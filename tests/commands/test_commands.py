"""The command line as people and pipelines use it: what is printed, what is written, and the exit status."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from starkeeper.commands.main import COMMANDS, main
from starkeeper.sandbox.faults import Fault
from starkeeper.sandbox.seeds import READ_TOKEN, TOKEN, seed_desk
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.flow.conftest import NOW
from tests.running import starkeeper

ROOT = Path(__file__).resolve().parents[2]
BROKEN = sorted(each.with_suffix(".yml") for each in (ROOT / "tests/policies/zoo").glob("*.txt"))
PLAIN = """
resource_rules:
  issues:
    rules:
      - name: Label
        conditions: {state: opened}
        actions: {labels: [seen]}
"""


class Room:
    def __init__(self, world: World, url: str, folder: Path) -> None:
        self.world, self.url, self.folder = world, url, folder

    def file(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, "utf-8")
        return str(self.folder / name)


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    world = World(clock=lambda: NOW)
    seed_desk(world, NOW)
    for label in ("seen", "gesehen-\u2713", "u::a", "u::b"):
        world.add_label("support", label)
    monkeypatch.chdir(ROOT)
    with serve(world) as served:
        monkeypatch.setenv("GITLAB_URL", served.url)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        monkeypatch.setenv("STARKEEPER_NOTES_PER_SECOND", "10000")
        yield Room(world, served.url, tmp_path)


def test_dry_run_prints_the_plan_and_its_cost(room: Room) -> None:
    status, printed, told = starkeeper("sweep", "--dry-run", "--now", NOW.isoformat())
    assert status == 0
    assert "Plan (dry run: nothing was changed)" in printed
    assert re.search(r"\d+ issues to change in \d+ steps; \d+ requests; dry run\.", printed)
    assert "read tracker star: " in told
    assert {each.method for each in room.world.requests if "graphql" not in each.path} == {"GET"}


def test_debug_log_names_the_requests_and_holds_no_token_and_no_customer_text(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.world.open_issue("support/feedback", title="Hush hush", description="Hush hush", author="ivy")
    _, printed, told = starkeeper("sweep", "--log-level", "debug")
    assert "GET /projects/support%2Fstar/issues: 200" in caplog.text
    assert "POST /projects/support%2Ffeedback/issues/" in caplog.text
    for text in ("Hush", TOKEN):
        assert text not in printed + told + caplog.text


@pytest.mark.usefixtures("room")
def test_dry_run_needs_no_more_than_a_reading_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_TOKEN", READ_TOKEN)
    status, printed, told = starkeeper("sweep", "--dry-run")
    assert status == 0, printed + told


def test_plan_file_and_json_say_the_same(room: Room) -> None:
    plan_path = room.folder / "plan.json"
    arguments = ["sweep", "--dry-run", "--now", NOW.isoformat(), "--output", "json", "--plan", str(plan_path)]
    status, printed, told = starkeeper(*arguments)
    plan, result = json.loads(plan_path.read_text("utf-8")), json.loads(printed)
    assert (status, told) == (0, "")
    assert {name: result[name] for name in plan} == plan
    assert plan["version"] == 1
    assert result["outcomes"] == []


def test_plan_that_cannot_be_written_is_said_before_the_first_request(room: Room) -> None:
    status, _, told = starkeeper("sweep", "--plan", str(room.folder / "none" / "plan.json"))
    assert status == 2
    assert "cannot be written" in told
    assert room.world.requests == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.usefixtures("room")
def test_plan_that_fails_to_be_written_leaves_the_report() -> None:
    status, printed, told = starkeeper("sweep", "--plan", "/dev/full")
    assert status == 2
    assert re.search(r"\d+ issues, \d+ steps: \d+ done", printed)
    assert "/dev/full" in told


@pytest.mark.parametrize("command", ["sandbox", "demo"])
def test_port_that_is_taken_is_a_wrong_argument(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr("starkeeper.sandbox.server.serve", refuses)
    status, _, told = starkeeper(command, "--port", "8930")
    assert status == 2
    assert "give another --port" in told


@pytest.mark.usefixtures("room")
def test_output_that_cannot_show_a_letter_shows_its_number(monkeypatch: pytest.MonkeyPatch, room: Room) -> None:
    policy = room.file("triage.yml", PLAIN.replace("seen", "gesehen-\u2713"))
    printed = io.BytesIO()
    arguments = ["starkeeper", "sweep", "--policies", policy, "--project", "support/star"]
    monkeypatch.setattr(sys, "argv", arguments)
    with io.TextIOWrapper(printed, encoding="ascii", write_through=True) as out:
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        assert rb"gesehen-\u2713" in printed.getvalue()


@pytest.mark.usefixtures("room")
def test_tracker_and_rule_narrow_the_run() -> None:
    only = ["--tracker", "feedback", "--rule", "Mark positive feedback", "--rule", "Mark negative feedback"]
    result = json.loads(starkeeper("sweep", "--dry-run", "--output", "json", *only)[1])
    assert {change["tracker"] for change in result["changes"]} == {"feedback"}
    assert {step["rule"] for change in result["changes"] for step in change["steps"]} == {
        "Mark positive feedback",
        "Mark negative feedback",
    }


@pytest.mark.parametrize(
    ("option", "name", "near"),
    [("--tracker", "starr", "star"), ("--rule", "mark negative feedback", "Mark negative feedback")],
)
def test_unknown_name_is_said_with_the_nearest(room: Room, option: str, name: str, near: str) -> None:
    status, _, told = starkeeper("sweep", option, name)
    assert status == 1
    assert f"'{near}'" in told
    assert room.world.requests == []


def test_plain_file_runs_over_a_project_or_a_group_without_a_desk(room: Room) -> None:
    policy = room.file("triage.yml", PLAIN)
    for option, path in (("--project", "support/feedback"), ("--group", "support")):
        result = json.loads(starkeeper("sweep", "--dry-run", "--output", "json", "--policies", policy, option, path)[1])
        assert {change["tracker"] for change in result["changes"]} == {path}
        projects = {change["project"] for change in result["changes"]}
        assert projects == (
            {"support/feedback"}
            if option == "--project"
            else {"support/star", "support/feedback", "support/emergencies"}
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sweep", "--project", "a/b", "--group", "a"], "exclude each other"),
        (["sweep", "--now", "tomorrow"], "2026-11-30T09:00:00Z"),
        (["sweep", "--now", "0001-01-01T00:00+05:00"], "2026-11-30T09:00:00Z"),
        (["sweep", "--dry"], "--dry-run"),
        (["explain", "star"], "star#9"),
        (["swep"], "No such command 'swep'"),
    ],
)
def test_wrong_arguments_are_status_2_and_say_what_is_right(arguments: list[str], said: str) -> None:
    status, _, told = starkeeper(*arguments)
    assert status == 2
    assert said in told


def test_broken_policy_is_status_1_at_its_line_and_sends_no_request(room: Room) -> None:
    policy = room.file("triage.yml", PLAIN.replace("labels: [seen]", "label: [seen]"))
    status, _, told = starkeeper("sweep", "--policies", policy, "--project", "support/star")
    assert status == 1
    assert "triage.yml:7:19: unknown action 'label'; did you mean 'labels'?" in told
    assert room.world.requests == []


@pytest.mark.parametrize("policy", BROKEN, ids=lambda path: path.stem)
def test_each_broken_policy_is_refused_at_a_line_with_status_1_and_sends_no_request(room: Room, policy: Path) -> None:
    status, _, told = starkeeper("sweep", "--policies", str(policy), "--templates", str(policy.parent / "templates"))
    assert status == 1
    assert re.match(rf".*{policy.name}:\d+:\d+: .+", told) or "desk.yml:" in told
    assert room.world.requests == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("gitlab.example.com", "GITLAB_URL is no web address"),
        ("https://[::1", "GITLAB_URL is no web address"),
        ("https://gitlab.example.com:port", "GITLAB_URL is no web address"),
        ("https://bot:secret@gitlab.example.com", "GITLAB_URL holds a password"),
    ],
)
@pytest.mark.usefixtures("room")
def test_url_that_is_none_is_a_setting_to_correct(monkeypatch: pytest.MonkeyPatch, url: str, said: str) -> None:
    monkeypatch.setenv("GITLAB_URL", url)
    status, _, told = starkeeper("sweep", "--dry-run")
    assert (status, said in told, "secret" in told) == (1, True, False)


@pytest.mark.usefixtures("room")
def test_address_where_nobody_answers_is_said_for_each_tracker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_URL", "http://127.0.0.1:9")
    status, printed, _ = starkeeper("sweep", "--dry-run", "--tracker", "feedback")
    assert status == 3
    assert "tracker 'feedback'" in printed and "GITLAB_URL" in printed


@pytest.mark.usefixtures("room")
def test_wrong_token_is_said_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITLAB_TOKEN", "glpat-wrong-secret")
    status, printed, told = starkeeper("sweep")
    assert status == 3
    assert "GITLAB_TOKEN was refused" in printed
    assert "glpat-wrong-secret" not in printed + told


def test_project_that_is_not_there_is_said_with_its_name(room: Room) -> None:
    policy = room.file("triage.yml", PLAIN)
    status, printed, _ = starkeeper("sweep", "--policies", policy, "--project", "support/none")
    assert status == 3
    assert "tracker 'support/none'" in printed and "no such project" in printed


def test_one_tracker_that_fails_leaves_the_other_to_be_swept(room: Room) -> None:
    room.world.faults.append(
        Fault(method="GET", path="star/issues$", status=403, body='{"message":"403 Forbidden"}', times=99)
    )
    status, printed, _ = starkeeper("sweep", "--output", "json")
    result = json.loads(printed)
    assert status == 3
    assert {change["tracker"] for change in result["changes"]} == {"feedback"}
    assert [error["where"] for error in result["errors"]] == ["tracker 'star'"]


@pytest.mark.usefixtures("room")
def test_explain_says_what_each_condition_saw() -> None:
    status, printed, _ = starkeeper("explain", "star#9")
    assert status == 0
    assert "Ask for the reason of an unstarred STAR" in printed
    assert "yes  label_added: unstarred was set by amber" in printed
    assert "yes  none_of: commented: no such comment by a manager" in printed
    assert "  -> internal note (" in printed
    answers = json.loads(starkeeper("explain", "star#9", "--output", "json")[1])
    assert [each["rule"] for each in answers if each["holds"]] == ["Ask for the reason of an unstarred STAR"]


def test_explain_says_that_it_could_not_read_everything(room: Room) -> None:
    room.world.faults.append(Fault(method="GET", path="/issues/9/resource_label_events", status=403, times=99))
    status, printed, told = starkeeper("explain", "star#9")
    assert (status, printed) == (3, "")
    assert "label events of support/star#9" in told


def test_explain_says_that_the_words_of_a_rule_fail(room: Room) -> None:
    policy = room.file("triage.yml", PLAIN.replace("[seen]", "['{{ title }}, and more']"))
    status, printed, _ = starkeeper("explain", "support/star#9", "--policies", policy, "--project", "support/star")
    assert status == 0
    assert "does not hold" in printed
    assert "no   actions: cannot be told: " in printed


@pytest.mark.usefixtures("room")
def test_explain_of_an_issue_that_is_not_there_is_status_3() -> None:
    status, _, told = starkeeper("explain", "star#4711")
    assert status == 3
    assert "support/star#4711" in told


def test_explain_of_an_issue_within_a_group_names_its_project(room: Room) -> None:
    policy = room.file("triage.yml", PLAIN)
    status, printed, _ = starkeeper("explain", "support/feedback#1", "--policies", policy, "--group", "support")
    assert status == 0
    assert printed.startswith("support/feedback#1 (opened")
    assert "-> label +seen" in printed


STEERING = "\x1b[31m\x9b2J\u202e\x07"


@pytest.mark.parametrize("command", [["sweep"], ["sweep", "--dry-run"], ["explain"]])
def test_nothing_that_somebody_wrote_steers_the_terminal(room: Room, command: list[str]) -> None:
    iid = room.world.open_issue("support/feedback", title="T", author="ivy", labels=[f"old{STEERING}"])
    command = [*command, f"support/feedback#{iid}"] if command == ["explain"] else command
    room.world.add_branch("support/feedback", f"b{STEERING}", merged=True)
    policy = room.file(
        "policy.yml",
        f"""resource_rules:
  issues:
    rules:
      - {{name: "R{STEERING.encode("unicode_escape").decode()}", actions: {{remove_labels: ["old*"]}}}}
      - {{name: M, conditions: {{no_additional_labels: true, labels: [x]}}, actions: {{lock: true}}}}
  branches:
    rules: [{{name: B, conditions: {{merged: true}}, actions: {{delete: true}}}}]
""",
    )
    status, printed, told = starkeeper(*command, "--policies", policy, "--project", "support/feedback")
    assert status == 0 and "old[31m2J" in printed
    assert not {"\x1b", "\x9b", "\u202e", "\x07"} & {*printed, *told}


def test_conflict_is_told_with_both_names_and_neither_rule_acts(room: Room) -> None:
    rules = "- {name: One, actions: {labels: ['u::a']}}\n      - {name: Two, actions: {labels: ['u::b']}}\n"
    policy = room.file("triage.yml", f"resource_rules:\n  issues:\n    rules:\n      {rules}")
    before = room.world.issues("support/star")
    status, printed, _ = starkeeper("sweep", "--policies", policy, "--project", "support/star")
    assert status == 1
    assert "rules 'One' and 'Two' disagree over label 'u::a'; neither was used" in printed
    assert room.world.issues("support/star") == before


def test_check_of_our_own_policies_finds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert starkeeper("check")[1].endswith("rules checked: no error, 0 warnings.\n")
    assert json.loads(starkeeper("check", "--output", "json")[1]) == {"errors": [], "warnings": []}


@pytest.mark.usefixtures("room")
def test_unexpected_fault_is_status_4_without_a_trace_or_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("customer text")

    monkeypatch.setattr("starkeeper.flow.sweep", breaks)
    status, _, told = starkeeper("sweep")
    assert status == 4
    assert "unexpected builtins.ZeroDivisionError" in told
    assert "customer text" not in told and "Traceback" not in told


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_help_ends_with_an_example_that_the_command_takes(name: str) -> None:
    status, printed, _ = starkeeper(name, "--help")
    assert status == 0
    example = printed.rstrip().splitlines()[-1].strip()
    assert example.startswith("Example: starkeeper ")
    assert example.split()[2] == name
