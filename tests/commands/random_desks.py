"""Policies and events by chance, the same for the same seed: what rules do to each other, whatever they are about."""

from __future__ import annotations

import random
from typing import NamedTuple

CONDITIONS = (
    "labels: [a]",
    "forbidden_labels: [a]",
    "labels: [b]",
    "forbidden_labels: [b]",
    'labels: ["s::*"]',
    'forbidden_labels: ["s::*"]',
    "assignees: None",
    "assignees: Any",
    "duplicate_of: {state: opened, was_opened: before}",
    "commented: {by: managers}",
    "slack_reaction: {to: announcement, name: eyes, by: managers}",
    "label_added: {label: a, by: people}",
    "reopened: {by: people}",
)
ACTIONS = (
    "labels: [a]",
    "labels: [b]",
    'labels: ["s::1"]',
    'labels: ["s::2"]',
    "remove_labels: [a]",
    'remove_labels: ["s::*"]',
    "status: close",
    "status: reopen",
    "assign: [amber]",
    "unassign: [amber]",
    'comment: "note of %d"',
    'slack: {post: star, text: "post of %d"}',
    'slack: {post: star, as: announcement, text: "announcement of %d"}',
    'slack: {reply_to: announcement, text: "reply of %d"}',
)
OF_ORIGINAL = ("labels: [b]", 'comment: "second of %d"', "assign: [amber]", "remove_labels: [a]")
WHEN = ("events: []", "events: [note.created]", "events: [issue.opened]", "events: [issue.labelled]")
LIMITS = ("limits: {oldest: 1}", "limits: {most_recent: 5}", "max_changes: 1", "max_changes: 5")


class Happening(NamedTuple):
    """Something that people do to an issue, the first, second or so that there is by then, or to a new one."""

    what: str
    value: str
    place: int


def random_rules(chance: random.Random) -> str:
    return "".join(_rule(number, chance) for number in range(chance.randint(2, 5)))


def random_happenings(chance: random.Random) -> list[Happening]:
    """At first an issue is opened."""
    first = Happening("opens", chance.choice("12"), 0)
    kinds = (
        "opens 1",
        "opens 2",
        "comments dana",
        "comments amber",
        "labels a",
        "labels s::2",
        "closes -",
        "reopens -",
    )
    picked = (chance.choice(kinds).split() for _ in range(chance.randint(1, 4)))
    return [first, *(Happening(what, value, chance.randrange(9)) for what, value in picked)]


def _rule(number: int, chance: random.Random) -> str:
    lines = [f"- name: Rule {number}"]
    lines += [f"  {chance.choice(WHEN)}"] if chance.random() < 0.4 else []
    lines += [f"  {chance.choice(LIMITS)}"] if chance.random() < 0.15 else []
    state = "closed" if chance.random() < 0.15 else "opened"
    conditions = _by_key(chance.sample(CONDITIONS, chance.choice([0, 1, 1, 2])))
    actions = _by_key(chance.sample(ACTIONS, chance.choice([1, 1, 2])))
    if "duplicate_of" in conditions:
        actions["original"] = f"original: {{{chance.choice(OF_ORIGINAL)}}}"
    lines += ["  conditions:", f"    state: {state}", *(f"    {each}" for each in conditions.values())]
    lines += ["  actions:", *(f"    {each.replace('%d', str(number))}" for each in actions.values())]
    return "\n".join(lines) + "\n"


def _by_key(entries: list[str]) -> dict[str, str]:
    return {each.partition(":")[0]: each for each in entries}
