"""The tables of the look-alike world, its numbers, its clock and its lock; look-ups of people, places and labels."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Literal

from starkeeper.sandbox.background import Background
from starkeeper.sandbox.faults import Fault
from starkeeper.sandbox.records import (
    ADMIN,
    PLANNER,
    REPORTER,
    Command,
    Delivery,
    Epic,
    Group,
    Issue,
    Item,
    Iteration,
    Kind,
    Label,
    Mention,
    MergeRequest,
    Milestone,
    Pipeline,
    Place,
    Project,
    Request,
    Runner,
    Token,
    User,
)
from starkeeper.sandbox.records.pagerduty import PagerDuty
from starkeeper.sandbox.records.slack import Slack

START = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
Edition = Literal["free", "premium"]
Generation = Literal["older", "newest"]


class State:
    """All records of one world. Whoever reads or changes them holds `lock`; `version` rises with each change.

    `url` is where it is served. `on_pipeline` runs each new pipeline, in the background and without the lock.
    """

    def __init__(
        self,
        clock: Callable[[], dt.datetime] | None = None,
        *,
        edition: Edition = "premium",
        quick_actions: Generation = "newest",
        graphql: bool = True,
        keyset_issues: bool = True,
        work_items_rest: bool = False,
        latency_seconds: float = 0.0,
        notes_per_minute: int | None = None,
        requests_per_minute: int | None = None,
        pipelines_per_minute: int | None = None,
    ) -> None:
        self.clock: Callable[[], dt.datetime] = clock or (lambda: START)
        self.edition: Edition = edition
        self.quick_actions: Generation = quick_actions
        self.graphql = graphql
        self.keyset_issues = keyset_issues
        self.work_items_rest = work_items_rest
        self.latency_seconds = latency_seconds
        self.notes_per_minute = notes_per_minute
        self.requests_per_minute = requests_per_minute
        self.pipelines_per_minute = pipelines_per_minute
        self.lock = threading.RLock()
        self.version = 0
        self.users: dict[str, User] = {}
        self.users_by_id: dict[int, User] = {}
        self.tokens: dict[str, Token] = {}
        self.groups: dict[str, Group] = {}
        self.groups_by_id: dict[int, Group] = {}
        self.projects: dict[str, Project] = {}
        self.projects_by_id: dict[int, Project] = {}
        self.labels: dict[tuple[str, str], Label] = {}
        self.milestones: list[Milestone] = []
        self.iterations: dict[str, Iteration] = {}
        self.mentions: list[Mention] = []
        self.commands: list[Command] = []
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.deliveries: list[Delivery] = []
        self.runners: list[Runner] = []
        self.on_pipeline: Callable[[Pipeline], None] | None = None
        self.background = Background()
        self.telling: set[int] = set()
        self.url = "http://localhost"
        self.note_times: dict[int, list[dt.datetime]] = {}
        self.request_counts: dict[str, tuple[dt.datetime, int]] = {}
        self.cache: dict[Any, Any] = {}
        self._numbers: Counter[str] = Counter()
        self._claimed: set[tuple[str, int]] = set()
        self.slack: Slack = self.new_slack()
        self.pagerduty: PagerDuty = self.new_pagerduty()

    def new_slack(self) -> Slack:
        """The workspace beside this GitLab; a world has one that it can also fill and change."""
        return Slack()

    def new_pagerduty(self) -> PagerDuty:
        """The account of PagerDuty beside it, likewise."""
        return PagerDuty()

    def number(self, kind: str) -> int:
        """The next id of one kind of record; GitLab counts each kind across all projects."""
        self._numbers[kind] += 1
        self._claimed.add((kind, self._numbers[kind]))
        return self._numbers[kind]

    def claim(self, kind: str, number: int) -> int:
        """Uses an id that came from elsewhere, or another where two sources gave the same; later ones are higher."""
        if (kind, number) in self._claimed:
            return self.number(kind)
        self._claimed.add((kind, number))
        self._numbers[kind] = max(self._numbers[kind], number)
        return number

    def changed(self, item: Item | None = None, at: dt.datetime | None = None) -> None:
        """Says that something changed: forgets what was kept of it, and touches the item's `updated_at`."""
        self.version += 1
        if item is not None:
            item.updated_at = max(item.updated_at, at or self.clock())
            item.encoded.clear()

    def find_user(self, name: str | int) -> User | None:
        """By id, or by user name in any case."""
        if isinstance(name, int) or name.isdigit():
            return self.users_by_id.get(int(name))
        return self.users.get(name.lower())

    def find_project(self, key: str) -> Project | None:
        return self.projects_by_id.get(int(key)) if key.isdigit() else self.projects.get(key.lower())

    def find_group(self, key: str) -> Group | None:
        return self.groups_by_id.get(int(key)) if key.isdigit() else self.groups.get(key.lower())

    def find_label(self, place: Place, name: str, ancestors: bool = True) -> Label | None:
        """The label that this name means in a project or group: its own first, then that of the nearest group."""
        for each in places(place) if ancestors else [place]:
            label = self.labels.get((place_key(each), name))
            if label is not None:
                return label
        return None

    def labels_of(self, place: Place, ancestors: bool = True) -> list[Label]:
        """All labels that can be used in a project or group, by name."""
        keys = {place_key(each) for each in (places(place) if ancestors else [place])}
        return sorted((each for key, each in self.labels.items() if key[0] in keys), key=lambda each: each.name)

    def milestones_of(self, place: Place, ancestors: bool = True) -> list[Milestone]:
        where = list(places(place)) if ancestors else [place]
        return [each for each in self.milestones if (each.project or each.group) in where]

    def issue_at(self, project: str, iid: int) -> Issue:
        """KeyError where the project or the issue is none of this world's."""
        return self.projects[project.lower()].issues[iid]

    def merge_request_at(self, project: str, iid: int) -> MergeRequest:
        """KeyError where the project or the merge request is none of this world's."""
        return self.projects[project.lower()].merge_requests[iid]

    def epic_at(self, group: str, iid: int) -> Epic:
        """KeyError where the group or the epic is none of this world's."""
        return self.groups[group.lower()].epics[iid]

    def item_at(self, place: str, iid: int, kind: Kind) -> Item:
        """An issue or merge request of a project, or an epic of a group; KeyError where there is none."""
        if kind == "epics":
            return self.epic_at(place, iid)
        return self.issue_at(place, iid) if kind == "issues" else self.merge_request_at(place, iid)

    def items(self) -> Iterator[Item]:
        """Every issue, merge request and epic of the world."""
        for project in self.projects.values():
            yield from project.issues.values()
            yield from project.merge_requests.values()
        for group in self.groups.values():
            yield from group.epics.values()

    def level(self, user: User | None, place: Place) -> int:
        """The highest access that a user has in a project or group, 0 for none."""
        if user is None:
            return 0
        return ADMIN if user.admin else max(each.members.get(user.id, 0) for each in places(place))

    def can_see(self, user: User | None, place: Place) -> bool:
        if place.visibility == "public" or (user is not None and place.visibility == "internal"):
            return True
        return self.level(user, place) > 0 or (isinstance(place, Group) and self._sees_inside(user, place))

    def can_read(self, user: User | None, item: Item) -> bool:
        if not self.can_see(user, item.place):
            return False
        if isinstance(item, MergeRequest):
            return self.can_read_code(user, item.project)
        if not item.confidential or user is None:
            return not item.confidential
        return self.is_own(user, item) or self.level(user, item.place) >= PLANNER

    def can_read_code(self, user: User | None, project: Project) -> bool:
        """Branches and merge requests of a private project are hidden from its guests and planners."""
        return project.visibility != "private" or self.level(user, project) >= REPORTER

    def is_own(self, user: User | None, item: Item) -> bool:
        """Whether the user wrote the item or is assigned to it."""
        return user is not None and (user is item.author or user in item.assignees)

    def _sees_inside(self, user: User | None, group: Group) -> bool:
        return any(
            self.level(user, each) > 0 for each in self.projects.values() if each.path.startswith(group.path + "/")
        )


def places(place: Place) -> Iterator[Place]:
    """The project or group itself, then the groups around it, nearest first."""
    yield place
    group = place.group if isinstance(place, Project) else place.parent
    while group is not None:
        yield group
        group = group.parent


def place_key(place: Place) -> str:
    return f"{'p' if isinstance(place, Project) else 'g'}{place.id}"
