"""What a step of the plan says or does in Slack: each thing once, and noted where the next sweep finds it."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from starkeeper.connectors.pacing import Pace
from starkeeper.connectors.slack.asks import SERVICE, Ask
from starkeeper.connectors.slack.channel import Channel, Kept
from starkeeper.connectors.slack.channels import Channels, key_times
from starkeeper.connectors.slack.client import Client
from starkeeper.connectors.slack.drafts import AS_IT_IS, Draft, post_of, reply_of, update_of
from starkeeper.connectors.slack.marks import metadata_of
from starkeeper.connectors.slack.posting import Poster
from starkeeper.errors import ConnectorError
from starkeeper.model.plan import SlackStep
from starkeeper.model.resources import Mark

_LOG = logging.getLogger("starkeeper.slack")
_TS = re.compile(r"[0-9]{1,10}\.[0-9]{6}")


class Teller:
    """Does what steps say, in channels that it keeps up to date; `pace` is that of edits."""

    def __init__(self, client: Client, channels: Channels, poster: Poster, pace: Pace, now: dt.datetime) -> None:
        self._client = client
        self._now = now
        self._channels = channels
        self._poster = poster
        self._pace = pace

    def tell(self, step: SlackStep) -> None:
        """Raises ConnectorError; ValueError where the step has no key by which its message could be found again."""
        channel = self._channels.read(step.channel)
        if step.does == "react":
            self._react(channel, _target(channel, step, step.reply_to or step.role), step.text)
        elif step.does == "update":
            self._update(channel, _target(channel, step, step.role), step)
        elif step.reply_to or step.to:
            self._reply(channel, _target(channel, step, step.reply_to or ""), reply_of(step, self._now))
        else:
            self._post(channel, post_of(step, self._now))

    def _post(self, channel: Channel, drafts: list[Draft]) -> None:
        """The first in the channel, what did not fit into it in its thread; of one that stands there what is missing.

        Only then the first is whole, so that whatever comes between is made up for by a later sweep.
        """
        first, *rest = drafts
        self._channels.freshen(channel)
        there = channel.by_key(first.mark.key)
        ts = there.name if there else self._poster.post(channel, first)
        mark = there.mark if there else first.mark
        assert mark is not None
        if not mark.is_whole:
            self._say(channel, ts, rest)
            self._remark(channel, ts, structs.replace(mark, is_whole=True))

    def _reply(self, channel: Channel, parent: str, drafts: list[Draft]) -> None:
        """Below a message of our own, notes in it what was said, so that nobody needs to read the thread for it."""
        key, kept = drafts[-1].mark.key, channel.get(parent)
        mark = kept.message.mark if kept else None
        if mark is not None and key in mark.said:
            return
        at = self._say(channel, parent, drafts)[key]
        if mark is not None:
            self._remark(channel, parent, structs.replace(mark, said={**mark.said, key: at}))

    def _say(self, channel: Channel, parent: str, drafts: list[Draft]) -> dict[str, dt.datetime]:
        """Writes into a thread what does not stand there yet, and gives by key when what there was said."""
        said = key_times(self._channels.replies(channel, parent))
        for draft in drafts:
            if draft.mark.key not in said:
                self._poster.post(channel, draft, parent)
                said[draft.mark.key] = self._now
        return said

    def _remark(self, channel: Channel, ts: str, mark: Mark) -> None:
        """Another mark for a message of our own. The thread says the same: that it failed is no error."""
        kept = channel.remark(ts, mark)
        body = {"text": kept.message.description, "blocks": list(kept.blocks), "metadata": metadata_of(mark)}
        try:
            self._edit(channel, ts, body)
        except ConnectorError as error:
            _LOG.debug("what stands in a thread could not be noted in its first message: %s", error.found)

    def _update(self, channel: Channel, ts: str, step: SlackStep) -> None:
        kept = self._channels.fetch(channel, ts)
        draft = update_of(step, kept.message.mark if kept else None, self._now)
        body = draft.body
        self._edit(channel, ts, body)
        if kept is not None:
            message = structs.replace(kept.message, description=body["text"], mark=draft.mark)
            channel.keep(Kept(message, tuple(body["blocks"])))

    def _edit(self, channel: Channel, ts: str, body: Mapping[str, Any]) -> None:
        about = f"editing a message in channel '{channel.name}'"
        body = {"channel": channel.id, "ts": ts, **AS_IT_IS, **body}
        # Edited twice it is the same, so that this may be repeated.
        ask = Ask(kind="slack update", method="chat.update", about=about, body=body, channel=channel.name, writes=True)
        self._pace.wait()
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
