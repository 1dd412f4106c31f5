"""Takes what a run did; reads those resources as they are now, in as few requests as that takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.facts import Facts, TrackerFailure
from starkeeper.model.journal import Journal
from starkeeper.model.resources import Resource, ResourceKey, ResourceType
from starkeeper.undo.doings import doings_of

# What GitLab lists by number, so many in one request.
_LISTED: frozenset[ResourceType] = frozenset({"issues", "merge_requests"})
_MOST = 100
_NOT_UNDERSTOOD = 400


class Source(Protocol):
    """What is read through; connectors.gitlab.GitLab is one. Both raise ConnectorError."""

    def list_resources(
        self,
        tracker: Tracker,
        type: ResourceType,
        params: Mapping[str, str],
        on_page: Callable[[int, int | None], None] | None = None,
    ) -> tuple[Resource, ...]: ...

    def read_resource(self, tracker: str, key: ResourceKey) -> Resource: ...


def read_done(journal: Journal, desk: Desk, source: Source, now: dt.datetime) -> Facts:
    """The resources whose fields the run changed. One that cannot be read stands in `failures`; the others go on."""
    resources: list[Resource] = []
    failures: list[TrackerFailure] = []
    for tracker, keys in _batches(journal):
        try:
            found = _listed(tracker, keys, source)
        except ConnectorError as error:
            what = f"{', '.join(str(key.iid) for key in keys)} of {keys[0].project} were left out: {error}"
            failures.append(TrackerFailure(tracker, keys[0].type, what))
            continue
        for key in keys:
            try:
                resources.append(found[key] if key in found else source.read_resource(tracker, key))
            except ConnectorError as error:
                failures.append(TrackerFailure(tracker, key.type, f"{key} was left out: {error}"))
    return Facts(now=now, desk=desk, resources=tuple(resources), failures=tuple(failures))


def _batches(journal: Journal) -> Iterator[tuple[str, list[ResourceKey]]]:
    """Resources of one tracker, project and type, as many as one list can hold."""
    groups: dict[tuple[str, str, ResourceType], list[ResourceKey]] = {}
    for doing in doings_of(journal):
        groups.setdefault((doing.tracker, doing.key.project, doing.key.type), []).append(doing.key)
    for (tracker, _, _), keys in groups.items():
        for start in range(0, len(keys), _MOST):
            yield tracker, keys[start : start + _MOST]


def _listed(tracker: str, keys: list[ResourceKey], source: Source) -> Mapping[ResourceKey, Resource]:
    """Those that a list by number shows; whatever it does not show is asked for by itself, and says itself why."""
    first = keys[0]
    if len(keys) == 1 or first.type not in _LISTED:
        return {}
    numbers = ",".join(str(key.iid) for key in keys)
    try:
        found = source.list_resources(Tracker(name=tracker, path=first.project), first.type, {"iids": numbers})
    except ConnectorError as error:
        if error.status == _NOT_UNDERSTOOD:
            return {}
        raise
    return {each.key: each for each in found}
