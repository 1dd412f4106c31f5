"""What is there in GitLab of what a desk needs: places in, records out, and what could not be read and why."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from starkeeper.connectors.gitlab import wire_setup as wire
from starkeeper.connectors.gitlab.asks import Ask, place_path
from starkeeper.connectors.gitlab.facets import all_pages
from starkeeper.connectors.gitlab.wire import decode
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import Place
from starkeeper.model.setup import (
    MARK,
    RESOURCE_GROUP,
    FoundLabel,
    FoundPipelines,
    FoundSchedule,
    FoundTracker,
    FoundTrigger,
    FoundVariable,
    SetupFinding,
    WantedTracker,
)
from starkeeper.settings import Secret

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

T = TypeVar("T")
# One for each shard.
_OURS = re.compile(rf"{RESOURCE_GROUP}(-\d+)?")


class Reader:
    """Reads, from any thread. `tokens` are those of the triggers that were read, by their numbers: whole where they are
    our own."""

    def __init__(self, client: Client) -> None:
        self.tokens: dict[int, Secret] = {}
        self._client = client

    def tracker(
        self, wanted: WantedTracker, template_path: Callable[[str], str], unread: list[SetupFinding]
    ) -> FoundTracker:
        """One tracker; what could not be read of it is told to `unread`."""
        place = wanted.place
        row = _attempt(lambda: self.one(place_path(place), wire.WireProject, f"looking up {place}"), place, unread)
        if row is None:
            return FoundTracker()
        branch = row.default_branch or "main"
        path = template_path(wanted.name)
        in_project = place.source == "projects"
        return FoundTracker(
            labels=_attempt(lambda: self._labels(place), place, unread),
            hooks=_attempt(lambda: tuple(map(wire.hook, self.rows(place, "hooks", wire.WireHook))), place, unread),
            template=_attempt(lambda: self._file(place, path, branch), place, unread) if in_project else None,
            branch=branch,
        )

    def pipelines(self, place: Place, unread: list[SetupFinding]) -> FoundPipelines:
        """The same of the project whose pipelines run the desk."""
        row = _attempt(lambda: self.one(place_path(place), wire.WireProject, f"looking up {place}"), place, unread)
        if row is None:
            return FoundPipelines()
        return FoundPipelines(
            number=row.id,
            server=wire.server(row),
            triggers=_attempt(lambda: self._triggers(place), place, unread),
            schedules=_attempt(lambda: tuple(self._schedules(place)), place, unread),
            variables=_attempt(lambda: tuple(self._variables(place)), place, unread),
            orders=_attempt(lambda: self._orders(place), place, unread),
        )

    def rows(self, place: Place, what: str, shape: type[T], **query: str) -> list[T]:
        """A whole list of a project or group."""
        about = f"reading the {what.partition('/')[0].replace('_', ' ')} of {place}"
        return all_pages(self._client, _ask(f"{place_path(place)}/{what}", about, **query), shape)

    def one(self, path: str, shape: type[T], about: str) -> T:
        """One answer."""
        return decode(self._client.request(_ask(path, about)).content, shape, about)

    def _labels(self, place: Place) -> tuple[FoundLabel, ...]:
        """Those of the groups above, too. Of a group GitLab does not say which are its own: those above are a list less
        them."""
        rows = self.rows(place, "labels", wire.WireLabel, include_ancestor_groups="true")
        if place.source == "projects":
            return tuple(wire.label(row, row.is_project_label) for row in rows)
        own = {row.id for row in self.rows(place, "labels", wire.WireLabel, include_ancestor_groups="false")}
        return tuple(wire.label(row, row.id in own) for row in rows)

    def _file(self, place: Place, path: str, branch: str) -> str:
        """ "" where there is none."""
        about = f"reading {path} of {place}"
        where = f"{place_path(place)}/repository/files/{quote(path, safe='')}"
        try:
            answer = self._client.request(_ask(where, about, ref=branch))
        except ConnectorError as error:
            if error.status != 404:
                raise
            return ""
        return wire.text_of(decode(answer.content, wire.WireFile, about), about)

    def _triggers(self, place: Place) -> tuple[FoundTrigger, ...]:
        rows = self.rows(place, "triggers", wire.WireTrigger)
        self.tokens |= {row.id: Secret(row.token) for row in rows}
        return tuple(map(wire.trigger, rows))

    def _schedules(self, place: Place) -> Iterator[FoundSchedule]:
        """Our own with their variables, which a list leaves out."""
        for row in self.rows(place, "pipeline_schedules", wire.WireSchedule):
            if not row.description.startswith(MARK):
                yield wire.schedule(row)
                continue
            path = f"{place_path(place)}/pipeline_schedules/{row.id}"
            yield wire.schedule(self.one(path, wire.WireSchedule, f"reading a pipeline schedule of {place}"))

    def _variables(self, place: Place) -> Iterator[FoundVariable]:
        for row in self.rows(place, "variables", wire.WireVariable):
            yield wire.variable(row)
        parts = place.path.split("/")[:-1]
        for group in (Place("groups", "/".join(parts[:end])) for end in range(len(parts), 0, -1)):
            try:
                rows = self.rows(group, "variables", wire.WireVariable)
            except ConnectorError as error:
                # Only an Owner may see them.
                if error.status not in (401, 403, 404):
                    raise
                continue
            yield from (wire.variable(row, group.path) for row in rows)

    def _orders(self, place: Place) -> dict[str, str]:
        rows = self.rows(place, "resource_groups", wire.WireResourceGroup)
        return {row.key: row.process_mode for row in rows if _OURS.fullmatch(row.key)}


def _ask(path: str, about: str, **query: Any) -> Ask:
    return Ask(kind="setup read", path=path, about=about, query=query)


def _attempt(read: Callable[[], T], place: Place, unread: list[SetupFinding]) -> T | None:
    """What it reads, or nothing, and why."""
    try:
        return read()
    except ConnectorError as error:
        unread.append(_finding(error, place))
        return None


def _finding(error: ConnectorError, place: Place) -> SetupFinding:
    """Where GitLab said no a person must act; where it said nothing, it is to be asked again."""
    found = f"{error.request}: {error.found}"
    if error.status not in (403, 404):
        return SetupFinding("unread", place.path, found, error.advice)
    if error.request.startswith("looking up"):
        return SetupFinding("error", place.path, found, "create it, or make the token's account a Maintainer there")
    if place.source == "groups":
        do = "webhooks of a group need GitLab Premium and an Owner; without them the next sweep sees what happened"
        return SetupFinding("warning", place.path, found, do)
    do = f"an Owner of {place.path}: make the token's account a Maintainer there"
    return SetupFinding("hidden", place.path, found, do)
