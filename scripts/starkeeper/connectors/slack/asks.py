"""A request to Slack before it is sent: the method, what goes with it, and how it may be repeated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

SERVICE = "Slack"
Kind = Literal["slack history", "slack replies", "slack post", "slack update", "slack react", "slack look-up"]


class Ask(Struct, frozen=True, kw_only=True):
    """One call of a method. `about` says in errors what was wanted, `channel` what desk.yml calls the place.

    `writes` changes something in Slack, so that a lost answer leaves open whether it did; only with `repeat` it may be
    sent again all the same. `as_good` are refusals that say that there is nothing to do, or nothing to be found.
    """

    kind: Kind
    method: str
    about: str
    body: Mapping[str, Any] = {}
    channel: str = ""
    writes: bool = False
    repeat: bool = True
    as_good: tuple[str, ...] = ()
