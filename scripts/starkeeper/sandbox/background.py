"""What a world does after it has answered: deliveries and jobs, each kind in order and in a thread of its own."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Literal

Lane = Literal["hooks", "jobs"]
Task = Callable[[], None]
log = logging.getLogger(__name__)


class Background:
    """Two lanes, so that a job that takes its time holds up no delivery; a lane has a thread while it has tasks."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, deque[Task]] = {"hooks": deque(), "jobs": deque()}
        self._busy: set[Lane] = set()
        self._changed = threading.Condition()

    def add(self, lane: Lane, task: Task) -> None:
        with self._changed:
            self._lanes[lane].append(task)
            if lane not in self._busy:
                self._busy.add(lane)
                threading.Thread(target=self._work, args=(lane,), daemon=True).start()

    def wait(self, seconds: float) -> bool:
        """Waits until nothing is left to do; False where there still is after so long.

        What a task adds counts, too. Whoever waits must not hold what a task needs.
        """
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, seconds)

    def _work(self, lane: Lane) -> None:
        while task := self._next(lane):
            try:
                task()
            except Exception:
                log.exception("a task in the background failed; those behind it go on")

    def _next(self, lane: Lane) -> Task | None:
        with self._changed:
            if self._lanes[lane]:
                return self._lanes[lane].popleft()
            self._busy.discard(lane)
            self._changed.notify_all()
            return None
