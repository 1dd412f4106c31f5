"""What the tests of policies share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starkeeper.errors import PolicyError
from starkeeper.model.desk import Tracker
from starkeeper.model.policies import Policies
from starkeeper.policies.load import Loaded, load, load_policies
from starkeeper.policies.nodes import ListNode, MapNode, Node, ScalarNode

PLAIN = Tracker(name="plain", path="group/project")
ONE_RULE = "resource_rules: {issues: {rules: [{name: A, conditions: %s, actions: %s}]}}"


def plain(node: Node | None) -> Any:
    """A tree of nodes as plain data."""
    if isinstance(node, ScalarNode):
        return node.value
    if isinstance(node, ListNode):
        return [plain(each) for each in node.items]
    assert isinstance(node, MapNode)
    return {pair.key: plain(pair.node) for pair in node.pairs}


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """The folder with these files in it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return folder


def plain_rules(folder: Path, text: str) -> Policies:
    """What one file gives in a run over a project."""
    return plain_loaded(folder, text).policies


def plain_loaded(folder: Path, text: str) -> Loaded:
    path = folder / "plain.yml"
    path.write_text(text, encoding="utf-8", newline="")
    return load([path], folder / "templates", plain=PLAIN)


def one_rule(folder: Path, conditions: object, actions: object) -> Policies:
    """What one rule gives, its conditions and actions said as plain data."""
    return plain_rules(folder, ONE_RULE % (json.dumps(conditions), json.dumps(actions)))


def problems_of(paths: list[Path], templates: Path, plain: Tracker | None = None) -> list[str]:
    """What a run would say of these policies, the folder of each file left out."""
    try:
        load_policies(paths, templates, plain=plain)
    except PolicyError as error:
        folder = paths[0] if paths[0].is_dir() else paths[0].parent
        return [str(problem).replace(f"{folder}/", "") for problem in error.problems]
    return []
