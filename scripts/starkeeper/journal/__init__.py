"""Keeps what runs did in a folder, one file a run, and gives it back: entries in, journals out."""

from starkeeper.journal.files import find_runs, path_of
from starkeeper.journal.read import read_journal, said_before, undone_by
from starkeeper.journal.write import JournalFile

__all__ = ["JournalFile", "find_runs", "path_of", "read_journal", "said_before", "undone_by"]
