"""Messages that an app writes: posting, changing and linking them."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from starkeeper.sandbox.records.slack import SlackChannel, SlackMessage
from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.slack.api import SlackCall, SlackError, method
from starkeeper.sandbox.slack.blocks import accepted_blocks
from starkeeper.sandbox.slack.shapes import message_shape

MOST_TEXT = 40_000
# What Slack tells of a changed message; its `ts` stands beside it, and its thread and reactions are not told.
CHANGED = ("type", "subtype", "user", "text", "team", "bot_id", "app_id", "bot_profile", "blocks", "edited", "metadata")


@method("chat.postMessage", "chat:write")
def post_message(call: SlackCall) -> Json:
    channel = _writable(call)
    message = SlackMessage("", call.user.id, "", bot_id=call.user.bot_id)
    told = _write(call, message)
    message.thread_ts = _thread(call, channel)
    _refuse_when_too_many(call, channel)
    message.ts = channel.new_ts(call.state.clock())
    channel.add(message)
    call.state.changed()
    return {"channel": channel.id, "ts": message.ts, "message": _shown(call, channel, message), **told}


@method("chat.update", "chat:write")
def update(call: SlackCall) -> Json:
    """Changes an app's own message. What is not sent stays, but a text without blocks takes the blocks away.

    Slack marks a message as edited where its text was changed, and not where its blocks were.
    """
    channel = call.joined_channel()
    message = call.message(channel, "ts")
    if message.user != call.user.id:
        raise SlackError("cant_update_message")
    told = _write(call, message)
    if not message.blocks:
        message.edited = channel.new_ts(call.state.clock())
    call.state.changed()
    shown = {key: value for key, value in _shown(call, channel, message).items() if key in CHANGED}
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown, **told}


@method("chat.getPermalink")
def get_permalink(call: SlackCall) -> Json:
    channel = call.channel()
    return {"channel": channel.id, "permalink": permalink(call, channel, call.message(channel, "message_ts"))}


def permalink(call: SlackCall, channel: SlackChannel, message: SlackMessage) -> str:
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return f"{call.base}/slack/archives/{channel.id}/p{message.ts.replace('.', '')}{thread}"


def _writable(call: SlackCall) -> SlackChannel:
    """The channel to post into, by its id or its name."""
    found = call.known(call.slack.find_channel(call.text("channel")))
    if found.is_archived:
        raise SlackError("is_archived")
    if not call.is_in(found) and "chat:write.public" not in call.token.scopes:
        raise SlackError("not_in_channel")
    return found


def _write(call: SlackCall, message: SlackMessage) -> Json:
    """Puts text, blocks and metadata into a message, once all of them are found good; tells what was cut off."""
    kept, text = _blocks(call, message), call.text("text") or message.text
    metadata = call.json("metadata", "invalid_metadata_format")
    if not text.strip() and not kept:
        raise SlackError("no_text")
    if metadata is not None:
        message.metadata = _checked_metadata(metadata)
    message.text, message.blocks = text[:MOST_TEXT], kept
    if len(text) <= MOST_TEXT:
        return {}
    return {"warning": "message_truncated", "response_metadata": {"warnings": ["message_truncated"]}}


def _blocks(call: SlackCall, message: SlackMessage) -> list[Json]:
    sent = call.json("blocks", "invalid_blocks_format")
    if sent is not None:
        return accepted_blocks(sent)
    return [] if call.text("text") else message.blocks


def _checked_metadata(sent: Any) -> dict[str, Any] | None:
    """An empty object takes away what there was."""
    if sent == {}:
        return None
    if not isinstance(sent, dict) or not sent.get("event_type") or not isinstance(sent.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return {"event_type": str(sent["event_type"]), "event_payload": sent["event_payload"]}


def _thread(call: SlackCall, channel: SlackChannel) -> str | None:
    """The `ts` of the thread's first message, also where that of a reply was given."""
    if not call.text("thread_ts"):
        return None
    found = channel.message(call.text("thread_ts"))
    if found is None:
        raise SlackError("thread_not_found")
    return found.thread_ts or found.ts


def _refuse_when_too_many(call: SlackCall, channel: SlackChannel) -> None:
    """Counts a post; more than the limit within a second are refused, whoever posts."""
    most, now = call.slack.posts_per_second, call.state.clock()
    recent = [each for each in call.slack.post_times.get(channel.id, ()) if now - each < dt.timedelta(seconds=1)]
    if most is not None and len(recent) >= most:
        wait = math.ceil((recent[0] + dt.timedelta(seconds=1) - now).total_seconds())
        raise SlackError("ratelimited", 429, {"Retry-After": str(max(wait, 1))})
    call.slack.post_times[channel.id] = [*recent, now]


def _shown(call: SlackCall, channel: SlackChannel, message: SlackMessage) -> Json:
    return message_shape(call.slack, channel, message, all_metadata=True)
