"""Takes a digest and the facts; gives its issue and its message as changes, or what must be read first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from starkeeper.digests.about import about_of
from starkeeper.digests.asked import also_asked, with_changed, without_own_issues
from starkeeper.digests.doubles import double_changes
from starkeeper.digests.issue import issue_change
from starkeeper.digests.message import message_change
from starkeeper.digests.names import read_told
from starkeeper.digests.unreadable import unreadable_change
from starkeeper.errors import ConnectorError, RenderError
from starkeeper.model.decisions import Chosen
from starkeeper.model.digests import Digest
from starkeeper.model.facets import Facet, FacetNeeded, Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, Failure, Notice, Skipped
from starkeeper.model.resources import Subject
from starkeeper.model.rules import Renderer

__all__ = ["Digested", "also_asked", "plan_digest", "plan_unreadable", "with_changed", "without_own_issues"]


class Digested(Struct, frozen=True, kw_only=True):
    """What a digest still wants, the issues before the message. With `needs` it is unfinished: read those facets."""

    issue: tuple[Change, ...] = ()
    message: tuple[Change, ...] = ()
    errors: tuple[Failure, ...] = ()
    notices: tuple[Notice, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    needs: frozenset[tuple[Facet, Subject]] = frozenset()


def plan_digest(digest: Digest, chosen: Mapping[str, Chosen], facts: Facts, render: Renderer) -> Digested:
    """The changes that are left to do: none where issue and message say all of it already.

    Either is written also where the other cannot be. `chosen` is what each list of the digest tells of.
    """
    told, needs = read_told(digest, about_of(digest, facts), chosen, facts)
    if needs or told is None:
        return Digested(needs=needs)
    notices: list[Notice] = []
    writing: list[Callable[[], tuple[Change | None, ...]]] = [
        lambda: (
            issue_change(digest, told, facts, render, notices),
            *double_changes(digest, facts, render, notices),
        ),
        lambda: (message_change(digest, told, facts, render),),
    ]
    found: list[tuple[Change, ...]] = []
    errors: list[Failure] = []
    for write in writing:
        try:
            changes = write()
        except FacetNeeded as need:
            return Digested(needs=need.needs)
        except (Unanswerable, RenderError) as trouble:
            errors += _failures(digest, trouble)
            changes = ()
        found.append(tuple(each for each in changes if each is not None))
    issue, message = found
    return Digested(
        issue=issue, message=message, errors=tuple(errors), notices=tuple(notices), skipped=_skipped(digest, facts)
    )


def plan_unreadable(digest: Digest, why: ConnectorError, facts: Facts, render: Renderer) -> Digested:
    """What is said where GitLab cannot be read at all: the message alone, so that it is not taken for quiet."""
    try:
        change, errors = unreadable_change(digest, why, facts, render)
    except FacetNeeded as need:
        return Digested(needs=need.needs)
    return Digested(message=(change,) if change else (), errors=errors)


def _failures(digest: Digest, trouble: Unanswerable | RenderError) -> list[Failure]:
    """Of a service that fails the plan says so by itself."""
    if isinstance(trouble, Unanswerable) and trouble.service:
        return []
    where = f"{digest.where if digest.where.line else digest.policy}: digest '{digest.name}'"
    must_correct = trouble.must_correct if isinstance(trouble, Unanswerable) else True
    return [Failure(where=where, what=str(trouble), must_correct=must_correct)]


def _skipped(digest: Digest, facts: Facts) -> tuple[Skipped, ...]:
    """What is left out because nobody connected it."""
    found: list[Skipped] = []
    if digest.slack and "slack" not in facts.systems:
        why = "Slack is not connected: SLACK_BOT_TOKEN is not set; the rest of the digest is done"
        found.append(Skipped(digest.name, why))
    if digest.pages and "pagerduty" not in facts.systems:
        why = "PagerDuty is not connected: PAGERDUTY_API_KEY is not set; its pages are left out"
        found.append(Skipped(digest.name, why))
    return tuple(found)
