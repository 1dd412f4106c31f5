"""Requests to PagerDuty: what to read in, decoded answers out; asked again where that can help, errors put in words."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import requests
from msgspec import Raw, structs

from starkeeper.connectors.pagerduty import refusals
from starkeeper.connectors.pagerduty.asks import SERVICE, Ask
from starkeeper.connectors.pagerduty.wire import decode
from starkeeper.errors import ConnectorError
from starkeeper.settings import Secret

_LOG = logging.getLogger("starkeeper.pagerduty")
_TRIES = 3
# After so long nothing is tried again: a run has other things to do than to wait for what is down.
_PATIENCE_SECONDS = 20.0
_PER_PAGE = 100
_NOTHING = Raw(b"null")
T = TypeVar("T")


class Client:
    """Reads and writes, with one connection that stays open."""

    def __init__(
        self,
        url: str,
        token: Secret,
        *,
        timeout_seconds: float,
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._url = url.rstrip("/")
        self._timeout_seconds = timeout_seconds
        self._monotonic, self._sleep = monotonic, sleep
        self._session = requests.Session()
        # Set as `auth`, since a header of its own would give way to what a .netrc says.
        self._session.auth = _Key(token)
        self._session.headers["Accept"] = "application/vnd.pagerduty+json;version=2"
        self._session.headers["Content-Type"] = "application/json"

    def read(self, ask: Ask, shape: type[T]) -> T:
        """One answer. Raises ConnectorError."""
        return decode(self._get(ask).content, shape, ask.about)

    def read_all(self, ask: Ask, rows: str, shape: type[T]) -> list[T]:
        """The rows of all pages, which stand under the name `rows`. Raises ConnectorError where one is missing."""
        found: list[T] = []
        while True:
            query = {**ask.query, "limit": str(_PER_PAGE), "offset": str(len(found))}
            page = self.read(structs.replace(ask, query=query), dict[str, Raw])
            listed: list[T] = decode(page.get(rows, _NOTHING), list[shape], ask.about)  # type: ignore[valid-type]
            found += listed
            if not decode(page.get("more", _NOTHING), bool, ask.about):
                return found
            if not listed:
                raise ConnectorError(SERVICE, ask.about, "a page is empty though more should come", "run again later")

    def write(self, ask: Ask, body: Mapping[str, Any], sender: str, *, is_done: Callable[[], bool]) -> bytes | None:
        """The answer to what is sent in the name of `sender`, or None where `is_done` finds after a lost answer that it
        was done. Raises ConnectorError."""
        tried = 1
        while isinstance(result := self._send(ask, body, sender), refusals.Refusal):
            if result.wait_seconds is None and result.again and is_done():
                return None
            if not result.again or tried == _TRIES:
                raise result.error
            self._sleep((result.wait_seconds or 0) + 2 ** (tried - 1) * random.uniform(0.5, 1.0))
            tried += 1
        return result.content

    def close(self) -> None:
        self._session.close()

    def _get(self, ask: Ask) -> requests.Response:
        begun, tried = self._monotonic(), 1
        while isinstance(result := self._send(ask), refusals.Refusal):
            is_late = result.wait_seconds is None and self._monotonic() - begun > _PATIENCE_SECONDS
            if not result.again or tried == _TRIES or is_late:
                raise result.error
            self._sleep((result.wait_seconds or 0) + 2 ** (tried - 1) * random.uniform(0.5, 1.0))
            tried += 1
        return result

    def _send(
        self, ask: Ask, body: Mapping[str, Any] | None = None, sender: str = ""
    ) -> requests.Response | refusals.Refusal:
        self.counts[ask.kind] += 1
        method, good = ("POST", 201) if body else ("GET", 200)
        try:
            # A redirect would carry the key to wherever it points.
            answer = self._session.request(
                method,
                self._url + ask.path,
                params=ask.query,
                json=body,
                headers={"From": sender} if body else None,
                timeout=self._timeout_seconds,
                allow_redirects=False,
            )
        except (requests.RequestException, ValueError) as trouble:
            return refusals.from_silence(ask.about, trouble)
        _LOG.debug("%s %s: %s", method, ask.path, answer.status_code)
        return answer if answer.status_code == good else refusals.from_answer(ask.about, answer)


class _Key(requests.auth.AuthBase):
    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Token token={self._token.reveal()}"
        return request
