"""Takes a skill and the facts; gives who of people.yml could take an issue now, and how many could not and why."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from starkeeper.desk.on_call import who_is_on_call
from starkeeper.desk.working import at_work, works_until
from starkeeper.model.desk import Person
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource


class Candidate(Struct, frozen=True):
    """Somebody who could take it, and until when they work; None where that never ends."""

    person: Person
    works_until: dt.datetime | None


class Candidates(Struct, frozen=True, kw_only=True):
    """Who could take it, who has longest to work first; how many have the skill but are on call, busy or off."""

    people: tuple[Candidate, ...] = ()
    on_call: int = 0
    busy: int = 0
    off: int = 0


def find_candidates(skill: str, busy_on: tuple[str, ...], resource: Resource, facts: Facts) -> Candidates:
    """Those who have the skill, in any case, or anybody where none is named; no managers, for they choose."""
    managers = {each.casefold() for each in facts.desk.managers}
    wanted = skill.strip().casefold()
    able = [
        each
        for each in facts.desk.people.values()
        if each.gitlab.casefold() not in managers and (not wanted or wanted in {one.casefold() for one in each.skills})
    ]
    now_on_call = {name.casefold() for each in facts.desk.rotations if (name := who_is_on_call(each, facts))}
    busy_people = _assigned(busy_on, resource, facts)
    people: list[Candidate] = []
    counts = {"on_call": 0, "busy": 0, "off": 0}
    for person in able:
        why = _why_not(person, now_on_call, busy_people, facts.now)
        if why:
            counts[why] += 1
        else:
            people.append(Candidate(person, works_until(person, facts.now)))
    forever = dt.datetime.max.replace(tzinfo=dt.UTC)
    people.sort(key=lambda each: (each.works_until or forever, each.person.gitlab), reverse=True)
    return Candidates(people=tuple(people), **counts)


def _why_not(person: Person, on_call_now: set[str], busy: set[str], now: dt.datetime) -> str:
    if person.gitlab.casefold() in on_call_now:
        return "on_call"
    if person.gitlab.casefold() in busy:
        return "busy"
    return "" if at_work(person, now) else "off"


def _assigned(trackers: tuple[str, ...], resource: Resource, facts: Facts) -> set[str]:
    """Who is assigned to another open issue there."""
    return {
        user.username.casefold()
        for tracker in trackers
        for each in facts.opened(tracker, "issues")
        if each.key != resource.key
        for user in each.assignees
    }
