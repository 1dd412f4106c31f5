"""What is said of files written for gitlab-triage, rule by rule: each defect that real files have, at its line."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from starkeeper.model.verdicts import FileVerdict
from starkeeper.policies.compat import judge_files
from starkeeper.report.compat import compat_text

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "triage-policies"


def judged(folder: Path, text: str) -> FileVerdict:
    path = folder / "triage.yml"
    path.write_text(text, encoding="utf-8")
    (file,) = judge_files([path], folder)
    return file


def said(folder: Path, rules: str, type: str = "issues") -> list[str]:
    """Every remark on rules, without the file's name; the rules begin in line 4."""
    text = f"resource_rules:\n  {type}:\n    rules:\n{indent(dedent(rules).strip(), '      ')}\n"
    printed = compat_text([judged(folder, text)]).replace(f"{folder}/triage.yml:", "")
    return [line.strip() for line in printed.splitlines() if line.startswith("      ")]


DEFECTS = {
    "unknown condition": (
        "- {name: A, conditions: {pipeline: failed}, actions: {labels: [a]}}",
        ["4:32: unknown condition 'pipeline'"],
    ),
    "condition that gitlab-triage ignores": (
        "- {name: A, conditions: {title: WIP}, actions: {labels: [a]}}",
        [
            "4:32: different: gitlab-triage ignores the condition 'title', so the rule holds on more there; "
            "here it counts"
        ],
    ),
    "no_additional_labels without labels": (
        "- {name: A, conditions: {no_additional_labels: true}, actions: {labels: [a]}}",
        [
            "4:32: 'no_additional_labels: true' needs 'labels' beside it to say which labels there may be",
        ],
    ),
    "dead magic": (
        "- {name: A, conditions: {labels: [No Label]}, actions: {labels: [a]}}",
        ["4:41: 'No Label' is a label of that name, not the lack of one; write None (warning: dead-magic)"],
    ),
    "actions under conditions": (
        """
        - name: A
          conditions:
            state: opened
            actions: {labels: [a]}
        """,
        ["7:11: 'actions' stands under 'conditions'; move it to the left, beside 'conditions'"],
    ),
    "number for a unit": (
        "- {name: A, conditions: {date: {attribute: closed_at, condition: older_than, interval: 1, interval_type: 5}}}",
        [
            "4:112: 'interval_type': the number '5' is not known here; known here: 'days', 'hours', 'minutes', "
            "'months', 'weeks', 'years'"
        ],
    ),
    "interval is missing": (
        "- {name: A, conditions: {date: {attribute: created_at, condition: older_than, interval_type: days}}}",
        ["4:38: 'date' lacks 'interval'; give it a whole number (at least 0)"],
    ),
    "braces in forbidden_labels": (
        '- {name: A, conditions: {forbidden_labels: ["{a, b}"]}, actions: {labels: [a]}}',
        [
            "4:51: different: gitlab-triage does not expand braces under 'forbidden_labels', so this never excludes "
            "anything; here each of these labels excludes"
        ],
    ),
    "set and taken off": (
        "- {name: A, actions: {labels: [a], remove_labels: [a]}}",
        ["4:42: 'a' is set and taken off by the same rule; keep one of them (warning: added-and-removed)"],
    ),
    "comment without an end": (
        "- {name: A, conditions: {state: opened}, actions: {comment: Hello}}",
        [
            "4:58: different: nothing in the rule keeps it from holding again, so gitlab-triage says this at every "
            "run; here it is said once"
        ],
    ),
    "reminder by updated_at alone": (
        """
        - name: A
          conditions: {date: {attribute: updated_at, condition: older_than, interval_type: weeks, interval: 1}}
          actions: {comment: Hello}
        """,
        [
            "6:19: different: gitlab-triage says this again every 1 week, since its own comment starts the clock anew; "
            "here it is said once; write repeat: {every: 1 week} to keep it"
        ],
    ),
    "state of branches": (
        "- {name: A, conditions: {state: merged, protected: false}, actions: {delete: true}}",
        ["4:32: a branch has no state; write merged: true, or merged: false"],
    ),
    "literal line break": (
        """
        - name: A
          conditions: {state: opened}
          actions:
            status: close
            comment: >
              one\\n
              two
        """,
        [
            r"8:20: '\n' in this text is taken for a line break, as gitlab-triage does; write the text as a block that "
            "begins with | "
            "(warning: literal-newline)"
        ],
    ),
    "spaces in braces": (
        "- {name: A, conditions: {state: opened}, actions: {status: close, comment: 'Hi {{ author }}'}}",
        ["4:86: different: gitlab-triage prints '{{ author }}' as it stands; here it is replaced"],
    ),
    "repeated key": (
        """
        - name: A
          actions: {labels: [a]}
          name: B
        """,
        ["6:9: the key 'name' was already given on line 4; keep one of them"],
    ),
    "name and effect disagree": (
        "- {name: Warn about close, conditions: {state: opened}, actions: {status: close}}",
        [
            "4:73: the name says 'Warn', and the rule closes at once; name it after what it does, or close in another "
            "rule later (warning: unlike-its-name)"
        ],
    ),
    "shared name": (
        "- {name: A, actions: {labels: [a]}}\n- {name: A, actions: {labels: [a]}}",
        [
            "5:16: another rule has this name too; here it is called 'A (2)'; give each rule a name of its own: "
            "what it said is remembered by it (warning: shared-name)"
        ],
    ),
    "limit with braces": (
        '- {name: A, conditions: {labels: ["{a, b}"]}, limits: {oldest: 5}, actions: {labels: [c]}}',
        [
            "4:53: different: gitlab-triage counts the limit for each combination of the braces anew; "
            "here it is the limit of the rule"
        ],
    ),
    "only additional labels": (
        "- {name: A, conditions: {labels: [a], no_additional_labels: false}, actions: {labels: [c]}}",
        ["4:45: different: gitlab-triage takes 'false' for 'true'; here it asks nothing"],
    ),
}
TYPES = {"state of branches": "branches"}


@pytest.mark.parametrize("name", DEFECTS)
def test_defect_is_found_at_its_line(tmp_path: Path, name: str) -> None:
    rules, remarks = DEFECTS[name]
    found = said(tmp_path, rules, TYPES.get(name, "issues"))
    assert [line for line in found if "does nothing" not in line] == remarks


def test_warning_that_nobody_clears_is_found_at_the_rule_that_warns(tmp_path: Path) -> None:
    rules = """
        - name: Warn
          conditions:
            state: opened
            forbidden_labels: [stale]
            date: {attribute: updated_at, condition: older_than, interval_type: months, interval: 2}
          actions: {labels: [stale]}
        - name: Close
          conditions:
            state: opened
            labels: [stale]
            date: {attribute: updated_at, condition: older_than, interval_type: weeks, interval: 2}
          actions: {status: close}
        """
    clearing = """
        - name: Clear
          conditions: {labels: [stale], human_activity: {within: 14 days}}
          actions: {remove_labels: [stale]}
        """
    assert any(line.startswith("4:9: ") and "warning-stays" in line for line in said(tmp_path, rules))
    assert not any("warning-stays" in line for line in said(tmp_path, dedent(rules) + dedent(clearing)))


@pytest.mark.parametrize(
    "rule",
    [
        "- {name: A, conditions: {forbidden_labels: [a]}, actions: {labels: [a], comment: Hello}}",
        "- {name: A, conditions: {labels: [a]}, actions: {remove_labels: [a], comment: Hello}}",
        "- {name: A, conditions: {labels: [None]}, actions: {labels: [a], comment: Hello}}",
        "- {name: A, conditions: {state: opened}, actions: {status: close, comment: Hello}}",
        "- {name: A, conditions: {state: opened}, repeat: {every: 3 days}, actions: {comment: Hello}}",
    ],
)
def test_comment_of_a_rule_that_ends_itself_is_said_once_in_both(tmp_path: Path, rule: str) -> None:
    assert said(tmp_path, rule) == []


@pytest.mark.parametrize(
    ("date", "differs"),
    [
        ("{attribute: merged_at, condition: older_than, interval_type: hours, interval: 5}", True),
        ("{attribute: merged_at, condition: older_than, interval_type: days, interval: 5}", False),
        ("{attribute: merged_at, condition: newer_than, interval_type: days, interval: 5}", True),
        ("{attribute: created_at, condition: newer_than, interval_type: days, interval: 5}", False),
        (
            "{attribute: created_at, condition: older_than, interval_type: hours, interval: 5, filter_in_ruby: true}",
            True,
        ),
    ],
)
def test_border_of_a_date_that_gitlab_triage_compares_itself_is_another(
    tmp_path: Path, date: str, differs: bool
) -> None:
    found = said(tmp_path, f"- {{name: A, conditions: {{date: {date}}}, actions: {{labels: [a]}}}}", "merge_requests")
    assert [line.partition(";")[0].startswith("4:32: different: ") for line in found] == [True] * differs


def test_what_is_refused_in_one_rule_says_nothing_of_the_others(tmp_path: Path) -> None:
    text = """\
resource_rules:
  issues:
    rules:
      - &shared
        name: Shared
        conditions: {weight: 3}
        actions: {labels: [a]}
      - name: Ruby
        conditions: {ruby: 'resource["assignees"].empty?'}
        actions: {labels: [a]}
  merge_requests:
    rules:
      - *shared
  hooks:
    - {name: Other}
    - {name: Another}
"""
    file = judged(tmp_path, text)
    assert [(each.name, each.type, each.kind, each.rules) for each in file.verdicts] == [
        ("Shared", "issues", "runs", 1),
        ("Ruby", "issues", "refused", 1),
        ("Shared", "merge_requests", "refused", 1),
        ("'hooks'", "hooks", "refused", 2),
    ]
    assert [str(each.problem.where.line) for verdict in file.verdicts for each in verdict.remarks] == ["9", "6", "14"]
    assert compat_text([file]).splitlines()[-1] == "5 rules: 1 runs as it is, 4 refused."


def test_what_is_wrong_outside_the_rules_is_said_once_for_the_file(tmp_path: Path) -> None:
    file = judged(tmp_path, "\ufeffbot: x\nresource_rules:\n  issues: {rules: [{name: A, actions: {labels: [a]}}]}\n")
    assert [(each.kind, each.problem.message) for each in file.remarks] == [
        ("refused", "unknown key 'bot' in the file")
    ]
    assert [each.kind for each in file.verdicts] == ["runs"]


@pytest.mark.parametrize("text", ["", "[]", "a: [", "a: 1"])
def test_file_that_is_no_policy_has_its_reason(tmp_path: Path, text: str) -> None:
    file = judged(tmp_path, text)
    assert file.verdicts == ()
    assert {each.kind for each in file.remarks} == {"refused"}
    assert compat_text([file]).splitlines()[-1] == "No rule could be read."


@pytest.mark.skipif(not CORPUS.exists(), reason="needs the policies of public projects")
@pytest.mark.parametrize(
    ("place", "word"),
    [
        ("ocserv.yml:25:11", "ignores the condition 'title'"),
        ("ocserv.yml:33:15", "dead-magic"),
        ("cool-rails-app.yml:12:15", "dead-magic"),
        ("kira-stale.yml:20:11", "a branch has no state"),
        ("kira-stale.yml:30:9", "warning-stays"),
        ("foodsharing.yml:5:9", "warning-stays"),
        ("foodsharing.yml:18:11", "every 8 months"),
        ("galactipy.yml:22:20", "literal-newline"),
        ("galactipy.yml:57:23", "{{ author }}"),
        ("galactipy.yml:33:11", "human_activity: {within: 7 days}"),
        ("kchat-webapp.yml:52:11", "unlike-its-name"),
        ("NetworkManager.yml:31:15", "shared-name"),
        ("triage-bot.yml:4:3", "unknown key 'hooks'"),
    ],
)
def test_defects_of_real_files_are_found(monkeypatch: pytest.MonkeyPatch, place: str, word: str) -> None:
    monkeypatch.chdir(CORPUS)
    printed = compat_text(judge_files([Path(place.partition(":")[0])], Path("templates")))
    assert any(line.strip().startswith(f"{place}: ") and word in line for line in printed.splitlines()), printed
