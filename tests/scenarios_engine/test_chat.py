"""The Slack of scenarios keeps what the bot says as Slack does: each thing once, found again by what it is about."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from starkeeper.errors import ConnectorError
from starkeeper.model.plan import SlackStep
from starkeeper.model.resources import Place, ResourceKey, SlackMessage
from starkeeper.scenarios.chat import WorkspaceChat
from starkeeper.scenarios.workspace import Workspace
from tests.builders import DESK

NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
STAR = Place("channels", "star")
ANNOUNCED = {"key": "a", "role": "announcement"}


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(DESK, NOON)


def step(**given: Any) -> SlackStep:
    return SlackStep(**{"rule": "Say", "channel": "star", "about": "support/star#1", "text": "Hello", **given})


def messages(workspace: Workspace) -> tuple[SlackMessage, ...]:
    chat = WorkspaceChat(workspace, DESK)
    found: tuple[SlackMessage, ...] = chat.read_facet("messages", [STAR], NOON - dt.timedelta(days=1)).found[STAR]
    return found


def test_what_has_a_key_is_said_once(workspace: Workspace) -> None:
    chat = WorkspaceChat(workspace, DESK)
    for _ in range(2):
        chat.tell(step(**ANNOUNCED))
        chat.tell(step(key="b", reply_to="announcement"))
    (message,) = messages(workspace)
    assert (message.replies, message.may_be_answered, message.created_at) == (1, True, NOON)
    assert message.mark is not None
    assert message.mark.said == {"b": NOON}


def test_an_edit_keeps_when_it_was_posted_and_what_was_said_in_the_thread(workspace: Workspace) -> None:
    chat = WorkspaceChat(workspace, DESK)
    chat.tell(step(**ANNOUNCED))
    chat.tell(step(key="b", reply_to="announcement"))
    workspace.now += dt.timedelta(minutes=5)
    chat.tell(step(**ANNOUNCED, does="update", text="Good bye"))
    (message,) = messages(workspace)
    assert (message.description, message.created_at) == ("Good bye", NOON)
    assert message.mark is not None
    assert (message.mark.said, message.mark.content) == ({"b": NOON}, step(text="Good bye").content)


def test_the_thread_of_what_a_person_wrote_is_its_own_memory(workspace: Workspace) -> None:
    plea = workspace.post(workspace.channel("star"), workspace.account("dana"), "Help")
    for _ in range(2):
        WorkspaceChat(workspace, DESK).tell(step(key="c", reply_to="message", to=plea.ts))
    key = ResourceKey("star", 0, "slack_messages", plea.ts)
    (reply,) = WorkspaceChat(workspace, DESK).read_facet("replies", [key], NOON).found[key]
    assert (reply.text, reply.is_own, reply.at) == ("Hello", True, NOON)


def test_without_the_message_a_reply_and_an_edit_say_so(workspace: Workspace) -> None:
    chat = WorkspaceChat(workspace, DESK)
    chat.tell(step(**ANNOUNCED, channel="leadership"))
    for refused in (step(key="b", reply_to="announcement"), step(**ANNOUNCED, does="update")):
        with pytest.raises(ConnectorError, match="there is no announcement yet; it comes with the next sweep"):
            chat.tell(refused)
    assert messages(workspace) == ()


def test_accounts_are_found_by_what_people_yml_says_of_them(workspace: Workspace) -> None:
    places = [Place("people", "emil"), Place("people", "kim"), Place("accounts", workspace.account("dana"))]
    found = WorkspaceChat(workspace, DESK).read_facet("slack_account", places, NOON).found
    assert [found[each] for each in places] == ["U0EMIL", "", "Dana"]


def test_a_slack_that_fails_tells_nothing_and_takes_nothing(workspace: Workspace) -> None:
    silent = WorkspaceChat(workspace, DESK, is_silent=True)
    assert str(silent.read_facet("messages", [STAR], NOON).failed[STAR]).startswith("Slack: reading messages: ")
    with pytest.raises(ConnectorError, match="Slack: writing in channel 'star'"):
        silent.tell(step(**ANNOUNCED))
    assert messages(workspace) == ()
