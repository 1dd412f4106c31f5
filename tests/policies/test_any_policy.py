"""Whatever is written in a policy, loading it gives rules or problems at their places, and nothing else."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starkeeper.errors import PolicyError
from starkeeper.model.values import LabelPattern, Text, values_in
from starkeeper.policies.grammar import RuleEntry
from starkeeper.policies.lint import find_mistakes
from starkeeper.policies.load import load, load_policies
from starkeeper.policies.shapes import fields_of
from starkeeper.policies.syntax import LINE_BREAK
from starkeeper.registry import ACTIONS, CONDITIONS
from tests.policies.helpers import PLAIN

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "triage-policies"
FOLDER = Path(tempfile.mkdtemp(prefix="policies-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

_WORDS = st.sampled_from(
    [
        *fields_of(RuleEntry),
        *CONDITIONS.keys,
        *ACTIONS.keys,
        "resource_rules",
        "issues",
        "rules",
        "summaries",
        "ruby",
        "template",
        "matches",
        "value",
        "attribute",
        "by",
        "at_least",
        "every",
        "None",
        "Any",
        "original",
        "opened",
        "3 days",
        "#{x}",
        "{{ title }}",
        "{% if",
        "(?P<a>",
        "star::*",
        "{1..3}",
    ]
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | _WORDS | st.text(max_size=5)
_TREES = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=4), max_leaves=20
)
_RULES = st.dictionaries(st.sampled_from(sorted(fields_of(RuleEntry))), _TREES, max_size=6)
_KINDS = st.fixed_dictionaries(
    {
        "conditions": st.dictionaries(st.sampled_from(sorted(CONDITIONS.keys)), _TREES, max_size=3),
        "actions": st.dictionaries(st.sampled_from(sorted(ACTIONS.keys)), _TREES, max_size=3),
    }
)


def check(data: bytes) -> None:
    path = FOLDER / "any.yml"
    path.write_bytes(data)
    try:
        find_mistakes(load([path], FOLDER, plain=PLAIN))
    except PolicyError as error:
        lines = LINE_BREAK.split(data.decode("utf-8-sig", "replace"))
        assert error.problems
        for problem in error.problems:
            assert problem.where.file == str(path)
            assert 1 <= problem.where.line <= len(lines)
            assert 1 <= problem.where.column <= len(lines[problem.where.line - 1]) + 1


@given(st.binary(max_size=100))
def test_no_bytes_break_it(data: bytes) -> None:
    check(data)


@given(_TREES)
def test_no_structure_breaks_it(tree: Any) -> None:
    check(json.dumps(tree, indent=1).encode())


@given(st.lists(_RULES | _KINDS, max_size=3))
def test_no_rules_break_it(rules: list[Any]) -> None:
    check(json.dumps({"resource_rules": {"issues": {"rules": rules}}}, indent=1).encode())


_LABELS = st.lists(
    st.from_regex(r"[a-z][a-z0-9 :.-]{0,10}[a-z0-9]", fullmatch=True), min_size=1, max_size=4, unique=True
)
_VALID = st.fixed_dictionaries(
    {
        "conditions": st.fixed_dictionaries({"labels": _LABELS, "state": st.sampled_from(["opened", "closed"])}),
        "actions": st.fixed_dictionaries({"labels": _LABELS}),
        "limits": st.dictionaries(st.sampled_from(["most_recent", "oldest"]), st.integers(0, 1000)),
        "max_changes": st.integers(0, 1000),
    }
)


@given(st.lists(_VALID, min_size=1, max_size=4))
def test_valid_rules_keep_everything_that_they_say(rules: list[dict[str, Any]]) -> None:
    path = FOLDER / "valid.yml"
    path.write_text(json.dumps({"resource_rules": {"issues": {"rules": rules}}}, indent=1), encoding="utf-8")

    read = load_policies([path], FOLDER, plain=PLAIN).rules

    assert [
        {
            "conditions": {
                "labels": [each.source for each in values_in(rule.conditions, LabelPattern)],
                "state": next(values_in([each.condition for each in rule.conditions if each.key == "state"], str)),
            },
            "actions": {"labels": [each.source for each in values_in(rule.actions, Text)]},
            "limits": {
                key: getattr(rule.limits, key)
                for key in ("most_recent", "oldest")
                if getattr(rule.limits, key) is not None
            },
            "max_changes": rule.max_changes,
        }
        for rule in read
    ] == rules


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the collected policies of other projects are not here")
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.yml")), ids=lambda path: path.name)
def test_a_policy_of_gitlab_triage_loads_or_is_refused_line_by_line(path: Path) -> None:
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    try:
        assert load([path], FOLDER, plain=PLAIN).rules
    except PolicyError as error:
        for problem in error.problems:
            assert problem.remedy
            assert lines[problem.where.line - 1][problem.where.column - 1 :].strip()
