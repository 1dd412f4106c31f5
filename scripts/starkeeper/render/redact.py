"""Takes the names that a template sees; gives them with every value hidden that tells something of the resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starkeeper.render.names import HELPERS
from starkeeper.render.values import Confidential

_SHOWN = HELPERS | {"web_url", "full_reference", "reference", "type", "items", "now", "tracker"}


def redacted(names: Mapping[str, Any]) -> dict[str, Any]:
    """The same names, for a text that somebody may read who cannot read the resource.

    What says where the resource is, and of what type, stays, and so does what is not about it.
    """
    return {name: value if name in _SHOWN else Confidential() for name, value in names.items()}
