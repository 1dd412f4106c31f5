"""A day of a desk with thirty open STARs on the sandbox's Slack: `python -m tests.simulation.slack_day`.

144 sweeps over real HTTP, each a run of its own that remembers nothing; managers look, answer and close meanwhile, and
with `--down` Slack gives no answer for an hour.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from msgspec import Struct

from starkeeper import flow
from starkeeper.commands.connecting import connect
from starkeeper.commands.watching import Watching
from starkeeper.model.policies import Policies
from starkeeper.policies.load import load_policies
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.sandbox.faults import Fault
from starkeeper.sandbox.records.slack import SlackMessage
from starkeeper.sandbox.seeds import BOT, PAGERDUTY_TOKEN, SLACK_TOKEN, TOKEN, add_labels, add_tokens, seed_services
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from starkeeper.settings import Secret, Settings

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.datetime(2026, 12, 2, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
STAR, CHANNEL, LEADERSHIP = "support/star", "support_ticket-attention-requests", "support_leadership"
DOWN = (DAY + dt.timedelta(hours=12), DAY + dt.timedelta(hours=13))
URGENCIES = ("Not Urgent", "Timely", "Urgent")


Deed = Callable[[], None]


class Sweep(Struct, frozen=True):
    """One of them: when, what it cost, what it changed, and what it complained of."""

    at: dt.datetime
    requests: dict[str, int]
    steps: int
    troubles: tuple[str, ...]


class Said(Struct, frozen=True):
    """A message of the bot, threads included, and what its metadata says of it."""

    channel: str
    message: SlackMessage
    key: str
    about: str
    role: str


class Day(Struct, frozen=True):
    """The world afterwards, and its sweeps."""

    world: World
    sweeps: tuple[Sweep, ...]

    def said(self) -> list[Said]:
        """All that the bot wrote, by time."""
        found = [(name, each) for name in (CHANNEL, LEADERSHIP) for each in self.world.slack.channel(name).messages]
        own = [_said(name, each) for name, each in found if each.bot_id]
        return sorted(own, key=lambda each: float(each.message.ts))

    def duplicates(self) -> int:
        """How often a key was said more than once."""
        keys = Counter(each.key for each in self.said())
        return sum(count - 1 for count in keys.values())


def _said(channel: str, message: SlackMessage) -> Said:
    payload = (message.metadata or {})["event_payload"]
    return Said(channel, message, payload["key"], payload["about"], payload["role"])


def play(seed: int = 1, *, stars: int = 30, sweeps: int = 144, is_down: bool = False) -> Day:
    """The day of a seed, always the same."""
    now = [DAY]
    world = World(clock=lambda: now[0])
    _furnish(world)
    chance = random.Random(seed)
    deeds = sorted(_deeds(world, chance, stars), key=lambda each: each[0])
    policies = load_policies([ROOT / "policies"], ROOT / "templates")
    done: list[Sweep] = []
    with serve(world) as served:
        for number in range(sweeps):
            at = DAY + number * 10 * MINUTE
            while deeds and deeds[0][0] <= at:
                now[0], deed = deeds.pop(0)
                deed()
            now[0] = at
            world.faults[:] = [_silence()] if is_down and DOWN[0] <= at < DOWN[1] else []
            done.append(_sweep(served.url, policies, at))
    return Day(world, tuple(done))


def _furnish(world: World) -> None:
    add_tokens(world)
    seed_services(world, DAY)
    for path in (STAR, "support/feedback", "support/handover", "support/cover"):
        world.add_project(path)
    add_labels(world, "support")
    for name in ("aoi", "emil", "amber"):
        world.add_user(name)
        world.add_member("support", name, "maintainer")
    world.add_member("support", BOT, "maintainer")


def _silence() -> Fault:
    return Fault("*", "^/slack/", times=10_000, drop=True)


def _sweep(url: str, policies: Policies, at: dt.datetime) -> Sweep:
    settings = Settings(
        gitlab_url=url,
        gitlab_token=Secret(TOKEN),
        notes_per_second=1000,
        slack_url=f"{url}/slack/api/",
        slack_token=Secret(SLACK_TOKEN),
        messages_per_second=1000,
        pagerduty_url=f"{url}/pagerduty",
        pagerduty_token=Secret(PAGERDUTY_TOKEN),
    )
    connected = connect(settings, policies.desk, at)
    render = TemplateRenderer(ROOT / "templates")
    run = flow.sweep(
        policies, connected.gitlab, render, at, Watching(), dry_run=False, services=connected.services, swept_at=at
    )
    connected.close()
    troubles = [each.what for each in run.plan.errors] + [each.why for each in run.outcomes if each.why]
    return Sweep(at, dict(connected.requests), sum(len(each.steps) for each in run.plan.changes), tuple(troubles))


def _deeds(world: World, chance: random.Random, stars: int) -> Iterator[tuple[dt.datetime, Deed]]:
    """STARs, most of them there from the beginning, and what managers do with them."""
    for number in range(1, stars + 11):
        opened = DAY if number <= stars else DAY + chance.randint(30, 1300) * MINUTE
        opened = DOWN[0] + 5 * MINUTE if number == stars + 1 else opened
        yield opened, partial(_opens, world, number, opened, chance)
        manager = chance.choice(("aoi", "emil", "amber"))
        looks = opened + chance.randint(5, 200) * MINUTE
        yield looks, partial(_reacts, world, number, manager, "eyes")
        if number % 3 == 0:
            yield looks + 20 * MINUTE, partial(_writes, world, number, manager)
        if number % 6 == 0:
            done = looks + 300 * MINUTE
            yield done, partial(_reacts, world, number, manager, "green-check-mark")


def _opens(world: World, number: int, at: dt.datetime, chance: random.Random) -> None:
    form = {
        "Ticket": str(100_000 + number),
        "Urgency": chance.choice(URGENCIES),
        "Form": "SaaS",
        "Reason more attention is needed": "Go-live is near.",
    }
    text = "\n\n".join(f"### {heading}\n\n{value}" for heading, value in form.items())
    title = f"STAR for ZD#{100_000 + number}"
    world.open_issue(STAR, title=title, description=text, author="ivy", created_at=at)


def _announcement(world: World, number: int) -> str:
    own = (each for each in world.slack.messages(CHANNEL) if each.bot_id)
    return next((each.ts for each in own if f"ZD#{100_000 + number}>" in each.text), "")


def _reacts(world: World, number: int, who: str, emoji: str) -> None:
    if ts := _announcement(world, number):
        world.slack.react(CHANNEL, ts, who, emoji)


def _writes(world: World, number: int, who: str) -> None:
    issue = next(each for each in world.issues(STAR) if each.title.endswith(str(100_000 + number)))
    world.comment(STAR, issue.iid, who, "Kim has it, a patch is under way.")


def main() -> None:
    day = play(is_down="--down" in sys.argv)
    kinds = sorted({kind for sweep in day.sweeps for kind in sweep.requests})
    print(f"{len(day.sweeps)} sweeps, {sum(each.steps for each in day.sweeps)} steps")
    for kind in kinds:
        counts = sorted(sweep.requests.get(kind, 0) for sweep in day.sweeps)
        print(f"{kind:22} {sum(counts):6} in all, median {counts[len(counts) // 2]}, most {counts[-1]} a sweep")
    said = day.said()
    edited = sum(bool(each.message.edited) for each in said)
    print(f"posted: {len(said)}, of them edited {edited}; duplicates {day.duplicates()}")
    for sweep in day.sweeps:
        if sweep.troubles or (DOWN[0] <= sweep.at <= DOWN[1] + 10 * MINUTE):
            print(f"{sweep.at:%H:%M} {sweep.steps} steps {dict(Counter(sweep.troubles))}")
    for each in said:
        if DOWN[1].timestamp() <= float(each.message.ts) < DOWN[1].timestamp() + 60:
            place = f"{each.channel}{' (thread)' if each.message.thread_ts else ''}"
            print(f"  {place}: {each.message.text.splitlines()[0][:100]}")


if __name__ == "__main__":
    main()
