"""Takes a digest and the desk; gives the names in it, and in its templates, that would fail later."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping

from starkeeper.errors import Problem, nearest
from starkeeper.model.desk import Desk
from starkeeper.model.digests import Digest
from starkeeper.policies.check import RuleChecker, bound_names
from starkeeper.policies.digests_read import DigestRead, places
from starkeeper.policies.grammar import DigestEntry
from starkeeper.policies.measures import measures_problems
from starkeeper.policies.nodes import ListNode, MapNode

_LONGEST_DRAFT = dt.timedelta(hours=4)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def digest_problems(reads: Iterable[DigestRead], desk: Desk, checker: RuleChecker) -> Iterator[Problem]:
    """Of all digests of a run, each mistake at its place."""
    seen: dict[str, Digest] = {}
    for read in reads:
        first = seen.setdefault(read.digest.name, read.digest)
        if first is not read.digest:
            message = f"the name '{first.name}' is taken by the digest at {first.where}"
            yield Problem(read.entry.name.where, message, "its issue and message are found by it, so give it another")
        yield from _unknown_names(read.entry, desk)
        yield from _contradictions(read.entry, desk)
        yield from measures_problems(read.entry.measures, desk) if read.entry.measures else ()
        yield from _lists(read, checker)
        yield from _texts(read, desk, checker)


def _unknown_names(entry: DigestEntry, desk: Desk) -> Iterator[Problem]:
    known: Mapping[str, Iterable[str]] = {
        "rotation": desk.rotations,
        "service": desk.services,
        "calendar": desk.calendars,
        "tracker": desk.trackers,
        "channel": desk.channels,
        "clock": desk.clocks,
    }
    for what, word in places(entry):
        if word.text not in known[what]:
            remedy = nearest(word.text, known[what]) or f"define it there under '{what}s'"
            yield Problem(word.where, f"there is no {what} '{word.text}' in desk.yml", remedy)


def _contradictions(entry: DigestEntry, desk: Desk) -> Iterator[Problem]:
    if entry.issue is None and entry.slack is None:
        yield Problem(entry.where, "this digest is told nowhere", "give it 'issue', 'slack', or both")
    draft = entry.slack.draft if entry.slack else None
    if entry.draft_before and draft is None:
        yield Problem(entry.where, "'draft_before' needs words for the draft", "add 'draft' to its 'slack'")
    if draft is not None and entry.draft_before is None:
        yield Problem(draft.where, "no draft is ever said", "write when: draft_before: 1 hour")
    if entry.draft_before and entry.draft_before.unit in ("months", "years"):
        yield Problem(entry.where, "'draft_before' counts minutes or hours", "write draft_before: 1 hour")
    elif entry.draft_before and entry.draft_before.length > _LONGEST_DRAFT:
        message = "'draft_before' is longer than 4 hours, half a shift"
        yield Problem(entry.where, message, "a draft so early tells little; write draft_before: 1 hour")
    tracker = desk.trackers.get(entry.issue.tracker.text) if entry.issue else None
    if entry.issue and tracker and tracker.source == "groups":
        yield Problem(entry.issue.tracker.where, f"tracker '{tracker.name}' is a group, which has no issues", "")


def _lists(read: DigestRead, checker: RuleChecker) -> Iterator[Problem]:
    listed = read.node.get("lists")
    nodes = listed.items if isinstance(listed, ListNode) else ()
    names: set[str] = set()
    for each, entry, node in zip(read.digest.lists, read.entry.lists, nodes, strict=True):
        if not _NAME.fullmatch(each.name):
            remedy = "write it in small letters, digits and underscores, as templates name it"
            yield Problem(entry.name.where, f"'{each.name}' is no name of a list", remedy)
        if each.name in names:
            yield Problem(entry.name.where, f"there are two lists '{each.name}'", "give one of them another name")
        names.add(each.name)
        if isinstance(node, MapNode):
            yield from checker.problems(each.rule, node)


def _texts(read: DigestRead, desk: Desk, checker: RuleChecker) -> Iterator[Problem]:
    from starkeeper.render.digest_names import digest_names

    digest = read.digest
    rotations = frozenset(desk.rotations)
    lists = {each.name: bound_names(each.rule.conditions)[0] for each in digest.lists}
    known = dict(digest_names(lists, digest.pages))
    known |= {"on_call": rotations, "mention_on_call": rotations, "settings": frozenset(desk.settings)}
    if digest.week is not None:
        from starkeeper.measures import WEEK_NAMES

        known["week"] = WEEK_NAMES
    for template in digest.templates:
        is_issue = digest.issue is not None and template is digest.issue.template
        names = {**known, "keep": None} if is_issue else known
        yield from checker.template_problems(template, names, read.node)
