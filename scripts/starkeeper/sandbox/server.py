"""A world to a running web server: REST, GraphQL and the page, on a port of this machine."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from itertools import count
from typing import Any

import msgspec
import uvicorn
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request as WebRequest
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from starkeeper.sandbox.answers import Answer, json_answer
from starkeeper.sandbox.api import Sent, token_of
from starkeeper.sandbox.faults import Fault, next_fault
from starkeeper.sandbox.graphql import answer_graphql
from starkeeper.sandbox.pagerduty import PREFIX as PAGERDUTY
from starkeeper.sandbox.pagerduty import answer_pagerduty
from starkeeper.sandbox.records import Request
from starkeeper.sandbox.routes import answer
from starkeeper.sandbox.slack import PREFIX as SLACK
from starkeeper.sandbox.slack import answer_slack
from starkeeper.sandbox.state import State
from starkeeper.sandbox.throttle import limit_headers, refuse_when_too_many
from starkeeper.sandbox.web.desk import Desk
from starkeeper.sandbox.web.routes import page_routes
from starkeeper.sandbox.world import World

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_request_numbers = count(1)


class Served(Struct, frozen=True):
    """A running server: `url` has no slash at its end."""

    url: str


class Dropped(Exception):
    """The connection is to end without an answer."""


def application(state: World, desk: Desk | None = None) -> Starlette:
    """The world as an ASGI application, for a server of one's own; `desk` is its page's."""

    async def handle(request: WebRequest) -> Response:
        sent = await _read(request)
        if state.latency_seconds:
            await asyncio.sleep(state.latency_seconds)
        with state.lock:
            return _respond(state, sent)

    services = [Route(f"{each}{{path:path}}", handle, methods=METHODS) for each in ("/api/", SLACK, PAGERDUTY)]
    return Starlette(routes=[*services, *page_routes(state, desk or Desk(), _read)])


async def _read(request: WebRequest) -> Sent:
    return Sent(
        request.method,
        request.scope.get("raw_path", b"").decode("ascii", "replace").partition("?")[0] or request.url.path,
        request.url.query,
        dict(request.headers),
        await request.body(),
        f"{request.url.scheme}://{request.headers.get('host', 'localhost')}",
    )


def _respond(state: State, sent: Sent) -> Response:
    fault = next_fault(state.faults, sent.method, sent.path)
    try:
        found = _spoilt(state, sent, fault) if fault else _answered(state, sent)
    except Dropped:
        state.requests.append(Request(sent.method, sent.path, sent.query, 0))
        return _Hangup()
    state.requests.append(Request(sent.method, sent.path, sent.query, found.status))
    headers = {
        "Date": format_datetime(state.clock().astimezone(dt.UTC), usegmt=True),
        "Cache-Control": "max-age=0, private, must-revalidate",
        "X-Request-Id": f"sandbox-{next(_request_numbers)}",
        **found.headers,
    }
    if found.body and "Content-Type" not in headers:
        headers["Content-Type"] = "application/json"
    return Response(b"" if sent.method == "HEAD" else found.body, found.status, headers)


def _answered(state: State, sent: Sent) -> Answer:
    if sent.path.startswith(SLACK):
        return answer_slack(state, sent)
    if sent.path.startswith(PAGERDUTY):
        return answer_pagerduty(state, sent)
    refused = refuse_when_too_many(state, token_of(sent.headers))
    if refused is not None:
        return refused
    found = answer_graphql(state, sent) if sent.path == "/api/graphql" else answer(state, sent)
    found.headers = {**limit_headers(state, token_of(sent.headers)), **found.headers}
    return found


def _spoilt(state: State, sent: Sent, fault: Fault) -> Answer:
    """The answer that a fault makes of a request, with or without the request's effect."""
    if fault.keep_rows is not None:
        return _cut(_answered(state, sent), fault.keep_rows, fault.total)
    if fault.after_effect:
        _answered(state, sent)
    if fault.drop:
        raise Dropped
    body = fault.body if isinstance(fault.body, bytes) else fault.body.encode()
    return Answer(fault.status, body, dict(fault.headers))


def _cut(found: Answer, rows: int, total: int | None) -> Answer:
    listed: Any = msgspec.json.decode(found.body)
    headers = dict(found.headers)
    if total is not None:
        headers["X-Total"] = str(total)
    return json_answer(listed[:rows] if isinstance(listed, list) else listed, found.status, headers)


class _Hangup(Response):
    """No answer at all: takes the connection from under uvicorn, for which ASGI has no word."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cycle: Any = receive
        cycle.__self__.transport.abort()
        await receive()


class _Server(uvicorn.Server):
    """Runs in a thread: leaves the signals of the process alone and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()
        self._over = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        self.listening.set()

    async def main_loop(self) -> None:
        # uvicorn looks ten times a second whether it is to end; tests start and stop a server by the hundred.
        await self._over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # As uvicorn's own, without the tenth of a second that it grants to open connections.
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)

    def stop(self) -> None:
        """Ends the server at once, open connections included; may be called from any thread."""
        self.should_exit = self.force_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._over.set)


@contextmanager
def serve(world: World, host: str = "127.0.0.1", port: int = 0, desk: Desk | None = None) -> Iterator[Served]:
    """Runs the world on a port (0: any free one) until the block ends; `desk` is its page's."""
    # Named as TCP, or asyncio does not switch off Nagle's delay and each answer waits 40 ms for its second packet.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    config = uvicorn.Config(
        application(world, desk or Desk(host)), log_config=None, access_log=False, lifespan="off", timeout_keep_alive=60
    )
    config.timeout_graceful_shutdown = 1
    server = _Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    server.listening.wait(30)
    world.url = f"http://{host}:{listener.getsockname()[1]}"
    try:
        yield Served(world.url)
    finally:
        server.stop()
        thread.join(5)
        listener.close()
