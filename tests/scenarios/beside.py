"""Slack and PagerDuty of the desk on the sandbox: people act there, and see what the bot has said."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from starkeeper.connectors.slack.marks import read_mark
from starkeeper.model.desk import Desk, Rotation
from starkeeper.sandbox.records.slack import SlackMessage
from starkeeper.sandbox.world import World
from starkeeper.scenarios.accounts import BOT_ACCOUNT, account_of, display_name_of, handle_of, reacting
from starkeeper.scenarios.grammar import Fails, OnMessage, Override, Reacts, Replies, Unreacts, Works, Writes
from starkeeper.scenarios.names import about_of
from starkeeper.scenarios.script import MessageAct, Outage, SlackAct
from starkeeper.scenarios.speaking import in_order, spoken, thread_name
from starkeeper.scenarios.stage import Spoken

SLACK_TOKEN, PAGERDUTY_TOKEN = "xoxb-scenarios", "pagerduty-scenarios"
BOT = "starkeeper"
At = tuple[str, str]
"""A channel, as Slack calls it, and the time stamp of a message there."""


class Beside:
    """What stands beside GitLab in a world, for a desk."""

    def __init__(self, world: World, desk: Desk) -> None:
        self._world = world
        self._desk = desk
        self._names = {account_of(name, desk): name for name in desk.people}
        self._called: dict[str, At] = {}
        self._posted: dict[At, str] = {}

    def act(self, act: SlackAct | Override | Outage) -> None:
        match act:
            case Writes():
                place = self._desk.channels[act.channel.text]
                ts = self._world.slack.post(place, self.person(act.by), act.text)
                self._called |= {act.called.text: (place, ts)} if act.called.text else {}
            case Override():
                schedule = self._desk.rotations[act.rotation.text].schedules[0]
                self._world.pagerduty.override(schedule, act.person.text, act.starts.instant, act.ends.instant)
            case Fails() | Works():
                self._switch(act)
            case _:
                self._act_on(act)

    def has(self, act: MessageAct) -> bool:
        return self._find(act) is not None

    def said(self) -> tuple[Spoken, ...]:
        return in_order((self._spoken(at, each) for at, each in self._own()), self._desk)

    def remember(self) -> None:
        """Takes the words of what is new for those that it was posted with."""
        for at, message in self._own():
            self._posted.setdefault(at, _text(message))

    def _act_on(self, act: MessageAct) -> None:
        found = self._find(act)
        assert found is not None
        match act:
            case Replies():
                self._world.slack.post(found[0], self.person(act.by), act.text, found[1])
            case Reacts():
                self._world.slack.react(*found, self.person(act.by), act.emoji)
            case Unreacts():
                self._world.slack.unreact(*found, self.person(act.by), act.emoji)

    def _switch(self, act: Outage) -> None:
        """What fails does not know our token any more: that is said at once, where silence would be waited for."""
        slack, pagerduty = self._world.slack, self._world.pagerduty
        if "slack" in act.value:
            slack.tokens.clear() if isinstance(act, Fails) else slack.add_token(SLACK_TOKEN, BOT)
        if "pagerduty" in act.value:
            pagerduty.tokens.clear() if isinstance(act, Fails) else pagerduty.add_token(PAGERDUTY_TOKEN)

    def _find(self, act: OnMessage) -> At | None:
        if act.message.text:
            return self._called.get(act.message.text)
        wanted = (about_of(act, self._desk), act.to.text)
        marks = ((at, read_mark(message.metadata)) for at, message in self._own())
        return next((at for at, mark in marks if mark and (mark.about, mark.role) == wanted), None)

    def _own(self) -> Iterator[tuple[At, SlackMessage]]:
        for channel in self._desk.channels.values():
            messages = self._world.slack.channel(channel).messages
            yield from (((channel, each.ts), each) for each in messages if each.user == BOT_ACCOUNT)

    def person(self, name: str) -> str:
        """Their handle; whoever is new gets an account."""
        account = account_of(name, self._desk)
        self._names[account] = name
        _add_account(self._world, name, self._desk)
        return handle_of(name, self._desk)

    def _spoken(self, at: At, message: SlackMessage) -> Spoken:
        channel, ts = at
        mark, text = read_mark(message.metadata), _text(message)
        return spoken(
            self._desk,
            channel=channel,
            thread=self._thread(channel, message.thread_ts) if message.thread_ts else "",
            mark=mark,
            text=text,
            at=mark.at if mark and mark.at else dt.datetime.fromtimestamp(float(ts), dt.UTC),
            edited=text != self._posted.get(at, text),
            reactions=reacting(message.reactions, self._names),
            names=self._names,
        )

    def _thread(self, channel: str, ts: str) -> str:
        first = self._world.slack.channel(channel).message(ts)
        called = next((name for name, at in self._called.items() if at == (channel, ts)), "")
        return thread_name(read_mark(first.metadata) if first else None, called)


def open_beside(world: World, desk: Desk) -> None:
    """The channels, schedules and services of a desk, and everybody in it."""
    world.slack.add_user(BOT, is_bot=True, id=BOT_ACCOUNT)
    world.slack.add_token(SLACK_TOKEN, BOT)
    for person in desk.people.values():
        _add_account(world, person.gitlab, desk)
        world.pagerduty.add_user(person.gitlab, email=person.email, id=person.pagerduty)
    for channel in desk.channels.values():
        world.slack.add_channel(channel, [BOT])
    world.pagerduty.add_token(PAGERDUTY_TOKEN)
    for service in desk.services.values():
        world.pagerduty.add_service(service)
    for rotation in desk.rotations.values():
        _add_schedules(world, rotation)


def _add_account(world: World, name: str, desk: Desk) -> None:
    person, handle = desk.people.get(name), handle_of(name, desk)
    email, shown = person.email if person else "", display_name_of(name, desk)
    world.slack.add_user(handle, name.title(), email=email, display_name=shown, id=account_of(name, desk))


def _add_schedules(world: World, rotation: Rotation) -> None:
    """The whole table in the first; the others are empty."""
    for place, name in enumerate(rotation.schedules):
        shifts = [(each.person, f"{each.starts:%H:%M}", f"{each.ends:%H:%M}") for each in rotation.shifts]
        world.pagerduty.add_schedule(name, shifts if place == 0 else [], time_zone=rotation.zone, id=name)


def _text(message: SlackMessage) -> str:
    """What people read: the sections of a message, without the small line beneath; GitLab's address as in memory."""
    sections = (each["text"]["text"] for each in message.blocks if each["type"] == "section")
    return re.sub(r"http://127\.0\.0\.1:\d+", "https://gitlab.example", "\n".join(sections) or message.text)
