"""Keeps what runs did in a folder, one file a run, and gives it back: entries in, journals out."""

from starkeeper.journal.files import find_runs, path_of
from starkeeper.journal.read import read_journal, said_before, undone_by
from starkeeper.journal.sweeps import LastSweep, read_sweep, write_sweep
from starkeeper.journal.whereabouts import read_whereabouts, write_whereabouts
from starkeeper.journal.write import JournalFile

__all__ = [
    "JournalFile",
    "LastSweep",
    "find_runs",
    "path_of",
    "read_journal",
    "read_sweep",
    "read_whereabouts",
    "said_before",
    "undone_by",
    "write_sweep",
    "write_whereabouts",
]
