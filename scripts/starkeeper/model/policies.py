"""All that the policies say, as one record: rules, summaries, digests and forms, and the desk that they are about."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from starkeeper.model.desk import Desk
from starkeeper.model.digests import Digest
from starkeeper.model.forms import Form
from starkeeper.model.plan import Skipped
from starkeeper.model.rules import Rule, Summary


class Policies(Struct, frozen=True, kw_only=True):
    """All that one run was told: the rules in order, the desk, and a digest of the files that they come from."""

    rules: tuple[Rule, ...] = ()
    summaries: tuple[Summary, ...] = ()
    digests: tuple[Digest, ...] = ()
    forms: tuple[Form, ...] = ()
    desk: Desk = Desk()
    digest: str = ""
    max_changes: Mapping[str, str | int] = {}
    skipped: tuple[Skipped, ...] = ()
