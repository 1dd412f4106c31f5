"""Files of gitlab-triage as they are, run from the command line: each does what its author meant."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.flow.conftest import BOT, NOW, PROJECT, make_world
from tests.running import starkeeper

DAY = dt.timedelta(days=1)
OTHER = "group/other"


@pytest.fixture
def world() -> World:
    """Three issues, two merge requests and two branches of different kinds."""
    world = make_world()
    world.add_project(OTHER)
    world.add_member(OTHER, BOT, "maintainer")
    for label in ("bug", "ux", "seen"):
        world.add_label(PROJECT, label)
    world.open_issue(PROJECT, title="One", author="ivy", labels=["bug"], milestone="18.7", created_at=NOW - 20 * DAY)
    world.open_issue(PROJECT, title="Two", author="kim", labels=["ux"], created_at=NOW - 10 * DAY)
    world.open_issue(PROJECT, title="Three", author="lou", created_at=NOW - DAY)
    world.open_merge_request(PROJECT, author="ivy", reviewers=["kim"], draft=True)
    world.open_merge_request(PROJECT, author="kim")
    world.add_branch(PROJECT, "main", default=True)
    world.add_branch(PROJECT, "old", merged=True, committed_at=NOW - 90 * DAY)
    return world


class Desk:
    """Runs files over the world; `errors` are what the last run said on standard error."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.file = folder / "policy.yml"
        self.errors = ""

    def sweep(self, text: str | bytes) -> int:
        """One run, and a dry one behind it that plans nothing more; gives the exit status of the first."""
        self.file.write_bytes(text if isinstance(text, bytes) else text.encode())
        status, _, self.errors = self._run()
        assert not status or self._run("--dry-run")[0] == status
        assert status or json.loads(self._run("--dry-run")[1])["changes"] == []
        return status

    def _run(self, *more: str) -> tuple[int, str, str]:
        said = ("--project", PROJECT, "--policies", str(self.file), "--now", NOW.isoformat(), "--output", "json")
        return starkeeper("sweep", *said, *more)

    def notes(self, iid: int = 1) -> list[str]:
        """What the rules wrote on an issue, without the line that says which rule it was."""
        return [note.body.split("<sub>")[0].strip("\n") for note in self.world.notes(PROJECT, iid)]


@pytest.fixture
def desk(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    with serve(world) as sandbox:
        monkeypatch.setenv("GITLAB_URL", sandbox.url)
        monkeypatch.setenv("GITLAB_TOKEN", "token")
        monkeypatch.setenv("STARKEEPER_NOTES_PER_SECOND", "10000")
        yield Desk(world, tmp_path)


def rule(conditions: str = "{}", actions: str = "{labels: [seen]}", type: str = "issues") -> str:
    """A file with one rule; both are YAML on one line, or indented blocks."""
    return f"resource_rules:\n  {type}:\n    rules:\n      - conditions: {conditions}\n        actions: {actions}\n"


SPANNING = """
          labels:
            - |
              {
                bug,
                ux
              }"""


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ("{}", [1, 2, 3]),
        ("{labels: [None]}", [3]),
        ("{labels: [none]}", [3]),
        ("{labels: [ANY]}", [1, 2]),
        ("{labels: bug}", [1]),
        ('{labels: [" bug "]}', [1]),
        ("{labels: ['{bug, ux}']}", [1, 2]),
        ("{labels: ['b{u, o}g']}", [1]),
        (SPANNING, [1, 2]),
        ("{forbidden_labels: bug}", [2, 3]),
        ("{labels: [bug], no_additional_labels: yes}", [1]),
        ("{milestone: 18.7}", [1]),
        ("{milestone: ['18.7', other]}", [1]),
        ("{milestone: NONE}", [2, 3]),
        ("{milestone: No Milestone}", [2, 3]),
        ("{milestone: Any Milestone}", [1]),
        ("{date: {attribute: created_at, condition: older_than, interval_type: weeks, interval: 2}}", [1]),
        (
            "{date: {attribute: created_at, condition: newer_than, interval_type: days, interval: 11, "
            "filter_in_ruby: on}}",
            [2, 3],
        ),
        ("{author_username: kim}", [2]),
    ],
)
def test_condition_finds_the_issues_that_are_meant(desk: Desk, conditions: str, found: list[int]) -> None:
    assert desk.sweep(rule(conditions)) == 0, desk.errors
    assert [each.iid for each in desk.world.issues(PROJECT) if "seen" in each.labels] == found


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ("{draft: yes}", [1]),
        ("{draft: false}", [2]),
        ("{reviewer_id: None}", [2]),
        ("{reviewer_id: ANY}", [1]),
        ("{milestone: none, labels: [None]}", [1, 2]),
    ],
)
def test_condition_finds_the_merge_requests_that_are_meant(desk: Desk, conditions: str, found: list[int]) -> None:
    assert desk.sweep(rule(conditions, type="merge_requests")) == 0, desk.errors
    assert [each.iid for each in desk.world.merge_requests(PROJECT) if each.labels] == found


def test_branch_is_deleted_by_a_file_with_the_truth_values_of_ruby(desk: Desk) -> None:
    assert desk.sweep(rule("{name: ^o, protected: no}", "{delete: yes}", "branches")) == 0, desk.errors
    assert [each.name for each in desk.world.branches(PROJECT)] == ["main"]


FOLDED = r"""
          comment: >
            Hi {{ author }},\n\n

            thank you.\n"""


@pytest.mark.parametrize(
    ("actions", "note"),
    [
        ("{mention: kim}", "cc @kim"),
        ("{mention: ['@kim', lou, support/managers]}", "cc @kim @lou @support/managers"),
        ("{comment: '{+ new +} {- old -} ${HOME} {a} } {'}", "{+ new +} {- old -} ${HOME} {a} } {"),
        ("{comment: 'See [it](#x) {#anchor} of {{author}}'}", "See [it](#x) {#anchor} of @ivy"),
        (r"{comment: 'No \#{ruby} and \{no\} value'}", r"No \#{ruby} and \{no\} value"),
        (
            '{comment: \'{"a": {"b": {"c": 1}}} {% raw %}{{ x }} {#y}{% endraw %}\'}',
            '{"a": {"b": {"c": 1}}} {{ x }} {#y}',
        ),
        (FOLDED, "Hi @ivy,\n\n\nthank you."),
        (r"{comment: 'one\ntwo'}", "one\ntwo"),
        (r'{comment: "one\\ntwo"}', r"one\ntwo"),
        ("{comment: '{{closed_at}}, {{assignee}}, {{milestone}}, {{labels}}'}", '—, —, %"18.7", ~"bug"'),
        ("{comment: Hello., redact_confidential_resources: no, comment_type: comment}", "Hello."),
    ],
)
def test_text_is_written_as_it_is_meant(desk: Desk, actions: str, note: str) -> None:
    assert desk.sweep(rule("{author_username: ivy}", actions)) == 0, desk.errors
    assert desk.notes() == [note]


def test_value_cannot_name_a_group_to_be_mentioned(desk: Desk) -> None:
    desk.world.edit(PROJECT, 1, by="ivy", title="support/managers")
    assert desk.sweep(rule("{author_username: ivy}", "{mention: ['{{title}}']}")) == 1
    assert desk.notes() == []


def test_type_is_a_plain_word(desk: Desk) -> None:
    assert desk.sweep(rule("{draft: true}", "{comment: 'One of the {{type}}.'}", "merge_requests")) == 0, desk.errors
    (note,) = desk.world.notes(PROJECT, 1, kind="merge_requests")
    assert note.body.startswith("One of the merge_requests.")


def test_quick_actions_of_a_comment_are_done_and_single_labels_need_no_list(desk: Desk) -> None:
    text = '{comment: "Done.\\n\\n/label ~ux\\n/close", labels: seen, remove_labels: bug}'
    assert desk.sweep(rule("{author_username: ivy}", text)) == 0, desk.errors
    issue = desk.world.issue(PROJECT, 1)
    assert (set(issue.labels), issue.state, desk.notes()) == ({"seen", "ux"}, "closed", ["Done."])


SUMMARY = """resource_rules:
  issues:
    summaries:
      - actions:
          summarize:
            title: "Some {{type}}"
            destination: group/other
            summary: "{{title}}:\\n\\n{{items}}"
        rules:
          - conditions: {labels: bug}
            actions: {summarize: {item: "- {{title}}", summary: "Bugs:\\n{{items}}"}}
          - conditions: {labels: [nowhere]}
          - conditions: {labels: [ux]}
            actions: {summarize: {item: "- {{title}}"}}
    rules:
"""


def test_summary_without_names_says_its_title_in_its_text(desk: Desk) -> None:
    assert desk.sweep(SUMMARY) == 0, desk.errors
    (issue,) = desk.world.issues(OTHER)
    assert issue.title == "Some issues"
    assert issue.description.startswith("Some issues:\n\nBugs:\n- One\n\n- Two\n\n<!--")


ANCHORS = """host_url: https://gitlab.example.com/
api_version: v4
per_page: 500
.open: &open {state: opened}
.labels: &labels [bug]
resource_rules:
  epics:
  merge_requests:
    rules: []
  branches: {}
  issues:
    summaries:
    rules:
      - &first
        name:
        api: graphql
        limits:
        conditions: {<<: *open, labels: *labels}
        actions: {labels: [seen]}
      - <<: *first
        name: 12
        limits: {most_recent: 1, oldest: 2}
        conditions: {<<: [*open], labels: [None]}
"""


@pytest.mark.parametrize("text", [ANCHORS.encode(), b"\xef\xbb\xbf" + ANCHORS.replace("\n", "\r\n").encode()])
def test_anchors_empty_parts_and_keys_without_effect(desk: Desk, text: bytes) -> None:
    assert desk.sweep(text) == 0
    assert [each.labels for each in desk.world.issues(PROJECT)] == [("bug", "seen"), ("ux",), ("seen",)]
    assert "probably mistaken" not in starkeeper("check", "--compat", "--policies", str(desk.file))[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rule("{milestone: []}"), "'milestone' names none"),
        ("common: &c {}\n" + rule(), "where it only holds anchors write '.common'"),
        (rule(actions="{comment: '{{ .Values.image }}'}"), "between {% raw %} and {% endraw %}"),
        (rule(actions="{assignees: [kim]}", type="work_items"), "write 'assign' for the action"),
        (rule(actions="{comment: }"), "'comment' needs a template or a text"),
        (rule("{date: {attribute: created_at, condition: older_than, interval_type: days, interval: 1.5}}"), "whole"),
    ],
)
def test_what_cannot_be_meant_is_said_before_the_first_request(desk: Desk, text: str, said: str) -> None:
    assert desk.sweep(text) == 1
    assert said in desk.errors
    assert desk.world.requests == []
