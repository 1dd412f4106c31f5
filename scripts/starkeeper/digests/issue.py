"""Takes all that a digest tells; gives its issue: opened once for each shift, and kept up to date while it is open."""

from __future__ import annotations

from msgspec import Struct

from starkeeper.actions.summarize import with_ticks
from starkeeper.digests.about import About
from starkeeper.digests.names import Told, names_of
from starkeeper.model.digests import Digest, DigestIssue
from starkeeper.model.facts import Facts
from starkeeper.model.plan import AssignStep, Change, CommentStep, LabelsStep, Notice, Step, SummarizeStep
from starkeeper.model.resources import Issue, Place
from starkeeper.model.rules import Renderer
from starkeeper.render.keep import LEFT_OVER, SEAL, is_as_sealed, keep, sealed, with_kept
from starkeeper.render.markers import content_line, find_content, make_marker, marker_in

NEEDS_HUMAN = "needs-human"
_HELD = (
    "what people wrote there has a line that GitLab would run as a command, or a part of our hidden marks; the issue"
    " was left as it is: take that out of it"
)
_WRITTEN_IN = (
    "somebody wrote in the description outside the lines that invite it; it is no longer edited until that is deleted"
)
_SAY_WRITTEN_IN = (
    "I no longer edit this description, since somebody wrote in it; write between the lines that invite it, or delete"
    " what you wrote outside."
)


class _Words(Struct, frozen=True):
    """What the issue is to say; `content` is the hidden line by which it is seen later whether it says so."""

    title: str
    text: str

    @property
    def content(self) -> str:
        return content_line(f"{self.title}\n{self.text}")


def own_issues(digest: Digest, facts: Facts) -> tuple[Issue, ...]:
    """All that the run's account ever opened where the digest has its issues, oldest first; raises FacetNeeded and
    Unanswerable."""
    if digest.issue is None:
        return ()
    own = facts.own_issues(Place("projects", _path(digest.issue, facts)))
    return tuple(sorted(own, key=lambda each: each.iid))


def issue_of(digest: Digest, told: Told, facts: Facts, render: Renderer) -> Issue | None:
    """The issue of that shift, an open one before others; raises as `own_issues`.

    One that has lost its marker is known by its title, where it is open.
    """
    own = own_issues(digest, facts)
    key, _ = _marker(digest, told.about)
    # People write beneath the marker, too.
    marked = [(each, marker_in(each.description)) for each in own]
    found = [each for each, marker in marked if marker and marker.key == key]
    if found:
        return next((each for each in found if each.state == "opened"), found[0])
    bare = [each for each, marker in marked if marker is None and each.state == "opened"]
    title = _title(digest, told, facts, render) if bare else ""
    return next((each for each in bare if each.title == title), None)


def issue_change(digest: Digest, told: Told, facts: Facts, render: Renderer, notices: list[Notice]) -> Change | None:
    """None where it says all of it, where people closed it, and for a draft, which has no issue."""
    if digest.issue is None or told.about.is_draft:
        return None
    there = issue_of(digest, told, facts, render)
    if there is not None and there.state == "closed":
        return None
    words = _words(digest, told, facts, render, there)
    if there is None:
        return _change(digest.issue, facts, None, _written(digest, told.about, words, None, render))
    steps = (*_updates(digest, told.about, words, there, facts, render, notices), *_given(digest, told.about, there))
    return _change(digest.issue, facts, there, *steps)


def _words(digest: Digest, told: Told, facts: Facts, render: Renderer, there: Issue | None) -> _Words:
    assert digest.issue is not None
    names = names_of(digest, told, facts, there.web_url if there else "", is_hidden=digest.issue.confidential)
    text = render.comment(digest.issue.template, {**names, "issue_url": "", "keep": keep})
    return _Words(_title(digest, told, facts, render), text)


def _updates(
    digest: Digest, about: About, words: _Words, there: Issue, facts: Facts, render: Renderer, notices: list[Notice]
) -> tuple[Step, ...]:
    """The text anew where it says something else, unless words of people would be lost."""
    if find_content(there.description) == words.content:
        return ()
    if not is_as_sealed(there.description):
        notices.append(Notice(where=there.reference, what=_WRITTEN_IN))
        return _said_once(digest, about, there, facts, render)
    step = _written(digest, about, words, there, render)
    if step is None:
        notices.append(Notice(where=there.reference, what=_HELD))
        return ()
    return (step,)


def _written(
    digest: Digest, about: About, words: _Words, there: Issue | None, render: Renderer
) -> SummarizeStep | None:
    """The whole issue; None where that would lose, or run, what people wrote. Without anybody to give it to, it says
    that a person has to look who that is."""
    assert digest.issue is not None
    key, marker = _marker(digest, about)
    made = render.note([words.text, LEFT_OVER, words.content, SEAL], digest.by_line, marker)
    before = there.description if there else ""
    description = with_kept(with_ticks(made, before), before)
    if description is None:
        return None
    assignees = (about.incoming,) if digest.issue.assigns_incoming and about.incoming else ()
    return SummarizeStep(
        rule=digest.name,
        title=words.title,
        description=sealed(description),
        key=key,
        confidential=digest.issue.confidential,
        labels=() if assignees or not digest.issue.assigns_incoming else (NEEDS_HUMAN,),
        assignees=assignees,
    )


def _said_once(digest: Digest, about: About, there: Issue, facts: Facts, render: Renderer) -> tuple[Step, ...]:
    key, marker = make_marker(digest.name, 1, f"{about.reference} written in")
    own = (marker_in(note.body) for note in facts.notes(there) if note.author == facts.bot)
    if any(said is not None and said.key == key for said in own):
        return ()
    body = render.note([_SAY_WRITTEN_IN], digest.by_line, marker)
    return (CommentStep(rule=digest.name, internal=True, body=body, key=key),)


def _given(digest: Digest, about: About, there: Issue) -> tuple[Step, ...]:
    """Gives it to whoever comes, where that was not known when it was opened and nobody has seen to it since."""
    assert digest.issue is not None
    is_nobodys = not there.assignees and NEEDS_HUMAN in there.labels
    if not (digest.issue.assigns_incoming and about.incoming and is_nobodys):
        return ()
    return (
        AssignStep(rule=digest.name, add=(about.incoming,)),
        LabelsStep(rule=digest.name, remove=(NEEDS_HUMAN,)),
    )


def _title(digest: Digest, told: Told, facts: Facts, render: Renderer) -> str:
    assert digest.issue is not None
    return render.line(digest.issue.title, names_of(digest, told, facts, "", is_hidden=digest.issue.confidential))


def _change(issue: DigestIssue, facts: Facts, there: Issue | None, *steps: Step | None) -> Change | None:
    wanted = tuple(step for step in steps if step is not None)
    if not wanted:
        return None
    titles = [step.title for step in wanted if isinstance(step, SummarizeStep)]
    return Change(
        tracker=issue.tracker,
        project=_path(issue, facts),
        type="issues",
        iid=there.iid if there else 0,
        title=titles[0] if titles else there.title if there else "",
        web_url=there.web_url if there else "",
        steps=wanted,
    )


def _marker(digest: Digest, about: About) -> tuple[str, str]:
    return make_marker(digest.name, 1, about.reference)


def _path(issue: DigestIssue, facts: Facts) -> str:
    return facts.desk.trackers[issue.tracker].path
