"""Takes the entries of one run as they come; appends them to its file, a line each, so that nothing done is lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
from msgspec import structs

from starkeeper.journal.files import path_of, remove_older
from starkeeper.model.journal import Entry, Header


class JournalFile:
    """The journal of one run. Folder and file are made with its first entry, and older ones removed then.

    A disk that is full must not end a run that has begun to write: `trouble` is what went wrong, None as long as
    nothing did. `account` tells who writes, asked with the first entry. Journals of runs before `keep_since` are
    removed; with None all are kept.
    """

    def __init__(
        self,
        folder: Path,
        header: Header,
        account: Callable[[], str] | None = None,
        keep_since: dt.datetime | None = None,
    ) -> None:
        self.path = path_of(folder, header.run)
        self.trouble: OSError | None = None
        self._header = header
        self._account = account
        self._keep_since = keep_since
        self._begun = False

    def record(self, entries: Sequence[Entry]) -> None:
        """Appends the entries at once. After the first trouble nothing more is written."""
        if self.trouble is not None:
            return
        try:
            if not self._begun:
                self._begin()
            self._append(entries)
        except OSError as error:
            self.trouble = error

    def _begin(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self._keep_since is not None:
            remove_older(self.path.parent, self._keep_since)
        account = self._account() if self._account else ""
        self._append([structs.replace(self._header, account=account)])
        self._begun = True

    def _append(self, records: Sequence[Entry | Header]) -> None:
        lines = b"".join(msgspec.json.encode(each) + b"\n" for each in records)
        with self.path.open("ab") as file:
            file.write(lines)
