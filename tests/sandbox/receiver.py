"""A server that webhooks can lead to: it keeps what it was sent, and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple


class Received(NamedTuple):
    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Receiver:
    """`url` is where it listens, `status` its next answer's; `received` is in the order in which it came."""

    def __init__(self, url: str) -> None:
        self.url, self.status, self.received = url, 200, list[Received]()

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """Header, action, and title or text of each event."""
        return [(each.headers["X-Gitlab-Event"], *_gist(each.body["object_attributes"])) for each in self.received]

    @property
    def last(self) -> dict[str, Any]:
        return self.received[-1].body


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            receiver.received.append(Received(self.path, dict(self.headers), body))
            self.send_response(receiver.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


def _gist(attributes: dict[str, Any]) -> tuple[str, str]:
    return str(attributes.get("action")), str(attributes.get("title") or attributes.get("note"))
