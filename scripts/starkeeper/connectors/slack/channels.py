"""What stands in the channels: each read once in a run, and kept up to date with what the run itself does there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, structs

from starkeeper.connectors.slack.asks import Ask
from starkeeper.connectors.slack.client import Client
from starkeeper.connectors.slack.places import Places
from starkeeper.connectors.slack.records import Records, reactions_of, ts_of
from starkeeper.connectors.slack.wire import WireMessage, WireMessages, WireReacted, decode
from starkeeper.model.facts import SLACK_DAYS
from starkeeper.model.resources import Reaction, Reply, SlackMessage

# Slack recommends no more: https://docs.slack.dev/apis/web-api/pagination
_PER_PAGE = 200


class Kept(Struct, frozen=True):
    """A message and, as Slack wants all of it again at each change, its blocks."""

    message: SlackMessage
    blocks: tuple[Any, ...] = ()


class Channel:
    """A channel as it was read, and as it must be by now; `since` is how far back."""

    def __init__(self, records: Records, since: dt.datetime) -> None:
        self.records = records
        self.since = since
        self._kept: dict[str, Kept] = {}

    @property
    def name(self) -> str:
        return self.records.name

    @property
    def id(self) -> str:
        return self.records.id

    def messages(self) -> tuple[SlackMessage, ...]:
        """Oldest first."""
        return tuple(sorted((each.message for each in self._kept.values()), key=lambda each: each.created_at))

    def get(self, ts: str) -> Kept | None:
        return self._kept.get(ts)

    def keep(self, kept: Kept) -> None:
        self._kept[kept.message.name] = kept

    def by_key(self, key: str) -> SlackMessage | None:
        """Our own message of that key."""
        return next((each for each in self.messages() if each.mark is not None and each.mark.key == key), None)

    def by_role(self, about: str, role: str) -> SlackMessage | None:
        """Our own message that is about something and has that role; of several the oldest, as facts have it."""
        marked = ((each, each.mark) for each in self.messages() if each.mark is not None)
        return next((each for each, mark in marked if (mark.about, mark.role) == (about, role)), None)

    def reacted(self, ts: str, emoji: str) -> None:
        """Our own reaction, beside those of others."""
        kept, me = self._kept.get(ts), self.records.me.user_id
        if kept is None:
            return
        users = {each.name: each.users for each in kept.message.reactions}
        users[emoji] = tuple(dict.fromkeys((*users.get(emoji, ()), me)))
        reactions = tuple(Reaction(name, who) for name, who in users.items())
        self.keep(Kept(structs.replace(kept.message, reactions=reactions), kept.blocks))

    def replied(self, ts: str, reply_ts: str) -> None:
        """Our own reply in the thread of a message."""
        kept = self._kept.get(ts)
        if kept is None:
            return
        replies, at = kept.message.replies + 1, self.records.at(reply_ts)
        message = structs.replace(kept.message, replies=replies, replied_at=at, may_be_answered=True)
        self.keep(Kept(message, kept.blocks))


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
        self._add(channel, {"oldest": ts_of(since)})
        self._read[name] = channel
        return channel

    def refresh(self, channel: Channel) -> None:
        """Adds what was written since the channel was read."""
        newest = channel.messages()[-1:]
        self._add(channel, {"oldest": newest[0].name if newest else ts_of(channel.since)})

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

    def _add(self, channel: Channel, window: Mapping[str, Any]) -> None:
        rows = self._rows(channel.records, "slack history", "conversations.history", window)
        found = [(row, message) for row in rows if (message := channel.records.message(row))]
        kept = [Kept(self._whole(channel, row, message), tuple(row.blocks or ())) for row, message in found]
        for each in kept:
            channel.keep(each)

    def _rows(self, records: Records, kind: Any, method: str, query: Mapping[str, Any]) -> list[WireMessage]:
        about = f"reading channel '{records.name}'" if "ts" not in query else f"reading a thread in '{records.name}'"
        body = {"channel": records.id, "limit": _PER_PAGE, "include_all_metadata": True, **query}
        ask = Ask(kind=kind, method=method, about=about, body=body, channel=records.name)
        pages = [decode(page, WireMessages, about) for page in self._client.pages(ask)]
        return [row for page in pages for row in page.messages]

    def _whole(self, channel: Channel, row: WireMessage, message: SlackMessage) -> SlackMessage:
        """The message with everybody who reacted: lists leave some out where they are many."""
        if all(each.count <= len(each.users) for each in row.reactions):
            return message
        body = {"channel": channel.id, "timestamp": row.ts, "full": True}
        about = f"reading reactions in channel '{channel.name}'"
        ask = Ask(kind="slack look-up", method="reactions.get", about=about, body=body, channel=channel.name)
        whole = decode(self._client.call(ask), WireReacted, about).message
        return structs.replace(message, reactions=reactions_of(whole.reactions))


def key_times(replies: Iterable[Reply]) -> dict[str, dt.datetime]:
    """By key, when we said what in a thread."""
    return {each.mark.key: each.at for each in replies if each.mark is not None}
