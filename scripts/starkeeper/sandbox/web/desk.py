"""What the page keeps beside the world: where it is served, and the sweeps that were run from it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

from msgspec import Struct

# Sweeps the world at this time and gives the report; called without the world's lock, for it comes in over HTTP.
RunSweep = Callable[[dt.datetime], str]


class Report(Struct, frozen=True):
    """What the last sweep said, and who ran it for which time."""

    number: int
    by: str
    at: dt.datetime
    text: str


class Desk:
    """One page of one world; `run_sweep` is None where nobody can sweep it from here, `host` where it listens."""

    def __init__(self, host: str = "127.0.0.1", run_sweep: RunSweep | None = None) -> None:
        self.host = host
        self.run_sweep = run_sweep
        self.sweeping_for: str = ""
        self.report: Report | None = None
        self._one_at_a_time = threading.Lock()

    @property
    def version(self) -> str:
        """Another one whenever a sweep begins or ends."""
        return f"{self.report.number if self.report else 0}{'+' if self.sweeping_for else ''}"

    def sweep(self, by: str, at: dt.datetime) -> bool:
        """Runs a sweep to its end; False where there is one on its way already, or none can be run."""
        if self.run_sweep is None or not self._one_at_a_time.acquire(blocking=False):
            return False
        try:
            self.sweeping_for = by
            number = self.report.number + 1 if self.report else 1
            self.report = Report(number, by, at, self.run_sweep(at))
            return True
        finally:
            self.sweeping_for = ""
            self._one_at_a_time.release()
