"""What Slack keeps: people, channels, messages with their threads and reactions, and the tokens of its apps."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field


class SlackUser(Struct, eq=False):
    """An account; `name` is its handle, unique in the workspace. A bot's `bot_id` stands in what it posts."""

    id: str
    name: str
    real_name: str
    display_name: str
    email: str
    is_bot: bool = False
    deleted: bool = False
    bot_id: str | None = None


class SlackMessage(Struct, eq=False):
    """A message; `ts` is its name in its channel, and a time. `thread_ts` is set on replies only: their parent's `ts`.

    `user` is an id; `reactions` maps each emoji to the ids of who reacted, first come first; `edited` is when the text
    was last changed. `subtype` is empty for what people and bots write, `channel_join` for what Slack says itself.
    """

    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: dict[str, Any] | None = None
    edited: str | None = None
    bot_id: str | None = None
    subtype: str = ""


class SlackChannel(Struct, eq=False):
    """A channel; `messages` holds those of threads as well, oldest first, `members` the ids of its people."""

    id: str
    name: str
    created_at: dt.datetime
    is_private: bool = False
    is_archived: bool = False
    members: set[str] = field(default_factory=set)
    messages: list[SlackMessage] = field(default_factory=list)

    def message(self, ts: str | None) -> SlackMessage | None:
        return next((each for each in self.messages if each.ts == ts), None)

    def top_level(self) -> Iterator[SlackMessage]:
        """The messages outside of threads, oldest first, those that began a thread among them."""
        return (each for each in self.messages if each.thread_ts is None)

    def replies(self, ts: str) -> list[SlackMessage]:
        """The replies in the thread of a message, oldest first, without the message itself."""
        return [each for each in self.messages if each.thread_ts == ts]

    def new_ts(self, at: dt.datetime) -> str:
        """A `ts` for a message at this time, later than those of the same time."""
        taken = {each.ts for each in self.messages}
        number = int(at.timestamp()) * 1_000_000 + at.microsecond + 100
        while (ts := f"{number // 1_000_000}.{number % 1_000_000:06}") in taken:
            number += 100
        return ts

    def add(self, message: SlackMessage) -> None:
        self.messages.append(message)
        self.messages.sort(key=lambda each: each.ts)


class SlackToken(Struct, frozen=True):
    """A secret of an app and the id of the bot user that it stands for; `scopes` are Slack's, such as `chat:write`."""

    user: str
    scopes: frozenset[str]


class Slack:
    """A workspace; `emoji` are the names of its own ones, beside those that every workspace has.

    `posts_per_second` limits what is posted into one channel (Slack allows about one; None: no limit), by the world's
    clock. `history_limit_reactions` is how many users of one reaction are listed where messages are; `count` is whole.
    """

    def __init__(self) -> None:
        self.team_id, self.team, self.app_id = "TSANDBOX1", "Sandbox", "ASANDBOX1"
        self.users: dict[str, SlackUser] = {}
        self.channels: dict[str, SlackChannel] = {}
        self.tokens: dict[str, SlackToken] = {}
        self.emoji: set[str] = {"green-check-mark", "escalate", "support-ticket-attention-request"}
        self.posts_per_second: int | None = None
        self.history_limit_reactions = 50
        self.post_times: dict[str, list[dt.datetime]] = {}
        self._numbers: Counter[str] = Counter()

    def new_id(self, letter: str) -> str:
        self._numbers[letter] += 1
        return f"{letter}{self._numbers[letter]:08}"

    def find_user(self, key: str) -> SlackUser | None:
        """By id, or by handle in any case."""
        return self.users.get(key) or next((each for each in self.users.values() if each.name == key.lower()), None)

    def find_channel(self, key: str) -> SlackChannel | None:
        """By id, or by name with or without its `#`."""
        name = key.removeprefix("#").lower()
        return self.channels.get(key) or next((each for each in self.channels.values() if each.name == name), None)
