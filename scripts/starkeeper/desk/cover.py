"""Takes what a request for cover says; gives the time it is about, the manager it names, and how long that one has."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable

from msgspec import Struct

from starkeeper.desk.words import instant, printable
from starkeeper.model.desk import Desk, Person
from starkeeper.model.resources import Duty

LONGEST = dt.timedelta(days=7)
"""Nobody is covered for longer: that is no swap but another rota."""
TO_ANSWER = dt.timedelta(hours=2)
"""How long a manager who was asked has, unless half of what is left until the beginning is less."""
COVER_ATTRIBUTES = frozenset(
    {
        "asker",
        "asked",
        "taker",
        "declined",
        "on_call",
        "starts_at",
        "ends_at",
        "span",
        "answer_by",
        "by_hand",
        "trouble",
        "editor",
    }
)
"""What templates see of a request for cover."""
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?) ?(UTC|Z|[+-]\d\d:?\d\d)?", re.ASCII | re.IGNORECASE)


class Span(Struct, frozen=True):
    """A time from `starts` up to `ends`."""

    starts: dt.datetime
    ends: dt.datetime

    def __str__(self) -> str:
        """`Tue 2026-12-01 13:00 to 15:00 UTC`; the day of the end stands there where it is another one."""
        is_one_day = self.starts.date() == self.ends.date()
        ends = f"{self.ends:%H:%M} UTC" if is_one_day else instant(self.ends)
        return f"{instant(self.starts).removesuffix(' UTC')} to {ends}"


def span_of(starts: str, ends: str) -> Span | None:
    """The time between two that people wrote; None where one cannot be read, where it ends before it begins, and where
    it is longer than LONGEST."""
    first, last = moment_of(starts), moment_of(ends)
    if first is None or last is None or not first < last <= first + LONGEST:
        return None
    return Span(first, last)


def held_by(names: Collection[str], span: Span, shifts: Iterable[Duty]) -> bool:
    """Whether those people, by user name, are on call in all of that time; the shifts are in order."""
    known = {each.casefold() for each in names if each}
    reached = span.starts
    for shift in shifts:
        if shift.person.casefold() in known and shift.starts <= reached:
            reached = max(reached, shift.ends)
    return reached >= span.ends


def stands_in(name: str, other: str, span: Span, shifts: Collection[Duty]) -> bool:
    """Whether the one is on call in all of that time, and the other in none of it; the shifts are those of the time."""
    return held_by((name,), span, shifts) and all(each.person.casefold() != other.casefold() for each in shifts)


def without_account(username: str, desk: Desk) -> str:
    """The sentence that says that somebody cannot be found in PagerDuty; "" where people.yml has what it takes."""
    person = person_of(username, desk)
    if person and (person.pagerduty or person.email):
        return ""
    return (
        f"{printable(person.name if person and person.name else username)} has no PagerDuty id or e-mail in people.yml"
    )


def person_of(username: str, desk: Desk) -> Person | None:
    """Whoever has that user name in people.yml, written in whatever case."""
    return next((each for name, each in desk.people.items() if name.casefold() == username.casefold()), None)


def manager_named(text: str, desk: Desk) -> str:
    """The user name of the manager whom somebody means by user name or by what people.yml calls them; "" for none."""
    wanted = text.strip().removeprefix("@").casefold()
    for name in desk.managers:
        person = desk.people.get(name)
        if wanted and wanted in (name.casefold(), person.name.casefold() if person else ""):
            return name
    return ""


def answer_by(asked_at: dt.datetime, starts: dt.datetime) -> dt.datetime:
    """Until when somebody who was asked then can answer alone."""
    return asked_at + min(TO_ANSWER, (starts - asked_at) / 2)


def moment_of(text: str) -> dt.datetime | None:
    """`2026-12-01 13:00`, or an ISO time; without a zone it is in UTC."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    zone = found[3] if found[3] and found[3][0] in "+-" else "+00:00"
    try:
        return dt.datetime.fromisoformat(f"{found[1]}T{found[2]}{zone}").astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
