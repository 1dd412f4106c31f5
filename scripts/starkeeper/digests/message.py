"""Takes all that a digest tells; gives its one message in Slack: posted once for each shift, then edited."""

from __future__ import annotations

import hashlib

from starkeeper.digests.about import About
from starkeeper.digests.issue import issue_of
from starkeeper.digests.names import Told, names_of
from starkeeper.errors import RenderError
from starkeeper.model.digests import Digest
from starkeeper.model.facets import Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, SlackStep
from starkeeper.model.rules import Renderer
from starkeeper.render.markers import make_marker


def message_change(digest: Digest, told: Told, facts: Facts, render: Renderer) -> Change | None:
    """None where it says all of it, and where there is no Slack.

    A draft is a message of its own, and what follows is a new one: an edit tells nobody.
    """
    about, slack = told.about, digest.slack
    if slack is None or "slack" not in facts.systems:
        return None
    template = slack.draft if about.is_draft else slack.template
    if template is None:
        return None
    names = names_of(digest, told, facts, _issue_url(digest, told, facts, render), is_hidden=False)
    return said_change(digest, about, render.message(template, names), facts, render)


def said_change(digest: Digest, about: About, text: str, facts: Facts, render: Renderer) -> Change | None:
    """The message of that shift with this text, posted or edited; None where it says so already."""
    slack = digest.slack
    assert slack is not None
    role = f"{digest.name}-draft" if about.is_draft else digest.name
    there = facts.own_message(slack.channel, about.reference, role)
    if there and there.mark and there.mark.content == hashlib.sha256(text.encode()).hexdigest()[:16]:
        return None
    step = SlackStep(
        rule=digest.name,
        channel=slack.channel,
        text=text,
        does="update" if there else "post",
        to=there.name if there else "",
        key=make_marker("digest", 1, f"{role} {about.reference}")[0],
        about=about.reference,
        role=role,
        note=render.reason(digest.by_line),
    )
    return Change(
        tracker=digest.rotation,
        project=digest.rotation,
        type="shifts",
        iid=0,
        name=about.reference.removeprefix(f"{digest.rotation} "),
        title=digest.name,
        web_url="",
        steps=(step,),
    )


def _issue_url(digest: Digest, told: Told, facts: Facts, render: Renderer) -> str:
    """Of an issue that cannot be looked for the message says nothing; the plan does. A draft has none."""
    if told.about.is_draft:
        return ""
    try:
        issue = issue_of(digest, told, facts, render)
    except (Unanswerable, RenderError):
        return ""
    return issue.web_url if issue else ""
