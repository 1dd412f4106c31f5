"""A message that is posted once: sent, and looked for each time its answer was lost, for Slack would post it again."""

from __future__ import annotations

from collections.abc import Callable

from starkeeper.connectors import pacing
from starkeeper.connectors.slack.asks import SERVICE, Ask
from starkeeper.connectors.slack.channel import Channel, Kept
from starkeeper.connectors.slack.channels import Channels, key_times
from starkeeper.connectors.slack.client import Client
from starkeeper.connectors.slack.drafts import AS_IT_IS, Draft
from starkeeper.connectors.slack.wire import WireMessage, WirePosted, decode
from starkeeper.errors import ConnectorError

_TRIES = 3


class Poster:
    """Posts into channels, no faster than each of them takes it."""

    def __init__(self, client: Client, channels: Channels, new_pace: Callable[[], pacing.Pace]) -> None:
        self._client = client
        self._channels = channels
        self._new_pace = new_pace
        self._paces: dict[str, pacing.Pace] = {}

    def post(self, channel: Channel, draft: Draft, parent: str = "") -> str:
        """Posts in the channel, or in the thread of `parent`, and gives the time stamp.

        Before it looks for what may have been lost it waits as long again as the answer took, for a request that ran
        out of our time may still be at work. Raises the error with `lost` where it could not be found out.
        """
        ask = _ask(channel, draft, parent)
        for tried in range(1, _TRIES + 1):
            self._pace(channel).wait()
            begun_at = self._client.monotonic()
            try:
                ts = decode(self._client.call(ask), WirePosted, ask.about).ts
            except ConnectorError as error:
                if not error.lost:
                    raise
                lost = error
            else:
                self._keep(channel, draft, ts, parent)
                return ts
            self._client.sleep(max(pacing.backoff(tried), self._client.monotonic() - begun_at))
            found = self._look(channel, draft, parent, lost)
            if found:
                return found
        raise lost

    def _pace(self, channel: Channel) -> pacing.Pace:
        if channel.id not in self._paces:
            self._paces[channel.id] = self._new_pace()
        return self._paces[channel.id]

    def _keep(self, channel: Channel, draft: Draft, ts: str, parent: str) -> None:
        if parent:
            channel.replied(parent, ts)
            return
        body, me = draft.body, channel.records.me
        row = WireMessage(ts, text=body["text"], user=me.user_id, bot_id=me.bot_id, metadata=body["metadata"])
        message = channel.records.message(row)
        assert message is not None
        channel.keep(Kept(message, tuple(body["blocks"])))

    def _look(self, channel: Channel, draft: Draft, parent: str, lost: ConnectorError) -> str:
        """The time stamp of the message, or of the one that it replies to, if it is there after all, else ""."""
        key = draft.mark.key
        try:
            if parent:
                return parent if key in key_times(self._channels.replies(channel, parent)) else ""
            self._channels.refresh(channel)
        except ConnectorError as error:
            why = f"{lost.found}, and whether it took effect could not be seen: {error.found}"
            raise ConnectorError(SERVICE, lost.request, why, lost.advice, status=lost.status, lost=True) from None
        there = channel.by_key(key)
        return there.name if there else ""


def _ask(channel: Channel, draft: Draft, parent: str) -> Ask:
    body = {"channel": channel.id, **AS_IT_IS, **draft.body, "unfurl_links": False, "unfurl_media": False}
    return Ask(
        kind="slack post",
        method="chat.postMessage",
        about=f"{'replying' if parent else 'posting'} in channel '{channel.name}'",
        body=body | ({"thread_ts": parent} if parent else {}),
        channel=channel.name,
        writes=True,
        repeat=False,
    )
