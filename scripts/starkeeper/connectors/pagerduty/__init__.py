"""PagerDuty: rotations and services in; who is on call when, and incidents, out. The only part that knows its API."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from starkeeper.connectors.pagerduty import duties, pages
from starkeeper.connectors.pagerduty.names import Names
from starkeeper.connectors.pagerduty.overrides import set_override
from starkeeper.connectors.pagerduty.people import People
from starkeeper.connectors.pagerduty.spans import read_spans
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.plan import OverrideStep
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Duty, Place, ResourceKey
from starkeeper.settings import Secret

if TYPE_CHECKING:
    from starkeeper.model.setup import SetupFinding

__all__ = ["PagerDuty"]


class PagerDuty:
    """An account of PagerDuty, by one of its keys, as this desk sees it at `now`.

    `sender` is the e-mail address of the user in whose name anything is changed there. A request is given up after
    `timeout_seconds`; `monotonic` and `sleep` are the clock of waits.
    """

    def __init__(
        self,
        url: str,
        token: Secret,
        desk: Desk,
        now: dt.datetime,
        *,
        sender: str = "",
        timeout_seconds: float = 10.0,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        # It imports requests, for which a command that asks PagerDuty nothing must not wait.
        from starkeeper.connectors.pagerduty.client import Client

        self.sender = sender
        self._client = Client(url, token, timeout_seconds=timeout_seconds, monotonic=monotonic, sleep=sleep)
        self._desk, self._now = desk, now
        self._people = People(desk)
        self._schedules, self._services = Names(self._client, "schedules"), Names(self._client, "services")

    def read_facet(self, facet: Facet, subjects: Collection[Any]) -> Reading[Any]:
        """`duties` of rotations and of times of them, or `pages` of services, as `Facts` gives them; what fails stands
        in the reading.

        An error in a request about all of them fails all: a part is never taken for the whole.
        """
        names = sorted(each.path for each in subjects if isinstance(each, Place))
        spans = sorted(each for each in subjects if isinstance(each, ResourceKey))
        try:
            if facet == "duties":
                near, far = self._duties(names, self._now), read_spans(spans, self._duties)
                return Reading({**near.found, **far.found}, {**near.failed, **far.failed})
            return pages.read_pages(self._client, self._services, self._people, self._desk, names, self._now)
        except ConnectorError as error:
            return Reading({}, dict.fromkeys(subjects, error))

    def override(self, step: OverrideStep) -> None:
        """Sees to it that the person is on call then wherever the other one is, by the schedules of the rotation.

        What is so already is left alone. Raises ConnectorError.
        """
        named = self._schedules.ids_of({step.rotation: self._desk.rotations[step.rotation].schedules})
        if error := named.failed.get(step.rotation):
            raise error
        person, other = (self._people.account_of(self._client, each) for each in (step.person, step.instead_of))
        set_override(self._client, named.ids[step.rotation], person, other, self.sender, step)

    def check(self) -> tuple[SetupFinding, ...]:
        """What the account lacks of that which desk.yml and people.yml name. Raises ConnectorError."""
        # A run must not wait for it to be read.
        from starkeeper.connectors.pagerduty.checking import check

        return tuple(check(self._client, self._desk, self.sender))

    def _duties(self, rotations: Sequence[str], now: dt.datetime) -> Reading[tuple[Duty, ...]]:
        return duties.read_duties(self._client, self._schedules, self._people, self._desk, rotations, now)

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests were sent so far, tries included: pagerduty schedules, pagerduty on-calls, …"""
        return dict(self._client.counts)

    def close(self) -> None:
        """Ends its connections."""
        self._client.close()
