"""What was said in a thread, in few signs: beside a message Slack takes no more than some thousands of them."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Mapping

_LONGEST = 6_800
"""So many signs hold 400 keys; Slack documents no limit. A rule that repeats finds the keys of its turns in order, and
asks for no more once one is missing: so the first ones stay, and the newest say when it was its turn."""
_FIRST = 100
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ENTRY = re.compile(r"(?:([A-Za-z0-9_-]{11})|([^,:\s]+):)([0-9a-z]{1,5})")
_USUAL_KEY = re.compile(r"[0-9a-f]{16}")


def written_said(said: Mapping[str, dt.datetime]) -> str:
    """Keys and minutes, the oldest first; where they are too many those between the first and the newest are left out.

    What is left out is still found in the thread itself before anything is said there.
    """
    entries = [_packed(key) + _minutes(at) for key, at in sorted(said.items(), key=lambda each: each[1])]
    too_much = len(",".join(entries)) - _LONGEST
    until = min(_FIRST, len(entries) // 2)
    while too_much > 0:
        too_much -= len(entries.pop(until)) + 1
    return ",".join(entries)


def read_said(written: str) -> dict[str, dt.datetime]:
    """By key, when it was said, to the minute; what is not in our shape is passed over."""
    found = (_ENTRY.fullmatch(each) for each in written.split(","))
    return {(each[2] or _unpacked(each[1])): _instant(each[3]) for each in found if each}


def _packed(key: str) -> str:
    """The usual key, 16 hexadecimal digits, in 11 signs; any other as it is."""
    if not _USUAL_KEY.fullmatch(key):
        return f"{key}:"
    return base64.urlsafe_b64encode(bytes.fromhex(key)).decode().rstrip("=")


def _unpacked(packed: str) -> str:
    return base64.urlsafe_b64decode(f"{packed}=").hex()


def _minutes(at: dt.datetime) -> str:
    minutes, written = int(at.timestamp()) // 60, ""
    while minutes or not written:
        minutes, digit = divmod(minutes, 36)
        written = _DIGITS[digit] + written
    return written


def _instant(minutes: str) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(minutes, 36) * 60, dt.UTC)
