"""Slack's JSON, as much of it as is read: what of an answer may be absent or null has a default here."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from starkeeper.connectors.slack.asks import SERVICE
from starkeeper.errors import ConnectorError

T = TypeVar("T")


class WireReaction(Struct):
    """`users` may leave some out; `count` is whole."""

    name: str
    users: list[str] = []
    count: int = 0


class WireEdited(Struct):
    ts: str


class WireMessage(Struct):
    """A message; what others put into its `metadata` can be anything."""

    ts: str
    text: str | None = None
    user: str | None = None
    bot_id: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    edited: WireEdited | None = None
    reactions: list[WireReaction] = []
    reply_count: int = 0
    reply_users: list[str] = []
    reply_users_count: int = 0
    latest_reply: str | None = None
    metadata: Any = None
    blocks: list[Any] | None = None


class WireMessages(Struct):
    messages: list[WireMessage]


class WireReacted(Struct):
    """`message` is absent where the item is something else."""

    message: WireMessage


class WirePosted(Struct):
    ts: str


class WireMe(Struct):
    """Whom a token stands for: a bot, its account and its name, and the address of the workspace."""

    user_id: str
    url: str
    user: str = ""
    bot_id: str | None = None


class WireChannel(Struct):
    id: str
    name: str = ""


class WireChannels(Struct):
    channels: list[WireChannel]


class WireProfile(Struct):
    display_name: str | None = None
    real_name: str | None = None


class WireUser(Struct):
    id: str
    name: str = ""
    deleted: bool = False
    is_bot: bool = False
    profile: WireProfile = msgspec.field(default_factory=WireProfile)


class WireMembers(Struct):
    members: list[WireUser]


class WireFound(Struct):
    """One user, None where there is none."""

    user: WireUser | None = None


def decode(data: dict[str, Any], shape: type[T], about: str) -> T:
    """The answer in our own shape; ConnectorError where it is none that we know."""
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError:
        # Its text quotes no value, but the path in it can be a name that somebody chose.
        raise unknown_shape(about) from None


def unknown_shape(about: str) -> ConnectorError:
    return ConnectorError(SERVICE, about, "the answer has a shape that is not Slack's", "is SLACK_API_URL right?")
