"""Takes the issues of a digest; gives what closes the second of two about one shift, which two runs at once opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from starkeeper.digests.issue import own_issues
from starkeeper.model.digests import Digest
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, Notice, SummarizeStep, SummaryComment
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Renderer
from starkeeper.render.keep import has_writing, is_as_sealed
from starkeeper.render.markers import is_of_rule, make_marker, marker_in


def double_changes(digest: Digest, facts: Facts, render: Renderer, notices: list[Notice]) -> tuple[Change, ...]:
    """Of each shift the issue with the lower number stays; one in which people wrote stays, too."""
    changes: list[Change] = []
    for first, second in _doubles(own_issues(digest, facts), digest.name):
        if has_writing(second.description) or not is_as_sealed(second.description):
            what = f"it is about the same shift as {first.reference}, and people wrote in it; close one of the two"
            notices.append(Notice(where=second.reference, what=what))
        else:
            changes.append(_closing(digest, first, second, render))
    return tuple(changes)


def _doubles(own: Iterable[Issue], name: str) -> Iterator[tuple[Issue, Issue]]:
    firsts: dict[str, Issue] = {}
    for each in own:
        marker = marker_in(each.description)
        if each.state != "opened" or marker is None or not is_of_rule(marker, name):
            continue
        first = firsts.setdefault(marker.key, each)
        if first is not each:
            yield first, each


def _closing(digest: Digest, first: Issue, second: Issue, render: Renderer) -> Change:
    assert digest.issue is not None
    key, marker = make_marker(digest.name, 1, f"double {first.reference}")
    words = f"Two runs opened an issue about the same shift at once. Please go on in {first.reference}."
    step = SummarizeStep(
        rule=digest.name,
        title=second.title,
        description=second.description,
        key=key,
        close=True,
        comments=(SummaryComment(body=render.note([words], digest.by_line, marker), key=key),),
    )
    return Change(
        tracker=digest.issue.tracker,
        project=second.project,
        type="issues",
        iid=second.iid,
        title=second.title,
        web_url=second.web_url,
        steps=(step,),
    )
