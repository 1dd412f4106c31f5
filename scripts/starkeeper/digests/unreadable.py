"""Takes why GitLab cannot be read; gives the one line that a digest says in Slack then, in place of all else."""

from __future__ import annotations

from starkeeper.digests.about import about_of
from starkeeper.digests.message import said_change
from starkeeper.errors import ConnectorError
from starkeeper.model.digests import Digest
from starkeeper.model.facets import Unanswerable
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, Failure
from starkeeper.model.rules import Renderer
from starkeeper.model.values import Text
from starkeeper.render.names import group_mention, helpers
from starkeeper.render.values import username

_WORDS = Text(
    "{{ who }}: *The desk cannot read GitLab* ({{ why }}): nobody is reminded of anything. Please look at the pipeline."
)
_REFUSED = "its token is refused"


def unreadable_change(
    digest: Digest, why: ConnectorError, facts: Facts, render: Renderer
) -> tuple[Change | None, tuple[Failure, ...]]:
    """The message, and what the run fails of; raises FacetNeeded."""
    failure = Failure(where=why.service, what=str(why))
    about = about_of(digest, facts)
    on_call = about.outgoing if about.is_draft else about.incoming
    known = helpers(facts)
    fallback = group_mention(facts.desk.rotations[digest.rotation].fallback, facts)
    who = known["mention"](username(facts.desk.people.get(on_call, on_call))) if on_call else fallback
    try:
        text = render.message(_WORDS, {"who": who, "why": _REFUSED if why.status == 401 else why.found})
        return said_change(digest, about, text, facts, render), (failure,)
    except Unanswerable:
        # Of Slack the plan says by itself that it fails.
        return None, (failure,)
