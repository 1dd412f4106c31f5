"""Reactions to messages: who reacted with what, the app's own ones, and which emoji there are."""

from __future__ import annotations

from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.slack.api import SlackCall, SlackError, method
from starkeeper.sandbox.slack.chat import permalink
from starkeeper.sandbox.slack.shapes import message_shape

# Some of those that every workspace has. `green-check-mark` is none of them.
_NAMES = """
+1 -1 100 alarm_clock arrows_counterclockwise bell black_circle calendar clap coffee construction exclamation eyes fire
hammer_and_wrench heart heavy_check_mark hourglass hourglass_flowing_sand information_source joy large_blue_circle
large_green_circle large_orange_circle large_red_square large_yellow_circle lock mega memo no_entry no_entry_sign
ok_hand pager phone pray question raised_hands red_circle repeat robot_face rocket rotating_light scroll smile sos
speech_balloon star stopwatch tada thinking_face tools warning wave white_check_mark white_circle x zap
"""
STANDARD = frozenset(_NAMES.split())
ALIASES = {"thumbsup": "+1", "thumbsdown": "-1", "telephone": "phone"}


@method("reactions.get", "reactions:read")
def get(call: SlackCall) -> Json:
    """A message with its reactions; `full` lists everybody, however many they are."""
    channel = call.joined_channel()
    message = call.message(channel, "timestamp")
    shown = message_shape(call.slack, channel, message, all_users=call.flag("full"))
    return {
        "type": "message",
        "channel": channel.id,
        "message": shown | {"permalink": permalink(call, channel, message)},
    }


@method("reactions.add", "reactions:write")
def add(call: SlackCall) -> Json:
    channel = call.joined_channel()
    message = call.message(channel, "timestamp")
    name = call.text("name").strip(":")
    name = ALIASES.get(name, name)
    if name not in STANDARD and name not in call.slack.emoji:
        raise SlackError("invalid_name")
    users = message.reactions.setdefault(name, [])
    if call.user.id in users:
        raise SlackError("already_reacted")
    users.append(call.user.id)
    call.state.changed()
    return {}


@method("emoji.list", "emoji:read")
def emoji(call: SlackCall) -> Json:
    """The workspace's own emoji, each with an image; the standard ones are not listed."""
    return {
        "emoji": {name: f"{call.base}/slack/emoji/{name}.png" for name in sorted(call.slack.emoji)},
        "cache_ts": f"{int(call.state.clock().timestamp())}.000000",
    }
