"""Takes problems and warnings of policies; gives the Code Quality report that GitLab shows in a merge request."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from starkeeper.errors import Problem
from starkeeper.render.clean import one_line

# GitLab wants a place in the repository for everything; a wrong setting has none.
_NO_FILE = "policies"
_POSITIONS = re.compile(r":\d+(:\d+)?")


def codequality_json(problems: Sequence[Problem], warnings: Sequence[tuple[Problem, str]]) -> bytes:
    """An array, empty where nothing was found: errors block, what is probably a mistake is minor."""
    findings = [(problem, "error", "blocker") for problem in problems]
    findings += [(problem, name, "minor") for problem, name in warnings]
    return msgspec.json.format(msgspec.json.encode(list(_entries(findings))), indent=2) + b"\n"


def _entries(findings: Sequence[tuple[Problem, str, str]]) -> Iterator[dict[str, object]]:
    alike: Counter[str] = Counter()
    for problem, name, severity in findings:
        path = problem.where.file or _NO_FILE
        same = "\0".join((path, name, _POSITIONS.sub("", problem.message)))
        alike[same] += 1
        text = problem.message + (f"; {problem.remedy}" if problem.remedy else "")
        yield {
            "description": one_line(text),
            "check_name": name,
            "fingerprint": _fingerprint(same, alike[same]),
            "severity": severity,
            "location": {"path": path, "lines": {"begin": problem.where.line}},
        }


def _fingerprint(same: str, number: int) -> str:
    """The line has no part in it: a mistake that only moved is not a new one. Of several alike each has its own."""
    return hashlib.sha256(f"{same}\0{number}".encode()).hexdigest()[:32]
