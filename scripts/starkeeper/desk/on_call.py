"""Takes a rotation and the facts; says who is on call, as PagerDuty or the table of shifts has it, and who is next.

Everything that asks who is on call asks here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from starkeeper.desk.rotations import AHEAD, BACK, duties_of, joined, next_duty, on_duty
from starkeeper.desk.words import instant, printable
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Duty, Place, ResourceKey


def who_is_on_call(rotation: str, facts: Facts, at: dt.datetime | None = None) -> str | None:
    """The user name of whoever is on call then, or now; None for nobody, and for somebody who is not in people.yml.

    Raises FacetNeeded where PagerDuty must be asked first, as all these do.
    """
    duty = shift_of(rotation, facts, at)
    return duty.person or None if duty else None


def shift_of(rotation: str, facts: Facts, at: dt.datetime | None = None) -> Duty | None:
    """The shift that somebody has then, or now; its `person` is "" where people.yml does not know who it is."""
    return on_duty(_duties(rotation, facts, at), at or facts.now)


def next_shift(rotation: str, facts: Facts, at: dt.datetime | None = None) -> Duty | None:
    """The first shift that begins after that, or after now."""
    return next_duty(_duties(rotation, facts, at), at or facts.now)


def shifts_in(rotation: str, facts: Facts, since: dt.datetime, until: dt.datetime) -> tuple[Duty, ...] | None:
    """The shifts in that time to come, in order; None where PagerDuty has them and is not connected.

    Raises Unanswerable where PagerDuty does not tell.
    """
    asked = facts.desk.rotations[rotation]
    if not asked.schedules or "pagerduty" not in facts.systems:
        found = joined(duty for at in _days(since, until) for duty in duties_of(asked, at))
        return _within(found, since, until) if asked.shifts or not asked.schedules else None
    key = span_key(rotation, since, until)
    # What was read for the time itself counts, also once somebody asks what will be later.
    is_near = until <= facts.now + AHEAD and key not in facts.read.get("duties", {})
    return _within(facts.duties_in(Place("rotations", rotation) if is_near else key), since, until)


def span_key(rotation: str, since: dt.datetime, until: dt.datetime) -> ResourceKey:
    """What names the shifts of a rotation in a time further ahead than is read anyway."""
    return ResourceKey(rotation, 0, "shifts", f"{_iso(since)}/{_iso(until)}")


def span_in(key: ResourceKey) -> tuple[dt.datetime, dt.datetime]:
    """The time that such a key names."""
    since, until = (dt.datetime.fromisoformat(each) for each in key.name.split("/"))
    return since, until


def unknown_on_call(facts: Facts) -> tuple[str, ...]:
    """Whom PagerDuty has on call now although people.yml does not know them, each a sentence that says what to do.

    Only of rotations that were asked for: nobody else waits for them.
    """
    asked = sorted(place.path for place in facts.read.get("duties", {}) if isinstance(place, Place))
    shifts = ((name, shift_of(name, facts)) for name in asked)
    return tuple(_unknown(name, shift) for name, shift in shifts if shift and not shift.person)


def _duties(rotation: str, facts: Facts, at: dt.datetime | None) -> tuple[Duty, ...]:
    """A table counts where there are no schedules, or nobody to ask about them; never instead of a failed look-up."""
    asked = facts.desk.rotations[rotation]
    if asked.schedules and "pagerduty" in facts.systems:
        return facts.duties(rotation)
    return duties_of(asked, at or facts.now)


def _within(duties: Iterable[Duty], since: dt.datetime, until: dt.datetime) -> tuple[Duty, ...]:
    return tuple(each for each in duties if each.ends > since and each.starts < until)


def _days(since: dt.datetime, until: dt.datetime) -> Iterator[dt.datetime]:
    """An instant of each day of that time."""
    while since < until + BACK:
        yield since
        since += BACK


def _iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()


def _unknown(rotation: str, shift: Duty) -> str:
    found = f"PagerDuty has '{printable(shift.name)}' on call in {rotation} until {instant(shift.ends)}"
    return f"{found}, who is not in people.yml, so rules find nobody there; add them with their PagerDuty id or e-mail"
