"""What our messages carry unseen: a mark to Slack's metadata, and metadata, where it is ours, back to the mark."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from starkeeper.model.resources import Mark

_EVENT_TYPE = "starkeeper"
_HEX = re.compile(r"[0-9a-f]{1,9}")
_SAID = re.compile(r"([^,:\s]+):([0-9a-f]{1,9})")
_LONGEST_SAID = 5_000
"""Slack takes a few thousand characters of metadata. What no longer fits is still found in the thread itself."""


class _Payload(Struct):
    v: Literal[1]
    key: str
    about: str
    at: str = ""
    rule: str = ""
    role: str = ""
    content: str = ""
    said: str = ""


class _Metadata(Struct):
    event_type: Literal["starkeeper"]
    event_payload: _Payload


def metadata_of(mark: Mark) -> dict[str, Any]:
    """As Slack keeps it beside a message."""
    said = _written(mark.said)
    at = f"{int(mark.at.timestamp()):x}" if mark.at else ""
    payload = _Payload(1, mark.key, mark.about, at, mark.rule, mark.role, mark.content, said)
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
        said=_read(payload.said),
    )


def _read(said: str) -> dict[str, dt.datetime]:
    entries = (_SAID.fullmatch(each) for each in said.split(","))
    return {each[1]: _instant(each[2]) for each in entries if each}


def _instant(seconds: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(seconds, 16), dt.UTC)


def _written(said: Mapping[str, dt.datetime]) -> str:
    """`KEY:HEXTIME,KEY:HEXTIME`, the oldest first."""
    entries = [f"{key}:{int(at.timestamp()):x}" for key, at in sorted(said.items(), key=lambda each: each[1])]
    while len(written := ",".join(entries)) > _LONGEST_SAID:
        del entries[0]
    return written
