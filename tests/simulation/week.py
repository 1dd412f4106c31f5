"""Five working days of a busy desk: issues arrive, people act at plausible times, sweeps come late or not at all."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from starkeeper import flow
from starkeeper.model.policies import Policies
from starkeeper.model.resources import Note, ResourceKey
from starkeeper.model.services import Services
from starkeeper.policies.load import load_policies
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.scenarios.chat import WorkspaceChat
from starkeeper.scenarios.engine import Silence
from starkeeper.scenarios.service import Service
from starkeeper.scenarios.workspace import Post, Workspace, written_at
from starkeeper.scenarios.world import World

ROOT = Path(__file__).resolve().parents[2]
BOT = "smoc-bot"
MONDAY = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
STARS, FEEDBACK = 60, 40
OUT = (dt.timedelta(days=2, hours=9), dt.timedelta(days=2, hours=12))
MANAGERS = ("aoi", "emil", "amber")
_RULE = re.compile(r"<sub>Starkeeper wrote this: rule (.+?), `")

Deed = Callable[[World], None]


class Said(Struct, frozen=True):
    """A note or a Slack message of the bot: about which issue, by which rule, whom it tells, when, and, of a message,
    in which channel."""

    issue: ResourceKey
    rule: str
    told: tuple[str, ...]
    at: dt.datetime
    body: str
    channel: str = ""


class Week(Struct, frozen=True):
    """What became of the desk, when it swept, and how many changes each sweep made."""

    world: World
    slack: Workspace
    sweeps: tuple[dt.datetime, ...]
    changes: tuple[int, ...]

    def said(self) -> tuple[Said, ...]:
        """All that the bot wrote, by time."""
        notes = ((key, note) for key, kept in self.world.kept.items() for note in kept.notes if note.author == BOT)
        said = [*(_noted(key, note) for key, note in notes), *(_posted(each) for each in self.slack.own())]
        return tuple(sorted(said, key=lambda each: (each.at, each.issue, each.channel)))


def policies() -> Policies:
    """The desk's own."""
    return load_policies([ROOT / "policies"], ROOT / "templates")


def play(seed: int, *, days: int = 5, out: tuple[dt.timedelta, dt.timedelta] = OUT) -> Week:
    """The days of one seed, always the same; within `out`, counted from the first day, nothing sweeps."""
    chance = random.Random(seed)
    world = World((BOT, *MANAGERS, "ivy", "sam", "form-bot", "kim"), MONDAY)
    deeds = sorted(_deeds(chance, days), key=lambda each: each[0])
    rules, render = policies(), TemplateRenderer(ROOT / "templates")
    slack = Workspace(rules.desk, MONDAY)
    sweeps, changes = tuple(_sweeps(chance, days, out)), list[int]()
    for at in sweeps:
        while deeds and deeds[0][0] <= at:
            world.now, deed = deeds.pop(0)
            deed(world)
        world.now = slack.now = at
        services = Services(slack=WorkspaceChat(slack, rules.desk))
        run = flow.sweep(rules, Service(world, BOT), render, at, Silence(), dry_run=False, services=services)
        assert [each.why for each in run.outcomes if each.result != "applied"] == []
        assert run.plan.errors == () and run.plan.conflicts == ()
        changes.append(len(run.plan.changes))
    return Week(world, slack, sweeps, tuple(changes))


def _sweeps(chance: random.Random, days: int, out: tuple[dt.timedelta, dt.timedelta]) -> Iterator[dt.datetime]:
    """Every ten minutes, one in ten missing, one in five late."""
    for number in range(days * 144):
        at = MONDAY + number * 10 * MINUTE
        is_out = MONDAY + out[0] <= at < MONDAY + out[1]
        if chance.random() > 0.1 and not is_out:
            yield at + (chance.randint(1, 9) if chance.random() < 0.2 else 0) * MINUTE


def _deeds(chance: random.Random, days: int) -> Iterator[tuple[dt.datetime, Deed]]:
    for number in range(1, STARS + 1):
        opened = MONDAY + chance.randint(0, days * 1440 - 240) * MINUTE
        yield opened, _opens_star(chance, number)
        yield from _of_star(chance, number, opened)
    for number in range(1, FEEDBACK + 1):
        opened = MONDAY + chance.randint(0, (days - 1) * 1440) * MINUTE
        yield opened, _opens_feedback(chance, number)
        yield from _of_feedback(chance, number, opened)


def _of_star(chance: random.Random, number: int, opened: dt.datetime) -> Iterator[tuple[dt.datetime, Deed]]:
    who = chance.choice(MANAGERS)
    kind = chance.random()
    first = opened + chance.randint(3, 150) * MINUTE
    title = f"STAR for ZD#{100000 + number}"
    if kind < 0.15:
        return  # nobody ever answers
    if kind < 0.3:
        yield first, _on(title, lambda world, at: world.comment(at, "ivy", "Any news?"))
        first += chance.randint(10, 300) * MINUTE
    if kind < 0.4:
        yield first, _on(title, lambda world, at: world.comment(at, who, f"@{BOT} snooze 3 hours"))
        return
    yield first, _on(title, lambda world, at: world.comment(at, who, "Kim has it."))
    if kind < 0.55:
        yield first + 5 * MINUTE, _on(title, lambda world, at: world.label(at, who, add=["unstarred"]))
        reason = "Reason: the last reply is ours. Agreed path: wait for logs."
        yield first + chance.randint(10, 90) * MINUTE, _on(title, lambda world, at: world.comment(at, who, reason))
    elif kind < 0.9:
        closing = first + chance.randint(30, 1400) * MINUTE
        yield closing, _on(title, lambda world, at: world.change(at, who, state="closed"))


def _of_feedback(chance: random.Random, number: int, opened: dt.datetime) -> Iterator[tuple[dt.datetime, Deed]]:
    title = f" feedback for ticket {200000 + number}"
    who, later = chance.choice(MANAGERS), opened + chance.randint(60, 60 * 60) * MINUTE
    if chance.random() < 0.25:
        return
    yield later, _on(title, lambda world, at: world.comment(at, who, "I wrote to them."))
    mark = "ssat-manager-contacted-customer"
    if chance.random() < 0.8:
        yield later + chance.randint(1, 400) * MINUTE, _on(title, lambda world, at: world.label(at, who, add=[mark]))


def _opens_star(chance: random.Random, number: int) -> Deed:
    urgency = chance.choice(("Not Urgent", "Timely", "Urgent"))
    form = f"### Ticket\n\n{100000 + number}\n\n### Urgency\n\n{urgency}\n\n### Form\n\nSaaS"
    return lambda world: world.open("support/star", "ivy", f"STAR for ZD#{100000 + number}", form) and None


def _opens_feedback(chance: random.Random, number: int) -> Deed:
    kind = chance.choice(("Negative", "Negative", "Negative", "Positive", "Neutral"))
    wanted = "Yes" if kind == "Negative" and chance.random() < 0.7 else "No"
    form = f"### Feedback\n\nHm.\n\n### Manager contact requested\n\n{wanted}"
    title = f"{kind} feedback for ticket {200000 + number}"
    return lambda world: world.open("support/feedback", "form-bot", title, form) and None


def _on(title: str, act: Callable[[World, ResourceKey], None]) -> Deed:
    """On the issue of that title, as far as it is still open."""

    def deed(world: World) -> None:
        for key, kept in world.kept.items():
            if kept.issue.title.endswith(title) and kept.issue.state == "opened":
                act(world, key)
                return

    return deed


def _posted(post: Post) -> Said:
    assert post.mark is not None
    project, _, iid = post.mark.about.partition("#")
    told = tuple(name for name in MANAGERS if f"<@U{name.upper()}" in post.posted)
    return Said(ResourceKey(project, int(iid or 0)), post.mark.rule, told, written_at(post), post.posted, post.channel)


def _noted(key: ResourceKey, note: Note) -> Said:
    rule = _RULE.search(note.body)
    told = tuple(name for name in MANAGERS if f"@{name}" in note.body)
    return Said(key, rule[1] if rule else "", told, note.created_at, note.body)
