"""When the last sweep ran, and the last one that did all that it was to do: a small file beside the journals."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

import msgspec
from msgspec import Struct

_FILE = "last-sweep.json"


class LastSweep(Struct, frozen=True, kw_only=True):
    """`at` is when the last sweep ran, `whole_at` when one last read and did everything; both aware, in UTC."""

    gitlab_url: str
    at: dt.datetime
    whole_at: dt.datetime | None = None


def read_sweep(folder: Path, gitlab_url: str) -> LastSweep | None:
    """What is known of this GitLab; None where no sweep is on record, or the file is none of ours."""
    try:
        data = (folder / _FILE).read_bytes()
        known = msgspec.json.decode(data[:10_000], type=LastSweep)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    times = [each for each in (known.at, known.whole_at) if each is not None]
    return known if known.gitlab_url == gitlab_url and all(each.tzinfo for each in times) else None


def write_sweep(folder: Path, gitlab_url: str, at: dt.datetime, *, is_whole: bool) -> None:
    """Notes that a sweep ran at that time. A disk that is full must not fail a run that has done its work."""
    before = read_sweep(folder, gitlab_url)
    whole_at = at if is_whole else before.whole_at if before else None
    known = LastSweep(gitlab_url=gitlab_url, at=at, whole_at=whole_at)
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{_FILE}.part"
        partial.write_bytes(msgspec.json.encode(known))
        partial.replace(folder / _FILE)
