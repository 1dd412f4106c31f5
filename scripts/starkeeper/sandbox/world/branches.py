"""Branches of the world: adding and looking at them."""

from __future__ import annotations

import datetime as dt
import hashlib

from starkeeper.sandbox.records import Branch
from starkeeper.sandbox.seen import SeenBranch, see_branch
from starkeeper.sandbox.world.places import Places


class Branches(Places):
    """Branches; projects are named by their paths."""

    def add_branch(
        self,
        project: str,
        name: str,
        *,
        committed_at: dt.datetime | None = None,
        authored_at: dt.datetime | None = None,
        author: str = "ghost",
        title: str = "A change",
        merged: bool = False,
        protected: bool = False,
        default: bool = False,
    ) -> None:
        """Adds a branch, or puts another in the place of the one of that name.

        The commit's two times are one where only one is given. `default` makes it the project's default branch, which
        is protected as in every new project.
        """
        with self.lock:
            place = self.projects[project.lower()]
            committed = committed_at or authored_at or self.clock()
            sha = hashlib.sha1(f"{place.path} {name}".encode(), usedforsecurity=False).hexdigest()
            branch = Branch(name, sha, title, author, authored_at or committed, committed, merged, protected or default)
            place.branches[name] = branch
            place.default_branch = name if default else place.default_branch
            self.changed()

    def branches(self, project: str) -> tuple[SeenBranch, ...]:
        """All branches of a project, by name."""
        with self.lock:
            place = self.projects[project.lower()]
            return tuple(see_branch(place, each) for _, each in sorted(place.branches.items()))
