"""A branch of a project's repository, with the commit at its tip."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct


class Branch(Struct, eq=False):
    """A branch; `merged` says that the default branch has all of it. The author is a name, as git has it."""

    name: str
    sha: str
    title: str
    author_name: str
    authored_at: dt.datetime
    committed_at: dt.datetime
    merged: bool = False
    protected: bool = False
    developers_can_merge: bool = False
