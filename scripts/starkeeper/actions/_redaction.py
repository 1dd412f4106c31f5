"""What the actions that speak share: whether their words hide what they know of a confidential resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starkeeper.actions.redact_confidential_resources import RedactConfidentialResources
from starkeeper.model.rules import Kind, Match
from starkeeper.render.redact import redacted, redacted_others


def asks_redaction(others: Mapping[str, Kind]) -> bool:
    """Whether the rule says so; a note on the resource itself is read by those who can read the resource."""
    redact = others.get("redact_confidential_resources")
    return isinstance(redact, RedactConfidentialResources) and redact.value


def asks_words(others: Mapping[str, Kind]) -> bool:
    """Whether the rule says that what leaves the resource shows all, too."""
    redact = others.get("redact_confidential_resources")
    return isinstance(redact, RedactConfidentialResources) and not redact.value


def names_shown(match: Match, *, redacts: bool) -> Mapping[str, Any]:
    """The names that the words of a rule see."""
    if not redacts:
        return match.names
    return redacted(match.names) if match.resource.confidential else redacted_others(match.names)
