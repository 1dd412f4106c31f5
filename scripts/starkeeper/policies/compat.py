"""Takes files written for gitlab-triage; says of each rule whether it runs here, and what is different there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct, structs

from starkeeper.errors import Problem, Where
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.policies import Policies
from starkeeper.model.verdicts import FileVerdict, Remark, RemarkKind, Verdict
from starkeeper.policies.check import RuleChecker
from starkeeper.policies.files import find_files
from starkeeper.policies.gem import differences
from starkeeper.policies.grammar import RULE_TYPES
from starkeeper.policies.lint import Finding, find_mistakes
from starkeeper.policies.load import Loaded
from starkeeper.policies.nodes import ListNode, MapNode, Node, Pair, ScalarNode
from starkeeper.policies.read import FileRead, RuleRead, read_file
from starkeeper.policies.source import Source, read_source
from starkeeper.policies.trackers import place_on

_TRACKER = Tracker(name="group/project", path="group/project")
_LISTS = ("summaries", "rules")
# An unfinished rule may seem to lack what stands in the part that was refused.
_OF_WHOLE_RULES = frozenset({"does-nothing"})


class _Entry(Struct, frozen=True):
    """A rule, a summary or an unknown section, read as if it stood alone; `read` is None where nothing came of it."""

    name: str
    type: str
    where: Where
    problems: tuple[Problem, ...]
    read: RuleRead | None = None
    rules: int = 1


def judge_files(paths: Sequence[Path], templates: Path) -> tuple[FileVerdict, ...]:
    """A verdict on each file, and on those in and below each folder."""
    found = find_files(paths)
    lost = [FileVerdict(each.where.file, remarks=_refused((each,))) for each in found.problems]
    return (*lost, *(judge(read_source(each.path, each.shown), templates) for each in found.files))


def judge(source: Source, templates: Path) -> FileVerdict:
    """A verdict on one file, with one on each of its rules in the order in which they run."""
    if not isinstance(source.root, MapNode):
        return FileVerdict(source.file, remarks=_refused(read_file(source.file, source).problems))
    entries = list(_entries(source, source.root))
    problems = [*_around(source, source.root), *_duplicates_outside(source, entries)]
    reads = [entry.read for entry in entries if entry.read]
    placed = iter(place_on([FileRead(source.file, source.data, tuple(reads))], _TRACKER.name))
    entries = [structs.replace(entry, read=next(placed)) if entry.read else entry for entry in entries]
    checker = RuleChecker(Desk(trackers={_TRACKER.name: _TRACKER}), templates)
    entries = [_checked(entry, entries, source, checker) for entry in entries]
    between = _between(entries)
    verdicts = tuple(_verdict(entry, between) for entry in entries)
    return FileVerdict(source.file, verdicts, _refused(problems))


def _entries(source: Source, root: MapNode) -> Iterator[_Entry]:
    """What stands in `resource_rules`, in the order in which it runs."""
    types = root.get("resource_rules")
    for pair in types.pairs if isinstance(types, MapNode) else ():
        if pair.key not in RULE_TYPES:
            problems = _problems(source, _only(root, pair))
            if problems:
                yield _Entry(f"'{pair.key}'", pair.key, pair.where, problems, rules=_count(pair.node))
            continue
        for key in _LISTS:
            for number, item in enumerate(_items(pair.node, key), 1):
                yield _one(source, root, pair, key, item, number)


def _one(source: Source, root: MapNode, type: Pair, key: str, item: Node, number: int) -> _Entry:
    section = MapNode(type.node.where, (Pair(key, type.where, ListNode(item.where, (item,))),))
    file = read_file(source.file, Source(source.file, source.data, _only(root, Pair(type.key, type.where, section))))
    read = file.rules[0] if file.rules else None
    given = item.get("name") if isinstance(item, MapNode) else None
    default = f"summary of {type.key} {number}" if key == "summaries" else f"{type.key}-{number}"
    name = given.text.strip() if isinstance(given, ScalarNode) and given.value is not None else default
    if read:
        read = structs.replace(read, rule=structs.replace(read.rule, name=name))
    return _Entry(name, type.key, item.where, file.problems, read)


def _only(root: MapNode, *types: Pair) -> MapNode:
    """The file as if nothing else stood in it."""
    pair = root.pair("resource_rules")
    where = pair.where if pair else root.where
    return MapNode(root.where, (Pair("resource_rules", where, MapNode(where, types)),))


def _around(source: Source, root: MapNode) -> Iterator[Problem]:
    """What is wrong outside the rules."""
    types = root.get("resource_rules")
    bare = tuple(
        Pair(pair.key, pair.where, _without_rules(pair.node))
        for pair in (types.pairs if isinstance(types, MapNode) else ())
        if pair.key in RULE_TYPES
    )
    pairs = tuple(
        Pair(pair.key, pair.where, MapNode(pair.node.where, bare))
        if pair.key == "resource_rules" and isinstance(types, MapNode)
        else pair
        for pair in root.pairs
    )
    yield from _problems(source, MapNode(root.where, pairs))


def _without_rules(section: Node) -> Node:
    if not isinstance(section, MapNode):
        return section
    kept = (pair for pair in section.pairs if pair.key not in _LISTS or not isinstance(pair.node, ListNode))
    return MapNode(section.where, tuple(kept))


def _problems(source: Source, root: MapNode) -> tuple[Problem, ...]:
    return read_file(source.file, Source(source.file, source.data, root)).problems


def _owner(problem: Problem, entries: Iterable[_Entry]) -> _Entry | None:
    """The entry in whose lines a problem of the YAML itself lies: the last that begins before it."""
    before = [entry for entry in entries if entry.where <= problem.where]
    return max(before, key=lambda entry: entry.where, default=None)


def _duplicates_outside(source: Source, entries: list[_Entry]) -> list[Problem]:
    return [problem for problem in source.problems if _owner(problem, entries) is None]


def _checked(entry: _Entry, entries: list[_Entry], source: Source, checker: RuleChecker) -> _Entry:
    """With what is wrong in the YAML of its lines, and with names and templates that are wrong."""
    problems = [*entry.problems, *(each for each in source.problems if _owner(each, entries) is entry)]
    said = {problem.where.line for problem in problems}
    for part in _parts(entry):
        following = checker.problems(part.rule, part.node, part.knows_names)
        problems += [each for each in following if each.where.line not in said]
    return structs.replace(entry, problems=tuple(problems))


def _parts(entry: _Entry) -> tuple[RuleRead, ...]:
    return (entry.read, *(entry.read.parts or ())) if entry.read else ()


def _between(entries: Iterable[_Entry]) -> frozenset[Finding]:
    """The findings that lie between rules, of which none is refused: what stands in a refused one is not all known."""
    every = [entry for entry in entries if entry.read]
    sound = [entry for entry in every if not entry.problems]
    return frozenset(_findings(every)) & frozenset(_findings(sound))


def _verdict(entry: _Entry, between: frozenset[Finding]) -> Verdict:
    findings = {*_findings((entry,)), *(each for each in between if each.problem.where == entry.where)}
    refused = {each.where for each in entry.problems}
    skipped = _OF_WHOLE_RULES if entry.problems else frozenset()
    mistakes = [each for each in sorted(findings) if each.name not in skipped and each.problem.where not in refused]
    differing = [each for part in _parts(entry) for each in differences(part) if each.where not in refused]
    remarks = [
        *_refused(entry.problems),
        *(Remark("mistaken", each.problem, each.name) for each in mistakes),
        *_remarks("differs", differing),
    ]
    return Verdict(entry.name, entry.type, entry.where, tuple(remarks), entry.rules)


def _findings(entries: Iterable[_Entry]) -> tuple[Finding, ...]:
    return find_mistakes(Loaded(Policies(), tuple(entry.read for entry in entries if entry.read)))


def _refused(problems: Iterable[Problem]) -> tuple[Remark, ...]:
    return _remarks("refused", problems)


def _remarks(kind: RemarkKind, problems: Iterable[Problem]) -> tuple[Remark, ...]:
    return tuple(Remark(kind, each) for each in sorted(set(problems)))


def _items(node: Node, key: str) -> tuple[Node, ...]:
    listed = node.get(key) if isinstance(node, MapNode) else None
    return listed.items if isinstance(listed, ListNode) else ()


def _count(node: Node) -> int:
    if isinstance(node, ListNode):
        return len(node.items)
    return sum(len(_items(node, key)) for key in _LISTS)
