"""Takes what a scenario says that somebody does; does it in the GitLab or the Slack of the scenario."""

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
    Reacts,
    Reopens,
    Replies,
    Retitles,
    Unreacts,
    Writes,
)
from starkeeper.scenarios.names import about_of, key_of
from starkeeper.scenarios.script import IssueAct, MessageAct, SlackAct
from starkeeper.scenarios.workspace import Post, Workspace
from starkeeper.scenarios.world import World

BOT = "smoc-bot"
"""The account that the desk writes with."""


def act_on(world: World, desk: Desk, act: Opens | IssueAct) -> None:
    """Somebody does something in GitLab."""
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
            world.change(key, act.by, description=act.text or filled_in(act.form))
        case Assigns():
            _assign(world, key, act)
        case DeletesNote() | EditsNote():
            _change_note(world, key, act)
        case _:
            assert_never(act)


def act_in_slack(workspace: Workspace, desk: Desk, act: SlackAct) -> None:
    """Somebody does something in Slack; the message that it is done to is there."""
    user = workspace.account(act.by)
    if isinstance(act, Writes):
        post = workspace.post(workspace.channel(act.channel.text), user, act.text)
        if act.called.text:
            workspace.called[act.called.text] = (post.channel, post.ts)
        return
    there = message_of(workspace, desk, act)
    assert there is not None
    match act:
        case Reacts():
            workspace.react(there, user, act.emoji)
        case Unreacts():
            workspace.react(there, user, act.emoji, on=False)
        case Replies():
            workspace.post(there.channel, user, act.text, thread=there.ts)
        case _:
            assert_never(act)


def message_of(workspace: Workspace, desk: Desk, act: MessageAct) -> Post | None:
    """The message that something is done to, None where it is not there."""
    if act.message.text:
        return workspace.posts.get(workspace.called.get(act.message.text, ("", "")))
    return workspace.find_own(about_of(act, desk), act.to.text)


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
