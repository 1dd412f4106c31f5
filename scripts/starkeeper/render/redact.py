"""Takes the names that a template sees; gives them with every value hidden that tells something of the resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starkeeper.model.resources import Resource
from starkeeper.render.names import HELPERS
from starkeeper.render.values import Confidential, Redacted, resource_values

_OF_IT = frozenset({"confidential", "full_reference", "reference", "state", "tracker", "type", "web_url"})
_SHOWN = HELPERS | _OF_IT | {"items", "now"}


def redacted(names: Mapping[str, Any]) -> dict[str, Any]:
    """The same names, for a text that somebody may read who cannot read the resource.

    What says where the resource is, of what type and state, and that it is confidential stays, and so does what is not
    about it.
    """
    return {name: value if name in _SHOWN else Confidential() for name, value in names.items()}


def redacted_others(names: Mapping[str, Any]) -> dict[str, Any]:
    """The same names of a resource that everybody may read, where others among them (`original`) are confidential."""
    return {name: _redacted_other(value) for name, value in names.items()}


def _redacted_other(value: object) -> object:
    if isinstance(value, Resource) and value.confidential:
        return Redacted(value.reference, redacted(resource_values(value)))
    if isinstance(value, tuple):
        return tuple(_redacted_other(each) for each in value)
    return value
