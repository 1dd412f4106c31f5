"""How long to wait: between notes, before a limit is hit, after GitLab asked for patience, and before a new try."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

LONGEST_WAIT_SECONDS = 120.0
_NUMBER = re.compile(r"[0-9]{1,18}")
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")

# One answer of a server holds both its clock (`Date`) and the times that it asks for, so the wait is their difference
# and the clock of this machine does not matter.


class Pace:
    """Lets at most so many through per second, whichever thread they come from."""

    def __init__(self, per_second: float, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._gap_seconds = 1 / per_second
        self._monotonic = monotonic
        self._sleep = sleep
        self._lock = threading.Lock()
        self._free_at = monotonic()

    def wait(self) -> None:
        """Takes the next free turn and sleeps until it comes."""
        with self._lock:
            now = self._monotonic()
            turn = max(now, self._free_at)
            self._free_at = turn + self._gap_seconds
        if turn > now:
            self._sleep(turn - now)


class Brake:
    """Stops every thread when an answer says that hardly any request is left, until GitLab counts anew."""

    def __init__(self, workers: int, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._workers = workers
        self._monotonic = monotonic
        self._sleep = sleep
        self._free_at = monotonic()

    def wait(self) -> None:
        """Sleeps while the brake is on."""
        seconds = self._free_at - self._monotonic()
        if seconds > 0:
            self._sleep(seconds)

    def see(self, headers: Mapping[str, str]) -> None:
        """Puts the brake on where `RateLimit-Remaining` is nearly 0.

        A wait that is longer than we accept is not begun: what is left of the limit is used, and the refusal that
        follows says when to come back.
        """
        remaining, limit = number(headers, "RateLimit-Remaining"), number(headers, "RateLimit-Limit")
        seconds = _until_reset(headers)
        if remaining is None or seconds is None or seconds > LONGEST_WAIT_SECONDS:
            return
        # Each of the other threads may have one request under way that this answer did not count.
        if remaining <= min(self._workers, (limit or 0) // 10):
            self._free_at = max(self._free_at, self._monotonic() + seconds)


def asked_wait(headers: Mapping[str, str]) -> float | None:
    """The seconds that an answer asks to wait: `Retry-After` (seconds or a date), else `RateLimit-Reset`, else None."""
    text = headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    at, now = _date(text), _date(headers.get("Date", ""))
    if at is not None and now is not None:
        return max(0.0, at - now)
    return _until_reset(headers)


def backoff(tried: int) -> float:
    """The seconds before the next try, after so many: about 1, 2, 4, 8, with jitter so that threads spread out."""
    return float(2 ** (tried - 1)) * random.uniform(0.5, 1.0)


def jitter() -> float:
    """A part of a second on top of what GitLab asked for, so that the threads do not all come back at once."""
    return random.uniform(0.0, 1.0)


def number(headers: Mapping[str, str], name: str) -> int | None:
    """A header that is a whole number; None where it is absent or something else, or nothing can be so many."""
    text = headers.get(name, "").strip()
    return int(text) if _NUMBER.fullmatch(text) else None


def begun_at(headers: Mapping[str, str]) -> float | None:
    """When the server began to make this answer, by its own clock, in seconds since 1970; None where it is unknown."""
    sent_at, took = _date(headers.get("Date", "")), headers.get("X-Runtime", "")
    return None if sent_at is None else sent_at - (float(took) if _SECONDS.fullmatch(took) else 0)


def _until_reset(headers: Mapping[str, str]) -> float | None:
    at, now = number(headers, "RateLimit-Reset"), _date(headers.get("Date", ""))
    return None if at is None or now is None else max(0.0, at - now)


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except ValueError:
        return None
