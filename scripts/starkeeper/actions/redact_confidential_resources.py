"""Takes a resource on which a rule holds; says whether the words of the rule hide what is confidential about it."""

from __future__ import annotations

from starkeeper.model.plan import Step
from starkeeper.model.rules import Action, Match, Renderer
from starkeeper.registry import ACTIONS, Example

EXAMPLES = (
    Example(says="it changes nothing by itself", yaml="true", gives=[], resource={"confidential": True}),
    Example(says="what the rule says elsewhere shows all", yaml="false", gives=[], resource={"confidential": True}),
)


@ACTIONS.register("redact_confidential_resources")
class RedactConfidentialResources(Action, frozen=True):
    """Hides, in what the rule says, what is known of a resource that is confidential.

    Each value is then `(confidential)`, but for `web_url`, `full_reference`, `reference`, `type`, `items`, `now` and
    `tracker`. What leaves the resource (`summarize`, `issue`) is hidden so unless this is `false`. A note on the
    resource itself is hidden only where this is `true`: unlike gitlab-triage, which hides it without the key as well,
    for whoever can read the note can read the resource.
    """

    value: bool

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        return ()
