"""What can go wrong, said so that a person can mend it: where, what was found, what was expected, what to do."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Where(msgspec.Struct, frozen=True, order=True):
    """A place in a file: `line` and `column` count from 1, as editors do."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Where("")


class Problem(msgspec.Struct, frozen=True, order=True):
    """One mistake in a policy, template or setting: `message` says what was found and expected, `remedy` what to do."""

    where: Where
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where.file else ""
        return f"{place}{self.message}" + (f"; {self.remedy}" if self.remedy else "")


class StarkeeperError(Exception):
    """Every error that Starkeeper raises on purpose; its text is fit to be shown to a person."""


class PolicyError(StarkeeperError):
    """Policies, templates or settings that must be corrected first: *all* problems that one run could find."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(dict.fromkeys(problems), key=lambda each: each.where))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RenderError(StarkeeperError):
    """A template that could not be rendered, or whose result would do more in GitLab than the template says."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


class ConnectorError(StarkeeperError):
    """A service that did not do what was asked: which service, which request, and what a person can do about it.

    `status` is the HTTP status, or None when no answer came. `lost` says that the request may have taken effect
    although no answer arrived, so that a write must be looked for before it is sent again.
    """

    def __init__(
        self, service: str, request: str, found: str, advice: str = "", *, status: int | None = None, lost: bool = False
    ) -> None:
        self.service = service
        self.request = request
        self.found = found
        self.advice = advice
        self.status = status
        self.lost = lost
        super().__init__(f"{service}: {request}: {found}" + (f"; {advice}" if advice else ""))


def nearest(name: str, known: Iterable[str]) -> str:
    """The remedy for a misspelt name: the closest known one, or all of them when none is close and they are few."""
    # Most runs meet no misspelt name.
    import difflib

    names = sorted(set(known))
    in_small = {each.lower(): each for each in names}
    close = difflib.get_close_matches(name.lower(), in_small, n=1, cutoff=0.7)
    if close:
        return f"did you mean '{in_small[close[0]]}'?"
    if names and len(names) <= 12:
        return "known here: " + ", ".join(f"'{each}'" for each in names)
    return ""
