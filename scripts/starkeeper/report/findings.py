"""Takes problems and warnings of policies; gives them as lines that editors can jump to, or as JSON."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from starkeeper.errors import Problem
from starkeeper.render.clean import shown
from starkeeper.report.words import counted


def findings_text(problems: Sequence[Problem], warnings: Sequence[tuple[Problem, str]], rules: int = 0) -> str:
    """A line each, errors first, and a line that sums up; a warning comes with the name of its finding."""
    lines = [str(problem) for problem in problems]
    lines += [f"{problem} (warning: {name})" for problem, name in warnings]
    if problems:
        lines.append(f"{counted(len(problems), 'error')}: nothing would run before these are corrected.")
    else:
        lines.append(f"{counted(rules, 'rule')} checked: no error, {counted(len(warnings), 'warning')}.")
    return shown("\n".join(lines))


def findings_json(problems: Sequence[Problem], warnings: Sequence[tuple[Problem, str]]) -> bytes:
    """`{"errors": [...], "warnings": [...]}`, each with file, line, column, message and remedy."""
    whole = {
        "errors": [flat(problem) for problem in problems],
        "warnings": [{**flat(problem), "finding": name} for problem, name in warnings],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)


def flat(problem: Problem) -> dict[str, str | int]:
    """One problem with its place, as programs read it."""
    where = problem.where
    return {
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "message": problem.message,
        "remedy": problem.remedy,
    }
