"""Takes schedules or services as desk.yml names them; gives their ids in PagerDuty, each looked up once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from starkeeper.connectors.pagerduty.asks import SERVICE, Ask
from starkeeper.connectors.pagerduty.wire import WireReference
from starkeeper.desk.words import printable
from starkeeper.errors import ConnectorError, nearest

if TYPE_CHECKING:
    from starkeeper.connectors.pagerduty.client import Client

_ID = re.compile(r"P[A-Z0-9]{5,}")
_NOT_FOUND = 404


class Named(Struct, frozen=True):
    """Ids by what they are wanted for, and for what not all of them were found."""

    ids: dict[str, list[str]]
    failed: dict[str, ConnectorError]

    @property
    def all_ids(self) -> list[str]:
        """Each once, in order."""
        return sorted({each for ids in self.ids.values() for each in ids})


class Names:
    """The ids that names stand for, of one kind of thing."""

    def __init__(self, client: Client, what: Literal["schedules", "services"]) -> None:
        self._client = client
        self._what = what
        self._found: dict[str, str] = {}

    def ids_of(self, wanted: Mapping[str, Iterable[str]]) -> Named:
        """The ids for each; a name that PagerDuty does not have stops no other, any other trouble stops all."""
        named = Named({}, {})
        for what, names in wanted.items():
            try:
                named.ids[what] = [self._id_of(each) for each in names]
            except ConnectorError as error:
                if error.status != _NOT_FOUND:
                    raise
                named.failed[what] = error
        return named

    def _id_of(self, name: str) -> str:
        """What looks like an id is one."""
        if _ID.fullmatch(name):
            return name
        if name not in self._found:
            self._found[name] = self._look_up(name)
        return self._found[name]

    def _look_up(self, name: str) -> str:
        about = f"looking for the {self._what[:-1]} '{name}'"
        ids = {each.id for each in self._list(about, {"query": name}) if _name(each).casefold() == name.casefold()}
        if len(ids) > 1:
            advice = f"write the id of the right one into desk.yml: {', '.join(sorted(map(printable, ids)))}"
            raise ConnectorError(SERVICE, about, f"there are {len(ids)} of that name", advice, status=_NOT_FOUND)
        if not ids:
            known = (printable(_name(each)) for each in self._list(about, {}))
            advice = nearest(name, known) or "write its name or its id as PagerDuty shows it into desk.yml"
            raise ConnectorError(SERVICE, about, "there is none of that name", advice, status=_NOT_FOUND)
        return ids.pop()

    def _list(self, about: str, query: Mapping[str, str]) -> list[WireReference]:
        return self._client.read_all(
            Ask(f"pagerduty {self._what}", f"/{self._what}", about, query), self._what, WireReference
        )


def _name(found: WireReference) -> str:
    return (found.name or found.summary or "").strip()
