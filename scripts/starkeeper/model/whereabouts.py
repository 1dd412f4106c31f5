"""What a Slack token stands for and where its bot is: it changes so seldom that runs hand it on."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Whereabouts(Struct, frozen=True, kw_only=True):
    """The bot's account and its name, the address of the workspace, and the ids of the bot's channels by their names
    in small letters; None where these were not asked for."""

    user_id: str
    user: str = ""
    url: str
    channels: Mapping[str, str] | None = None
