"""What can be said of a policy written for gitlab-triage before it runs here: a verdict for each rule, and why."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from starkeeper.errors import Problem, Where

RemarkKind = Literal["refused", "mistaken", "differs"]


class Remark(Struct, frozen=True):
    """One thing to know at a place: it is refused, probably a mistake, or has another effect than in gitlab-triage."""

    kind: RemarkKind
    problem: Problem
    finding: str = ""


class Verdict(Struct, frozen=True):
    """On one rule or summary; or on a whole section that is not known here, which has so many `rules`."""

    name: str
    type: str
    where: Where
    remarks: tuple[Remark, ...] = ()
    rules: int = 1

    @property
    def kind(self) -> Literal["refused", "mistaken", "runs"]:
        kinds = {each.kind for each in self.remarks}
        return "refused" if "refused" in kinds else "mistaken" if "mistaken" in kinds else "runs"


class FileVerdict(Struct, frozen=True):
    """On one file; `remarks` are on what stands outside its rules."""

    file: str
    verdicts: tuple[Verdict, ...] = ()
    remarks: tuple[Remark, ...] = ()
