"""What is looked up once in a run, whether it was found or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from starkeeper.errors import ConnectorError

T = TypeVar("T")


class Once(Generic[T]):
    """Gives what `look` gave the first time, its error too."""

    def __init__(self, look: Callable[[], T]) -> None:
        self._look = look
        self._found: list[T] = []
        self._error: ConnectorError | None = None

    @property
    def found(self) -> T | None:
        """What was found, if it was looked for."""
        return self._found[0] if self._found else None

    def __call__(self) -> T:
        if self._error is not None:
            raise self._error
        if not self._found:
            try:
                self._found.append(self._look())
            except ConnectorError as error:
                self._error = error
                raise
        return self._found[0]
