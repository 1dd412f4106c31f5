"""People and places of the world: accounts, tokens, groups, projects, members, labels, milestones, iterations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Self

from starkeeper.sandbox.labelling import delete_label
from starkeeper.sandbox.records import (
    LEVELS,
    Group,
    Iteration,
    Label,
    Milestone,
    Place,
    Project,
    Token,
    User,
    Visibility,
)
from starkeeper.sandbox.state import State, place_key


class Places(State):
    """What the world is filled with before anything happens in it; each method is one complete change."""

    def at(self, moment: dt.datetime) -> Self:
        """Sets the world's clock to a fixed, aware time."""
        if moment.tzinfo is None:
            raise ValueError("the world's clock needs a time with its zone")
        self.clock = lambda: moment
        return self

    def add_user(self, username: str, name: str = "", *, admin: bool = False, bot: bool = False, id: int = 0) -> User:
        """Adds an account, or returns the one of that name."""
        with self.lock:
            found = self.users.get(username.lower())
            if found is None:
                number = self.claim("user", id) if id else self.number("user")
                found = User(number, username, name or username.title(), self.clock(), admin, bot)
                self.users[username.lower()] = self.users_by_id[number] = found
            return found

    def add_token(
        self, token: str, username: str, scopes: Iterable[str] = ("api",), *, expires_at: dt.date | None = None
    ) -> None:
        """Lets a secret stand for a user, with GitLab's scopes such as `api` or `read_api`."""
        with self.lock:
            user, number = self.add_user(username), self.number("token")
            self.tokens[token] = Token(
                user, frozenset(scopes), number, f"{username} {number}", self.clock(), expires_at
            )

    def add_group(self, path: str, name: str = "", *, visibility: Visibility = "private", id: int = 0) -> Group:
        """Adds a group and the groups around it, or returns the one of that path."""
        with self.lock:
            if path.lower() in self.groups:
                return self.groups[path.lower()]
            above, _, last = path.rpartition("/")
            parent = self.add_group(above, visibility=visibility) if above else None
            number = self.claim("namespace", id) if id else self.number("namespace")
            group = Group(number, path, name or last.title(), self.clock(), parent, visibility)
            self.groups[path.lower()] = self.groups_by_id[number] = group
            self.changed()
            return group

    def add_project(
        self,
        path: str,
        name: str = "",
        *,
        visibility: Visibility = "private",
        description: str = "",
        issues_enabled: bool = True,
        archived: bool = False,
        id: int = 0,
    ) -> Project:
        """Adds a project and the groups around it, or returns the one of that path."""
        with self.lock:
            if path.lower() in self.projects:
                return self.projects[path.lower()]
            above, _, last = path.rpartition("/")
            group = self.add_group(above, visibility=visibility) if above else None
            number = self.claim("project", id) if id else self.number("project")
            project = Project(number, path, name or last.title(), self.clock(), group, description, visibility)
            project.issues_enabled, project.archived = issues_enabled, archived
            self.projects[path.lower()] = self.projects_by_id[number] = project
            self.changed()
            return project

    def add_member(self, place: str, username: str, level: str | int = "developer") -> None:
        """Gives a user access to a project or group, by the name of the role or its number."""
        with self.lock:
            user = self.add_user(username)
            self.place(place).members[user.id] = LEVELS[level] if isinstance(level, str) else level
            self.changed()

    def add_label(
        self, place: str, name: str, color: str = "#6699CC", description: str = "", *, priority: int | None = None
    ) -> Label:
        """Adds a label to a project or group, or returns the one it has."""
        with self.lock:
            where = self.place(place)
            found = self.labels.get((place_key(where), name))
            if found is None:
                project, group = (where, None) if isinstance(where, Project) else (None, where)
                found = Label(self.number("label"), name, color, description or None, project, group, priority)
                self.labels[(place_key(where), name)] = found
                self.changed()
            return found

    def delete_label(self, place: str, name: str) -> None:
        """Deletes a label; the events that told of it stay, with no label in them."""
        with self.lock:
            delete_label(self, self.labels[(place_key(self.place(place)), name)])

    def add_milestone(
        self,
        place: str,
        title: str,
        *,
        start_date: dt.date | None = None,
        due_date: dt.date | None = None,
        state: str = "active",
    ) -> Milestone:
        """Adds a milestone to a project or group."""
        with self.lock:
            where = self.place(place)
            project, group = (where, None) if isinstance(where, Project) else (None, where)
            iid = 1 + len(self.milestones_of(where, ancestors=False))
            found = Milestone(self.number("milestone"), iid, title, self.clock(), project, group, "", state)
            found.start_date, found.due_date = start_date, due_date
            self.milestones.append(found)
            return found

    def add_iteration(self, group: str, title: str, *, start_date: dt.date, due_date: dt.date) -> Iteration:
        """Adds an iteration to a group, or returns the one of that title."""
        with self.lock:
            found = self.iterations.get(title)
            if found is None:
                number = self.number("iteration")
                where = self.add_group(group)
                found = Iteration(number, number, title, self.clock(), where, start_date, due_date)
                self.iterations[title] = found
            return found

    def place(self, path: str) -> Place:
        """The project or group of a path; KeyError where there is none."""
        found = self.projects.get(path.lower()) or self.groups.get(path.lower())
        if found is None:
            raise KeyError(path)
        return found

    def _milestone(self, place: Place, title: str | None) -> Milestone | None:
        if title is None:
            return None
        found = [each for each in self.milestones_of(place) if each.title == title]
        return found[0] if found else self.add_milestone(place.path, title)

    def _iteration(self, place: Project, title: str | None) -> Iteration | None:
        """The iteration of that title; where there is none, two weeks from the world's present."""
        if title is None:
            return None
        today, above = self.clock().date(), place.path.rpartition("/")[0]
        return self.add_iteration(above, title, start_date=today, due_date=today + dt.timedelta(days=13))
