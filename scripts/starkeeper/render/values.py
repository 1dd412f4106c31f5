"""Takes records of the model in; gives values that templates compare as plain ones and that render in their form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from starkeeper.errors import NOWHERE, Problem, RenderError, nearest
from starkeeper.model.desk import Person
from starkeeper.model.resources import Issue, Milestone, User


class Username(str):
    """A user name, equal to its text; put into a comment it is a mention. `full_name` is what people call them."""

    full_name: str = ""


class Label(str):
    """A label's name; put into a comment it is `~"name"`."""


class MilestoneTitle(str):
    """A milestone's title; put into a comment it is `%"title"`. `record` has its dates and state."""

    record: Milestone


class Reference(str):
    """What names an issue in full: `group/project#12`."""


class Url(str):
    """An address that GitLab itself gave; it stands bare in a comment."""


class Title(str):
    """An issue's title: untrusted, and kept shorter than other values."""


class Link(Struct, frozen=True):
    """Words that lead to an address."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text


class Quoted(Struct, frozen=True):
    """Many lines of somebody's text, to be set apart from ours."""

    text: str

    def __str__(self) -> str:
        return self.text


class Fields(Mapping[str, str]):
    """What was found in an issue's text. A field that the tracker defines and the issue lacks is empty."""

    def __init__(self, found: Mapping[str, str], defined: frozenset[str]) -> None:
        self._found = found
        self._names = defined | frozenset(found)

    def __getitem__(self, name: str) -> str:
        if name not in self._names:
            shown = nearest(name, self._names) or "no field of that name is defined for the tracker"
            raise RenderError(Problem(NOWHERE, "a field is asked for that the tracker does not define", shown))
        return self._found.get(name, "")

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._names))

    def __len__(self) -> int:
        return len(self._names)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERSON_ATTRIBUTES = frozenset({"username", "name"})
MILESTONE_ATTRIBUTES = frozenset({"title", "state", "start_date", "due_date"})
ISSUE_ATTRIBUTES = _words(
    "title state author assignee assignees reviewers closed_by milestone labels upvotes downvotes web_url "
    "full_reference reference type name iid project created_at updated_at closed_at due_date confidential "
    "description"
)


def username(user: User | Person | str) -> Username:
    """The value for a person, whichever record they come in."""
    match user:
        case Username():
            return user
        case str():
            return Username(user)
        case User():
            return _named(user.username, user.name)
        case Person():
            return _named(user.gitlab, user.name)


def _named(name: str, full_name: str) -> Username:
    made = Username(name)
    made.full_name = full_name
    return made


def issue_values(issue: Issue) -> dict[str, object]:
    """Everything that a template may ask an issue for, by the names of gitlab-triage and of GitLab's API."""
    people = tuple(username(each) for each in issue.assignees)
    return {
        "title": Title(issue.title),
        "description": issue.description,
        "state": issue.state,
        "author": username(issue.author) if issue.author else None,
        "assignee": people[0] if people else None,
        "assignees": people,
        "reviewers": (),
        "closed_by": username(issue.closed_by) if issue.closed_by else None,
        "milestone": _milestone(issue.milestone) if issue.milestone else None,
        "labels": tuple(Label(each) for each in issue.labels),
        "upvotes": issue.upvotes,
        "downvotes": issue.downvotes,
        "web_url": Url(issue.web_url),
        "full_reference": Reference(issue.reference),
        "reference": Reference(issue.reference),
        "type": issue.type,
        "name": None,
        "iid": issue.iid,
        "project": issue.project,
        "created_at": issue.created_at,
        "updated_at": issue.updated_at,
        "closed_at": issue.closed_at,
        "due_date": issue.due_date,
        "confidential": issue.confidential,
    }


def attributes(value: object) -> Mapping[str, object] | None:
    """What a template may ask this value for by name, or None where it is no record of ours."""
    match value:
        case Username():
            return {"username": value, "name": value.full_name}
        case User() | Person():
            return attributes(username(value))
        case MilestoneTitle():
            return attributes(value.record)
        case Milestone():
            return {name: getattr(value, name) for name in MILESTONE_ATTRIBUTES}
        case Issue():
            return issue_values(value)
        case Fields():
            return value
    return None


def _milestone(milestone: Milestone) -> MilestoneTitle:
    made = MilestoneTitle(milestone.title)
    made.record = milestone
    return made
