"""Busy projects of any size: many issues, merge requests and branches, the same ones for the same seed."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from starkeeper.sandbox.forms import star_form
from starkeeper.sandbox.seeds.desk import BOT, ENGINEERS, INITIATORS, LABELS, MANAGERS, add_labels, add_tokens
from starkeeper.sandbox.world import World

BUSY = "support/busy"
PEOPLE = (*MANAGERS, *ENGINEERS, *INITIATORS)
DAYS = 400
_TASKS = "### Tasks\n\n- [x] Read the logs\n- [{0}] Ask for a trace\n- [{1}] Answer\n"
_TYPES = ("issue",) * 8 + ("incident", "task")
_HEALTH = ("on_track", "needs_attention", "at_risk")


def seed_many(world: World, count: int, seed: int = 1, project: str = BUSY) -> None:
    """Fills one project with so many issues of all kinds; the same seed makes the same issues.

    They are spread over the 400 days before the world's present. The desk's bot and its tokens are set as in
    `seed_desk`.
    """
    chance = random.Random(seed)
    with world.lock:
        _prepare(world, project)
        for at in _spread(world, count):
            _add_issue(world, project, chance, at)


def seed_many_merge_requests(world: World, count: int, seed: int = 1, project: str = BUSY) -> None:
    """Fills one project with so many merge requests in all states, likewise; some close issues that are there."""
    chance = random.Random(seed)
    with world.lock:
        _prepare(world, project)
        issues = tuple(world.projects[project.lower()].issues)
        for number, at in enumerate(_spread(world, count)):
            _add_merge_request(world, project, chance, at, f"change-{number}", issues)


def seed_many_branches(world: World, count: int, seed: int = 1, project: str = BUSY) -> None:
    """Gives one project so many branches beside a protected `main`, likewise."""
    chance = random.Random(seed)
    with world.lock:
        _prepare(world, project)
        world.add_branch(project, "main", default=True)
        for number, at in enumerate(_spread(world, count)):
            world.add_branch(
                project,
                f"{chance.choice(('feature', 'fix', 'backport'))}/{number}",
                committed_at=at,
                authored_at=at - dt.timedelta(hours=chance.randrange(48)),
                author=chance.choice(PEOPLE),
                merged=chance.random() < 0.4,
                protected=chance.random() < 0.05,
            )


def _prepare(world: World, project: str) -> None:
    world.add_project(project)
    add_tokens(world)
    world.add_member(project, BOT, "maintainer")
    add_labels(world, project)


def _spread(world: World, count: int) -> list[dt.datetime]:
    now = world.clock()
    return [now - dt.timedelta(days=DAYS * (count - number) / count) for number in range(count)]


def _add_issue(world: World, project: str, chance: random.Random, at: dt.datetime) -> None:
    ticket = str(chance.randrange(100_000, 999_999))
    author, urgency = chance.choice(PEOPLE), chance.choice(("Timely", "Urgent", "Not Urgent"))
    age = world.clock() - at
    iid = world.open_issue(
        project,
        title=f"STAR for ZD#{ticket}",
        description=star_form(ticket, urgency=urgency) + (_tasks(chance) if chance.random() < 0.3 else ""),
        author=author,
        issue_type=chance.choice(_TYPES),
        due_date=world.clock().date() + dt.timedelta(days=chance.randrange(-60, 60)) if chance.random() < 0.3 else None,
        confidential=chance.random() < 0.05,
        weight=chance.randrange(10) if chance.random() < 0.4 else None,
        health_status=chance.choice(_HEALTH) if chance.random() < 0.3 else None,
        created_at=at,
        updated_at=at + age * chance.random(),
        **_common(chance),
    )
    if chance.random() < 0.3:
        world.close(project, iid, by=author, at=at + age / 2)


def _add_merge_request(
    world: World, project: str, chance: random.Random, at: dt.datetime, branch: str, issues: tuple[int, ...]
) -> None:
    age = world.clock() - at
    ended = at + age * chance.random()
    fate = chance.choices(("opened", "merged", "closed"), (3, 5, 2))[0]
    world.open_merge_request(
        project,
        title=f"Change {branch.partition('-')[2]}",
        description=_tasks(chance) if chance.random() < 0.3 else "What it does, and why.",
        author=chance.choice(PEOPLE),
        reviewers=[chance.choice(PEOPLE)] if chance.random() < 0.5 else [],
        source_branch=branch,
        draft=chance.random() < 0.2,
        closes=[chance.choice(issues)] if issues and chance.random() < 0.4 else [],
        created_at=at,
        updated_at=ended,
        merged_at=ended if fate == "merged" else None,
        closed_at=ended if fate == "closed" else None,
        **_common(chance),
    )


def _common(chance: random.Random) -> dict[str, Any]:
    """Labels, people, votes and time, as issues and merge requests have them alike."""
    return {
        "labels": chance.sample(tuple(LABELS), chance.randrange(0, 4)),
        "assignees": [chance.choice(PEOPLE)] if chance.random() < 0.6 else [],
        "upvotes": chance.randrange(5) if chance.random() < 0.3 else 0,
        "downvotes": chance.randrange(2) if chance.random() < 0.1 else 0,
        "time_estimate": 3600 * chance.randrange(1, 20) if chance.random() < 0.2 else 0,
        "time_spent": 3600 * chance.randrange(1, 20) if chance.random() < 0.2 else 0,
    }


def _tasks(chance: random.Random) -> str:
    return _TASKS.format(*(chance.choice(" x") for _ in range(2)))
