"""Takes records of the model in; gives values that templates compare as plain ones and that render in their form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Self

from msgspec import Struct

from starkeeper.errors import NOWHERE, Problem, RenderError, nearest
from starkeeper.model.desk import Person
from starkeeper.model.resources import Milestone, Resource, User


class Username(str):
    """A user name, equal to its text; put into a comment it is a mention. `full_name` is what people call them."""

    full_name: str = ""


class Mention(Username):
    """Somebody who is to be told. `in_slack` gives what stands between the angle brackets there, `@U…` or
    `!subteam^S…`; "" where no account is known. It is asked only once it is put there, for it may have to be looked
    up."""

    in_slack: Callable[[], str]


class PersonName(str):
    """What somebody is called of whom no account is known, such as the author of a commit; it mentions nobody."""


class Label(str):
    """A label's name; put into a comment it is `~"name"`."""


class MilestoneTitle(str):
    """A milestone's title; put into a comment it is `%"title"`. `record` has its dates and state."""

    record: Milestone


class Reference(str):
    """What names a resource in full: `group/project#12`, `group/project!3`, `group&4`, or a project and its branch."""


class Url(str):
    """An address that GitLab itself gave; it stands bare in a comment."""


class ShortTime(str):
    """An instant, or a time from one to another, in few words of our own."""


class Title(str):
    """A resource's title: untrusted, and kept shorter than other values."""


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
    """What was found in a resource's text. A field that the tracker defines and the text lacks is empty."""

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


class Settings(Fields):
    """What stands under `settings` in desk.yml."""

    def __getitem__(self, name: str) -> str:
        if name not in self._found:
            shown = nearest(name, self._found) or "define it there under 'settings'"
            raise RenderError(Problem(NOWHERE, "a setting is asked for that desk.yml does not define", shown))
        return self._found[name]


CONFIDENTIAL = "(confidential)"


class Confidential(str):
    """What stands for a value that must not be shown, and for everything that can be asked of it.

    Templates that are written for the value go on working: it is a list of itself, it can be called, a time less it is
    itself, and it is neither more nor less than anything.
    """

    def __new__(cls) -> Self:
        return super().__new__(cls, CONFIDENTIAL)

    def __call__(self, *_: object, **__: object) -> Self:
        return self

    def __iter__(self) -> Iterator[str]:
        yield self

    def __getitem__(self, _: object) -> Self:
        return self

    def __sub__(self, _: object) -> Self:
        return self

    __rsub__ = __add__ = __radd__ = __sub__

    def __lt__(self, _: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__


class Redacted(Struct, frozen=True):
    """Another resource that is confidential: its `reference`, and of what a template asks it for what may be shown."""

    reference: str
    values: Mapping[str, object]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PERSON_ATTRIBUTES = frozenset({"username", "name"})
MILESTONE_ATTRIBUTES = frozenset({"title", "state", "start_date", "due_date"})
RESOURCE_ATTRIBUTES = _words(
    "title state author assignee assignees reviewers closed_by merged_by milestone labels upvotes downvotes web_url "
    "full_reference reference type name iid project created_at updated_at closed_at merged_at due_date confidential "
    "description source_branch target_branch draft weight iteration health_status issue_type notes_count tasks "
    "tasks_done time_estimate time_spent"
)
_PLAIN = _words(
    "description state upvotes downvotes type iid project created_at updated_at closed_at due_date confidential "
    "notes_count tasks tasks_done time_estimate time_spent"
)
_OF_ONE_TYPE = _words("source_branch target_branch draft merged_at weight iteration health_status issue_type")


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


def person(user: User | None) -> Username | PersonName | None:
    """The value for somebody in a record, or None where nobody stands there."""
    if user is None or user.username:
        return username(user) if user else None
    return PersonName(user.name)


def resource_values(resource: Resource) -> dict[str, object]:
    """Everything that a template may ask a resource for, by the names of gitlab-triage and of GitLab's API.

    What its type does not have is None, or an empty tuple.
    """
    people = tuple(person(each) for each in resource.assignees)
    return {
        **{name: getattr(resource, name) for name in _PLAIN},
        **{name: getattr(resource, name, None) for name in _OF_ONE_TYPE},
        "title": Title(resource.title),
        "name": resource.name or None,
        "author": person(resource.author),
        "assignee": people[0] if people else None,
        "assignees": people,
        "reviewers": tuple(person(each) for each in getattr(resource, "reviewers", ())),
        "closed_by": person(resource.closed_by),
        "merged_by": person(getattr(resource, "merged_by", None)),
        "milestone": _milestone(resource.milestone) if resource.milestone else None,
        "labels": tuple(Label(each) for each in resource.labels),
        "web_url": Url(resource.web_url),
        "full_reference": Reference(resource.reference),
        "reference": Reference(resource.reference),
    }


def attributes(value: object) -> Mapping[str, object] | None:
    """What a template may ask this value for by name, or None where it is no record of ours."""
    match value:
        case Username():
            return {"username": value, "name": value.full_name}
        case PersonName():
            return {"username": None, "name": str(value)}
        case User():
            return attributes(person(value))
        case Person():
            return attributes(username(value))
        case MilestoneTitle():
            return attributes(value.record)
        case Milestone():
            return {name: getattr(value, name) for name in MILESTONE_ATTRIBUTES}
        case Resource():
            return resource_values(value)
        case Redacted():
            return value.values
        case Fields():
            return value
    return None


def _milestone(milestone: Milestone) -> MilestoneTitle:
    made = MilestoneTitle(milestone.title)
    made.record = milestone
    return made
