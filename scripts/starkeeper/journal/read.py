"""Takes the file of a journal; gives the run as data, or says at which line it is no journal."""

from __future__ import annotations

import datetime as dt
import logging
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from starkeeper.errors import PolicyError, Problem, Where
from starkeeper.journal.files import find_runs, path_of
from starkeeper.model.journal import VERSION, Entry, Header, Journal, Said
from starkeeper.model.resources import ResourceKey

T = TypeVar("T")
_LOG = logging.getLogger("starkeeper.journal")
_RESTORE = "take the file as the run left it; it is also among the artifacts of its job"
# Far more than a run writes; what is larger would fill the memory.
_MOST_BYTES = 64 * 1024 * 1024
_ON_THE_RESOURCE = frozenset({"comment", "summarize"})
_LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
_HEADER, _ENTRY = msgspec.json.Decoder(Header), msgspec.json.Decoder(Entry)


class _Version(msgspec.Struct):
    version: int


def read_journal(folder: Path, run: str) -> Journal:
    """All that the run did. A last line that was never finished is left out: the run was killed while it wrote it.

    Raises PolicyError with the line where the file is no journal, or that of another version or run.
    """
    path = path_of(folder, run)
    lines = _lines(path)
    header = _header(path, lines[0])
    entries = tuple(_decoded(_ENTRY, path, number, line) for number, line in enumerate(lines[1:], 2))
    return Journal(header, entries)


def said_before(folder: Path, gitlab_url: str) -> dict[ResourceKey, Said]:
    """What journals know to have been said on that GitLab, by resource. A file that is no journal is passed over."""
    said: dict[ResourceKey, Said] = {}
    for journal in _all(folder, having=b'"notes":'):
        for entry in journal.entries if journal.header.gitlab_url == gitlab_url else ():
            if entry.result == "applied" and entry.notes and entry.before:
                said[entry.key] = _with(said.get(entry.key), entry, journal.header.now)
    return said


def undone_by(folder: Path, run: str) -> tuple[Journal, ...]:
    """The runs that have taken that one back, oldest first."""
    return tuple(each for each in _all(folder) if each.header.undoes == run)


def _all(folder: Path, *, having: bytes = b"") -> Iterator[Journal]:
    """Every journal that can be read, with those of its entries whose line holds `having`."""
    for run in find_runs(folder):
        path = path_of(folder, run)
        try:
            first, *lines = _lines(path)
            entries = tuple(_decoded(_ENTRY, path, n, line) for n, line in enumerate(lines, 2) if having in line)
            yield Journal(_header(path, first), entries)
        except PolicyError as error:
            _LOG.warning("passed over: %s", error)


def _with(said: Said | None, entry: Entry, at: dt.datetime) -> Said:
    """The notes of an entry beside those known; the same number may by now be borne by another resource."""
    assert entry.before is not None
    is_same = said is not None and said.created_at == entry.before.created_at
    known = said.notes if said and is_same else {}
    # What is said elsewhere leaves the time of change as it is.
    was_at = entry.before.updated_at if entry.action in _ON_THE_RESOURCE else _LONG_AGO
    seen_at = max(was_at, said.updated_at) if said and is_same else was_at
    return Said({**dict.fromkeys(entry.notes, at), **known}, entry.before.created_at, seen_at)


def _lines(path: Path) -> list[bytes]:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > _MOST_BYTES:
            what = "this is no file of a journal: it is no plain file, or too large"
            raise PolicyError([Problem(Where(str(path)), what, _RESTORE)])
        *lines, rest = path.read_bytes().split(b"\n")
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise PolicyError([Problem(Where(str(path)), f"the journal cannot be read: {why}")]) from None
    if not lines:
        what = "the journal ends within its first line" if rest else "the journal is empty"
        raise PolicyError([Problem(Where(str(path)), what, "the run was stopped before it changed anything")])
    return lines


def _header(path: Path, line: bytes) -> Header:
    version = _decoded(msgspec.json.Decoder(_Version), path, 1, line).version
    if version != VERSION:
        what = f"this is a journal of version {version}, and this Starkeeper reads version {VERSION}"
        raise PolicyError([Problem(Where(str(path)), what, "use the Starkeeper that wrote it")])
    header = _decoded(_HEADER, path, 1, line)
    if header.run != path.stem:
        what = f"this is the journal of run {header.run or '(none)'}, by another name"
        raise PolicyError([Problem(Where(str(path)), what, _RESTORE)])
    return header


def _decoded(decoder: msgspec.json.Decoder[T], path: Path, number: int, line: bytes) -> T:
    try:
        return decoder.decode(line)
    except msgspec.ValidationError as error:
        # The path to it; the message itself can hold a value.
        place = str(error).rpartition(" - at `")[2].rstrip("`") if " - at `" in str(error) else "$"
        what = f"this line is none of a journal, at {place}"
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        what = "this line is no JSON"
    raise PolicyError([Problem(Where(str(path), number), what, _RESTORE)])
