"""Epics of the world: opening and looking at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from starkeeper.sandbox.opening import new_epic
from starkeeper.sandbox.seen import SeenEpic, see_epic
from starkeeper.sandbox.world.items import Items


class Epics(Items):
    """Epics; groups are named by their paths. For what is done to one see `kind` of the other methods."""

    def open_epic(
        self,
        group: str,
        *,
        title: str = "An epic",
        description: str = "",
        author: str = "",
        labels: Sequence[str] = (),
        created_at: dt.datetime | None = None,
        updated_at: dt.datetime | None = None,
        start_date: dt.date | None = None,
        due_date: dt.date | None = None,
        confidential: bool = False,
        upvotes: int = 0,
        downvotes: int = 0,
        run_quick_actions: bool = False,
        iid: int = 0,
        id: int = 0,
    ) -> int:
        """Opens an epic and returns its iid; label events carry its time of creation."""
        with self.lock:
            place, at = self.groups[group.lower()], created_at or self.clock()
            user = self.add_user(author or "ghost")
            epic = new_epic(self, place, user, title, at, iid=iid, id=id)
            epic.confidential, epic.start_date, epic.due_date = confidential, start_date, due_date
            self._fill(epic, user, labels, (), (upvotes, downvotes), (0, 0))
            self._describe(epic, user, description, run_quick_actions)
            epic.updated_at = updated_at or at
            return epic.iid

    def epic(self, group: str, iid: int) -> SeenEpic:
        """An epic as it stands now; KeyError where there is none."""
        with self.lock:
            return see_epic(self.epic_at(group, iid))

    def epics(self, group: str) -> tuple[SeenEpic, ...]:
        """All epics of a group itself, oldest first."""
        with self.lock:
            return tuple(see_epic(each) for _, each in sorted(self.groups[group.lower()].epics.items()))
