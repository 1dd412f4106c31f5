"""Takes the paths that policies were loaded from; gives the scenarios that belong to them, or every mistake in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from starkeeper.errors import PolicyError, Problem, Where, nearest
from starkeeper.model.policies import Policies
from starkeeper.policies.bind import BAD, Binder
from starkeeper.policies.files import PolicyPath
from starkeeper.policies.nodes import ListNode, MapNode, Node
from starkeeper.policies.source import read_source
from starkeeper.scenarios.given import is_file, narrowed_to
from starkeeper.scenarios.grammar import GivenEntry, ScenarioEntry, ScenarioFile
from starkeeper.scenarios.known import known_in
from starkeeper.scenarios.script import Given, Scenario
from starkeeper.scenarios.steps import StepReader

FOLDER = "tests"
_SUFFIXES = (".yml", ".yaml")


def scenario_files(policy_paths: Sequence[Path]) -> tuple[PolicyPath, ...]:
    """Those in and below `tests/` of a folder of policies; of a policy file, the one of its name in `tests/` beside it.

    Raises PolicyError where there is none at all.
    """
    files = {each.path.resolve(): each for path in policy_paths for each in _files_of(path)}
    if not files:
        sought = " or ".join(str(_folder_of(path)) for path in policy_paths)
        raise PolicyError([Problem(Where(sought), "there is no scenario here", "add a file like star.yml")])
    return tuple(files.values())


def read_scenarios(paths: Sequence[PolicyPath], policies: Policies) -> tuple[Scenario, ...]:
    """All scenarios of the files, in their order, checked against the desk; PolicyError names every mistake."""
    reader = _Reader(policies)
    scenarios = tuple(each for path in paths for each in reader.file(path))
    if reader.problems:
        raise PolicyError(reader.problems)
    return scenarios


def _files_of(path: Path) -> Iterator[PolicyPath]:
    folder = _folder_of(path)
    for each in sorted(folder.rglob("*")) if path.is_dir() else [folder / path.name]:
        if each.suffix in _SUFFIXES and each.is_file():
            yield PolicyPath(each, str(each), str(each.relative_to(folder)))


def _folder_of(path: Path) -> Path:
    return (path if path.is_dir() else path.parent) / FOLDER


class _Reader:
    """Reads files over one desk, and keeps what is wrong with them."""

    def __init__(self, policies: Policies) -> None:
        self.problems: list[Problem] = []
        self._policies = policies

    def file(self, path: PolicyPath) -> Iterator[Scenario]:
        """Each scenario that is well; of the others, and of what stands around them, all that is wrong is kept."""
        source, binder = read_source(path.path, path.shown), Binder()
        if source.root:
            binder.bind(source.root, ScenarioFile, "the file")
        lines: dict[str, int] = {}
        listed = source.root.get("scenarios") if isinstance(source.root, MapNode) else None
        if isinstance(listed, ListNode) and not listed.items:
            binder.problem(listed.where, "there is no scenario in this file", "write one, or delete the file")
        for node in _items(source.root, "scenarios"):
            scenario = self._scenario(node, binder)
            if scenario and scenario.name in lines:
                said = f"the name '{scenario.name}' was already given on line {lines[scenario.name]}"
                binder.problem(scenario.where, said, "call it something else")
            elif scenario:
                lines[scenario.name] = scenario.where.line
                yield scenario
        self.problems += (*source.problems, *binder.problems)

    def _scenario(self, node: Node, binder: Binder) -> Scenario | None:
        entry = binder.bind(node, ScenarioEntry, "a scenario")
        given = self._given(node.get("given") if isinstance(node, MapNode) else None, binder)
        reader = StepReader(binder, known_in(narrowed_to(given, self._policies)))
        steps = tuple(step for each in _items(node, "steps") if (step := reader.step(each)))
        if entry is BAD:
            return None
        if not entry.steps.items:
            binder.problem(entry.steps.where, "a scenario without steps says nothing", "begin with 'at:'")
        return Scenario(name=entry.name.text, where=entry.where, given=given, steps=steps)

    def _given(self, node: Node | None, binder: Binder) -> Given:
        entry: Any = binder.bind(node, GivenEntry, "'given'") if isinstance(node, MapNode) else BAD
        if entry is BAD:
            return Given()
        files = {rule.policy for rule in self._policies.rules}
        files |= {summary.summarize.policy for summary in self._policies.summaries}
        files |= {digest.policy for digest in self._policies.digests}
        files |= {form.policy for form in self._policies.forms}
        for word in entry.policies:
            if not any(is_file(word.text, file) for file in files):
                remedy = nearest(word.text, {Path(file).name for file in files})
                binder.problem(word.where, f"there is no policy file '{word.text}'", remedy)
        on_call = self._on_call(entry.on_call, binder) if entry.on_call else {}
        files_named = tuple(each.text for each in entry.policies)
        return Given(on_call=on_call, policies=files_named, without=frozenset(entry.without))

    def _on_call(self, node: MapNode, binder: Binder) -> dict[str, str]:
        desk = self._policies.desk
        held: dict[str, str] = {}
        for pair in node.pairs:
            person: Any = binder.bind(pair.node, str, f"'{pair.key}'")
            if pair.key not in desk.rotations:
                binder.problem(pair.where, f"there is no rotation '{pair.key}'", nearest(pair.key, desk.rotations))
            elif person is not BAD and person not in desk.people:
                binder.problem(pair.node.where, f"'{person}' is not in people.yml", nearest(person, desk.people))
            else:
                held[pair.key] = person
        return held


def _items(node: Node | None, key: str) -> tuple[Node, ...]:
    """What is listed there; what is no list was reported where it was bound."""
    listed = node.get(key) if isinstance(node, MapNode) else None
    return listed.items if isinstance(listed, ListNode) else ()
