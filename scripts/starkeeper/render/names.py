"""Takes a resource and the facts; gives every name that a template or an expression sees."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, overload

from msgspec import structs

from starkeeper.desk.clocks import read_run
from starkeeper.desk.commands import COMMAND_ATTRIBUTES
from starkeeper.desk.cover import COVER_ATTRIBUTES
from starkeeper.desk.on_call import who_is_on_call
from starkeeper.desk.stopwatch import CLOCK_ATTRIBUTES, clock_values
from starkeeper.desk.words import day_and_time, short_instant
from starkeeper.errors import NOWHERE, Problem, RenderError, nearest
from starkeeper.model.desk import Desk, Person
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource, SlackMessage, User
from starkeeper.render.slack import NOBODY_KNOWN
from starkeeper.render.values import (
    MILESTONE_ATTRIBUTES,
    PERSON_ATTRIBUTES,
    RESOURCE_ATTRIBUTES,
    Confidential,
    Fields,
    Link,
    Mention,
    PersonName,
    Settings,
    ShortTime,
    Username,
    person,
    resource_values,
    username,
)

HELPERS = frozenset({"mention", "link", "on_call", "in_days", "label_scopes", "when", "mention_on_call", "settings"})
OWN_NAMES = HELPERS | {"poster", "fields", "tracker", "now", "earlier", "original", "clock_of", "explanation"}


def names_for(resource: Resource, facts: Facts, extra: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the resource, `fields`, `tracker`, `now`, and what helps to word them, then `extra`.

    `mention(person)` tells somebody, `mention_on_call(rotation)` whoever is on call now, or the fallback of the
    rotation, `link(text, url)` leads somewhere, `on_call(rotation)` is who is on call now or None, `settings` are those
    of desk.yml, `when(time)` is an instant in few words (`18:30 UTC` today, `Tue 18:30 UTC` soon), `in_days(number)` is
    the date so many days from now in UTC, `label_scopes(labels)` are the scopes of those labels that have one, each as
    often as it occurs, and `earlier` are the issues of the tracker about the same thing that were opened before, oldest
    first; `original` is the issue that the condition `duplicate_of` found, or None; `clock_of(name)` is how far a clock
    of desk.yml is on the resource, and `explanation()` what the rules will do to it if nothing happens; `poster()` is
    what the author of a Slack message is called there. `extra` is merged last and as it is. Resources and people within
    it need no preparation; templates see the same attributes of them as of the resource itself.
    """
    tracker = facts.desk.trackers.get(resource.tracker)
    resource = _named_by_desk(resource, facts.desk)
    return {
        **resource_values(resource),
        "fields": Fields(resource.fields, tracker.field_names if tracker else frozenset()),
        "tracker": resource.tracker,
        **helpers(facts),
        "earlier": Found(partial(_earlier, resource, facts)),
        "original": None,
        "clock_of": clock_of(resource, facts),
        "explanation": _nothing_foreseen,
        "poster": poster(resource, facts),
        **extra,
    }


def _named_by_desk(resource: Resource, desk: Desk) -> Resource:
    """With the names that people.yml gives people: a rule that assigns somebody knows no other, and texts that go on
    being true would change from one to the other."""

    def named(user: User | None) -> User | None:
        person = desk.people.get(user.username) if user else None
        return structs.replace(user, name=person.name) if user and person and person.name else user

    assignees = tuple(each for user in resource.assignees if (each := named(user)))
    return structs.replace(
        resource, author=named(resource.author), assignees=assignees, closed_by=named(resource.closed_by)
    )


def helpers(facts: Facts) -> dict[str, Any]:
    """What every template sees, whatever it is about: `now`, and the functions of `HELPERS`."""
    return {
        "now": facts.now,
        "mention": mention_in(facts),
        "link": link,
        "on_call": on_call_name(facts),
        "in_days": in_days(facts),
        "label_scopes": label_scopes,
        "when": when(facts),
        "mention_on_call": mention_on_call(facts),
        "settings": Settings(facts.desk.settings, frozenset(facts.desk.settings)),
    }


def known_names(fields: frozenset[str] | None = None, extra: Iterable[str] = ()) -> dict[str, frozenset[str] | None]:
    """What `check_template` needs to know: each name of `names_for`, and which attributes it has (None: any).

    `fields` are the fields that the trackers of the rule define, or None where they are not known.
    """
    known: dict[str, frozenset[str] | None] = dict.fromkeys(RESOURCE_ATTRIBUTES | OWN_NAMES | frozenset(extra))
    known.update(dict.fromkeys(("author", "assignee", "closed_by", "merged_by"), PERSON_ATTRIBUTES))
    of_some = {
        "clock": CLOCK_ATTRIBUTES,
        "command": COMMAND_ATTRIBUTES,
        "cover": COVER_ATTRIBUTES,
        "duplicate": RESOURCE_ATTRIBUTES,
    }
    known.update({name: attributes for name, attributes in of_some.items() if name in known})
    known.update({"milestone": MILESTONE_ATTRIBUTES, "original": RESOURCE_ATTRIBUTES, "fields": fields})
    return known


def mention_in(facts: Facts) -> Callable[[User | Person | str | None], Username | PersonName | Confidential | None]:
    """What makes of a person somebody who is told when the text is posted; what is no user name is only shown."""

    def mention(who: User | Person | str | None) -> Username | PersonName | Confidential | None:
        match who:
            case None | PersonName() | Confidential() | Mention():
                return who
        named = person(who) if isinstance(who, User) else username(who)
        if not isinstance(named, Username):
            return named
        told = Mention(named)
        told.full_name = named.full_name
        told.in_slack = lambda: f"@{account}" if (account := facts.slack_mention(str(named))) else ""
        return told

    return mention


def mention_on_call(facts: Facts) -> Callable[[str], Username | PersonName]:
    """What tells whoever is on call now in a rotation, or where nobody is known its fallback."""
    on_call, mention = on_call_name(facts), mention_in(facts)

    def told(rotation: str) -> Username | PersonName:
        somebody = mention(on_call(rotation))
        if isinstance(somebody, Username):
            return somebody
        return group_mention(facts.desk.rotations[rotation].fallback, facts)

    return told


def group_mention(handle: str, facts: Facts) -> Mention | PersonName:
    """What tells the group of that handle, the fallback of a rotation; without one it tells nobody."""
    if not handle:
        return PersonName(NOBODY_KNOWN)
    group = Mention(handle)
    group.in_slack = lambda: f"!subteam^{account}" if (account := facts.desk.slack_groups.get(handle)) else ""
    return group


def on_call_name(facts: Facts) -> Callable[[str], Username | None]:
    """What gives whoever is on call now in a rotation, or None."""

    def name(rotation: str) -> Username | None:
        if rotation not in facts.desk.rotations:
            remedy = nearest(rotation, facts.desk.rotations)
            raise RenderError(Problem(NOWHERE, "on_call is asked for a rotation that desk.yml does not define", remedy))
        somebody = who_is_on_call(rotation, facts)
        return username(somebody) if somebody else None

    return name


def clock_of(resource: Resource, facts: Facts) -> Callable[[str], Mapping[str, Any]]:
    """What gives how far a clock of the desk is on the resource."""

    def values(name: str) -> Mapping[str, Any]:
        if name not in facts.desk.clocks:
            remedy = nearest(name, facts.desk.clocks)
            raise RenderError(Problem(NOWHERE, "clock_of is asked for a clock that desk.yml does not define", remedy))
        return clock_values(read_run(facts.desk.clocks[name], resource, facts), facts.now)

    return values


def when(facts: Facts) -> Callable[..., ShortTime | Confidential | None]:
    """What gives an instant in few words, with its `day` where that is asked for, also today; nothing for none."""

    def words(at: object, day: bool = False) -> ShortTime | Confidential | None:
        if at is None or isinstance(at, Confidential):
            return at
        if not isinstance(at, dt.datetime):
            raise RenderError(Problem(NOWHERE, "when is asked for what is no time", "write it like when(created_at)"))
        return ShortTime(day_and_time(at) if day else short_instant(at, facts.now))

    return words


def poster(resource: Resource, facts: Facts) -> Callable[[], PersonName]:
    """What gives the name of who wrote a Slack message; it is asked for only where it is put into words."""

    def name() -> PersonName:
        return PersonName(facts.slack_name(resource.user) if isinstance(resource, SlackMessage) else "")

    return name


def _nothing_foreseen() -> tuple[()]:
    """Where no rule is at hand."""
    return ()


def in_days(facts: Facts) -> Callable[[object], dt.date]:
    """What gives the date so many days from now, in UTC; the number is a whole one."""

    def date(number: object) -> dt.date:
        if not isinstance(number, int) or isinstance(number, bool):
            raise RenderError(Problem(NOWHERE, "in_days is asked for no whole number", "write it like in_days(2)"))
        try:
            return facts.now.astimezone(dt.UTC).date() + dt.timedelta(days=number)
        except OverflowError:
            raise RenderError(Problem(NOWHERE, "in_days leads out of the calendar", "ask for fewer days")) from None

    return date


def label_scopes(labels: Iterable[str], nested: bool = True) -> tuple[str, ...]:
    """The scope of each label that has one: everything before its last `::`, or without `nested` before its first."""
    if not nested:
        return tuple(str(each).partition("::")[0] for each in labels if "::" in each)
    return tuple(scope for each in labels if (scope := str(each).rpartition("::")[0]))


class Found(Sequence[Resource]):
    """What is looked for only where a text asks for it, for that may cost requests. May raise FacetNeeded."""

    def __init__(self, find: Callable[[], tuple[Resource, ...]]) -> None:
        self._find = find

    def __len__(self) -> int:
        return len(self._find())

    @overload
    def __getitem__(self, place: int) -> Resource: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Resource, ...]: ...

    def __getitem__(self, place: int | slice) -> Resource | tuple[Resource, ...]:
        return self._find()[place]


def _earlier(resource: Resource, facts: Facts) -> tuple[Resource, ...]:
    tracker = facts.desk.trackers.get(resource.tracker)
    if tracker is None or not tracker.same_by:
        return ()
    born = (resource.created_at, resource.iid)
    return tuple(each for each in facts.alike(resource, tracker.same_by) if (each.created_at, each.iid) < born)


def link(text: object, url: str) -> Link:
    """Words that lead to an http or https address; with any other address only the words are shown."""
    return Link(str(text), str(url))
