"""The connector of a scenario: facts are read from its world and plans are applied to it, all as the bot."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from msgspec import structs

from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.facets import Facet
from starkeeper.model.requests import NOTHING_MORE, Reading, Start, Update
from starkeeper.model.resources import Issue, Place, Resource, ResourceKey, ResourceType, Subject, User
from starkeeper.scenarios.world import World

_COMMAND = re.compile(r"^/[a-z]", re.MULTILINE)
NOT_PLAYED = "this is not played in scenarios"


class Service:
    """A GitLab that answers from a world, for facts.Source and apply.Target."""

    def __init__(self, world: World, bot: str) -> None:
        self._world = world
        self._bot = bot

    def whoami(self) -> User:
        return self._world.person(self._bot)

    def list_resources(
        self,
        tracker: Tracker,
        type: ResourceType,
        params: Mapping[str, str],
        on_page: Callable[[int, int | None], None] | None = None,
    ) -> tuple[Resource, ...]:
        """Narrowed by state, labels and time of change; by others GitLab would only leave out what no rule wants."""
        place = Place(tracker.source, tracker.path)
        found = [each for each in self._issues_of(place) if _is_asked_for(each, params)] if type == "issues" else []
        return tuple(structs.replace(each, tracker=tracker.name) for each in found)

    def read_resource(self, tracker: str, key: ResourceKey) -> Resource:
        if key not in self._world.kept:
            raise _missing(key)
        return structs.replace(self._world.kept[key].issue, tracker=tracker)

    def read_facet(self, facet: Facet, subjects: Collection[Subject]) -> Reading[Any]:
        reading: Reading[Any] = Reading({}, {})
        for subject in subjects:
            if isinstance(subject, Place):
                reading.found[subject] = self._of_place(facet, subject)
            elif subject in self._world.kept:
                reading.found[subject] = self._of_issue(facet, subject)
            else:
                reading.failed[subject] = _missing(subject)
        return reading

    def update_resource(self, tracker: str, key: ResourceKey, update: Update) -> Resource:
        self._world.label(key, self._bot, add=update.add_labels, remove=update.remove_labels)
        simple = {name: getattr(update, name) for name in ("state", "confidential", "locked", "title", "description")}
        fields = {name: value for name, value in simple.items() if value is not None}
        if update.assignees is not None:
            fields["assignees"] = tuple(self._account(name) for name in update.assignees)
        if update.due_date is not None:
            fields["due_date"] = update.due_date or None
        self._world.change(key, self._bot, **fields)
        return self.read_resource(tracker, key)

    def post_note(self, key: ResourceKey, body: str, *, internal: bool, marker: str, thread: bool = False) -> None:
        """A template may write a quick action itself; what it would do here nobody could tell."""
        if _COMMAND.search(body):
            raise _refused(f"writing a note on {key}", f"it holds a quick action, and {NOT_PLAYED}")
        self._world.comment(key, self._bot, body, internal=internal)

    def relate(self, key: ResourceKey, other: ResourceKey, link_type: str) -> None:
        if other not in self._world.kept:
            raise _missing(other)
        self._world.relate(key, other)

    def move_issue(self, key: ResourceKey, to: str) -> None:
        raise _refused(f"moving {key} to {to}", NOT_PLAYED)

    def delete_branch(self, key: ResourceKey, commit: str) -> None:
        raise _refused(f"deleting branch {key}", NOT_PLAYED)

    def open_issue(
        self, project: str, title: str, description: str, *, marker: str, start: Start = NOTHING_MORE
    ) -> ResourceKey:
        assignees = tuple(self._account(name) for name in start.assignees)
        more: dict[str, Any] = {"labels": start.labels, "assignees": assignees, "confidential": start.confidential}
        return self._world.open(project, self._bot, title, description, **more)

    def _account(self, name: str) -> User:
        found = self._world.find_person(name)
        if found is None:
            advice = "name people of people.yml, or of the scenario"
            raise _refused(f"looking up user '{name}'", "there is no such user", advice)
        return found

    def _issues_of(self, place: Place) -> list[Issue]:
        below = f"{place.path}/"
        return [
            kept.issue
            for key, kept in self._world.kept.items()
            if key.project == place.path or (place.source == "groups" and key.project.startswith(below))
        ]

    def _of_place(self, facet: Facet, place: Place) -> Any:
        match facet:
            case "members":
                return self._world.people
            case "labels":
                return _EveryLabel()
            case _:
                issues = self._issues_of(place)
                return tuple(each for each in issues if each.author and each.author.username == self._bot)

    def _of_issue(self, facet: Facet, key: ResourceKey) -> Any:
        kept = self._world.kept[key]
        match facet:
            case "notes":
                return kept.notes
            case "label_events":
                return kept.events
            case "state_events":
                return kept.states
            case "links":
                return tuple(sorted(kept.links))
            case "edits":
                return kept.edits
            case "threads":
                return len(kept.notes)
            case _:
                # There are no merge requests in this world.
                return ()


class _EveryLabel(frozenset[str]):
    """A project in which no label is new."""

    def __contains__(self, name: object) -> bool:
        return True


def _is_asked_for(issue: Issue, params: Mapping[str, str]) -> bool:
    if params.get("state", "all") not in ("all", issue.state):
        return False
    since = params.get("updated_after")
    if since and issue.updated_at < dt.datetime.fromisoformat(since):
        return False
    labels = [each for each in params.get("labels", "").split(",") if each]
    if [each.lower() for each in labels] in (["none"], ["any"]):
        return bool(issue.labels) is (labels[0].lower() == "any")
    return set(labels) <= set(issue.labels)


def _missing(key: ResourceKey) -> ConnectorError:
    return ConnectorError("scenario", f"reading {key}", "there is no such issue", status=404)


def _refused(request: str, found: str, advice: str = "") -> ConnectorError:
    return ConnectorError("scenario", request, found, advice)
