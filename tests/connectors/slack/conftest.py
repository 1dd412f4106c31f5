"""A workspace of two channels behind the look-alike Slack, and the connector to it on a clock that never waits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from msgspec import Struct, structs

from starkeeper.connectors.slack import Slack
from starkeeper.model.desk import Desk, Person
from starkeeper.model.plan import SlackStep
from starkeeper.model.resources import Place, Reply, ResourceKey, SlackMessage
from starkeeper.sandbox.records.slack import SlackMessage as Stored
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.state import START
from starkeeper.sandbox.world import World
from starkeeper.settings import Secret
from tests.connectors.conftest import Clock

TOKEN = "xoxb-never-shown"
NOW = START
SINCE = NOW - dt.timedelta(days=7)
STAR, PLAIN = Place("channels", "star"), Place("channels", "plain")
DESK = Desk(
    channels={"star": "#stars", "plain": "C0PLAIN01", "hidden": "plain", "gone": "renamed", "foreign": "C0OTHER01"},
    people={
        "emil": Person(gitlab="emil", slack="@Emil"),
        "amber": Person(gitlab="amber", email="amber@example.com"),
        "kim": Person(gitlab="kim", slack="@KWest"),
        "nobody": Person(gitlab="nobody", slack="@nobody"),
        "unknown": Person(gitlab="unknown", email="unknown@example.com"),
        "rosa": Person(gitlab="rosa", slack="UROSA0001"),
    },
)


class Office(Struct):
    """A world and the connector to its Slack."""

    world: World
    slack: Slack
    connect: Callable[..., Slack]

    def messages(self, place: Place = STAR) -> tuple[SlackMessage, ...]:
        """What the connector says that stands in a channel."""
        reading = self.slack.read_facet("messages", {place}, SINCE)
        assert not reading.failed
        found: tuple[SlackMessage, ...] = reading.found[place]
        return found

    def replies(self, ts: str) -> tuple[Reply, ...]:
        key = ResourceKey("star", 0, "slack_messages", ts)
        reading = self.slack.read_facet("replies", {key}, SINCE)
        assert not reading.failed
        found: tuple[Reply, ...] = reading.found[key]
        return found

    def account(self, place: Place) -> str:
        reading = self.slack.read_facet("slack_account", {place}, SINCE)
        assert not reading.failed
        found: str = reading.found[place]
        return found

    def error(self, place: Place = STAR) -> str:
        """Why a channel cannot be read, with the status before it."""
        error = self.slack.read_facet("messages", {place}, SINCE).failed[place]
        return f"{error.status} {error}"

    def stored(self) -> tuple[Stored, ...]:
        """What stands in the channel after all."""
        return self.world.slack.messages("stars")

    def asked(self, method: str) -> int:
        """How many requests for a method of Slack's arrived."""
        return sum(each.path == f"/slack/api/{method}" for each in self.world.requests)


@pytest.fixture
def office(clock: Clock) -> Iterator[Office]:
    world = World()
    slack = world.slack
    slack.add_channel("stars", ["emil", "amber", "kim"], id="C0STARS01")
    slack.add_channel("plain", ["emil"], id="C0PLAIN01", is_private=True)
    slack.add_channel("elsewhere", ["emil"], id="C0OTHER01")
    slack.add_token(TOKEN, "starkeeper")
    for name in ("stars", "plain"):
        slack.add_channel(name, ["starkeeper"])
    with serve(world) as served:

        def connect(token: str = TOKEN, **options: Any) -> Slack:
            settings: dict[str, Any] = {"monotonic": clock.monotonic, "sleep": clock.sleep, "timeout_seconds": 5.0}
            url = f"{served.url}/slack/api/"
            return Slack(options.pop("url", url), Secret(token), DESK, NOW, **settings | options)

        yield Office(world, connect(), connect)


POST = SlackStep(
    rule="Tell",
    channel="star",
    text="ZD#7 waits.",
    key="feed0001",
    about="desk/star#7",
    role="announcement",
    note="by a rule",
)
REPLY = SlackStep(
    rule="Remind",
    channel="star",
    text="Still waiting.",
    key="feed0002",
    about="desk/star#7",
    reply_to="announcement",
)


def like(step: SlackStep, **changes: Any) -> SlackStep:
    return structs.replace(step, **changes)


def payload(**changes: Any) -> dict[str, Any]:
    """The metadata of a message of our own."""
    about = {"v": 1, "key": "feed0001", "about": "desk/star#7", "rule": "Tell", "role": "announcement"}
    return {"event_type": "starkeeper", "event_payload": {**about, "content": "", "said": "", **changes}}
