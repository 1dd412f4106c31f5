"""One request to Slack: sent by its own client, asked again where that is safe, its errors put in words."""

from __future__ import annotations

import http.client
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import structs

from starkeeper.connectors import pacing
from starkeeper.connectors.slack import refusals
from starkeeper.connectors.slack.asks import SERVICE, Ask
from starkeeper.errors import ConnectorError
from starkeeper.settings import Secret

if TYPE_CHECKING:
    from slack_sdk.web import WebClient

_LOG = logging.getLogger("starkeeper.slack")
_TRIES = 3
_STRIKES = 2 * refusals.SILENCE
"""After two silences in a row, or so many more answers of a Slack in trouble, nothing is asked any more."""


class Client:
    """Sends requests, one at a time. A Slack that is down fails the rest of a run at once, with the same words.

    `bot` is by what name the bot can be invited, as soon as that is known. `was_refused` is whether Slack said no to
    anything, so that nothing that was known before can be relied upon. `scopes` are the token's, as far as Slack tells.
    """

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
        self.monotonic = monotonic
        self.sleep = sleep
        self.bot = "@ and its name"
        self.scopes: frozenset[str] = frozenset()
        self.was_refused = False
        self._url = url
        self._token = token
        self._timeout_seconds = timeout_seconds
        self._strikes = 0
        self._down: ConnectorError | None = None

    def call(self, ask: Ask) -> dict[str, Any]:
        """What Slack answers; without what was asked for where the refusal was `as_good`.

        Raises ConnectorError; `lost` there says that a write may have taken effect.
        """
        tried = 0
        while True:
            if self._down is not None:
                raise self._down
            tried += 1
            result = self._send(ask)
            if not isinstance(result, refusals.Refusal):
                self._strikes = 0
                return result
            self._count(result)
            self.was_refused = self.was_refused or not result.again
            if not result.again or tried >= _TRIES or self._down is not None:
                raise result.error
            self.sleep(max(pacing.backoff(tried), result.wait_seconds or 0))

    def pages(self, ask: Ask) -> Iterator[dict[str, Any]]:
        """Every page of a list, as long as Slack names a next one."""
        cursor, seen = "", {""}
        while True:
            page = self.call(structs.replace(ask, body={**ask.body, "cursor": cursor}) if cursor else ask)
            yield page
            cursor = _next_cursor(page)
            if not cursor and page.get("has_more"):
                raise ConnectorError(SERVICE, ask.about, "the list ends before its end", "run again later")
            if not cursor:
                return
            if cursor in seen:
                raise ConnectorError(SERVICE, ask.about, "the pages go round in a circle", "run again later")
            seen.add(cursor)

    def _count(self, refusal: refusals.Refusal) -> None:
        self._strikes = self._strikes + refusal.strikes if refusal.strikes else 0
        if self._strikes >= _STRIKES:
            error = refusal.error
            self._down = ConnectorError(SERVICE, error.request, error.found, error.advice, status=error.status)

    def _send(self, ask: Ask) -> dict[str, Any] | refusals.Refusal:
        from slack_sdk.errors import SlackApiError, SlackClientError

        self.counts[ask.kind] += 1
        try:
            # Slack takes JSON only where something is written.
            body, form = (dict(ask.body), None) if ask.writes else (None, dict(ask.body))
            answer = self._web.api_call(ask.method, json=body, params=form)
        except SlackApiError as error:
            answer = error.response
        except (
            OSError,
            http.client.HTTPException,
            SlackClientError,
            ValueError,
            LookupError,
            AttributeError,
        ) as trouble:
            # The last three are what the client makes of an answer that is no JSON object in a known encoding.
            return refusals.from_silence(ask, trouble)
        status, data = int(answer.status_code), answer.data
        self._see(answer.headers)
        code = refusals.code_of(data)
        _LOG.debug("%s: %s %s", ask.method, status, code or "ok")
        if isinstance(data, dict) and status == 200 and (data.get("ok") is True or code in ask.as_good):
            return data
        return refusals.from_answer(ask, status, answer.headers, data, self.bot)

    def _see(self, headers: Mapping[str, str]) -> None:
        told = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), "")
        self.scopes = frozenset(each.strip() for each in told.split(",") if each.strip()) or self.scopes

    @cached_property
    def _web(self) -> WebClient:
        # A command that asks Slack nothing must not wait for the import.
        from slack_sdk.web import WebClient

        # Its own retries send posts again, and its logs hold what people wrote.
        web = WebClient(
            self._token.reveal(),
            self._url,
            # Whole seconds by its type only: what it hands them to takes parts as well.
            timeout=self._timeout_seconds,  # type: ignore[arg-type]
            retry_handlers=[],
            logger=_silent(),
        )
        # It takes the proxy of the environment for every address; what it is built on knows NO_PROXY, too.
        web.proxy = None
        return web


def _silent() -> logging.Logger:
    logger = logging.Logger("slack_sdk", logging.CRITICAL)
    logger.disabled = True
    return logger


def _next_cursor(page: dict[str, Any]) -> str:
    more = page.get("response_metadata")
    cursor = more.get("next_cursor") if isinstance(more, dict) else None
    return cursor if isinstance(cursor, str) else ""
