"""Takes a digest and the facts of its lists; gives what else must be listed, and forgets what a run itself changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from starkeeper.digests.about import about_of
from starkeeper.measures import read_since
from starkeeper.model.digests import Digest
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change

_OPEN = {"state": "opened"}


def also_asked(digest: Digest, facts: Facts) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """List queries, each with its tracker: what was closed of late, and all that a week is measured by."""
    since = about_of(digest, facts).began_before
    closed = {each.tracker: since for each in digest.lists if not facts.desk.trackers[each.tracker].same_by}
    return (*((tracker, _closed(at)) for tracker, at in closed.items()), *_of_week(digest, facts))


def without_own_issues(facts: Facts) -> Facts:
    """The same facts before anybody asked which issues are the run's own: it has opened one."""
    return structs.replace(facts, read={facet: each for facet, each in facts.read.items() if facet != "own_issues"})


def with_changed(facts: Facts, changes: Iterable[Change]) -> Facts:
    """The same facts with those issues of the run's own that these change among the resources, as they were read."""
    own = {each.key: each for found in facts.read.get("own_issues", {}).values() for each in found}
    changed = tuple(structs.replace(own[each.key], tracker=each.tracker) for each in changes if each.key in own)
    return structs.replace(facts, resources=(*facts.resources, *changed))


def _of_week(digest: Digest, facts: Facts) -> Iterator[tuple[str, Mapping[str, str]]]:
    week = digest.week
    if week is None:
        return
    for tracker in dict.fromkeys([week.tracker, *([week.feedback.tracker] if week.feedback else [])]):
        yield tracker, _OPEN
        yield tracker, _closed(read_since(facts.now))


def _closed(since: dt.datetime) -> Mapping[str, str]:
    return {"state": "closed", "updated_after": since.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
