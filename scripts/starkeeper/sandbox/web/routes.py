"""The addresses of the page for the web server: what is shown, what is done, and what is heard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from starkeeper.sandbox.answers import Answer, json_answer
from starkeeper.sandbox.api import Sent
from starkeeper.sandbox.web import moves_clock, moves_pagerduty, moves_slack, moves_tracker
from starkeeper.sandbox.web.desk import Desk
from starkeeper.sandbox.web.guard import comes_from_the_page
from starkeeper.sandbox.web.live import Events
from starkeeper.sandbox.web.pages import show_page
from starkeeper.sandbox.web.play import Refused, play, read_move
from starkeeper.sandbox.world import World

NOT_FROM_THE_PAGE = (
    "Refused: the sandbox's own page did not send this. Open it as localhost, by its IP address, "
    "or by the name that was given to --host."
)
ReadSent = Callable[[Request], Awaitable[Sent]]
# Imported for the verbs that they register.
MOVES = (moves_clock, moves_pagerduty, moves_slack, moves_tracker)


def page_routes(world: World, desk: Desk, read: ReadSent) -> list[Route]:
    """The page takes every address that is left, so its routes come last."""

    async def show(request: Request) -> Response:
        sent = await read(request)
        with world.lock:
            return _response(show_page(world, sent, desk))

    async def hear(_request: Request) -> Response:
        return Events(world, desk)

    async def do(request: Request) -> Response:
        sent, verb = await read(request), request.path_params["verb"]
        if not comes_from_the_page(sent.headers, desk.host):
            return _response(json_answer({"said": NOT_FROM_THE_PAGE}, 403))
        if verb == "sweep":
            return _response(await _sweep(world, desk, sent))
        with world.lock:
            return _response(play(world, verb, sent))

    return [
        Route("/-/live", hear, methods=["GET"]),
        Route("/-/{verb}", do, methods=["POST"]),
        Route("/{path:path}", show, methods=["GET"]),
    ]


async def _sweep(world: World, desk: Desk, sent: Sent) -> Answer:
    """Waits for the sweep in a thread: it asks this very server for all it needs."""
    try:
        with world.lock:
            me, at = read_move(world, sent).me, world.clock()
    except Refused as refused:
        return json_answer({"said": str(refused)}, 422)
    if not await asyncio.to_thread(desk.sweep, me, at):
        return json_answer({"said": "A sweep is on its way already: wait for its report."}, 409)
    return json_answer({"said": "The sweep is done: its report is above."})


def _response(answer: Answer) -> Response:
    headers: dict[str, Any] = {"Content-Type": "application/json", **answer.headers}
    return Response(answer.body, answer.status, headers)
