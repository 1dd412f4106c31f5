"""Takes a policy written for gitlab-triage; gives it in the desk's form, its layout kept, and what was done."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from starkeeper.errors import PolicyError, Problem, Where
from starkeeper.model.verdicts import FileVerdict, Remark, Verdict
from starkeeper.policies.compat import judge
from starkeeper.policies.importing.layout import Layout, Spot, within
from starkeeper.policies.importing.rewrite import listed_items, rewritten
from starkeeper.policies.importing.rules import Change
from starkeeper.policies.nodes import MapNode
from starkeeper.policies.read import read_file
from starkeeper.policies.source import parse_source, read_source

Reasons = tuple[str, ...]
"""Why a rule is not imported."""


class Done(Struct, frozen=True, order=True):
    """One thing that was done: the line of the original, what kind of thing, and in words."""

    line: int
    kind: str
    said: str


class Imported(Struct, frozen=True):
    """The new text, which passes `check`, and what was done to the old one, by line."""

    text: str
    done: tuple[Done, ...]


def import_file(path: Path, tracker: str, templates: Path) -> Imported:
    """The file anew. Raises PolicyError where it cannot be read at all."""
    source = read_source(path)
    if not isinstance(source.root, MapNode) or source.root.get("resource_rules") is None:
        raise PolicyError(read_file(source.file, source).problems)
    layout = Layout(source.data.decode("utf-8-sig"))
    dropped: dict[int, Reasons] = {}
    while True:
        text, changes = rewritten(layout, tracker, dropped)
        if orphans := _orphans(layout, changes, dropped):
            dropped |= orphans
            continue
        verdict = judge(parse_source(source.file, text.encode()), templates)
        if verdict.remarks:
            raise PolicyError(_as_in_the_original(verdict, judge(source, templates)))
        refused = _refused(verdict, layout, dropped)
        if not refused:
            return Imported(text, _in_words(layout, changes))
        dropped |= refused


def _refused(verdict: FileVerdict, layout: Layout, dropped: dict[int, Reasons]) -> dict[int, Reasons]:
    """The rules that do not run even now, and why."""
    left = [number for number in range(len(listed_items(layout))) if number not in dropped]
    if len(left) != len(verdict.verdicts):
        what = "the rules of this file cannot be told apart"
        raise PolicyError((Problem(Where(verdict.file), what, "write each rule on lines of its own"),))
    return {
        number: _reasons(each) for number, each in zip(left, verdict.verdicts, strict=True) if each.kind == "refused"
    }


def _as_in_the_original(verdict: FileVerdict, original: FileVerdict) -> list[Problem]:
    """The problems that are left, at their places in the file as it was."""
    left = {each.problem.message for each in verdict.remarks}
    return [each.problem for each in original.remarks if each.problem.message in left] or [
        each.problem for each in verdict.remarks
    ]


def _reasons(verdict: Verdict) -> Reasons:
    return tuple(dict.fromkeys(_reason(each) for each in verdict.remarks if each.kind == "refused"))


def _reason(remark: Remark) -> str:
    """On one line, and without what cannot stand in YAML."""
    problem = remark.problem
    said = f"{problem.message}; {problem.remedy}" if problem.remedy else problem.message
    return "".join(each if each.isprintable() else "?" for each in " ".join(said.split()))


def _orphans(layout: Layout, changes: tuple[Change, ...], dropped: dict[int, Reasons]) -> dict[int, Reasons]:
    """An alias has nothing to stand for where its anchor became part of a comment."""
    gone = [edit for change in changes if change.kind == "not imported" for edit in change.edits]

    def is_gone(spot: Spot) -> bool:
        return any(edit.start <= spot.start < edit.end for edit in gone)

    return {
        number: ("its anchor stands in what is not imported",)
        for number, item in enumerate(listed_items(layout))
        if number not in dropped
        and any(
            each.kind == "alias" and not is_gone(each) and is_gone(layout.target(each)) for each in within(item.spot)
        )
    }


def _in_words(layout: Layout, changes: tuple[Change, ...]) -> tuple[Done, ...]:
    return tuple(sorted({Done(layout.line(each.at), each.kind, each.said) for each in changes}))
