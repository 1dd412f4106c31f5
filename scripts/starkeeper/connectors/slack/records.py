"""Slack's messages as our records: what people and bots wrote; what Slack itself says of a channel is left out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from msgspec import Struct

from starkeeper.connectors.slack.marks import read_mark
from starkeeper.connectors.slack.wire import WireMe, WireMessage, WireReaction, unknown_shape
from starkeeper.model.resources import Reaction, Reply, SlackMessage

_TS = re.compile(r"([0-9]{1,10})\.([0-9]{6})")
_WRITTEN = frozenset({"", "bot_message", "me_message", "file_share"})


class Records(Struct, frozen=True):
    """Makes records of what stands in one channel: `name` is what desk.yml calls it, `id` what Slack does."""

    me: WireMe
    name: str
    id: str

    def message(self, row: WireMessage) -> SlackMessage | None:
        """The message, None for one that nobody wrote or that belongs into a thread."""
        if (row.subtype or "") not in _WRITTEN or row.thread_ts not in (None, row.ts):
            return None
        is_own = self._is_own(row)
        mark = read_mark(row.metadata) if is_own else None
        created_at = mark.at if mark and mark.at else self.at(row.ts)
        return SlackMessage(
            tracker=self.name,
            project=self.name,
            name=row.ts,
            description=row.text or "",
            created_at=created_at,
            updated_at=max(created_at, self.at(row.edited.ts)) if row.edited else created_at,
            web_url=f"{self.me.url.rstrip('/')}/archives/{self.id}/p{row.ts.replace('.', '')}",
            user=row.user or "",
            is_own=is_own,
            from_bot=_is_from_bot(row),
            reactions=reactions_of(row.reactions),
            replies=row.reply_count,
            replied_at=self.at(row.latest_reply) if row.latest_reply else None,
            may_be_answered=self.me.user_id in row.reply_users or row.reply_users_count > len(row.reply_users),
            mark=mark,
        )

    def reply(self, row: WireMessage) -> Reply | None:
        """A message of a thread, None for one that nobody wrote, or that began the thread."""
        if (row.subtype or "") not in _WRITTEN | {"thread_broadcast"} or row.thread_ts in (None, row.ts):
            return None
        is_own = self._is_own(row)
        mark = read_mark(row.metadata) if is_own else None
        at = mark.at if mark and mark.at else self.at(row.ts)
        return Reply(
            user=row.user or "", text=row.text or "", at=at, is_own=is_own, from_bot=_is_from_bot(row), mark=mark
        )

    def at(self, ts: str) -> dt.datetime:
        """The time that a time stamp tells, to the microsecond, so that the order is Slack's."""
        found = _TS.fullmatch(ts)
        if found is None:
            raise unknown_shape(f"reading channel '{self.name}'")
        seconds, micros = found.groups()
        return dt.datetime.fromtimestamp(int(seconds), dt.UTC) + dt.timedelta(microseconds=int(micros))

    def _is_own(self, row: WireMessage) -> bool:
        return row.user == self.me.user_id or (row.bot_id is not None and row.bot_id == self.me.bot_id)


def _is_from_bot(row: WireMessage) -> bool:
    return bool(row.bot_id) or row.subtype == "bot_message"


def reactions_of(rows: Iterable[WireReaction]) -> tuple[Reaction, ...]:
    """The reactions by name, whatever skin their hands have."""
    users: dict[str, dict[str, None]] = {}
    for row in rows:
        users.setdefault(row.name.partition("::")[0], {}).update(dict.fromkeys(row.users))
    return tuple(Reaction(name, tuple(found)) for name, found in users.items())


def ts_of(at: dt.datetime) -> str:
    """A time as Slack writes it, to compare with."""
    return f"{int(at.timestamp())}.{at.microsecond:06}"
