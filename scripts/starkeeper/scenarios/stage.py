"""What a scenario is played on: a desk on which people act, which sweeps, and whose issues can be looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from starkeeper.model.plan import Change
from starkeeper.model.resources import ResourceKey
from starkeeper.model.scenarios import Explained
from starkeeper.scenarios.grammar import FillsIn
from starkeeper.scenarios.script import Act, MessageAct


class Swept(Struct, frozen=True):
    """What a sweep planned, and what kept it from planning or doing all of it."""

    changes: tuple[Change, ...]
    troubles: tuple[str, ...] = ()


class Seen(Struct, frozen=True, kw_only=True):
    """An issue as a person sees it.

    `notes` counts all comments; `own` are the texts of the bot's, without the small line below them, and `internal`
    says of each whether it is for members only. `notified` are those whom they mention. `linked` are names as in
    scenarios; `labels`, `linked` and `notified` stand in alphabetical order.
    """

    title: str
    state: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    confidential: bool
    due_date: dt.date | None
    linked: tuple[str, ...]
    notes: int
    own: tuple[str, ...]
    internal: tuple[bool, ...]
    notified: tuple[str, ...]


class Spoken(Struct, frozen=True, kw_only=True):
    """A message of the bot in Slack as a person sees it.

    `channel` is as in desk.yml. `thread` is what it answers: the role of that message or what a person called it, ""
    where it answers none. `about` is named as in scenarios. `told` are user names, and `reactions` those who set each
    emoji, in alphabetical order.
    """

    channel: str
    thread: str
    about: str
    role: str
    text: str
    at: dt.datetime
    edited: bool
    told: tuple[str, ...]
    reactions: Mapping[str, tuple[str, ...]]


class About(Struct, frozen=True):
    """Which part of an issue is not as it should be: a key of `expect`, and where it is one of labels, which."""

    what: str
    labels: frozenset[str] = frozenset()


class Stage(Protocol):
    """Where scenarios are played. Issues are named as in scenarios, and are asked for only where they are there."""

    def at(self, now: dt.datetime) -> None:
        """It is that time, until it is another."""

    def act(self, act: Act) -> None:
        """Somebody does something."""

    def fill_in(self, act: FillsIn) -> str:
        """Somebody fills in a form; gives what is to be corrected, "" where it was taken."""

    def sweep(self, *, dry_run: bool) -> Swept:
        """The desk sweeps once."""

    def digest(self, name: str, *, dry_run: bool) -> Swept:
        """A digest is run once."""

    def issues(self) -> tuple[str, ...]:
        """The names of all issues, oldest first."""

    def name(self, key: ResourceKey) -> str:
        """How scenarios name an issue."""

    def see(self, issue: str) -> Seen:
        """An issue as it is now."""

    def has(self, act: MessageAct) -> bool:
        """Whether the message that something is done to is there."""

    def said(self) -> tuple[Spoken, ...]:
        """All that the bot has said in Slack, oldest first; of one second, channel by channel as in desk.yml."""

    def explain(self, issue: str, about: About) -> Explained | None:
        """Why that part of the issue is as it is, where the stage can tell."""


def own_words(body: str) -> str:
    """The text of a note of the bot without what stands below each: why it was written, and the hidden marker."""
    return body.rpartition("\n\n<sub>Starkeeper wrote this")[0] or body.rpartition("\n")[0]
