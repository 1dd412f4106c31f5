"""What our messages carry unseen: a mark to Slack's metadata, and metadata, where it is ours, back to the mark."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Literal

import msgspec
from msgspec import Struct

from starkeeper.connectors.slack.said import read_said, written_said
from starkeeper.model.resources import Mark

_EVENT_TYPE = "starkeeper"
_HEX = re.compile(r"[0-9a-f]{1,9}")


class _Payload(Struct):
    v: Literal[1]
    key: str
    about: str
    at: str = ""
    rule: str = ""
    role: str = ""
    content: str = ""
    said: str = ""
    whole: bool = True


class _Metadata(Struct):
    event_type: Literal["starkeeper"]
    event_payload: _Payload


def metadata_of(mark: Mark) -> dict[str, Any]:
    """As Slack keeps it beside a message."""
    said = written_said(mark.said)
    at = f"{int(mark.at.timestamp()):x}" if mark.at else ""
    payload = _Payload(1, mark.key, mark.about, at, mark.rule, mark.role, mark.content, said, mark.is_whole)
    return {"event_type": _EVENT_TYPE, "event_payload": msgspec.to_builtins(payload)}


def read_mark(metadata: Any) -> Mark | None:
    """The mark in the metadata of a message; None where it is not in our shape, whoever wrote it."""
    try:
        payload = msgspec.convert(metadata, _Metadata).event_payload
    except msgspec.ValidationError:
        return None
    if not payload.key or not payload.about:
        return None
    return Mark(
        key=payload.key,
        about=payload.about,
        at=_instant(payload.at) if _HEX.fullmatch(payload.at) else None,
        rule=payload.rule,
        role=payload.role,
        content=payload.content,
        said=read_said(payload.said),
        is_whole=payload.whole,
    )


def _instant(seconds: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(seconds, 16), dt.UTC)
