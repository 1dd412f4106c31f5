"""Takes verdicts on files of gitlab-triage; gives them as lines grouped by rule, or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from starkeeper.errors import Problem
from starkeeper.model.verdicts import FileVerdict, Remark, Verdict
from starkeeper.render.clean import one_line, shown
from starkeeper.report.words import counted

_VERDICTS = {"runs": "runs as it is", "refused": "refused", "mistaken": "runs, but is probably mistaken"}
_SHOWN = {"runs": "runs", "refused": "refused", "mistaken": "probably mistaken"}


def compat_text(files: Sequence[FileVerdict]) -> str:
    """A paragraph a file, a line a rule with what there is to say below it, and a line that sums up."""
    lines = [line for file in files for line in (*_file_lines(file), "")]
    return shown("\n".join([*lines, _summary(files)]))


def compat_json(files: Sequence[FileVerdict]) -> bytes:
    """`{"files": [{"file", "remarks", "rules": [{"name", "type", "verdict", "remarks", …}]}], "summary": {…}}`."""
    whole = {
        "files": [
            {
                "file": file.file,
                "remarks": [_flat(remark) for remark in file.remarks],
                "rules": [_rule(verdict) for verdict in file.verdicts],
            }
            for file in files
        ],
        "summary": {name: _counts(files)[name] for name in _VERDICTS},
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


def anything_refused(files: Sequence[FileVerdict]) -> bool:
    return any(
        remark.kind == "refused"
        for file in files
        for remark in (*file.remarks, *(each for verdict in file.verdicts for each in verdict.remarks))
    )


def _file_lines(file: FileVerdict) -> Iterator[str]:
    yield file.file
    for remark in file.remarks:
        yield f"  {_line(remark)}"
    for verdict in file.verdicts:
        yield f"  {verdict.where}: {_title(verdict)}: {_VERDICTS[verdict.kind]}"
        for remark in verdict.remarks:
            yield f"      {_line(remark)}"


def _title(verdict: Verdict) -> str:
    name = one_line(verdict.name)
    if verdict.rules != 1 or verdict.name == f"'{verdict.type}'":
        return f"{name} ({counted(verdict.rules, 'rule')})"
    return f"{name} ({verdict.type})"


def _line(remark: Remark) -> str:
    problem = remark.problem
    if remark.kind == "differs":
        return f"{problem.where}: different: {problem.message}; {problem.remedy}"
    return f"{problem} (warning: {remark.finding})" if remark.finding else str(problem)


def _summary(files: Sequence[FileVerdict]) -> str:
    counts = _counts(files)
    if not any(counts.values()) and anything_refused(files):
        return "No rule could be read."
    said = [f"{counts['runs']} {'runs as it is' if counts['runs'] == 1 else 'run as they are'}"]
    said += [f"{counts[name]} {_SHOWN[name]}" for name in ("refused", "mistaken") if counts[name]]
    return f"{counted(sum(counts.values()), 'rule')}: {', '.join(said)}."


def _counts(files: Sequence[FileVerdict]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for file in files:
        for verdict in file.verdicts:
            counts[verdict.kind] += verdict.rules
    return counts


def _rule(verdict: Verdict) -> dict[str, Any]:
    return {
        "name": verdict.name,
        "type": verdict.type,
        "line": verdict.where.line,
        "column": verdict.where.column,
        "verdict": verdict.kind,
        "rules": verdict.rules,
        "remarks": [_flat(remark) for remark in verdict.remarks],
    }


def _flat(remark: Remark) -> dict[str, str | int]:
    problem: Problem = remark.problem
    return {
        "kind": remark.kind,
        "file": problem.where.file,
        "line": problem.where.line,
        "column": problem.where.column,
        "message": problem.message,
        "remedy": problem.remedy,
        "finding": remark.finding,
    }
