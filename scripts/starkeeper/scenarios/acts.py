"""Takes what a scenario says that somebody does; does it in the world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from starkeeper.model.desk import Desk
from starkeeper.model.resources import ResourceKey
from starkeeper.scenarios.grammar import (
    Assigns,
    Closes,
    Comments,
    Corrects,
    DeletesNote,
    EditsNote,
    Labels,
    Opens,
    Reopens,
    Retitles,
)
from starkeeper.scenarios.names import key_of
from starkeeper.scenarios.script import Act
from starkeeper.scenarios.world import World

BOT = "smoc-bot"
"""The account that the desk writes with."""


def act_on(world: World, desk: Desk, act: Act) -> None:
    """Somebody does something in the world."""
    if isinstance(act, Opens):
        assignees = tuple(world.person(each) for each in act.assignees)
        path, text = desk.trackers[act.tracker.text].path, filled_in(act.form)
        fields = {"labels": act.labels, "assignees": assignees, "confidential": act.confidential}
        world.open(path, act.by, act.title, text, **fields)
        return
    key = key_of(act.issue.text, desk)
    match act:
        case Comments():
            world.comment(key, act.by, act.body, internal=act.internal)
        case Labels():
            world.label(key, act.by, add=act.add, remove=act.remove)
        case Closes() | Reopens():
            world.change(key, act.by, state="closed" if isinstance(act, Closes) else "opened")
        case Retitles():
            world.change(key, act.by, title=act.title)
        case Corrects():
            world.change(key, act.by, description=filled_in(act.form))
        case Assigns():
            _assign(world, key, act)
        case DeletesNote() | EditsNote():
            _change_note(world, key, act)
        case _:
            assert_never(act)


def filled_in(form: Mapping[str, str]) -> str:
    """What GitLab makes of a form: a heading for each question, the answer below."""
    return "\n\n".join(f"### {heading}\n\n{answer}" for heading, answer in form.items())


def _assign(world: World, key: ResourceKey, act: Assigns) -> None:
    before = world.kept[key].issue.assignees
    kept = [each for each in before if each.username not in act.remove]
    world.change(key, act.by, assignees=tuple(dict.fromkeys((*kept, *(world.person(each) for each in act.add)))))


def _change_note(world: World, key: ResourceKey, act: DeletesNote | EditsNote) -> None:
    own = [note for note in world.kept[key].notes if note.author == BOT]
    if isinstance(act, DeletesNote):
        world.remove_note(key, own[act.number - 1])
    else:
        world.rewrite_note(key, own[act.number - 1], act.body)
