"""Takes what `check --online` found; gives a line for each thing that is missing, or JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from starkeeper.errors import Problem
from starkeeper.model.setup import SetupFinding
from starkeeper.render.clean import shown
from starkeeper.report import DONE, MUST_CORRECT, NOT_ALL_DONE
from starkeeper.report.findings import flat
from starkeeper.report.words import counted

_WORDS = {"unread": "not asked", "hidden": "not seen"}


def online_text(findings: Sequence[SetupFinding], asked: Sequence[str]) -> str:
    """A line each, in the order given, and one that says who was asked and how it stands."""
    lines = [f"{_WORDS.get(each.level, each.level)}: {finding_in_words(each)}" for each in findings]
    counts = Counter(each.level for each in findings)
    said = [counted(counts["error"], "error"), counted(counts["warning"], "warning")]
    said += [f"{counted(counts['unread'], 'question')} without an answer"] if counts["unread"] else []
    lines.append(f"Asked {', '.join(asked)}: {', '.join(said)}.")
    return shown("\n".join(lines))


def finding_in_words(finding: SetupFinding) -> str:
    """Where, what was found, and who must do what."""
    return f"{finding.where}: {finding.what}" + (f"; {finding.do}" if finding.do else "")


def findings_status(findings: Sequence[SetupFinding]) -> int:
    """3 where somebody gave no answer, 1 where something must be corrected. A warning is no reason to stop, nor is what
    only a Maintainer sees."""
    levels = {each.level for each in findings}
    if "unread" in levels:
        return NOT_ALL_DONE
    return MUST_CORRECT if "error" in levels else DONE


def online_json(warnings: Sequence[tuple[Problem, str]], findings: Sequence[SetupFinding]) -> bytes:
    """As without --online, with `online` beside it: each with level, where, what and do."""
    whole = {
        "errors": [],
        "warnings": [{**flat(problem), "finding": name} for problem, name in warnings],
        "online": msgspec.to_builtins(findings),
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=2)
