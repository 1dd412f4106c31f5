"""Policies of gitlab-triage in the desk's form: what is replaced or marked, what becomes a comment, what stays."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from starkeeper.errors import PolicyError
from starkeeper.policies.importing import Imported, import_file
from starkeeper.policies.load import load_policies
from tests.builders import DESK_YML, PEOPLE_YML
from tests.policies.helpers import PLAIN, written

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "triage-policies"
FILES = sorted(CORPUS.glob("*.yml"))
TOP = "# yaml-language-server: $schema=schema.json\ntracker: star\n\n"


def imported(folder: Path, text: str, name: str = "triage.yml") -> Imported:
    (folder / name).write_bytes(text.encode())
    return import_file(folder / name, "star", folder / "templates")


def rules(folder: Path, text: str) -> str:
    """The rules of a file in a run over a project, their places left out."""
    (folder / "same.yml").write_bytes(text.encode())
    loaded = load_policies([folder / "same.yml"], folder / "templates", plain=PLAIN)
    return re.sub(r"Where\([^)]*\)", "", repr((loaded.rules, loaded.summaries)))


def check(folder: Path, result: Imported) -> None:
    """That it passes for a project and for the desk, and that there is nothing left to import."""
    rules(folder, result.text)
    written(folder / "desk", {"desk.yml": DESK_YML, "people.yml": PEOPLE_YML, "same.yml": result.text})
    load_policies([folder / "desk"], folder / "templates")
    again = imported(folder, result.text, "again.yml")
    assert (again.text, [each for each in again.done if each.kind != "marked"]) == (result.text, [])


CASES = {
    "Ruby becomes conditions": (
        """\
        # How we triage.
        resource_rules:
          issues:
            rules:
              - name: A # the first
                conditions:
                  # nobody yet
                  ruby: resource["assignees"].length == 0
                  state: opened
                actions: {labels: [a]}
        """,
        """\
        # How we triage.
        resource_rules:
          issues:
            rules:
              - name: A # the first
                conditions:
                  # nobody yet
                  assignees: None
                  state: opened
                actions: {labels: [a]}
        """,
    ),
    "several conditions, several lines": (
        """\
        resource_rules:
          merge_requests:
            rules:
              - name: A
                conditions:
                  ruby: |
                    DateTime.now >= (DateTime.parse(
                      resource["updated_at"]
                    ) + 3.0) and not resource["work_in_progress"]

                  state: opened
                actions: {labels: [a]}
        """,
        """\
        resource_rules:
          merge_requests:
            rules:
              - name: A
                conditions:
                  date: {attribute: updated_at, condition: older_than, interval_type: hours, interval: 72}
                  draft: false

                  state: opened
                actions: {labels: [a]}
        """,
    ),
    "a condition of the same name is there": (
        """\
        resource_rules:
          issues:
            rules:
              - name: A
                conditions:
                  labels: [a]
                  ruby: resource["labels"].include?("b")
                actions: {labels: [c]}
              - {name: B, conditions: {ruby: '!resource["due_date"]'}, actions: {labels: [c]}}
        """,
        """\
        resource_rules:
          issues:
            rules:
              - name: A
                conditions:
                  labels: [a]
                  all_of: [{labels: [b]}]
                actions: {labels: [c]}
              - {name: B, conditions: {due_date: None}, actions: {labels: [c]}}
        """,
    ),
    "words": (
        """\
        resource_rules:
          issues:
            rules:
              - name: A
                conditions: {state: opened}
                actions:
                  status: close
                  comment: |
                    Until #{2.days.from_now.strftime('%Y-%m-%d')}, {{author}}.
              - name: B
                conditions: {state: opened}
                actions: {status: close, comment: 'On #{Time.now.strftime(''%d.%m.'')}'}
        """,
        """\
        resource_rules:
          issues:
            rules:
              - name: A
                conditions: {state: opened}
                actions:
                  status: close
                  comment: |
                    Until {{ in_days(2) }}, {{author}}.
              - name: B
                conditions: {state: opened}
                actions: {status: close, comment: 'On {{ now.strftime(''%d.%m.'') }}'}
        """,
    ),
    "old names, and settings of the other program": (
        """\
        host_url: https://gitlab.example.com # ours
        per_page: 50
        resource_rules:
          issues:
            rules:
              - name: A
                conditions: {upvotes: {attribute: upvotes, condition: less_than, threshold: 3}}
                actions: {labels: [a]}
        """,
        """\
        # not imported: GITLAB_URL says which GitLab
        # host_url: https://gitlab.example.com # ours
        # not imported: pages have the size that costs least
        # per_page: 50
        resource_rules:
          issues:
            rules:
              - name: A
                conditions: {votes: {attribute: upvotes, condition: less_than, threshold: 3}}
                actions: {labels: [a]}
        """,
    ),
    "dead magic is marked and left": (
        """\
        resource_rules:
          issues:
            rules:
              - name: A
                conditions:
                  labels:
                    - No Label
                actions: {labels: [a]}
        """,
        """\
        resource_rules:
          issues:
            rules:
              - name: A
                conditions:
                  labels:
                    # look at this: 'No Label' is a label of that name, not the lack of one: where that is meant \
write None
                    - No Label
                actions: {labels: [a]}
        """,
    ),
    "what cannot run": (
        """\
        resource_rules:
          issues:
            rules:
              # Nobody knows what this does.
              - name: A
                conditions:
                  ruby: helper(resource) # ask Kim

                  state: opened
                actions: {labels: [a]}

              - name: B
                actions: {labels: [b]}
        """,
        """\
        resource_rules:
          issues:
            rules:
              # Nobody knows what this does.
              # not imported: 'ruby:' would run code, which policies cannot; say it with conditions such as title, \
description, assignees and date, or with expr: (a Jinja expression)
              # - name: A
              #   conditions:
              #     ruby: helper(resource) # ask Kim
              #
              #     state: opened
              #   actions: {labels: [a]}

              - name: B
                actions: {labels: [b]}
        """,
    ),
    "what cannot run, within brackets": (
        """\
        resource_rules:
          issues: {rules: [{name: A, conditions: {pipeline: x}}, {name: B, actions: {labels: [b]}}]}
        """,
        """\
        resource_rules:
          # not imported: unknown condition 'pipeline'
          # {name: A, conditions: {pipeline: x}}
          issues: {rules: [{name: B, actions: {labels: [b]}}]}
        """,
    ),
    "other programs": (
        """\
        bot_username: x
        resource_rules:
          hooks:
            - name: A
          issue:
            allow_on_hooks: true
            rules:
              - name: B
                conditions: {js: 'resource["assignees"].length === 0'}
                actions:
                  extension: 'x.js'
                  labels: [b]
        """,
        """\
        # not imported: 'bot_username' is a key of another program
        # bot_username: x
        resource_rules:
          # not imported: 'hooks' is a section of another program
          # hooks:
          #   - name: A
          issues:
            # not imported: 'allow_on_hooks' is a key of another program
            # allow_on_hooks: true
            rules:
              - name: B
                conditions: {assignees: None}
                actions:
                  # not imported: it would run a program of its own
                  # extension: 'x.js'
                  labels: [b]
        """,
    ),
    "nothing is left": (
        """\
        resource_rules:
          hooks:
            - name: A
        """,
        """\
        resource_rules: {}
          # not imported: 'hooks' is a section of another program
          # hooks:
          #   - name: A
        """,
    ),
    "names": (
        """\
        .shared: &shared
          name: "A"
          conditions: {labels: [a]}
          actions: {remove_labels: [a]}
        resource_rules:
          issues:
            rules:
              - *shared
              - <<: *shared
                actions: {labels: [b]}
              - name: 'A'
                actions: {labels: [b]}
          merge_requests:
            rules:
              - *shared
              - {<<: *shared, limits: {oldest: 1}}
              - *shared
        """,
        """\
        .shared: &shared
          name: "A"
          conditions: {labels: [a]}
          actions: {remove_labels: [a]}
        resource_rules:
          issues:
            rules:
              - *shared
              - name: A (2)
                <<: *shared
                actions: {labels: [b]}
              - name: 'A (3)'
                actions: {labels: [b]}
          merge_requests:
            rules:
              - *shared
              - {name: A (2), <<: *shared, limits: {oldest: 1}}
              - <<: *shared
                name: A (3)
        """,
    ),
    "anchors outside": (
        """\
        shared: &shared
          ruby: resource["assignees"].empty?
        resource_rules:
          issues:
            rules:
              - {name: A, conditions: *shared, actions: {labels: [a]}}
              - {name: B, conditions: {<<: *shared, state: opened}, actions: {labels: [b]}}
        """,
        """\
        .shared: &shared
          assignees: None
        resource_rules:
          issues:
            rules:
              - {name: A, conditions: *shared, actions: {labels: [a]}}
              - {name: B, conditions: {<<: *shared, state: opened}, actions: {labels: [b]}}
        """,
    ),
    "an anchor in a rule that cannot run": (
        """\
        resource_rules:
          issues:
            rules:
              - name: A
                conditions: {pipeline: x}
                actions: &do {labels: [a]}
              - name: B
                actions: *do
        """,
        """\
        resource_rules:
          issues:
            rules:
              # not imported: unknown condition 'pipeline'
              # - name: A
              #   conditions: {pipeline: x}
              #   actions: &do {labels: [a]}
              # not imported: its anchor stands in what is not imported
              # - name: B
              #   actions: *do
        """,
    ),
    "a repeated key": (
        """\
        resource_rules:
          issues:
            rules:
              - name: A
                conditions:
                  state: closed
                  state: opened
                actions: {labels: [a]}
        """,
        """\
        resource_rules:
          issues:
            rules:
              - name: A
                conditions:
                  # not imported: 'state' is given again below, and that counted
                  # state: closed
                  state: opened
                actions: {labels: [a]}
        """,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_construction_is_brought_into_form(tmp_path: Path, name: str) -> None:
    before, after = map(dedent, CASES[name])
    result = imported(tmp_path, before)
    assert result.text == TOP + after
    check(tmp_path, result)


def test_line_breaks_and_a_beginning_of_the_document_are_kept(tmp_path: Path) -> None:
    text = '---\n# Ours\nresource_rules:\n  issues:\n    rules:\n      - name: A\n        conditions: {ruby: "x"}\n'
    result = imported(tmp_path, "\ufeff" + text.replace("\n", "\r\n"))
    assert result.text.startswith(
        "# yaml-language-server: $schema=schema.json\r\n---\r\ntracker: star\r\n\r\n# Ours\r\n"
    )
    assert "\r\n      # - name: A\r\n      #   conditions: " in result.text
    assert result.text.count("\n") == result.text.count("\r\n")
    check(tmp_path, result)


def test_file_in_brackets_stays_in_brackets(tmp_path: Path) -> None:
    text = '{"resource_rules": {"issues": {"rules": [{"name": "A", "actions": {"labels": ["a"]}}]}}}\n'
    result = imported(tmp_path, text)
    assert result.text.splitlines()[1] == "{tracker: star, " + text.strip()[1:]
    check(tmp_path, result)


def test_what_was_done_is_told_by_the_lines_of_the_original(tmp_path: Path) -> None:
    before, _ = map(dedent, CASES["other programs"])
    assert [(each.line, each.kind, each.said) for each in imported(tmp_path, before).done] == [
        (1, "added", "the schema, for editors"),
        (1, "added", "tracker: star"),
        (1, "not imported", "'bot_username' is a key of another program"),
        (3, "not imported", "'hooks' is a section of another program"),
        (5, "replaced", "'issue' with 'issues'"),
        (6, "not imported", "'allow_on_hooks' is a key of another program"),
        (9, "replaced", "'js:' with assignees: None"),
        (11, "not imported", "'extension': it would run a program of its own"),
    ]


@pytest.mark.parametrize("text", ["", "[]", "a: [", "a: 1", "resource_rules: 3", "resource_rules: {issues: 3}"])
def test_file_that_cannot_be_read_is_refused_at_its_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(PolicyError) as error:
        imported(tmp_path, text)
    assert str(error.value).startswith(f"{tmp_path}/triage.yml:1:")


_CONDITIONS = st.dictionaries(
    st.sampled_from(["ruby", "js", "labels", "upvotes", "due_date", "pipeline", "state"]),
    st.sampled_from(
        ['resource["labels"].include?("a")', "helper(x)", '!resource["due_date"]', ["No Label"], ["a", "b"], "opened"]
    ),
    max_size=3,
)
_ACTIONS = st.dictionaries(
    st.sampled_from(["comment", "labels", "status", "extension", "merge"]),
    st.sampled_from(["close", ["a"], "On #{Date.today}", "it's #{x}", "two\nlines\u2028 and \x9b", {"x": None}]),
    max_size=3,
)
_RULES = st.lists(
    st.fixed_dictionaries(
        {"actions": _ACTIONS},
        optional={"name": st.sampled_from("AB"), "conditions": _CONDITIONS, "on": st.just("note")},
    ),
    max_size=3,
)
_FILES = st.fixed_dictionaries(
    {
        "resource_rules": st.dictionaries(
            st.sampled_from(["issues", "issue", "merge_requests", "hooks"]),
            st.fixed_dictionaries({"rules": _RULES}, optional={"allow_on_hooks": st.booleans()}),
            max_size=3,
        )
    },
    optional={"host_url": st.just("https://gitlab.example.com"), "bot": st.sampled_from(["x", "a: b", ""])},
)


@settings(max_examples=60)
@given(_FILES, st.sampled_from([yaml.safe_dump, json.dumps, lambda file: json.dumps(file, indent=2)]))
def test_whatever_a_file_holds_the_result_passes_and_is_done(file: dict[str, Any], dump: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(Path(folder), imported(Path(folder), dump(file)))


@pytest.mark.skipif(not FILES, reason="needs the policies of public projects")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_real_file_passes_and_keeps_its_comments(tmp_path: Path, path: Path) -> None:
    text = path.read_text("utf-8")
    result = imported(tmp_path, text)
    check(tmp_path, result)
    for line in text.splitlines():
        if line.strip().startswith("#"):
            assert line.strip() in result.text


@pytest.mark.skipif(not FILES, reason="needs the policies of public projects")
def test_real_file_that_runs_keeps_its_rules(tmp_path: Path) -> None:
    same = 0
    for path in FILES:
        text = path.read_text("utf-8")
        try:
            before = rules(tmp_path, text)
        except PolicyError:
            continue
        assert rules(tmp_path, imported(tmp_path, text).text) == before
        same += 1
    assert same >= 7
