"""The look-alike world as tests, seeds and the sandbox command use it: fill it, change it, see what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Self

from msgspec import UNSET

from starkeeper.sandbox.changes import Edit, edit_issue, ensure_labels, exclusive, forget_label, relate, set_labels
from starkeeper.sandbox.records import LEVELS, Group, Issue, Label, Milestone, Note, Project, Token, User, Visibility
from starkeeper.sandbox.seen import Seen, SeenNote, see, see_note
from starkeeper.sandbox.state import State, place_key
from starkeeper.sandbox.writing import remove_note, write_description, write_note


class World(State):
    """A GitLab of one's own: projects, people and issues in memory, each method one complete change.

    `clock` gives the world's time (fixed at 2026-11-30 09:00 UTC unless told). `edition` is `free` or `premium`: only
    the latter has exclusive scoped labels and several assignees. `quick_actions` chooses the generation of GitLab's
    scanner, `older` or `newest`. `graphql=False` takes that interface away. `notes_per_minute` limits each user's
    notes; `latency_seconds` delays each answer. `faults` may be appended to at any time; `requests`, `mentions` and
    `commands` tell what happened. All methods may be called from any thread.
    """

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

    def add_token(self, token: str, username: str, scopes: Iterable[str] = ("api",)) -> None:
        """Lets a secret stand for a user, with GitLab's scopes such as `api` or `read_api`."""
        with self.lock:
            self.tokens[token] = Token(self.add_user(username), frozenset(scopes))

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
            where = self.place(place)
            gone = self.labels.pop((place_key(where), name))
            for project in self.projects.values():
                for issue in project.issues.values():
                    forget_label(issue, gone)
            self.changed()

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

    def place(self, path: str) -> Project | Group:
        """The project or group of a path; KeyError where there is none."""
        found = self.projects.get(path.lower()) or self.groups.get(path.lower())
        if found is None:
            raise KeyError(path)
        return found

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
        created_at: dt.datetime | None = None,
        updated_at: dt.datetime | None = None,
        due_date: dt.date | None = None,
        confidential: bool = False,
        run_quick_actions: bool = False,
        iid: int = 0,
        id: int = 0,
    ) -> int:
        """Opens an issue and returns its iid; label events carry its time of creation.

        The description is stored as it is; with `run_quick_actions` it goes through GitLab's scanner first.
        """
        with self.lock:
            place, at = self.projects[project.lower()], created_at or self.clock()
            user = self.add_user(author or "ghost")
            issue = self.new_issue(place, user, title, at, iid=iid, id=id)
            issue.description, issue.confidential, issue.due_date = description, confidential, due_date
            issue.assignees = [self.add_user(each) for each in assignees]
            issue.milestone = self._milestone(place, milestone)
            set_labels(self, issue, user, exclusive(self, ensure_labels(self, issue, labels)), at)
            if run_quick_actions:
                write_description(self, issue, user, description, at)
            issue.updated_at = updated_at or at
            return issue.iid

    def new_issue(
        self, project: Project, author: User | None, title: str, at: dt.datetime, *, iid: int = 0, id: int = 0
    ) -> Issue:
        """The bare record of a new issue, already in its project; the caller holds the lock."""
        number = self.claim("issue", id) if id else self.number("issue")
        iid = iid or project.last_iid + 1
        project.last_iid = max(project.last_iid, iid)
        issue = project.issues[iid] = Issue(number, iid, project, title, at, at, author)
        self.changed()
        return issue

    def comment(
        self,
        project: str,
        iid: int,
        author: str,
        body: str,
        at: dt.datetime | None = None,
        internal: bool = False,
        run_quick_actions: bool = False,
    ) -> int | None:
        """Adds a note and returns its id, None where the body held quick actions only (and was let run them)."""
        with self.lock:
            issue, user, when = self.issue_at(project, iid), self.add_user(author), at or self.clock()
            if run_quick_actions:
                note = write_note(self, issue, user, body, when, internal=internal).note
                return note.id if note else None
            plain = Note(self.number("note"), issue, user, body, when, when, internal=internal)
            issue.notes.append(plain)
            issue.notes_count += 1
            self.changed(issue, when)
            return plain.id

    def delete_comment(self, project: str, iid: int, note_id: int) -> None:
        with self.lock:
            remove_note(self, next(each for each in self.issue_at(project, iid).notes if each.id == note_id))

    def set_labels(
        self,
        project: str,
        iid: int,
        *,
        by: str,
        add: Sequence[str] = (),
        remove: Sequence[str] = (),
        at: dt.datetime | None = None,
    ) -> None:
        """Adds and removes labels as this person, who is let do so whatever the role."""
        with self.lock:
            issue, user, when = self.issue_at(project, iid), self.add_user(by), at or self.clock()
            wanted = [each for each in issue.labels if each.name not in remove]
            for label in ensure_labels(self, issue, add):
                wanted = exclusive(self, [each for each in wanted if each is not label] + [label])
            set_labels(self, issue, user, wanted, when)
            self.changed(issue, when)

    def close(self, project: str, iid: int, *, by: str, at: dt.datetime | None = None) -> None:
        self.edit(project, iid, by=by, at=at, state_event="close")

    def reopen(self, project: str, iid: int, *, by: str, at: dt.datetime | None = None) -> None:
        self.edit(project, iid, by=by, at=at, state_event="reopen")

    def edit(
        self,
        project: str,
        iid: int,
        *,
        by: str,
        at: dt.datetime | None = None,
        assignees: Sequence[str] | None = None,
        **fields: Any,
    ) -> None:
        """Changes an issue as an all-powerful user of this name: `title`, `description`, `state_event`,
        `confidential`, `locked`, `due_date`, `milestone` (a record), `add_labels`, `remove_labels`, `labels`."""
        with self.lock:
            issue, user = self.issue_at(project, iid), self.add_user(by)
            people = UNSET if assignees is None else [self.add_user(each) for each in assignees]
            was_admin, user.admin = user.admin, True
            try:
                edit_issue(self, issue, user, Edit(assignees=people, **fields), at or self.clock())
            finally:
                user.admin = was_admin

    def relate(self, project: str, iid: int, other: int, *, by: str, other_project: str = "") -> None:
        """Relates two issues."""
        with self.lock:
            one, two = self.issue_at(project, iid), self.issue_at(other_project or project, other)
            relate(self, one, two, self.add_user(by), "relates_to", self.clock())

    def issue(self, project: str, iid: int) -> Seen:
        """An issue as it stands now; KeyError where there is none."""
        with self.lock:
            return see(self.issue_at(project, iid))

    def issues(self, project: str) -> tuple[Seen, ...]:
        """All issues of a project, oldest first."""
        with self.lock:
            return tuple(see(each) for _, each in sorted(self.projects[project.lower()].issues.items()))

    def notes(self, project: str, iid: int, *, system: bool = False) -> tuple[SeenNote, ...]:
        """The notes of an issue, oldest first; those that GitLab wrote itself only with `system`."""
        with self.lock:
            found = [each for each in self.issue_at(project, iid).notes if system or not each.system]
            return tuple(see_note(each) for each in found)

    def label_events(self, project: str, iid: int) -> tuple[tuple[str, str, str, dt.datetime], ...]:
        """The label events of an issue, oldest first: action, label (or ""), user name, time."""
        with self.lock:
            events = self.issue_at(project, iid).label_events
            return tuple(
                (each.action, each.label.name if each.label else "", each.user.username, each.created_at)
                for each in events
            )

    def _milestone(self, project: Project, title: str | None) -> Milestone | None:
        if title is None:
            return None
        found = [each for each in self.milestones_of(project) if each.title == title]
        return found[0] if found else self.add_milestone(project.path, title)
