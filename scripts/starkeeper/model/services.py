"""What is connected beside GitLab, as flow, facts and apply see it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, Protocol

from msgspec import Struct

from starkeeper.model.facets import Facet, System
from starkeeper.model.plan import OverrideStep, SlackStep
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Subject


class Chat(Protocol):
    """Slack; connectors.slack.Slack is one. All raise ConnectorError."""

    def read_facet(self, facet: Facet, subjects: Collection[Subject], since: dt.datetime) -> Reading[Any]:
        """`messages`, as far back as `since`, `replies` or `slack_account`."""

    def tell(self, step: SlackStep) -> None:
        """Does what the step says, and never twice what has a key."""


class Pager(Protocol):
    """PagerDuty; connectors.pagerduty.PagerDuty is one. All raise ConnectorError."""

    def read_facet(self, facet: Facet, subjects: Collection[Subject]) -> Reading[Any]:
        """`duties` or `pages`."""

    def override(self, step: OverrideStep) -> None:
        """Sees to it that the person is on call then, by the schedules of the rotation; never twice."""


class Services(Struct, frozen=True, kw_only=True):
    """Those that are connected, None where one is not."""

    slack: Chat | None = None
    pagerduty: Pager | None = None

    @property
    def systems(self) -> frozenset[System]:
        """GitLab, and those that are there."""
        found: set[System] = {"gitlab"}
        found |= {"slack"} if self.slack else set()
        found |= {"pagerduty"} if self.pagerduty else set()
        return frozenset(found)
