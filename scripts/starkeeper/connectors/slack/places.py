"""Whom the token stands for, and which channel is meant by the names of desk.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping

from starkeeper.connectors.slack.asks import SERVICE, Ask
from starkeeper.connectors.slack.client import Client
from starkeeper.connectors.slack.once import Once
from starkeeper.connectors.slack.wire import WireChannels, WireMe, decode
from starkeeper.errors import ConnectorError
from starkeeper.model.whereabouts import Whereabouts

_ID = re.compile(r"[CG][A-Z0-9]{6,}")
_NAME = re.compile(r"[\w.-]{1,80}")


class Places:
    """The channels of desk.yml in one workspace; `channels` maps what rules call them to an id or a name there.

    `known` is what an earlier run learned; only what it does not tell is asked for.
    """

    def __init__(self, client: Client, channels: Mapping[str, str], known: Whereabouts | None = None) -> None:
        self._client = client
        self._channels = channels
        self._known = known
        self.me = Once(self._read_me)
        self._ids = Once(self._read_ids)

    @property
    def whereabouts(self) -> Whereabouts | None:
        """What the next run may take for known; None where nothing was asked for yet, or Slack refused something."""
        me = self.me.found
        if me is None or self._client.was_refused:
            return None
        ids = self._ids.found or (self._known.channels if self._known else None)
        return Whereabouts(user_id=me.user_id, user=me.user, url=me.url, channels=ids)

    def id_of(self, channel: str) -> str:
        """The id of a channel as desk.yml calls it; ConnectorError where there is none for the bot."""
        about = f"looking for channel '{channel}'"
        named = self._channels.get(channel, "")
        if not named:
            raise ConnectorError(SERVICE, about, "desk.yml has no such channel", "add it under channels", status=404)
        if _ID.fullmatch(named):
            return named
        name = named.removeprefix("#").lower()
        known = self._known.channels or {} if self._known else {}
        found = known.get(name) or self._ids().get(name)
        if found is None:
            why = f"the bot is in no channel of the name {named}"
            advice = (
                f"invite it there with /invite {self._client.bot}, or correct '{channel}' under channels in desk.yml"
            )
            raise ConnectorError(SERVICE, about, why, advice, status=404)
        return found

    def _read_me(self) -> WireMe:
        me = self._asked_me() if self._known is None else WireMe(self._known.user_id, self._known.url, self._known.user)
        if _NAME.fullmatch(me.user):
            self._client.bot = f"@{me.user}"
        return me

    def _asked_me(self) -> WireMe:
        ask = Ask(kind="slack look-up", method="auth.test", about="asking who the token stands for")
        return decode(self._client.call(ask), WireMe, ask.about)

    def _read_ids(self) -> dict[str, str]:
        """The bot's channels by name. Of the whole workspace there would be thousands, and it reads no others."""
        body = {"types": "public_channel,private_channel", "exclude_archived": False, "limit": 200}
        ask = Ask(kind="slack look-up", method="users.conversations", about="listing the bot's channels", body=body)
        pages = (decode(page, WireChannels, ask.about) for page in self._client.pages(ask))
        return {row.name.lower(): row.id for page in pages for row in page.channels}
