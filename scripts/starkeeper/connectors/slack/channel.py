"""A channel as it was read, kept up to date with what the run itself does there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct, structs

from starkeeper.connectors.slack.records import Records, ts_of
from starkeeper.model.resources import Mark, Reaction, SlackMessage


class Kept(Struct, frozen=True):
    """A message and, as Slack wants all of it again at each change, its blocks."""

    message: SlackMessage
    blocks: tuple[Any, ...] = ()


class Channel:
    """A channel as it was read, and as it must be by now.

    `since` is how far back it was read, `until` the time stamp of the last that was read there, `read_at` when, on the
    clock of waits; None before it was read a second time.
    """

    def __init__(self, records: Records, since: dt.datetime) -> None:
        self.records = records
        self.since = since
        self.until = ts_of(since)
        self.read_at: float | None = None
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

    def remark(self, ts: str, mark: Mark) -> Kept:
        """A message of our own with another mark."""
        kept = self._kept[ts]
        kept = self._kept[ts] = Kept(structs.replace(kept.message, mark=mark), kept.blocks)
        return kept

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
