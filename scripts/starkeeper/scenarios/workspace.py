"""A Slack in memory, as far as scenarios need one: messages in channels and threads, and the emoji on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Self

from msgspec import Struct, structs

from starkeeper.model.desk import Desk
from starkeeper.model.resources import Mark
from starkeeper.scenarios.accounts import BOT_ACCOUNT, account_of

# Slack's own time stamps have microseconds. These are far enough apart that none is taken for another.
_STEP = 100


class Post(Struct, frozen=True, kw_only=True):
    """A message. `channel` is Slack's name, `thread` the time stamp of what it answers, `posted` its first text."""

    channel: str
    ts: str
    at: dt.datetime
    user: str
    text: str
    posted: str
    thread: str = ""
    reactions: Mapping[str, tuple[str, ...]] = {}
    mark: Mark | None = None


class Workspace:
    """The channels of a desk, and everybody with an account; what is done is done at `now`."""

    def __init__(self, desk: Desk, now: dt.datetime) -> None:
        self.now = now
        self.posts: dict[tuple[str, str], Post] = {}
        self.called: dict[str, tuple[str, str]] = {}
        self._desk = desk
        self._names = {account_of(name, desk): name for name in desk.people}

    def copy(self) -> Self:
        """A Slack of its own that begins as this one is now."""
        copied = type(self)(self._desk, self.now)
        copied.posts, copied.called, copied._names = dict(self.posts), dict(self.called), dict(self._names)
        return copied

    @property
    def names(self) -> Mapping[str, str]:
        """The names of people by their account."""
        return self._names

    def account(self, name: str) -> str:
        """The account of that name, made where there is none yet."""
        account = account_of(name, self._desk)
        self._names.setdefault(account, name)
        return account

    def channel(self, name: str) -> str:
        """What Slack calls a channel of desk.yml."""
        return self._desk.channels[name]

    def post(self, channel: str, user: str, text: str, *, thread: str = "", mark: Mark | None = None) -> Post:
        """Writes in a channel (as Slack calls it) or in the thread of one of its messages."""
        micros = _STEP
        while (channel, ts := f"{int(self.now.timestamp())}.{micros:06}") in self.posts:
            micros += _STEP
        at = self.now.replace(microsecond=micros)
        post = Post(channel=channel, ts=ts, at=at, user=user, text=text, posted=text, thread=thread, mark=mark)
        return self.keep(post)

    def keep(self, post: Post) -> Post:
        """The message as it is from now on."""
        self.posts[post.channel, post.ts] = post
        return post

    def react(self, post: Post, user: str, emoji: str, *, on: bool = True) -> None:
        """Sets an emoji, or takes it off."""
        others = tuple(each for each in post.reactions.get(emoji, ()) if each != user)
        reactions = {**post.reactions, emoji: (*others, user) if on else others}
        self.keep(structs.replace(post, reactions={name: users for name, users in reactions.items() if users}))

    def top_level(self, channel: str) -> Iterator[Post]:
        """What stands in a channel outside of threads, oldest first."""
        return (each for each in self.posts.values() if each.channel == channel and not each.thread)

    def thread(self, channel: str, ts: str) -> tuple[Post, ...]:
        """What was answered to a message, oldest first."""
        return tuple(each for each in self.posts.values() if (each.channel, each.thread) == (channel, ts))

    def own(self, channel: str = "") -> Iterator[Post]:
        """All that the bot has said, anywhere or in one channel."""
        return (each for each in self.posts.values() if each.user == BOT_ACCOUNT and channel in ("", each.channel))

    def find_own(self, about: str, role: str, channel: str = "") -> Post | None:
        """The oldest message of the bot with that role about something."""
        marked = ((each, each.mark) for each in self.own(channel) if each.mark)
        return next((each for each, mark in marked if (mark.about, mark.role) == (about, role)), None)


def written_at(post: Post) -> dt.datetime:
    """When it was posted: what the bot writes has the time of the sweep that wrote it."""
    return post.mark.at if post.mark and post.mark.at else post.at
