"""A write that may not be sent twice: sent, and looked for each time its answer was lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from starkeeper.connectors import pacing
from starkeeper.connectors.gitlab.asks import SERVICE
from starkeeper.errors import ConnectorError

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

T = TypeVar("T")
_TRIES = 3


def once(client: Client, send: Callable[[], T], look: Callable[[], T | None]) -> T:
    """What `send` gives; or what `look` finds after an answer was lost: sent twice, it would stand there twice.

    Before the look it waits as long again as the lost answer took, for a request that ran out of our time may still be
    at work. Raises the error with `lost` where it could not be found out.
    """
    for tried in range(1, _TRIES + 1):
        begun_at = client.monotonic()
        try:
            return send()
        except ConnectorError as error:
            if not error.lost:
                raise
            lost = error
        client.sleep(max(pacing.backoff(tried), client.monotonic() - begun_at))
        try:
            found = look()
        except ConnectorError as error:
            why = f"{lost.found}, and whether it took effect could not be seen: {error.found}"
            raise ConnectorError(SERVICE, lost.request, why, lost.advice, status=lost.status, lost=True) from None
        if found is not None:
            return found
    raise lost
