"""Channels and what is said in them: lists, histories, threads, joining."""

from __future__ import annotations

from collections.abc import Iterable

from starkeeper.sandbox.records.slack import SlackChannel, SlackMessage
from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.slack.api import SlackCall, SlackError, method
from starkeeper.sandbox.slack.paging import one_page
from starkeeper.sandbox.slack.shapes import channel_shape, message_shape


@method("conversations.list")
def list_channels(call: SlackCall) -> Json:
    """Public channels, unless `types` names others as well; of private ones those that the app is in."""
    return _channels(call, [each for each in call.slack.channels.values() if not each.is_private or call.is_in(each)])


@method("users.conversations")
def list_own_channels(call: SlackCall) -> Json:
    """Of both kinds those that the app is in; the answer does not say how many others are."""
    shown = _channels(call, [each for each in call.slack.channels.values() if call.is_in(each)])
    for each in shown["channels"]:
        del each["num_members"], each["is_member"]
    return shown


def _channels(call: SlackCall, found: list[SlackChannel]) -> Json:
    types = [each.strip() for each in (call.text("types") or "public_channel").split(",")]
    for each in types:
        call.need("groups:read" if each == "private_channel" else "channels:read")
    found = [each for each in found if _type(each) in types]
    if call.flag("exclude_archived"):
        found = [each for each in found if not each.is_archived]
    page, cursor = one_page(call, sorted(found, key=lambda each: each.id))
    shown = [channel_shape(call.slack, each, call.user) | {"num_members": len(each.members)} for each in page]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


@method("conversations.info")
def info(call: SlackCall) -> Json:
    channel = call.channel()
    call.need("groups:read" if channel.is_private else "channels:read")
    shown = channel_shape(call.slack, channel, call.user)
    return {"channel": shown | ({"num_members": len(channel.members)} if call.flag("include_num_members") else {})}


@method("conversations.join", "channels:join")
def join(call: SlackCall) -> Json:
    channel = call.channel()
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if call.is_in(channel):
        again = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"channel": channel_shape(call.slack, channel, call.user), **again}
    channel.members.add(call.user.id)
    said = f"<@{call.user.id}> has joined the channel"
    channel.add(SlackMessage(channel.new_ts(call.state.clock()), call.user.id, said, subtype="channel_join"))
    call.state.changed()
    return {"channel": channel_shape(call.slack, channel, call.user)}


@method("conversations.history")
def history(call: SlackCall) -> Json:
    """The messages outside of threads, newest first."""
    channel = _readable(call)
    rows = _within(call, channel.top_level())
    page, cursor = one_page(call, rows[::-1])
    return _messages(call, channel, page, cursor) | {"pin_count": 0}


@method("conversations.replies")
def replies(call: SlackCall) -> Json:
    """A thread, oldest first; its first message comes whatever times are asked for."""
    channel = _readable(call)
    parent = channel.message(call.text("ts"))
    if parent is None:
        raise SlackError("thread_not_found")
    page, cursor = one_page(call, [parent, *_within(call, channel.replies(parent.ts))], usual=1000)
    return _messages(call, channel, page, cursor)


def _readable(call: SlackCall) -> SlackChannel:
    channel = call.joined_channel()
    call.need("groups:history" if channel.is_private else "channels:history")
    return channel


def _within(call: SlackCall, messages: Iterable[SlackMessage]) -> list[SlackMessage]:
    """Those between `oldest` and `latest`; what is exactly there is left out unless `inclusive` is set."""
    oldest, latest = _ts(call, "oldest"), _ts(call, "latest")
    inclusive = call.flag("inclusive")
    return [
        each
        for each in messages
        if (oldest is None or float(each.ts) > oldest or (inclusive and float(each.ts) == oldest))
        and (latest is None or float(each.ts) < latest or (inclusive and float(each.ts) == latest))
    ]


def _ts(call: SlackCall, name: str) -> float | None:
    text = call.text(name)
    if text in ("", "0", "now"):
        return None
    try:
        return float(text)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _messages(call: SlackCall, channel: SlackChannel, page: list[SlackMessage], cursor: str) -> Json:
    asked = call.flag("include_all_metadata")
    shown = [message_shape(call.slack, channel, each, all_metadata=asked) for each in page]
    more = {"response_metadata": {"next_cursor": cursor}} if cursor else {}
    return {"messages": shown, "has_more": bool(cursor), **more}


def _type(channel: SlackChannel) -> str:
    return "private_channel" if channel.is_private else "public_channel"
