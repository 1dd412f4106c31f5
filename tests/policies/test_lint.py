"""What is allowed but probably not meant: each finding with a policy that has it and one that does not."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from starkeeper.policies.grammar import FindingName
from starkeeper.policies.lint import find_mistakes
from tests.policies.helpers import plain_loaded


def found(folder: Path, rules: str) -> list[str]:
    section = "" if rules.startswith("summaries:") else "    rules:\n"
    indent = "      " if section else "    "
    text = f"resource_rules:\n  issues:\n{section}" + "".join(f"{indent}{line}\n" for line in rules.splitlines())
    return [str(each).removeprefix(f"{folder}/plain.yml:") for each in find_mistakes(plain_loaded(folder, text))]


QUIET = "date: {attribute: updated_at, condition: older_than, interval_type: days, interval: 9}"
WARNS = f"conditions: {{{QUIET}}}, actions: {{labels: [stale]}}"
CLEARS = "conditions: {labels: [stale], human_activity: {within: 1 day}}, actions: {remove_labels: [stale]}"
CASES = {
    "added-and-removed": (
        '- {name: A, actions: {labels: [a], remove_labels: ["{a, b}"]}}',
        "- {name: A, actions: {labels: [a], remove_labels: [b]}}",
        "4:42: 'a' is set and taken off by the same rule; keep one of them",
    ),
    "braces-kept": (
        '- {name: A, actions: {labels: ["{a, b}"]}}',
        '- {name: A, actions: {labels: ["{{ state }}", "a{b}"]}}',
        "4:39: the label '{a, b}' is set with its braces: they stand for several only in conditions; "
        "write each label by itself",
    ),
    "ignored-in-summary": (
        "summaries:\n- actions: {summarize: {title: T}}\n"
        "  rules: [{name: A, actions: {summarize: {item: x}, labels: [a]}}]",
        "summaries:\n- actions: {summarize: {title: T}}\n  rules: [{name: A, actions: {summarize: {item: x}}}]",
        "5:57: 'labels' is not done for a rule of the summary 'summary of issues 1'; "
        "put it into a rule of its own beside the summaries",
    ),
    "empties-its-summary": (
        "- {name: A, conditions: {forbidden_labels: [a]}, actions: {labels: [a], summarize: {title: T}}}",
        "- {name: A, conditions: {labels: [a]}, actions: {summarize: {title: T}}}",
        "4:79: the rule holds no longer once it has acted, so its summary is emptied at the next run; "
        "list in a rule of its own, which looks for what this one sets",
    ),
    "dead-magic": (
        "- {name: A, conditions: {labels: [No Label]}, actions: {status: close}}",
        "- {name: A, conditions: {labels: [None]}, actions: {status: close}}",
        "4:41: 'No Label' is a label of that name, not the lack of one; write None",
    ),
    "does-nothing": (
        "- {name: A, conditions: {state: opened}}",
        "- {name: A, actions: {status: close}}",
        "4:9: this rule has no actions, so it does nothing; give it 'actions'",
    ),
    "literal-newline": (
        "- name: A\n  actions:\n    comment: >\n      one\\n\n      two",
        "- name: A\n  actions:\n    comment: |\n      `one\\n`\n      two",
        r"6:20: '\n' in this text is taken for a line break, as gitlab-triage does; "
        "write the text as a block that begins with |",
    ),
    "never-matches": (
        '- {name: A, conditions: {labels: ["star::new"], forbidden_labels: ["star::*"]}, actions: {status: close}}',
        '- {name: A, conditions: {labels: ["{a, b}"], forbidden_labels: [a]}, actions: {status: close}}',
        "4:55: 'star::new' is both asked for and forbidden, so the rule never holds; take it out of one of the two",
    ),
    "own-activity": (
        f"- {{name: B, {WARNS}}}\n"
        "- {name: A, conditions: {labels: [stale], date: {attribute: updated_at, condition: newer_than, "
        "interval_type: days, interval: 1}}, actions: {remove_labels: [stale]}}",
        f"- {{name: B, {WARNS}}}\n- {{name: A, {CLEARS}}}",
        "5:49: setting 'stale' makes the resource newer, so this rule takes it off again at once; "
        "write human_activity: {within: 1 hour}, which looks at people only",
    ),
    "repeats": (
        "- {name: A, actions: {issue: {title: T, new_each_run: true}}}",
        "- {name: A, actions: {issue: {title: T}}}",
        "4:29: 'issue' opens a new issue at every run; leave 'new_each_run' out, and the issue is found again",
    ),
    "unlike-its-name": (
        "- {name: Warn, conditions: {state: opened}, actions: {status: close}}",
        "- {name: Warn and close, conditions: {state: opened}, actions: {status: close}}",
        "4:61: the name says 'Warn', and the rule closes at once; "
        "name it after what it does, or close in another rule later",
    ),
    "warning-stays": (
        f"- {{name: A, {WARNS}}}\n"
        "- {name: B, conditions: {labels: [stale], date: {attribute: updated_at, condition: older_than, "
        "interval_type: days, interval: 7}}, actions: {status: close}}",
        f"- {{name: A, {WARNS}}}\n"
        "- {name: B, conditions: {labels: [stale], date: {attribute: updated_at, condition: older_than, "
        "interval_type: days, interval: 7}}, actions: {status: close}}\n"
        f"- {{name: C, {CLEARS}}}",
        "4:9: nothing takes 'stale' off when a person answers, and the rule 'B' then closes; "
        "add a rule: conditions labels: [stale] and human_activity: {within: 7 days}, remove_labels",
    ),
    "shared-name": (
        "- {name: A, actions: {status: close}}\n- {name: A, actions: {status: close}}",
        "- {name: A, actions: {status: close}}\n- {name: B, actions: {status: close}}",
        "5:16: another rule has this name too; here it is called 'A (2)'; "
        "give each rule a name of its own: what it said is remembered by it",
    ),
    "undone": (
        "- {name: A, conditions: {forbidden_labels: [a]}, actions: {labels: [a]}}\n"
        "- {name: B, conditions: {labels: [a]}, actions: {remove_labels: [a]}}",
        "- {name: A, conditions: {forbidden_labels: [a, b]}, actions: {labels: [a]}}\n"
        "- {name: B, conditions: {labels: [a]}, actions: {labels: [b], remove_labels: [a]}}",
        "4:9: this rule sets 'a', which the rule 'B' takes off again, and so on; "
        "let one of them forbid what the other sets",
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_probable_mistake_is_found_at_its_place(tmp_path: Path, name: str) -> None:
    mistaken, _, expected = CASES[name]

    assert found(tmp_path, mistaken) == [f"{expected} [{name}]"]


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_is_right_is_left_alone(tmp_path: Path, name: str) -> None:
    assert found(tmp_path, CASES[name][1]) == []


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_rule_can_say_that_it_is_meant(tmp_path: Path, name: str) -> None:
    mistaken = (
        CASES[name][0]
        .replace("name: A, ", f"name: A, meant: [{name}], ")
        .replace("name: A\n", f"name: A\n  meant: [{name}]\n")
        .replace("name: Warn, ", f"name: Warn, meant: [{name}], ")
    )

    assert found(tmp_path, mistaken) == []


def test_every_finding_has_its_case() -> None:
    assert sorted(get_args(FindingName)) == sorted(CASES)


@pytest.mark.parametrize(
    "rules",
    [
        "- {name: A, conditions: {forbidden_labels: [a], assignees: None}, actions: {labels: [a]}}\n"
        "- {name: B, conditions: {labels: [a], assignees: Any}, actions: {remove_labels: [a]}}",
        "- {name: A, conditions: {state: opened}, actions: {labels: [a]}}\n"
        "- {name: B, conditions: {state: closed}, actions: {remove_labels: [a]}}",
        "- {name: A, conditions: {labels: [x]}, actions: {labels: [a], remove_labels: [x]}}\n"
        "- {name: B, conditions: {labels: [a]}, actions: {remove_labels: [a]}}",
        '- {name: A, conditions: {labels: ["s::1"]}, actions: {labels: ["s::2"]}}\n'
        '- {name: B, conditions: {labels: ["s::2"]}, actions: {remove_labels: ["s::2"]}}',
    ],
)
def test_rules_that_take_turns_once_do_not_undo_each_other(tmp_path: Path, rules: str) -> None:
    assert found(tmp_path, rules) == []
