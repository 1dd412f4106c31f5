"""Server-sent events: a page that is open hears at once that there is something new to see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from starkeeper.sandbox.state import State
from starkeeper.sandbox.web.desk import Desk

LOOK_SECONDS = 0.2
# A connection that says nothing for so long may be closed on the way, or its page may be gone unnoticed.
QUIET_LOOKS = 75


class Events(StreamingResponse):
    """The answer that never ends by itself."""

    def __init__(self, state: State, desk: Desk) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(changes(state, desk), media_type="text/event-stream", headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            # The server stops: an answer that is left open would be reported as an error.
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def changes(state: State, desk: Desk) -> AsyncIterator[str]:
    """An event at once, and one after each change; without end."""
    before, quiet = "", 0
    while True:
        stamp = _stamp(state, desk)
        if stamp != before:
            yield f"data: {stamp}\n\n"
            before, quiet = stamp, 0
        elif quiet >= QUIET_LOOKS:
            yield ": still here\n\n"
            quiet = 0
        quiet += 1
        await asyncio.sleep(LOOK_SECONDS)


def _stamp(state: State, desk: Desk) -> str:
    """Differs whenever the page would: the minute counts, as it stands on the page and decides who is on call."""
    return f"{state.version} {desk.version} {state.clock():%Y%m%d%H%M}"
