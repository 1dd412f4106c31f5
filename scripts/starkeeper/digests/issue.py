"""Takes all that a digest tells; gives its issue: opened once for each shift, and kept up to date while it is open."""

from __future__ import annotations

from starkeeper.actions.summarize import with_ticks
from starkeeper.digests.about import About
from starkeeper.digests.names import Told, names_of
from starkeeper.model.digests import Digest, DigestIssue
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, Notice, SummarizeStep
from starkeeper.model.resources import Issue, Place
from starkeeper.model.rules import Renderer
from starkeeper.render.keep import LEFT_OVER, keep, with_kept
from starkeeper.render.markers import content_line, find_content, make_marker, marker_in

NEEDS_HUMAN = "needs-human"
_HELD = (
    "what people wrote there has a line that GitLab would run as a command, or a part of our hidden marks; the issue"
    " was left as it is: take that out of it"
)


def issue_of(digest: Digest, about: About, facts: Facts) -> Issue | None:
    """The issue of that shift; raises FacetNeeded and Unanswerable."""
    if digest.issue is None:
        return None
    key, _ = _marker(digest, about)
    own = facts.own_issues(Place("projects", _path(digest.issue, facts)))
    # People write beneath the marker, too.
    marked = ((each, marker_in(each.description)) for each in own)
    return next((each for each, marker in marked if marker and marker.key == key), None)


def issue_change(digest: Digest, told: Told, facts: Facts, render: Renderer, notices: list[Notice]) -> Change | None:
    """None where it says all of it, where people closed it, and for a draft, which has no issue."""
    if digest.issue is None or told.about.is_draft:
        return None
    there = issue_of(digest, told.about, facts)
    if there is not None and there.state == "closed":
        return None
    names = names_of(digest, told, facts, there.web_url if there else "", is_hidden=digest.issue.confidential)
    title = render.line(digest.issue.title, names)
    text = render.comment(digest.issue.template, {**names, "issue_url": "", "keep": keep})
    line = content_line(f"{title}\n{text}")
    if there is not None and find_content(there.description) == line:
        return None
    key, marker = _marker(digest, told.about)
    made = render.note([text, LEFT_OVER, line], digest.by_line, marker)
    before = there.description if there else ""
    description = with_kept(with_ticks(made, before), before)
    if description is None:
        notices.append(Notice(where=f"{there.reference if there else digest.name}", what=_HELD))
        return None
    step = _step(digest, digest.issue, told.about, title, description, key)
    return Change(
        tracker=digest.issue.tracker,
        project=_path(digest.issue, facts),
        type="issues",
        iid=there.iid if there else 0,
        title=title,
        web_url=there.web_url if there else "",
        steps=(step,),
    )


def _step(digest: Digest, issue: DigestIssue, about: About, title: str, description: str, key: str) -> SummarizeStep:
    """Without anybody to give it to, it says that a person has to look who that is."""
    assignees = (about.incoming,) if issue.assigns_incoming and about.incoming else ()
    return SummarizeStep(
        rule=digest.name,
        title=title,
        description=description,
        key=key,
        confidential=issue.confidential,
        labels=() if assignees or not issue.assigns_incoming else (NEEDS_HUMAN,),
        assignees=assignees,
    )


def _marker(digest: Digest, about: About) -> tuple[str, str]:
    return make_marker(digest.name, 1, about.reference)


def _path(issue: DigestIssue, facts: Facts) -> str:
    return facts.desk.trackers[issue.tracker].path
