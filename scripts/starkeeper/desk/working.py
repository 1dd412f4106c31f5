"""Takes a person and an instant; says whether this person is at work then, and until when."""

from __future__ import annotations

import datetime as dt

from starkeeper.desk.calendars import is_open, next_closing
from starkeeper.model.desk import Person


def at_work(person: Person, at: dt.datetime) -> bool:
    """Whether it is in the working hours of the person; of whom nobody knows them, it is not said."""
    return person.hours is not None and is_open(person.hours, at)


def works_until(person: Person, at: dt.datetime) -> dt.datetime | None:
    """The end, in UTC, of the hours in which the person is at work at that instant.

    None where the person is not at work then, and where the hours never end.
    """
    if person.hours is None or not is_open(person.hours, at):
        return None
    return next_closing(person.hours, at)
