"""What the tests of connectors share: a clock that never waits, and a GitLab that answers as each test scripts it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from msgspec import Struct

from starkeeper.connectors.gitlab import GitLab
from starkeeper.settings import Secret

TOKEN = "glpat-never-shown"
NOW = "Mon, 30 Nov 2026 09:00:00 GMT"


class Asked(Struct, frozen=True):
    """A request as it arrived; the path is decoded, `body` is its JSON."""

    verb: str
    path: str
    query: dict[str, str]
    body: Any
    headers: dict[str, str]


class Answer(Struct, frozen=True):
    """What to answer; a body that is neither text nor bytes is sent as JSON. `drop` closes without an answer."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = {}
    content_type: str = "application/json"
    drop: bool = False
    cut: bool = False


class Clock:
    """Time that passes only by sleeping; `waits` is how long each sleep was."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waits: list[float] = []
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.waits.append(seconds)
            self.now += seconds


class Scripted:
    """A server on this machine: `script` makes an answer of each request, `asked` is what came so far."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.script: Callable[[Asked], Answer] = lambda _: Answer({"message": "404 Not Found"}, 404)
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def says(self, *answers: Answer) -> None:
        """The answers in turn, the last one again and again."""
        left = list(answers)
        self.script = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.asked.append(asked)
            return self.script(asked)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(scripted: Scripted) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536

        def _serve(self) -> None:
            parts, length = urlsplit(self.path), int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            answer = scripted.answer(Asked(self.command, unquote(parts.path), query, body, dict(self.headers)))
            if answer.drop:
                self.close_connection = True
                return
            self._send(answer)

        def _send(self, answer: Answer) -> None:
            content = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
            self.send_response_only(answer.status)
            headers = {"Date": NOW, "Content-Type": answer.content_type} | answer.headers
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content.encode())))
            self.end_headers()
            self.wfile.write(content.encode()[: 5 if answer.cut else None])
            self.close_connection = self.close_connection or answer.cut

        do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815  (names of the standard library)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the tests read `asked`."""

    return Handler


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    server = Scripted()
    yield server
    server.close()


@pytest.fixture
def connect(clock: Clock) -> Iterator[Callable[..., GitLab]]:
    """Makes connectors on the fake clock, and closes them at the end."""
    made: list[GitLab] = []

    def make(url: str, token: str = TOKEN, **options: Any) -> GitLab:
        settings: dict[str, Any] = {
            "monotonic": clock.monotonic,
            "sleep": clock.sleep,
            "timeout_seconds": 5.0,
        } | options
        made.append(GitLab(url, Secret(token), **settings))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def gitlab(connect: Callable[..., GitLab], scripted: Scripted) -> GitLab:
    """A connector to the scripted server that does one thing at a time."""
    return connect(scripted.url, workers=1)
