"""What the last run learned of its Slack bot, in a small file beside the journals: it may be lost at any time."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from pathlib import Path

import msgspec
from msgspec import Struct

from starkeeper.model.whereabouts import Whereabouts
from starkeeper.settings import Secret

_FILE = "slack.json"
# A channel that was renamed, and another under its old name, must not be mixed up for long.
_KEPT = dt.timedelta(hours=1)


class _Kept(Struct, frozen=True, kw_only=True):
    """`of` tells the workspace and the token; that it was asked for `at` that time is said in UTC."""

    of: str
    at: dt.datetime
    known: Whereabouts


def read_whereabouts(folder: Path, url: str, token: Secret, now: dt.datetime) -> Whereabouts | None:
    """What is known of that token's bot, if it was asked for within the hour."""
    kept = _read(folder)
    return kept.known if kept is not None and _is_good(kept, _about(url, token), now) else None


def write_whereabouts(folder: Path, url: str, token: Secret, now: dt.datetime, known: Whereabouts | None) -> None:
    """Keeps what a run knows by now, from the time at which it was asked for; with None forgets it."""
    of, before = _about(url, token), _read(folder)
    if before is not None and _is_good(before, of, now) and before.known == known:
        return
    with contextlib.suppress(OSError):
        if known is None:
            (folder / _FILE).unlink(missing_ok=True)
            return
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{_FILE}.part"
        partial.write_bytes(msgspec.json.encode(_Kept(of=of, at=now, known=known)))
        partial.replace(folder / _FILE)


def _read(folder: Path) -> _Kept | None:
    """None where the file is none of ours."""
    try:
        data = (folder / _FILE).read_bytes()
        kept = msgspec.json.decode(data[:1_000_000], type=_Kept)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return kept if kept.at.tzinfo else None


def _is_good(kept: _Kept, of: str, now: dt.datetime) -> bool:
    return kept.of == of and dt.timedelta() <= now - kept.at < _KEPT


def _about(url: str, token: Secret) -> str:
    return hashlib.sha256(f"{url}\0{token.reveal()}".encode()).hexdigest()
