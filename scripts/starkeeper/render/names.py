"""Takes an issue and the facts; gives every name that a template or an expression sees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from starkeeper.desk.rotations import on_call
from starkeeper.errors import NOWHERE, Problem, RenderError, nearest
from starkeeper.model.desk import Person
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, User
from starkeeper.render.values import (
    ISSUE_ATTRIBUTES,
    MILESTONE_ATTRIBUTES,
    PERSON_ATTRIBUTES,
    Fields,
    Link,
    Username,
    issue_values,
    username,
)

OWN_NAMES = frozenset({"fields", "tracker", "now", "mention", "link", "on_call", "earlier", "original"})


def names_for(issue: Issue, facts: Facts, extra: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the issue, `fields`, `tracker`, `now`, and what helps to word them, then `extra`.

    `mention(person)` tells somebody, `link(text, url)` leads somewhere, `on_call(rotation)` is who is on call now or
    None, and `earlier` are the issues of the tracker about the same thing that were opened before, oldest first;
    `original` is the issue that the condition `duplicate_of` found, or None.
    `extra` is merged last and as it is. Issues and people within it need no preparation; templates see the same
    attributes of them as of the issue itself.
    """
    tracker = facts.desk.trackers.get(issue.tracker)
    return {
        **issue_values(issue),
        "fields": Fields(issue.fields, tracker.field_names if tracker else frozenset()),
        "tracker": issue.tracker,
        "now": facts.now,
        "mention": mention,
        "link": link,
        "on_call": lambda rotation: mention(_on_call(rotation, facts)),
        "earlier": _earlier(issue, facts),
        "original": None,
        **extra,
    }


def known_names(fields: frozenset[str] | None = None, extra: Iterable[str] = ()) -> dict[str, frozenset[str] | None]:
    """What `check_template` needs to know: each name of `names_for`, and which attributes it has (None: any).

    `fields` are the fields that the trackers of the rule define, or None where they are not known.
    """
    known: dict[str, frozenset[str] | None] = dict.fromkeys(ISSUE_ATTRIBUTES | OWN_NAMES | frozenset(extra))
    known.update(dict.fromkeys(("author", "assignee", "closed_by"), PERSON_ATTRIBUTES))
    known.update({"milestone": MILESTONE_ATTRIBUTES, "original": ISSUE_ATTRIBUTES, "fields": fields})
    return known


def mention(person: User | Person | str | None) -> Username | None:
    """A person, who is told when the text is posted; what is no user name is only shown."""
    return None if person is None else username(person)


def _on_call(rotation: str, facts: Facts) -> str | None:
    if rotation not in facts.desk.rotations:
        remedy = nearest(rotation, facts.desk.rotations)
        raise RenderError(Problem(NOWHERE, "on_call is asked for a rotation that desk.yml does not define", remedy))
    return on_call(facts.desk.rotations[rotation], facts.now)


def _earlier(issue: Issue, facts: Facts) -> tuple[Issue, ...]:
    tracker = facts.desk.trackers.get(issue.tracker)
    if tracker is None or not tracker.same_by:
        return ()
    born = (issue.created_at, issue.iid)
    return tuple(each for each in facts.alike(issue, tracker.same_by) if (each.created_at, each.iid) < born)


def link(text: object, url: str) -> Link:
    """Words that lead to an http or https address; with any other address only the words are shown."""
    return Link(str(text), str(url))
