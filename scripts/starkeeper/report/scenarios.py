"""Takes scenarios that were played; gives lines for people, JSON, and the JUnit file that GitLab shows."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.etree import ElementTree

import msgspec

from starkeeper.model.scenarios import Difference, Explained, Played
from starkeeper.render.clean import shown
from starkeeper.report.words import counted

_MARKS = {"ok": "ok     ", "failed": "FAILED ", "waiting": "waiting"}
_WIDTH = 140


def played_text(played: Played) -> str:
    """One line, and below it all that differs."""
    line = f"{_MARKS[played.status]}  {played.name}"
    if played.waiting:
        line += f"  ({_waiting_text(played)})"
    return shown("\n".join((line, *(f"  {each}" for each in _differences(played)))))


def summary_text(all_played: Sequence[Played]) -> str:
    """How many went as they say, what waits for which system, and how long it took."""
    counts = Counter(each.status for each in all_played)
    said = f"{counted(len(all_played), 'scenario')}: " + ", ".join(
        f"{counts[each]} {each}" for each in ("ok", "failed", "waiting") if counts[each]
    )
    waiting = sum(len(each.waiting) for each in all_played)
    if waiting:
        systems = sorted({system for each in all_played for wait in each.waiting for system in wait.systems})
        said += f"; {counted(waiting, 'step')} not played, waiting for {', '.join(systems)}"
    return f"{said}; {sum(each.seconds for each in all_played):.1f} s."


def scenarios_json(all_played: Sequence[Played]) -> bytes:
    """`{"scenarios": [...]}`, each with its place, its status, what differs and which steps wait."""
    return msgspec.json.format(msgspec.json.encode({"scenarios": [_flat(each) for each in all_played]}), indent=2)


def scenarios_junit(all_played: Sequence[Played]) -> bytes:
    """A test suite for each file; one that only waits counts as skipped."""
    root = ElementTree.Element("testsuites", name="starkeeper")
    for file, group in groupby(all_played, key=lambda each: each.where.file):
        cases = list(group)
        suite = ElementTree.SubElement(root, "testsuite", {"name": file, **_counts(cases)})
        for each in cases:
            suite.append(_case(each))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _differences(played: Played) -> Iterator[str]:
    for each in played.differences:
        yield f"{each.where}: {each.message}"
        yield from (f"    {line}" for line in each.details)
        yield from (f"    {line}" for line in _explained_text(each.explained))


def _explained_text(explained: Explained | None) -> Iterator[str]:
    """As `starkeeper explain` says it."""
    if explained is None or not explained.explanations:
        return
    # Most runs have nothing to explain, and rich takes a while to read.
    from rich.console import Console

    from starkeeper.report.reasons import show_explanations

    written = io.StringIO()
    show_explanations(Console(file=written, width=_WIDTH), explained.resource, explained.explanations)
    yield f"why, at the sweep of {explained.at:%a %Y-%m-%d %H:%M} UTC:"
    yield from (f"  {line}" for line in written.getvalue().splitlines() if line.strip())
    if explained.others:
        yield f"  Further from holding: {counted(explained.others, 'other rule')} that could have to do with it."


def _waiting_text(played: Played) -> str:
    counts = Counter(" and ".join(each.systems) for each in played.waiting)
    return ", ".join(f"{counted(number, 'step')} waiting for {systems}" for systems, number in counts.items())


def _flat(played: Played) -> dict[str, object]:
    return {
        "name": played.name,
        "file": played.where.file,
        "line": played.where.line,
        "status": played.status,
        "seconds": round(played.seconds, 3),
        "sweeps": len(played.swept_at),
        "expectations": played.expectations,
        "differences": [_flat_difference(each) for each in played.differences],
        "waiting": [{"line": each.where.line, "systems": each.systems} for each in played.waiting],
    }


def _flat_difference(each: Difference) -> dict[str, object]:
    return {
        "line": each.where.line,
        "column": each.where.column,
        "message": each.message,
        "details": each.details,
        "rules": [rule.rule for rule in (each.explained.explanations if each.explained else ())],
    }


def _counts(cases: Sequence[Played]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(each.status == "failed" for each in cases)),
        "skipped": str(sum(each.status == "waiting" for each in cases)),
        "errors": "0",
        "time": f"{sum(each.seconds for each in cases):.3f}",
    }


def _case(played: Played) -> ElementTree.Element:
    file = played.where.file
    case = ElementTree.Element(
        "testcase", name=shown(played.name), classname=file, file=file, time=f"{played.seconds:.3f}"
    )
    if played.status == "failed":
        text = shown("\n".join(_differences(played)))
        ElementTree.SubElement(case, "failure", message=shown(played.differences[0].message)).text = text
    if played.status == "waiting":
        ElementTree.SubElement(case, "skipped", message=_waiting_text(played))
    elif played.waiting:
        lines = [f"{each.where}: not played, waiting for {' and '.join(each.systems)}" for each in played.waiting]
        ElementTree.SubElement(case, "system-out").text = "\n".join(lines)
    return case
