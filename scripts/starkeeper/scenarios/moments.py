"""How scenarios write instants, and how they say when something happened."""

from __future__ import annotations

import datetime as dt
import re
from typing import Self

from msgspec import Struct


class Moment(Struct, frozen=True):
    """An instant, written in UTC to the minute."""

    instant: dt.datetime

    @classmethod
    def parse(cls, text: str) -> Self:
        if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?Z?", text, re.ASCII):
            try:
                return cls(dt.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=dt.UTC))
            except ValueError:
                raise ValueError(f"there is no time {text}; check day and hour") from None
        raise ValueError(f"'{text}' is no time; write it in UTC, like 2026-11-30 09:00")


_HOURS = {
    "": "",
    "(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ": "%a ",
    r"\d\d-\d\d ": "%m-%d ",
    r"\d{4}-\d\d-\d\d ": "%Y-%m-%d ",
}


class Hour(Struct, frozen=True):
    """A time in UTC, with the day of the week or the date where these matter, and how an instant is written so."""

    text: str
    format: str

    @classmethod
    def parse(cls, text: str) -> Self:
        for shape, format in _HOURS.items():
            if re.fullmatch(rf"{shape}([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
                return cls(text, f"{format}%H:%M")
        raise ValueError(f"'{text}' is no time; write it in UTC, like 09:10, Mon 09:10 or 2026-11-30 09:10")

    def is_of(self, at: dt.datetime) -> bool:
        return at.strftime(self.format) == self.text
