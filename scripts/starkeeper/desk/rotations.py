"""Takes a rotation and an instant; says who is on call."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from starkeeper.model.desk import Rotation, Shift


def on_call(rotation: Rotation, at: dt.datetime) -> str | None:
    """The user name of whoever is on call at that aware instant, or None where no shift covers it.

    A shift belongs to its beginning and not to its end: at 16:00 the one from 16:00 is on call.
    """
    local = at.astimezone(ZoneInfo(rotation.zone)).time()
    return next((shift.person for shift in rotation.shifts if _covers(shift, local)), None)


def _covers(shift: Shift, local: dt.time) -> bool:
    if shift.starts < shift.ends:
        return shift.starts <= local < shift.ends
    return local >= shift.starts or local < shift.ends
