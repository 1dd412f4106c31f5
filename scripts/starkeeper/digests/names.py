"""Takes what was chosen and read; gives all that a digest tells, and the names that its templates see for it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from msgspec import Struct

from starkeeper.desk.calendars import is_open
from starkeeper.digests.about import About
from starkeeper.digests.items import Item, by_urgency, item_of
from starkeeper.measures import Week, needs_of, week_names, week_of
from starkeeper.model.decisions import Chosen
from starkeeper.model.digests import Digest
from starkeeper.model.facets import Facet, FacetNeeded, Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, Page, Subject
from starkeeper.render.names import group_mention, helpers
from starkeeper.render.values import Confidential, Title, Url, Username, username

_MISSED_SWEEPS = 3
_TROUBLE = dt.timedelta(minutes=30)
"""So much longer sweeps may leave something undone before people must know."""
_TICKET = re.compile(r"ZD#?\s?([0-9]{1,12})")


class Told(Struct, frozen=True, kw_only=True):
    """All that one digest tells. `unread` is what could not be read whole, in plain words."""

    about: About
    lists: Mapping[str, tuple[Item, ...]]
    pages: Mapping[str, tuple[Page, ...]]
    closed: tuple[Issue, ...]
    unread: tuple[str, ...]
    week: Week | None

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell, and it is known that there is not."""
        return not (self.unread or any(self.lists.values()) or any(self.pages.values()))


def read_told(
    digest: Digest, about: About, chosen: Mapping[str, Chosen], facts: Facts
) -> tuple[Told | None, frozenset[tuple[Facet, Subject]]]:
    """What there is to tell, or all that must be read first, so that it is read together."""
    needs: set[tuple[Facet, Subject]] = set()
    unread: dict[str, None] = {}
    lists: dict[str, tuple[Item, ...]] = {}
    for each in digest.lists:
        choice = chosen.get(each.rule.name, Chosen())
        unread |= {} if choice.is_whole else {each.tracker: None}
        items: list[Item] = []
        for match in choice.matches:
            try:
                items.append(item_of(match, each.clocks or (), about, facts))
            except FacetNeeded as need:
                needs |= need.needs
        lists[each.name] = tuple(sorted(items, key=by_urgency))
    pages = _pages(digest, facts, needs, unread)
    unread |= dict.fromkeys(each.tracker for each in facts.failures if each.type == "issues")
    needs |= needs_of(digest.week, facts, facts.now) if digest.week else set()
    if needs:
        return None, frozenset(needs)
    week = week_of(digest.week, facts, facts.now) if digest.week else None
    told = Told(
        about=about, lists=lists, pages=pages, closed=_closed(digest, about, facts), unread=tuple(unread), week=week
    )
    return told, frozenset()


def names_of(digest: Digest, told: Told, facts: Facts, issue_url: str, *, is_hidden: bool) -> dict[str, Any]:
    """What the templates see; `is_hidden` says that outsiders do not see the text."""
    about = told.about
    calendar = facts.desk.calendars[digest.weekend] if digest.weekend else None
    secret = _confidential_tickets(facts)
    return {
        **helpers(facts),
        "lists": {name: [each.names(is_hidden=is_hidden) for each in items] for name, items in told.lists.items()},
        "list_urls": {name: Url(_open_issues(items)) for name, items in told.lists.items()},
        "pages": {name: [_page(each, secret, facts) for each in pages] for name, pages in told.pages.items()},
        "closed": [each for each in told.closed if is_hidden or not each.confidential],
        "unread": told.unread,
        "shift": {name: getattr(about, name) for name in ("starts_at", "ends_at", "region", "region_before")},
        "incoming": _person(about.incoming, facts),
        "outgoing": _person(about.outgoing, facts),
        "next_on_call": _person(about.next_on_call, facts),
        "next_at": about.next_at,
        "fallback": group_mention(facts.desk.rotations[digest.rotation].fallback, facts),
        "is_draft": about.is_draft,
        "is_weekend": calendar is not None and not is_open(calendar, about.starts_at),
        "is_quiet": told.is_quiet,
        "last_sweep_at": facts.heard_at,
        "last_whole_sweep_at": facts.swept_at,
        "sweeps_run": _sweeps_run(facts),
        "sweeps_stopped": not (_sweeps_run(facts) and _sweeps_are_whole(facts)),
        "issue_url": Url(issue_url),
        **({"week": week_names(told.week, facts)} if told.week else {}),
    }


def _pages(
    digest: Digest, facts: Facts, needs: set[tuple[Facet, Subject]], unread: dict[str, None]
) -> dict[str, tuple[Page, ...]]:
    """The open incidents of each service, those first that nobody acknowledged; none while PagerDuty is off."""
    found: dict[str, tuple[Page, ...]] = dict.fromkeys(digest.pages, ())
    for name in digest.pages if "pagerduty" in facts.systems else ():
        try:
            opened = [each for each in facts.pages(name) if each.status != "resolved"]
            found[name] = tuple(sorted(opened, key=lambda each: (each.status != "triggered", each.created_at)))
        except FacetNeeded as need:
            needs |= need.needs
        except Unanswerable:
            unread[f"pages of {name}"] = None
    return found


def _closed(digest: Digest, about: About, facts: Facts) -> tuple[Issue, ...]:
    trackers = {each.tracker for each in digest.lists}
    issues = (each for each in facts.resources if isinstance(each, Issue) and each.tracker in trackers)
    closed = ((each.closed_at, each) for each in issues if each.state == "closed" and each.closed_at)
    return tuple(each for at, each in sorted(closed, key=lambda pair: pair[0]) if at >= about.began_before)


def _confidential_tickets(facts: Facts) -> frozenset[str]:
    """The tickets of confidential issues: nobody is to learn of one from a page that is about it as well."""
    hidden = [each for each in facts.resources if isinstance(each, Issue) and each.confidential]
    titles = (_TICKET.search(each.title) for each in hidden)
    fields = (value for each in hidden for value in each.fields.values())
    return frozenset(filter(None, (*fields, *(found[1] for found in titles if found))))


def _open_issues(items: Sequence[Item]) -> str:
    """The page of the open issues of the project that they are in, "" where there are none."""
    address = items[0].match.resource.web_url if items else ""
    project, _, _ = address.rpartition("/-/")
    return f"{project}/-/issues?state=opened" if project else ""


def _page(page: Page, secret: Collection[str], facts: Facts) -> Mapping[str, Any]:
    """`ticket` is the number that the title names, "" for none: the title itself is somebody's text. What is `secret`
    is not told."""
    found = _TICKET.search(page.title)
    ticket = found[1] if found else ""
    return {
        "number": page.number,
        "ticket": "" if ticket in secret else ticket,
        "title": Confidential() if ticket in secret else Title(page.title),
        "is_acknowledged": page.status == "acknowledged",
        "created_at": page.created_at,
        "people": [_person(each, facts) for each in page.people],
        "web_url": Url(page.web_url),
    }


def _person(name: str, facts: Facts) -> Username | None:
    return username(facts.desk.people.get(name, name)) if name else None


def _sweeps_run(facts: Facts) -> bool:
    """Whether anything was heard of the sweeps in three of their turns."""
    turns = dt.timedelta(minutes=_MISSED_SWEEPS * facts.desk.sweep_minutes)
    return facts.heard_at is not None and facts.now - facts.heard_at <= turns


def _sweeps_are_whole(facts: Facts) -> bool:
    """Whether one has lately done all that it was to do."""
    turns = dt.timedelta(minutes=_MISSED_SWEEPS * facts.desk.sweep_minutes)
    return facts.swept_at is not None and facts.now - facts.swept_at <= turns + _TROUBLE
