"""Takes what was counted or timed; gives medians and shares, and no rate where there is little to go by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from statistics import median

from msgspec import Struct

FEW = 5
"""Of fewer than so many nobody can tell a rate: the numbers are told instead."""


class Share(Struct, frozen=True):
    """So many of so many."""

    count: int = 0
    of: int = 0

    @property
    def percent(self) -> int | None:
        """Rounded down, so that 100 are all of them; None of few."""
        return 100 * self.count // self.of if self.of >= FEW else None


class Times(Struct, frozen=True):
    """How long `count` things took: half of them at most `median`, nine in ten at most `ninth`, None of few."""

    count: int = 0
    median: dt.timedelta | None = None
    ninth: dt.timedelta | None = None


def times_of(lengths: Iterable[dt.timedelta]) -> Times:
    """The middle one, between two the one halfway; and the smallest that nine in ten do not exceed."""
    found = sorted(lengths)
    if not found:
        return Times()
    ninth = found[-(-9 * len(found) // 10) - 1] if len(found) >= FEW else None
    return Times(len(found), median(found), ninth)  # type: ignore[type-var]


def usual_count(counts: Iterable[int]) -> float | None:
    """The median; None of nothing. What is whole comes without a point."""
    found = list(counts)
    usual = median(found) if found else None
    return int(usual) if usual is not None and usual == int(usual) else usual


def usual_percent(shares: Iterable[Share]) -> int | None:
    """The median of those weeks in which there was more than little; None where there was none."""
    found = [each.percent for each in shares if each.percent is not None]
    return int(median(found)) if found else None


def usual_times(times: Iterable[Times]) -> Times:
    """The medians of the weeks' own, each of those weeks that have one."""
    found = list(times)
    ninths = [each.ninth for each in found if each.ninth is not None]
    medians = [each.median for each in found if each.median is not None]
    return Times(
        count=sum(each.count for each in found), median=times_of(medians).median, ninth=times_of(ninths).median
    )
