"""Slack: channels and steps of the plan in; messages, threads and accounts out. The only part that knows its API."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from starkeeper.connectors.pacing import Pace
from starkeeper.connectors.slack.accounts import Accounts
from starkeeper.connectors.slack.channels import Channels
from starkeeper.connectors.slack.client import Client
from starkeeper.connectors.slack.places import Places
from starkeeper.connectors.slack.posting import Poster
from starkeeper.connectors.slack.telling import Teller
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.plan import SlackStep
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Place, Subject
from starkeeper.model.whereabouts import Whereabouts
from starkeeper.settings import Secret

if TYPE_CHECKING:
    from starkeeper.model.setup import SetupFinding

__all__ = ["Slack"]

# Slack allows some 50 edits a minute: https://docs.slack.dev/reference/methods/chat.update
_EDITS_PER_POST = 0.8


class Slack:
    """One workspace, as the bot of one token, for one run: each channel is read once. Any thread may call it.

    `known` is what an earlier run with that token learned. `posts_per_second` is the pace in each channel; Slack allows
    one. Edits have one pace for the whole workspace, a little slower. `monotonic` and `sleep` are the clock of waits.
    """

    def __init__(
        self,
        url: str,
        token: Secret,
        desk: Desk,
        now: dt.datetime,
        *,
        known: Whereabouts | None = None,
        posts_per_second: float = 1.0,
        timeout_seconds: float = 30.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._desk = desk
        self._client = Client(url, token, timeout_seconds=timeout_seconds, monotonic=monotonic, sleep=sleep)
        places = Places(self._client, desk.channels, known)
        self._places = places
        self._channels = Channels(self._client, places, now)
        self._accounts = Accounts(self._client, desk.people, places.me)
        poster = Poster(self._client, self._channels, lambda: Pace(posts_per_second, monotonic, sleep))
        edits = Pace(posts_per_second * _EDITS_PER_POST, monotonic, sleep)
        self._teller = Teller(self._client, self._channels, poster, edits, now)
        self._lock = threading.RLock()

    def read_facet(self, facet: Facet, subjects: Collection[Any], since: dt.datetime) -> Reading[Any]:
        """One facet of many, as `Facts` gives it, of channels what was written `since` then. One that fails does not
        stop the others."""
        reading: Reading[Any] = Reading({}, {})
        for subject in sorted(subjects):
            try:
                with self._lock:
                    reading.found[subject] = self._read(facet, subject, since)
            except ConnectorError as error:
                reading.failed[subject] = error
        return reading

    def tell(self, step: SlackStep) -> None:
        """Says or does what the step says, once. Raises ConnectorError."""
        with self._lock:
            self._teller.tell(step)

    @property
    def whereabouts(self) -> Whereabouts | None:
        """What a later run with that token may take for known, None where nothing is sure."""
        return self._places.whereabouts

    def check(self) -> tuple[SetupFinding, ...]:
        """What the workspace lacks of that which desk.yml and people.yml name. Raises ConnectorError."""
        # A run must not wait for it to be read.
        from starkeeper.connectors.slack.checking import check

        with self._lock:
            return tuple(check(self._client, self._places, self._accounts, self._desk))

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests were sent so far, tries included: slack history, slack post, …"""
        return dict(self._client.counts)

    def close(self) -> None:
        """Nothing is left open between requests; here as every connector has it."""

    def _read(self, facet: Facet, subject: Subject, since: dt.datetime) -> Any:
        if facet == "slack_account" and isinstance(subject, Place):
            return self._accounts.read(subject)
        if facet == "messages" and isinstance(subject, Place):
            return self._channels.read(subject.path, since).messages()
        if facet == "replies" and not isinstance(subject, Place):
            return self._channels.thread(subject.project, subject.name)
        raise ValueError(f"Slack has no {facet} of {subject}")
