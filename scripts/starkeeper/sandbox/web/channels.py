"""The right half: the channels of Slack, and one of them with its messages, threads and reactions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from starkeeper.sandbox.records.slack import Slack, SlackChannel, SlackMessage, SlackUser
from starkeeper.sandbox.web.emoji import OFFERED, SIGNS, sign, with_signs
from starkeeper.sandbox.web.mrkdwn import Names, as_html

MOST_SHOWN = 100
MOST_NAMED = 3


class Reaction(Struct, frozen=True):
    """A reaction as a pill: `who` names those who gave it, `mine` says whether the reader is one of them."""

    emoji: str
    sign: str
    count: int
    who: str
    mine: bool


class Shown(Struct, frozen=True):
    """A message as the page shows it: `text` where it has no blocks."""

    ts: str
    at: dt.datetime
    author: str
    is_bot: bool
    is_joining: bool
    is_edited: bool
    text: Markup
    blocks: list[dict[str, Any]]
    reactions: list[Reaction]
    offered: list[tuple[str, str]]
    replies: list[Shown]


def right_half(slack: Slack, wanted: str, me: str) -> dict[str, Any]:
    """Values for the template: the channels, and the messages of the one that is wanted, else of the first."""
    channels = [each for each in slack.channels.values() if not each.is_archived]
    current = slack.find_channel(wanted) or next(iter(channels), None)
    return {
        "channels": [(each, sum(1 for _ in each.top_level())) for each in channels],
        "channel": current,
        "messages": _messages(slack, current, me) if current else [],
        "emoji": sorted({*SIGNS, *slack.emoji}),
    }


def _messages(slack: Slack, channel: SlackChannel, me: str) -> list[Shown]:
    """The last messages of a channel, the newest at the end."""
    names = Names(
        {each.id: each.name for each in slack.users.values()}, {each.id: each.name for each in slack.channels.values()}
    )
    reader, replies = slack.find_user(me), dict[str, list[SlackMessage]]()
    for each in channel.messages:
        if each.thread_ts:
            replies.setdefault(each.thread_ts, []).append(each)
    return [
        _shown(slack, each, names, reader, replies.get(each.ts, [])) for each in list(channel.top_level())[-MOST_SHOWN:]
    ]


def _shown(
    slack: Slack, message: SlackMessage, names: Names, reader: SlackUser | None, replies: Iterable[SlackMessage] = ()
) -> Shown:
    author = slack.users.get(message.user)
    return Shown(
        ts=message.ts,
        at=dt.datetime.fromtimestamp(float(message.ts), dt.UTC),
        author=author.real_name if author else message.user,
        is_bot=bool(message.bot_id),
        is_joining=bool(message.subtype),
        is_edited=message.edited is not None,
        text=as_html(message.text, names),
        blocks=[_block(each, names) for each in message.blocks],
        reactions=[_reaction(slack, name, ids, reader) for name, ids in message.reactions.items()],
        offered=[(each, sign(each)) for each in OFFERED if each not in message.reactions],
        replies=[_shown(slack, each, names, reader) for each in replies],
    )


def _reaction(slack: Slack, name: str, ids: list[str], reader: SlackUser | None) -> Reaction:
    people = [slack.users[each].name if each in slack.users else each for each in ids]
    more = f" and {len(people) - MOST_NAMED} more" if len(people) > MOST_NAMED else ""
    mine = reader is not None and reader.id in ids
    return Reaction(name, sign(name), len(ids), ", ".join(people[:MOST_NAMED]) + more, mine)


def _block(block: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """A block as its kind and the texts in it, already HTML; of a kind that this page does not know, the name only."""
    kind = str(block.get("type", ""))
    if kind in ("header", "section"):
        texts = [block.get("text"), *block.get("fields", ())]
    elif kind == "context":
        texts = block.get("elements", [])
    elif kind == "actions":
        texts = [each.get("text") for each in block.get("elements", ())]
    elif kind == "markdown":
        texts = [{"type": "plain_text", "text": block.get("text", "")}]
    else:
        texts = []
    return {"kind": kind, "texts": [_text(each, names) for each in texts if each]}


def _text(text: Mapping[str, Any], names: Names) -> Markup:
    said = str(text.get("text") or text.get("alt_text") or "")
    if text.get("type") == "mrkdwn":
        return as_html(said, names)
    return Markup("<p>{}</p>").format(_with_breaks(said))


def _with_breaks(text: str) -> Markup:
    """Text that knows no markup: its lines stay lines, and known emoji become signs."""
    return Markup("<br>").join(with_signs(each) for each in text.split("\n"))
