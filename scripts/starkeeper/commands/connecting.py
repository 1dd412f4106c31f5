"""Takes the settings and the desk; gives the connectors of a run, and what they cost together."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from starkeeper.model.services import Services

if TYPE_CHECKING:
    from starkeeper.model.desk import Desk
    from starkeeper.settings import Settings


class Connections(Struct, frozen=True):
    """GitLab, and what is connected beside it: Slack and PagerDuty where the environment has a token for them."""

    gitlab: Any
    slack: Any = None
    pagerduty: Any = None

    @property
    def services(self) -> Services:
        return Services(slack=self.slack, pagerduty=self.pagerduty)

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests were sent so far, by kind."""
        counts: Counter[str] = Counter()
        for each in self._all:
            counts.update(each.requests)
        return dict(counts)

    @property
    def names(self) -> tuple[str, ...]:
        """What is connected, as people call it."""
        beside = (("Slack", self.slack), ("PagerDuty", self.pagerduty))
        return ("GitLab", *(name for name, each in beside if each is not None))

    def close(self) -> None:
        """Ends threads and connections."""
        for each in self._all:
            each.close()

    @property
    def _all(self) -> tuple[Any, ...]:
        return tuple(each for each in (self.gitlab, self.slack, self.pagerduty) if each is not None)


def connect(settings: Settings, desk: Desk, now: dt.datetime, folder: Path | None = None) -> Connections:
    """The connectors of one run. What the desk has no use for is not connected: a plain run knows no channels.

    In the `folder` of the journals stands what an earlier run learned of the Slack bot.
    """
    from starkeeper.commands import options

    slack = _slack(settings, desk, now, folder)
    return Connections(options.gitlab(settings), slack, _pagerduty(settings, desk, now))


def hand_on(connected: Connections, settings: Settings, now: dt.datetime, folder: Path | None) -> None:
    """Keeps for the next run what this one learned of the Slack bot, or that it cannot be relied upon."""
    if connected.slack is None or folder is None or not connected.slack.requests:
        return
    from starkeeper.journal import write_whereabouts

    write_whereabouts(folder, settings.slack_url, settings.slack_token, now, connected.slack.whereabouts)


def _slack(settings: Settings, desk: Desk, now: dt.datetime, folder: Path | None) -> Any:
    if not settings.slack_token or not desk.channels:
        return None
    from starkeeper.connectors.slack import Slack
    from starkeeper.journal import read_whereabouts

    url, token = settings.slack_url, settings.slack_token
    known = read_whereabouts(folder, url, token, now) if folder else None
    return Slack(url, token, desk, now, known=known, posts_per_second=settings.messages_per_second)


def _pagerduty(settings: Settings, desk: Desk, now: dt.datetime) -> Any:
    uses_it = desk.services or any(each.schedules for each in desk.rotations.values())
    if not settings.pagerduty_token or not uses_it:
        return None
    from starkeeper.connectors.pagerduty import PagerDuty

    return PagerDuty(settings.pagerduty_url, settings.pagerduty_token, desk, now, sender=settings.pagerduty_from)
