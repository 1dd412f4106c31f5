"""The schema and the reference come from the conditions and actions, and are as the code is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from starkeeper.policies.generate import generated, main
from starkeeper.policies.source import parse_source
from starkeeper.registry import ACTIONS, CONDITIONS
from tests.policies.helpers import PLAIN, plain, problems_of, written

POLICIES = Path(__file__).resolve().parents[2] / "policies"
SCHEMA: Any = json.loads(generated()["schema.json"])
EXAMPLES = [
    (level, key, example.yaml)
    for level, registry in (("conditions", CONDITIONS), ("actions", ACTIONS))
    for key in sorted(registry.keys)
    for example in registry.examples(key)
]


@pytest.mark.parametrize("name", sorted(generated()))
def test_what_is_generated_is_not_stale(name: str) -> None:
    assert (POLICIES / name).read_text(encoding="utf-8") == generated()[name], "renew it with: scripts/generate"


def test_generating_writes_both_files(tmp_path: Path) -> None:
    main([str(tmp_path)])

    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == generated()


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def valid(text: str, part: str = "") -> bool:
    schema = {**SCHEMA["$defs"][part], "$defs": SCHEMA["$defs"]} if part else SCHEMA
    return jsonschema.Draft202012Validator(schema).is_valid(plain(parse_source("a.yml", text.encode()).root))


@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.yml")), ids=lambda path: path.name)
def test_the_schema_accepts_our_own_files(path: Path) -> None:
    part = path.stem if path.stem in ("desk", "people") else ""

    assert valid(path.read_text(encoding="utf-8"), part)


@pytest.mark.parametrize(("level", "key", "text"), EXAMPLES)
def test_the_schema_accepts_every_example(level: str, key: str, text: str) -> None:
    indented = "".join(f"            {line}\n" for line in text.splitlines())
    policy = f"resource_rules:\n  issues:\n    rules:\n      - name: A\n        {level}:\n          {key}:\n{indented}"
    beside = "          labels: [bug]\n" if key == "no_additional_labels" else ""

    assert valid(policy + beside)


@pytest.mark.parametrize(
    "text",
    [
        "resource_rule: {}",
        "resource_rules: {issues: {rules: [{nme: A}]}}",
        "resource_rules: {issues: {rules: [{conditions: {lables: [a]}}]}}",
        "resource_rules: {issues: {rules: [{conditions: {state: opend}}]}}",
        "resource_rules: {issues: {rules: [{conditions: {date: {attribute: updated_at}}}]}}",
        "resource_rules: {issues: {rules: [{conditions: {any_of: [{stat: opened}]}}]}}",
        "resource_rules: {issues: {rules: [{actions: {status: shut}}]}}",
        "resource_rules: {issues: {rules: [{repeat: {every: often}}]}}",
        "resource_rules: {issues: {rules: [{limits: {oldest: -1}}]}}",
        "resource_rules: {issues: {rules: []}}\nmax_changes: 300%",
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(text: str) -> None:
    assert not valid(text)


def test_the_reference_has_a_section_for_every_condition_and_action_and_no_broken_link() -> None:
    page = generated()["reference.md"]
    anchors = set(re.findall(r'<a id="([^"]+)">', page))
    headings = {
        re.sub(r"[^\w -]", "", text).lower().replace(" ", "-") for text in re.findall(r"^##+ (.+)$", page, re.M)
    }

    assert {f"condition-{key}" for key in CONDITIONS.keys} | {f"action-{key}" for key in ACTIONS.keys} == anchors
    assert set(re.findall(r"\]\(#([^)]+)\)", page)) <= anchors | headings


def test_every_policy_in_the_reference_loads(tmp_path: Path) -> None:
    page = generated()["reference.md"]
    shown = next(text for text in re.findall(r"```yaml\n(.*?)```", page, re.S) if "resource_rules:" in text)
    path = written(tmp_path, {"plain.yml": shown})

    assert problems_of([path / "plain.yml"], tmp_path, PLAIN) == []
