"""Takes one policy file as a tree; gives its rules as written there, not yet placed on trackers, and its problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from starkeeper.errors import Problem, nearest
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Act, Clause, Limits, Repeat, Rule
from starkeeper.policies.bind import BAD, Binder
from starkeeper.policies.digest import digest_of
from starkeeper.policies.digests_read import DigestRead, digest_read
from starkeeper.policies.forms_read import FormRead, form_read
from starkeeper.policies.grammar import (
    LATER_TYPES,
    RULE_TYPES,
    DigestEntry,
    FindingName,
    FormEntry,
    PolicyFile,
    RepeatEntry,
    RuleEntry,
    Section,
    SummaryEntry,
    Word,
)
from starkeeper.policies.nodes import ListNode, MapNode, Node, Pair, ScalarNode, found, scalars
from starkeeper.policies.source import Source

_BEGIN = "a policy file begins with 'resource_rules:'"


class RuleRead(Struct, frozen=True):
    """A rule, the tracker names beside it, its text as nodes, and the findings that its author says are meant.

    A rule with problems holds what could be made of it, so that the rest of it is checked too; `knows_names` says
    that its conditions are all there, and with them every name that they give to templates. A summary is the rule that
    words it, with the rules that it lists as `parts`.
    """

    rule: Rule
    trackers: tuple[Word, ...]
    node: MapNode
    meant: tuple[FindingName, ...] = ()
    knows_names: bool = True
    parts: tuple[RuleRead, ...] | None = None


class FileRead(Struct, frozen=True):
    """What one file holds. Where it has problems its rules are good for further checks and for nothing else."""

    shown: str
    data: bytes
    rules: tuple[RuleRead, ...] = ()
    digests: tuple[DigestRead, ...] = ()
    forms: tuple[FormRead, ...] = ()
    trackers: tuple[Word, ...] = ()
    max_changes: int | str | None = None
    host_url: Word | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def names_tracker(self) -> bool:
        return bool(self.trackers or self.digests or self.forms) or any(rule.trackers for rule in self.rules)


def read_file(shown: str, source: Source) -> FileRead:
    """Binds a whole file; every problem in it is found in one go."""
    if source.root is None:
        return FileRead(shown, source.data, problems=source.problems)
    problems = list(source.problems)
    if not isinstance(source.root, MapNode):
        problems.append(_no_policy(source.root))
        return FileRead(shown, source.data, problems=tuple(problems))
    binder = Binder()
    entry = binder.bind(source.root, PolicyFile, "the file")
    trackers = _words(source.root.get("tracker"))
    if all(source.root.get(key) is None for key in ("resource_rules", "digests", "forms")):
        binder.problem(source.root.where, "the file lacks 'resource_rules'", "give it a mapping")
    rules = tuple(_all_rules(binder, source.root.get("resource_rules"), shown))
    digests = tuple(_digests(source.root, shown))
    forms = tuple(_forms(source.root, shown))
    ceiling = entry.max_changes.value if entry is not BAD and entry.max_changes else None
    host_url = entry.host_url if entry is not BAD else None
    problems += binder.problems
    return FileRead(
        shown,
        source.data,
        rules=rules,
        digests=digests,
        forms=forms,
        trackers=trackers,
        max_changes=ceiling,
        host_url=host_url,
        problems=tuple(problems),
    )


def _no_policy(root: Node) -> Problem:
    if isinstance(root, ScalarNode) and root.value is None:
        return Problem(root.where, "the file is empty", _BEGIN)
    return Problem(root.where, f"found {found(root)}, expected a mapping", _BEGIN)


def _words(node: Node | None) -> tuple[Word, ...]:
    """Names said as one or as a list; what is wrong with them was reported where they were bound."""
    items = node.items if isinstance(node, ListNode) else (node,)
    return tuple(
        Word(each.text, each.content) for each in items if isinstance(each, ScalarNode) and each.value is not None
    )


def _all_rules(binder: Binder, types: Node | None, shown: str) -> Iterator[RuleRead]:
    for pair in types.pairs if isinstance(types, MapNode) else ():
        if pair.key in RULE_TYPES:
            yield from _section(binder, pair, shown)
        elif pair.key in LATER_TYPES:
            if _has_rules(pair.node):
                binder.problem(pair.where, f"{pair.key} rules are not supported yet", "take them out of this file")
        else:
            remedy = nearest(pair.key, (*RULE_TYPES, *LATER_TYPES))
            binder.problem(pair.where, f"unknown key '{pair.key}' in 'resource_rules'", remedy)


def _digests(root: MapNode, shown: str) -> Iterator[DigestRead]:
    """Those without problems, which were reported where the file was bound."""
    for item in _items(root, "digests"):
        entry = Binder().bind(item, DigestEntry, "a digest")
        if entry is not BAD and isinstance(item, MapNode):
            yield digest_read(entry, item, shown)


def _forms(root: MapNode, shown: str) -> Iterator[FormRead]:
    for item in _items(root, "forms"):
        entry = Binder().bind(item, FormEntry, "a form")
        if entry is not BAD and isinstance(item, MapNode):
            yield form_read(entry, item, shown)


def _has_rules(node: Node) -> bool:
    if isinstance(node, MapNode):
        return any(_has_rules(pair.node) for pair in node.pairs)
    return not isinstance(node, ListNode) or bool(node.items)


def _section(binder: Binder, pair: Pair, shown: str) -> Iterator[RuleRead]:
    """The summaries, then the rules, as they run."""
    binder.bind(pair.node, Section, f"'{pair.key}'")
    for number, item in enumerate(_items(pair.node, "summaries"), 1):
        yield from _summary(binder, item, pair.key, number, shown)
    for number, item in enumerate(_items(pair.node, "rules"), 1):
        yield from _one_rule(binder, item, pair.key, number, shown)


def _items(node: Node, key: str) -> tuple[Node, ...]:
    listed = node.get(key) if isinstance(node, MapNode) else None
    return listed.items if isinstance(listed, ListNode) else ()


def _one_rule(
    binder: Binder, item: Node, type: str, number: int, shown: str, *, listed: bool = False
) -> Iterator[RuleRead]:
    """A rule; one that is `listed` in a summary needs no title for what it lists."""
    entry = _rule_entry(binder, item)
    if isinstance(item, MapNode):
        knows_names = entry is not None or _binds(item.get("conditions"))
        rule = _rule(entry or _rest(item), f"{type}-{number}", RULE_TYPES[type], shown, digest_of(item))
        if not listed:
            _check_title(binder, rule.actions)
        yield RuleRead(rule, _words(item.get("tracker")), item, entry.meant if entry else (), knows_names)


def _summary(binder: Binder, item: Node, type: str, number: int, shown: str) -> Iterator[RuleRead]:
    if isinstance(item, MapNode):
        _check_ruby(binder, item)
    entry = binder.bind(item, SummaryEntry, "a summary")
    parts = tuple(
        part
        for place, each in enumerate(_items(item, "rules"), 1)
        for part in _one_rule(binder, each, type, place, shown, listed=True)
    )
    if entry is BAD or not isinstance(item, MapNode):
        return
    for act in entry.actions:
        if not act.action.gathers:
            binder.problem(act.where, f"'{act.key}' does nothing in a summary", "put it into a rule, or take it out")
    if not any(act.action.gathers for act in entry.actions):
        binder.problem(item.where, "this summary does not say how it is worded", "give it 'actions: {summarize: …}'")
    _check_title(binder, entry.actions)
    outer = RuleEntry(name=entry.name, actions=entry.actions, where=entry.where)
    rule = _rule(outer, f"summary of {type} {number}", RULE_TYPES[type], shown, digest_of(item))
    yield RuleRead(rule, _words(item.get("tracker")), item, entry.meant, True, parts)


def _check_title(binder: Binder, actions: Iterable[Act]) -> None:
    for act in actions:
        if act.action.gathers and getattr(act.action, "title", "") is None:
            binder.problem(act.where, f"'{act.key}' lacks 'title'", "give it text")


def _rule_entry(binder: Binder, item: Node) -> RuleEntry | None:
    if isinstance(item, MapNode):
        _check_ruby(binder, item)
    before = len(binder.problems)
    entry = binder.bind(item, RuleEntry, "a rule")
    if entry is BAD or not isinstance(item, MapNode):
        return None
    _check_once(binder, entry, item)
    if entry.name is not None and (not entry.name.text.strip() or "\n" in entry.name.text.strip()):
        binder.problem(entry.name.where, "a rule's name is one line", "say in a sentence what the rule does")
    return entry if len(binder.problems) == before else None


def _check_ruby(binder: Binder, item: MapNode) -> None:
    """Everywhere but under `ruby:`, which is refused as a whole."""
    for pair in item.pairs:
        inner = pair.node.pairs if isinstance(pair.node, MapNode) else (pair,)
        for each in inner:
            if each.key != "ruby" and any("#{" in (scalar.raw or scalar.text) for scalar in scalars(each.node)):
                # Most files hold none, and to read Ruby takes a parser.
                from starkeeper.policies.ruby import interpolations

                binder.problems += interpolations(each.node)


def _check_once(binder: Binder, entry: RuleEntry, item: MapNode) -> None:
    once = item.pair("once")
    if once is None:
        return
    if not entry.once and entry.repeat is None:
        binder.problem(once.where, "'once: false' would say it again at every sweep", "write repeat: {every: 3 days}")
    if entry.once and entry.repeat is not None:
        binder.problem(once.where, "'once: true' and 'repeat' say two things", "keep one of them")


def _rest(item: MapNode) -> RuleEntry:
    """What is right in a rule that has problems."""
    name = next(iter(_words(item.get("name"))), None)
    conditions = tuple(clause for pair in _pairs(item.get("conditions")) for clause in _alone(pair, tuple[Clause, ...]))
    actions = tuple(act for pair in _pairs(item.get("actions")) for act in _alone(pair, tuple[Act, ...]))
    return RuleEntry(name=name, conditions=conditions, actions=actions, where=item.where)


def _alone(pair: Pair, kind: Any) -> Any:
    bound = Binder().bind(MapNode(pair.where, (pair,)), kind, pair.key)
    return () if bound is BAD else bound


def _binds(conditions: Node | None) -> bool:
    return conditions is None or Binder().bind(conditions, tuple[Clause, ...], "conditions") is not BAD


def _pairs(node: Node | None) -> tuple[Pair, ...]:
    return node.pairs if isinstance(node, MapNode) else ()


def _repeat(entry: RepeatEntry) -> Repeat:
    return Repeat(entry.every, entry.at_most, entry.calendar.text, entry.then)


def _rule(entry: RuleEntry, default_name: str, type: ResourceType, shown: str, digest: str) -> Rule:
    return Rule(
        name=entry.name.text.strip() if entry.name else default_name,
        policy=shown,
        where=entry.where,
        type=type,
        events=entry.events,
        conditions=entry.conditions,
        limits=Limits(*(None if each < 0 else each for each in (entry.limits.most_recent, entry.limits.oldest))),
        actions=entry.actions,
        repeat=_repeat(entry.repeat) if entry.repeat else None,
        max_changes=entry.max_changes.value if entry.max_changes else None,
        digest=digest,
    )
