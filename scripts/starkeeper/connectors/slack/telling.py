"""What a step of the plan says or does in Slack: each thing once, and noted where the next sweep finds it."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from starkeeper.connectors.slack.asks import SERVICE, Ask
from starkeeper.connectors.slack.blocks import first_part, split_text
from starkeeper.connectors.slack.channels import Channel, Channels, Kept, key_times
from starkeeper.connectors.slack.client import Client
from starkeeper.connectors.slack.marks import metadata_of
from starkeeper.connectors.slack.posting import AS_IT_IS, Draft, Poster
from starkeeper.errors import ConnectorError
from starkeeper.model.plan import SlackStep
from starkeeper.model.resources import Mark

_LOG = logging.getLogger("starkeeper.slack")
_TS = re.compile(r"[0-9]{1,10}\.[0-9]{6}")
_KEY = re.compile(r"[^,:\s]+")


class Teller:
    """Does what steps say, in channels that it keeps up to date."""

    def __init__(self, client: Client, channels: Channels, poster: Poster, now: dt.datetime) -> None:
        self._client = client
        self._now = now
        self._channels = channels
        self._poster = poster

    def tell(self, step: SlackStep) -> None:
        """Raises ConnectorError; ValueError where the step has no key by which its message could be found again."""
        channel = self._channels.read(step.channel)
        if step.does == "react":
            self._react(channel, _target(channel, step, step.reply_to or step.role), step.text)
        elif step.does == "update":
            self._update(channel, _target(channel, step, step.role), step)
        elif step.reply_to or step.to:
            self._reply(channel, _target(channel, step, step.reply_to or ""), _drafts(step, self._now))
        else:
            self._post(channel, _drafts(step, self._now))

    def _post(self, channel: Channel, drafts: list[Draft]) -> None:
        """The first in the channel, what did not fit into it in its thread."""
        first, *rest = drafts
        there = channel.by_key(first.mark.key)
        ts = there.name if there else self._poster.post(channel, first)
        if rest:
            self._say(channel, ts, rest)

    def _reply(self, channel: Channel, parent: str, drafts: list[Draft]) -> None:
        key, kept = drafts[0].mark.key, channel.get(parent)
        if kept is not None and kept.message.mark is not None and key in kept.message.mark.said:
            return
        self._note(channel, parent, key, self._say(channel, parent, drafts))

    def _say(self, channel: Channel, parent: str, drafts: list[Draft]) -> dt.datetime:
        """Writes into a thread what does not stand there yet, and gives when the first of it was said."""
        said = key_times(self._channels.replies(channel, parent))
        for draft in drafts:
            if draft.mark.key not in said:
                self._poster.post(channel, draft, parent)
                said[draft.mark.key] = self._now
        return said[drafts[0].mark.key]

    def _note(self, channel: Channel, parent: str, key: str, at: dt.datetime) -> None:
        """Notes in a message of our own what was said in its thread, so that nobody needs to read the thread for it.

        The thread remembers it as well: that the note failed is no error.
        """
        kept = channel.get(parent)
        if kept is None or kept.message.mark is None:
            return
        mark = structs.replace(kept.message.mark, said={**kept.message.mark.said, key: at})
        message = structs.replace(kept.message, mark=mark)
        channel.keep(Kept(message, kept.blocks))
        body = {"text": message.description, "blocks": list(kept.blocks), "metadata": metadata_of(mark)}
        try:
            self._edit(channel, parent, body)
        except ConnectorError as error:
            _LOG.debug("what was said in a thread could not be noted in its first message: %s", error.found)

    def _update(self, channel: Channel, ts: str, step: SlackStep) -> None:
        kept = self._channels.fetch(channel, ts)
        old = kept.message.mark if kept else None
        key, said = step.key or (old.key if old else ""), old.said if old else {}
        mark = _mark(step, key=key, at=old.at if old else self._now, said=said)
        draft = Draft(first_part(step.text), step.note, mark)
        body = draft.body
        self._edit(channel, ts, body)
        if kept is not None:
            message = structs.replace(kept.message, description=body["text"], mark=mark)
            channel.keep(Kept(message, tuple(body["blocks"])))

    def _edit(self, channel: Channel, ts: str, body: Mapping[str, Any]) -> None:
        about = f"editing a message in channel '{channel.name}'"
        body = {"channel": channel.id, "ts": ts, **AS_IT_IS, **body}
        # Edited twice it is the same, so that this may be repeated.
        ask = Ask(kind="slack update", method="chat.update", about=about, body=body, channel=channel.name, writes=True)
        self._client.call(ask)

    def _react(self, channel: Channel, ts: str, emoji: str) -> None:
        ask = Ask(
            kind="slack react",
            method="reactions.add",
            about=f"setting the emoji '{emoji}' in channel '{channel.name}'",
            body={"channel": channel.id, "timestamp": ts, "name": emoji},
            channel=channel.name,
            writes=True,
            as_good=("already_reacted",),
        )
        self._client.call(ask)
        channel.reacted(ts, emoji)


def _target(channel: Channel, step: SlackStep, role: str) -> str:
    """The time stamp of the message that the step is about."""
    if step.to or _TS.fullmatch(role):
        return step.to or role
    there = channel.by_role(step.about, role)
    if there is None:
        about, found = f"looking in channel '{channel.name}'", f"there is no {role or 'message'} yet"
        raise ConnectorError(SERVICE, about, found, "it comes with the next sweep")
    return there.name


def _drafts(step: SlackStep, now: dt.datetime) -> list[Draft]:
    """The messages of a step, each with a key of its own; the note stands beneath the first."""
    if not _KEY.fullmatch(step.key):
        raise ValueError("a message must have a key, or it cannot be found again")
    first, *rest = split_text(step.text)
    drafts = [Draft(first, step.note, _mark(step, key=step.key, at=now))]
    for number, text in enumerate(rest, start=2):
        mark = Mark(key=f"{step.key}.{number}", about=step.about, at=now, rule=step.rule)
        drafts.append(Draft(text, "", mark))
    return drafts


def _mark(step: SlackStep, *, key: str, at: dt.datetime | None, said: Mapping[str, dt.datetime] | None = None) -> Mark:
    return Mark(
        key=key,
        about=step.about,
        at=at,
        rule=step.rule,
        role=step.role,
        content=step.content,
        said=said or {},
    )
