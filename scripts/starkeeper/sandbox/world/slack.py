"""Slack as tests, seeds and the page use it: people write and react, and everybody sees what became of it."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from starkeeper.sandbox.records.slack import Slack, SlackChannel, SlackMessage, SlackToken, SlackUser

if TYPE_CHECKING:
    from starkeeper.sandbox.state import State

ALL_SCOPES = (
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "emoji:read",
    "groups:history",
    "groups:read",
    "reactions:read",
    "reactions:write",
    "users:read",
    "users:read.email",
)


class SlackWorld(Slack):
    """The workspace of a world; each method is one complete change. People and channels are named as people do.

    Whoever is named and not there yet is added; a channel must be there (KeyError).
    """

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state

    def add_user(
        self,
        name: str,
        real_name: str = "",
        *,
        email: str = "",
        display_name: str = "",
        is_bot: bool = False,
        deleted: bool = False,
        id: str = "",
    ) -> SlackUser:
        """Adds an account, or returns the one of that name."""
        with self._state.lock:
            found = self.find_user(name)
            if found is None:
                real_name, id = real_name or name.title(), id or self.new_id("U")
                found = SlackUser(id, name.lower(), real_name, display_name or name, email, is_bot, deleted)
                found.email = email or ("" if is_bot else f"{name.lower()}@example.com")
                found.bot_id = f"B{id[1:]}" if is_bot else None
                self.users[id] = found
                self._state.changed()
            return found

    def add_channel(
        self, name: str, members: Iterable[str] = (), *, is_private: bool = False, id: str = ""
    ) -> SlackChannel:
        """Adds a channel, or returns the one of that name, with these people in it as well."""
        with self._state.lock:
            found = self.find_channel(name)
            if found is None:
                id = id or self.new_id("C")
                found = self.channels[id] = SlackChannel(id, name.lower(), self._state.clock(), is_private)
            found.members |= {self.add_user(each).id for each in members}
            self._state.changed()
            return found

    def archive(self, channel: str) -> None:
        with self._state.lock:
            self.channel(channel).is_archived = True
            self._state.changed()

    def leave(self, channel: str, who: str) -> None:
        """Takes somebody out of a channel."""
        with self._state.lock:
            self.channel(channel).members.discard(self.add_user(who).id)
            self._state.changed()

    def add_token(self, token: str, name: str = "starkeeper", scopes: Iterable[str] = ALL_SCOPES) -> None:
        """Lets a secret stand for a bot of this name, with these scopes."""
        with self._state.lock:
            self.tokens[token] = SlackToken(self.add_user(name, is_bot=True).id, frozenset(scopes))

    def post(
        self,
        channel: str,
        by: str,
        text: str,
        thread: str | None = None,
        *,
        blocks: Iterable[dict[str, Any]] = (),
        metadata: dict[str, Any] | None = None,
        at: dt.datetime | None = None,
    ) -> str:
        """Writes as somebody, who is in the channel then; returns the message's `ts`.

        `thread` is the `ts` of a message whose thread it joins.
        """
        with self._state.lock:
            place, user = self.channel(channel), self.add_user(by)
            first = self._at(channel, thread)[1] if thread else None
            place.members.add(user.id)
            message = SlackMessage(place.new_ts(at or self._state.clock()), user.id, text, list(blocks))
            message.thread_ts = (first.thread_ts or first.ts) if first else None
            message.metadata, message.bot_id = metadata, user.bot_id
            place.add(message)
            self._state.changed()
            return message.ts

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Changes a text as its author does; blocks go, as people write none."""
        with self._state.lock:
            place, message = self._at(channel, ts)
            message.text, message.blocks, message.edited = text, [], place.new_ts(self._state.clock())
            self._state.changed()

    def delete(self, channel: str, ts: str) -> None:
        with self._state.lock:
            place, message = self._at(channel, ts)
            place.messages.remove(message)
            self._state.changed()

    def react(self, channel: str, ts: str, by: str, emoji: str) -> None:
        """Reacts as somebody; a second time changes nothing. `emoji` is a name without colons."""
        with self._state.lock:
            users = self._at(channel, ts)[1].reactions.setdefault(emoji, [])
            user = self.add_user(by).id
            users.extend([user] if user not in users else [])
            self._state.changed()

    def unreact(self, channel: str, ts: str, by: str, emoji: str) -> None:
        """Takes somebody's reaction off, if there is one."""
        with self._state.lock:
            reactions, user = self._at(channel, ts)[1].reactions, self.add_user(by).id
            left = [each for each in reactions.pop(emoji, []) if each != user]
            if left:
                reactions[emoji] = left
            self._state.changed()

    def messages(self, channel: str) -> tuple[SlackMessage, ...]:
        """The messages outside of threads as they stand now, oldest first."""
        with self._state.lock:
            return tuple(copy.deepcopy(list(self.channel(channel).top_level())))

    def thread(self, channel: str, ts: str) -> tuple[SlackMessage, ...]:
        """A message and the replies in its thread as they stand now, oldest first."""
        with self._state.lock:
            place, message = self._at(channel, ts)
            return tuple(copy.deepcopy([message, *place.replies(ts)]))

    def reactions(self, channel: str, ts: str) -> dict[str, list[str]]:
        """Who reacted with what, by handle."""
        with self._state.lock:
            found = self._at(channel, ts)[1].reactions
            return {emoji: [self.users[each].name for each in users] for emoji, users in found.items()}

    def channel(self, name: str) -> SlackChannel:
        """A channel by name or id; KeyError where there is none."""
        found = self.find_channel(name)
        if found is None:
            raise KeyError(name)
        return found

    def _at(self, channel: str, ts: str) -> tuple[SlackChannel, SlackMessage]:
        place = self.channel(channel)
        found = place.message(ts)
        if found is None:
            raise KeyError(f"{channel} {ts}")
        return place, found
