"""Merge requests of the world: opening, merging and looking at them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

from starkeeper.sandbox.changes import merge
from starkeeper.sandbox.linking import closing_issues, set_closes
from starkeeper.sandbox.opening import new_merge_request
from starkeeper.sandbox.records import MergeRequest, User
from starkeeper.sandbox.seen import SeenMergeRequest, see_merge_request
from starkeeper.sandbox.world.items import Items

MergeRequestState = Literal["opened", "closed", "merged", "locked"]


class MergeRequests(Items):
    """Merge requests; projects are named by their paths. For what is done to one see `kind` of the other methods."""

    def open_merge_request(
        self,
        project: str,
        *,
        title: str = "A merge request",
        description: str = "",
        author: str = "",
        labels: Sequence[str] = (),
        assignees: Sequence[str] = (),
        reviewers: Sequence[str] = (),
        milestone: str | None = None,
        source_branch: str = "change",
        target_branch: str = "",
        draft: bool = False,
        state: MergeRequestState = "opened",
        closes: Sequence[int] = (),
        created_at: dt.datetime | None = None,
        updated_at: dt.datetime | None = None,
        merged_at: dt.datetime | None = None,
        closed_at: dt.datetime | None = None,
        locked: bool = False,
        upvotes: int = 0,
        downvotes: int = 0,
        time_estimate: int = 0,
        time_spent: int = 0,
        run_quick_actions: bool = False,
        iid: int = 0,
        id: int = 0,
    ) -> int:
        """Opens a merge request and returns its iid; label events carry its time of creation, times are in seconds.

        `draft` writes `Draft: ` before the title. The target is the default branch unless told. `closes` are iids of
        the same project, beside those that the description names. `merged_at` or `closed_at` alone also say the state;
        without them a merged or closed one was so at `updated_at`, by its author.
        """
        with self.lock:
            place, at = self.projects[project.lower()], created_at or self.clock()
            user, target = self.add_user(author or "ghost"), target_branch or place.default_branch
            name = f"Draft: {title}" if draft else title
            item = new_merge_request(
                self, place, user, name, at, source_branch=source_branch, target_branch=target, iid=iid, id=id
            )
            item.reviewers, item.locked = [self.add_user(each) for each in reviewers], locked
            item.milestone = self._milestone(place, milestone)
            self._fill(item, user, labels, assignees, (upvotes, downvotes), (time_estimate, time_spent))
            self._describe(item, user, description, run_quick_actions)
            named = [place.issues[each] for each in closes]
            set_closes(self, item, list(dict.fromkeys([*named, *closing_issues(self, item)], None)))
            item.updated_at = updated_at or max(at, merged_at or at, closed_at or at)
            _end(item, user, state, merged_at, closed_at)
            return item.iid

    def merge(self, project: str, iid: int, *, by: str, at: dt.datetime | None = None) -> None:
        """Merges it, and closes the issues it says it closes, whatever the role of this person."""
        with self.lock:
            item, user = self.merge_request_at(project, iid), self.add_user(by)
            was_admin, user.admin = user.admin, True
            try:
                merge(self, item, user, at or self.clock())
            finally:
                user.admin = was_admin

    def merge_request(self, project: str, iid: int) -> SeenMergeRequest:
        """A merge request as it stands now; KeyError where there is none."""
        with self.lock:
            return see_merge_request(self.merge_request_at(project, iid))

    def merge_requests(self, project: str) -> tuple[SeenMergeRequest, ...]:
        """All merge requests of a project, oldest first."""
        with self.lock:
            found = self.projects[project.lower()].merge_requests
            return tuple(see_merge_request(each) for _, each in sorted(found.items()))


def _end(
    item: MergeRequest,
    user: User,
    state: MergeRequestState,
    merged_at: dt.datetime | None,
    closed_at: dt.datetime | None,
) -> None:
    if state == "merged" or merged_at is not None:
        item.state, item.merged_at, item.merged_by = "merged", merged_at or item.updated_at, user
    elif state == "closed" or closed_at is not None:
        item.state, item.closed_at, item.closed_by = "closed", closed_at or item.updated_at, user
    else:
        item.state = state
