"""A channel with two managers, an engineer and a bot in it, and Slack's own client to talk to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON

TOKEN, CHANNEL = "xoxb-test", "stars"


@pytest.fixture
def world() -> World:
    world = World(lambda: NOON)
    world.slack.add_channel(CHANNEL, ["emil", "amber", "kim"], id="C0STARS01")
    world.slack.add_channel("elsewhere", ["emil"], id="C0OTHER01")
    world.slack.add_channel("secret", ["emil"], is_private=True, id="C0SECRET1")
    world.slack.add_token(TOKEN, "starkeeper")
    world.slack.add_channel(CHANNEL, ["starkeeper"])
    return world


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with serve(world) as served:
        yield served.url


@pytest.fixture
def slack(url: str) -> WebClient:
    return as_app(url, TOKEN)


def as_app(url: str, token: str) -> WebClient:
    return WebClient(token, base_url=f"{url}/slack/api/")


def error_of(refused: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(refused.value.response["error"])


def texts(answer: Any) -> list[str]:
    return [each["text"] for each in answer["messages"]]


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
