"""The files of a folder of journals: which runs there are, and which are too old to keep."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from pathlib import Path

from starkeeper.model.journal import RUN_NAME

_FILE = re.compile(rf"({RUN_NAME})\.jsonl")


def path_of(folder: Path, run: str) -> Path:
    """Where the journal of a run is."""
    return folder / f"{run}.jsonl"


def find_runs(folder: Path) -> tuple[str, ...]:
    """The names of the runs that left a journal, oldest first; none where there is no such folder."""
    try:
        names = [each.name for each in folder.iterdir()]
    except OSError:
        return ()
    return tuple(sorted(found[1] for name in names if (found := _FILE.fullmatch(name))))


def remove_older(folder: Path, before: dt.datetime) -> None:
    """Removes the journals of runs before that time, and that were written before it: a run can be given another time
    than that of the clock. What cannot be removed stays."""
    oldest = before.astimezone(dt.UTC).strftime("%Y-%m-%dT%H%MZ")
    for run in (each for each in find_runs(folder) if each < oldest):
        path = path_of(folder, run)
        with contextlib.suppress(OSError):
            if path.lstat().st_mtime < before.timestamp():
                path.unlink()
