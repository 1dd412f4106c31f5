"""Issues of the world: opening, relating, moving and looking at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from starkeeper.sandbox.announcing import told
from starkeeper.sandbox.linking import relate
from starkeeper.sandbox.moving import move_issue
from starkeeper.sandbox.opening import new_issue
from starkeeper.sandbox.seen import Seen, see
from starkeeper.sandbox.world.items import Items


class Issues(Items):
    """Issues; projects are named by their paths."""

    def open_issue(
        self,
        project: str,
        *,
        title: str = "An issue",
        description: str = "",
        author: str = "",
        labels: Sequence[str] = (),
        assignees: Sequence[str] = (),
        milestone: str | None = None,
        iteration: str | None = None,
        created_at: dt.datetime | None = None,
        updated_at: dt.datetime | None = None,
        due_date: dt.date | None = None,
        confidential: bool = False,
        locked: bool = False,
        issue_type: str = "issue",
        weight: int | None = None,
        health_status: str | None = None,
        upvotes: int = 0,
        downvotes: int = 0,
        time_estimate: int = 0,
        time_spent: int = 0,
        run_quick_actions: bool = False,
        iid: int = 0,
        id: int = 0,
    ) -> int:
        """Opens an issue and returns its iid; label events carry its time of creation, times are in seconds.

        The description is stored as it is; with `run_quick_actions` it goes through GitLab's scanner first.
        """
        with self.lock:
            place, at = self.projects[project.lower()], created_at or self.clock()
            user = self.add_user(author or "ghost")
            issue = new_issue(self, place, user, title, at, iid=iid, id=id)
            issue.confidential, issue.locked, issue.due_date = confidential, locked, due_date
            issue.issue_type, issue.weight, issue.health_status = issue_type, weight, health_status
            issue.milestone, issue.iteration = self._milestone(place, milestone), self._iteration(place, iteration)
            with told(self, issue, user, new=True):
                self._fill(issue, user, labels, assignees, (upvotes, downvotes), (time_estimate, time_spent))
                self._describe(issue, user, description, run_quick_actions)
                issue.updated_at = updated_at or at
            return issue.iid

    def relate(self, project: str, iid: int, other: int, *, by: str, other_project: str = "") -> None:
        """Relates two issues."""
        with self.lock:
            one, two = self.issue_at(project, iid), self.issue_at(other_project or project, other)
            relate(self, one, two, self.add_user(by), "relates_to", self.clock())

    def move(self, project: str, iid: int, to: str, *, by: str, at: dt.datetime | None = None) -> int:
        """Moves an issue to another project, whatever the role of this person; returns its new iid there."""
        with self.lock:
            issue, target = self.issue_at(project, iid), self.projects[to.lower()]
            return move_issue(self, issue, target, self.add_user(by), at or self.clock()).iid

    def issue(self, project: str, iid: int) -> Seen:
        """An issue as it stands now; KeyError where there is none."""
        with self.lock:
            return see(self.issue_at(project, iid))

    def issues(self, project: str) -> tuple[Seen, ...]:
        """All issues of a project, oldest first."""
        with self.lock:
            return tuple(see(each) for _, each in sorted(self.projects[project.lower()].issues.items()))
