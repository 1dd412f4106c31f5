"""What a person does in Slack: write in a channel or a thread, react and take a reaction off."""

from __future__ import annotations

import re

from starkeeper.sandbox.records.slack import Slack, SlackChannel, SlackMessage
from starkeeper.sandbox.web.play import Done, Move, Refused, verb


@verb("say")
def say(move: Move) -> Done:
    channel, text = _channel(move), move.field("text")
    thread = _message(move, channel).ts if move.fields.get("thread") else None
    move.world.slack.post(channel.id, move.me, as_slack_keeps_it(text.strip(), move.world.slack), thread)
    return Done()


@verb("react")
def react(move: Move) -> Done:
    """Reacts, or takes the reaction off where this person had given it."""
    slack, channel, emoji = move.world.slack, _channel(move), move.field("emoji").strip().strip(":").lower()
    if not re.fullmatch(r"[a-z0-9_+'-]{1,100}", emoji):
        raise Refused("Write the name of an emoji, such as eyes.")
    message, me = _message(move, channel), slack.add_user(move.me).id
    change = slack.unreact if me in message.reactions.get(emoji, ()) else slack.react
    change(channel.id, message.ts, move.me, emoji)
    return Done()


def as_slack_keeps_it(text: str, slack: Slack) -> str:
    """What a person typed as Slack stores it: three characters as entities, known names and addresses as links."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"\bhttps?://[^\s<>|`]*[^\s<>|`.,;:!?)*_]", r"<\g<0>>", text)
    people = {each.name: each.id for each in slack.users.values()}
    channels = {each.name: each.id for each in slack.channels.values()}
    text = re.sub(r"(?<![\w@/])@([\w.-]*\w)", lambda at: _link("@", people.get(at[1].lower())) or at[0], text)
    return re.sub(r"(?<![\w#/&])#([\w-]+)", lambda at: _link("#", channels.get(at[1].lower())) or at[0], text)


def _link(kind: str, id: str | None) -> str:
    return f"<{kind}{id}>" if id else ""


def _channel(move: Move) -> SlackChannel:
    found = move.world.slack.find_channel(move.field("channel"))
    if found is None or found.is_archived:
        raise Refused("This channel is not there, or it is archived.")
    return found


def _message(move: Move, channel: SlackChannel) -> SlackMessage:
    """The message that a reaction is for, or the first of the thread that is answered."""
    found = channel.message(move.fields.get("thread") or move.fields.get("ts"))
    if found is None:
        raise Refused("This message is gone.")
    return found
