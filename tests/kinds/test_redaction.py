"""What a note on a confidential resource tells of it, with the key that hides it and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from starkeeper.evaluate.steps import match_of
from starkeeper.model.plan import CommentStep, Step
from tests.builders import RENDER, make_facts, make_policies, make_resource

ALL = "About {{ title }} by {{ author }}: {{ full_reference }}"


def _planned(folder: Path, actions: str, *, confidential: bool = True) -> list[Step]:
    rule = make_policies(folder, f"- name: Tell\n  actions: {{{actions}}}").rules[0]
    issue = make_resource(title="Refund", confidential=confidential)
    match = match_of(rule, issue, make_facts(issue))
    return [step for act in rule.actions for step in act.action.plan(rule.name, match, RENDER)]


def _said(body: str) -> CommentStep:
    return CommentStep(rule="Tell", internal=False, body=body, key="")


@pytest.mark.parametrize("key", ["redact_confidential_resources: true, ", ""])
@pytest.mark.parametrize("confidential", [True, False])
def test_note_hides_what_is_confidential_only_where_the_rule_says_so(
    key: str, confidential: bool, tmp_path: Path
) -> None:
    steps = _planned(tmp_path, f"{key}comment: '{ALL}'", confidential=confidential)
    if key and confidential:
        assert steps == [_said("About (confidential) by (confidential): support/star#12")]
    else:
        assert steps == [_said("About Refund by @ivy: support/star#12")]


def test_false_hides_nothing(tmp_path: Path) -> None:
    steps = _planned(tmp_path, f"redact_confidential_resources: false, comment: '{ALL}'")
    assert steps == [_said("About Refund by @ivy: support/star#12")]


def test_nobody_is_mentioned_by_a_hidden_name(tmp_path: Path) -> None:
    steps = _planned(tmp_path, "redact_confidential_resources: true, mention: ['{{ author }}', kim]")
    assert steps == [_said("cc @kim")]
    assert _planned(tmp_path, "redact_confidential_resources: true, mention: ['{{ author }}']") == []
    assert _planned(tmp_path, "mention: ['{{ author }}']") == [_said("cc @ivy")]
