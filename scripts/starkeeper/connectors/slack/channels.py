"""What stands in the channels: each read once in a run, and what came meanwhile before something is posted there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import structs

from starkeeper.connectors.slack.asks import Ask
from starkeeper.connectors.slack.channel import Channel, Kept
from starkeeper.connectors.slack.client import Client
from starkeeper.connectors.slack.places import Places
from starkeeper.connectors.slack.records import Records, reactions_of
from starkeeper.connectors.slack.wire import WireMessage, WireMessages, WireReacted, decode
from starkeeper.model.facts import SLACK_DAYS
from starkeeper.model.resources import Reply, SlackMessage

# Slack recommends no more: https://docs.slack.dev/apis/web-api/pagination
_PER_PAGE = 200
_FRESH_SECONDS = 3.0
"""Another run can post the same within this time, and what it takes to post: Slack has no way to shut it out. In a run
that posts much it costs one request for each three posts."""


class Channels:
    """The channels by what desk.yml calls them. One that cannot be read to its end is not there at all."""

    def __init__(self, client: Client, places: Places, now: dt.datetime) -> None:
        self._client = client
        self._places = places
        self._now = now
        self._read: dict[str, Channel] = {}

    def read(self, name: str, since: dt.datetime | None = None) -> Channel:
        """The channel; read if it was not yet, or not as far back. Without `since`, all that Slack keeps."""
        known = self._read.get(name)
        if known is not None and (since is None or known.since <= since):
            return known
        # First of all, as its name stands in the errors of all that follows.
        me = self._places.me()
        since = since or self._now - dt.timedelta(days=SLACK_DAYS)
        channel = Channel(Records(me, name, self._places.id_of(name)), since)
        self._read_on(channel)
        self._read[name] = channel
        return channel

    def refresh(self, channel: Channel) -> None:
        """Adds what was written since the channel was read."""
        self._read_on(channel)
        channel.read_at = self._client.monotonic()

    def freshen(self, channel: Channel) -> None:
        """The same, unless it was done just now: another run may be at work at the same time."""
        if channel.read_at is None or self._client.monotonic() - channel.read_at > _FRESH_SECONDS:
            self.refresh(channel)

    def fetch(self, channel: Channel, ts: str) -> Kept | None:
        """One message, read by itself where it is older than what was read."""
        if channel.get(ts) is None:
            self._add(channel, {"oldest": ts, "latest": ts, "inclusive": True})
        return channel.get(ts)

    def thread(self, name: str, ts: str) -> tuple[Reply, ...]:
        """The thread of a message in a channel that need not be read for it."""
        return self._replies(Records(self._places.me(), name, self._places.id_of(name)), ts)

    def replies(self, channel: Channel, ts: str) -> tuple[Reply, ...]:
        """The thread of a message as it is now, oldest first, without the message itself."""
        return self._replies(channel.records, ts)

    def _replies(self, records: Records, ts: str) -> tuple[Reply, ...]:
        rows = self._rows(records, "slack replies", "conversations.replies", {"ts": ts})
        replies = {row.ts: reply for row in rows if (reply := records.reply(row))}
        return tuple(sorted(replies.values(), key=lambda each: each.at))

    def _read_on(self, channel: Channel) -> None:
        rows = self._add(channel, {"oldest": channel.until})
        channel.until = max((channel.until, *(row.ts for row in rows)))

    def _add(self, channel: Channel, window: Mapping[str, Any]) -> list[WireMessage]:
        """Keeps what is not known yet; what is known may be newer here than what Slack still tells."""
        rows = self._rows(channel.records, "slack history", "conversations.history", window)
        found = [(row, message) for row in rows if (message := channel.records.message(row))]
        kept = [Kept(self._whole(channel, row, message), tuple(row.blocks or ())) for row, message in found]
        for each in kept:
            if channel.get(each.message.name) is None:
                channel.keep(each)
        return rows

    def _rows(self, records: Records, kind: Any, method: str, query: Mapping[str, Any]) -> list[WireMessage]:
        about = f"reading channel '{records.name}'" if "ts" not in query else f"reading a thread in '{records.name}'"
        body = {"channel": records.id, "limit": _PER_PAGE, "include_all_metadata": True, **query}
        ask = Ask(kind=kind, method=method, about=about, body=body, channel=records.name)
        pages = [decode(page, WireMessages, about) for page in self._client.pages(ask)]
        return [row for page in pages for row in page.messages]

    def _whole(self, channel: Channel, row: WireMessage, message: SlackMessage) -> SlackMessage:
        """A message of our own with everybody who reacted: lists leave some out where they are many."""
        if not message.is_own or all(each.count <= len(each.users) for each in row.reactions):
            return message
        body = {"channel": channel.id, "timestamp": row.ts, "full": True}
        about = f"reading reactions in channel '{channel.name}'"
        ask = Ask(kind="slack look-up", method="reactions.get", about=about, body=body, channel=channel.name)
        whole = decode(self._client.call(ask), WireReacted, about).message
        return structs.replace(message, reactions=reactions_of(whole.reactions))


def key_times(replies: Iterable[Reply]) -> dict[str, dt.datetime]:
    """By key, when we said what in a thread."""
    return {each.mark.key: each.at for each in replies if each.mark is not None}
