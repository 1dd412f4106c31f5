"""What is true now: the lists of the trackers and, for issues in question, what costs a request of its own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Literal

from msgspec import Struct

from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet, FacetNeeded, System, Unanswerable
from starkeeper.model.parts import WHOLE, Part
from starkeeper.model.resources import (
    Duty,
    Edit,
    Issue,
    LabelEvent,
    Note,
    Page,
    Place,
    Reply,
    Resource,
    ResourceKey,
    ResourceType,
    SlackMessage,
    StateEvent,
    Subject,
)

SLACK_DAYS = 90
"""For so long Slack keeps what is said, where it keeps it shortest."""
CLOSED_DAYS = 7
"""For so long after it was closed something is still said about an issue in Slack."""


class TrackerFailure(Struct, frozen=True):
    """Resources of one type in a tracker, or one of them, that could not be read, so that nothing of it is acted on."""

    tracker: str
    type: ResourceType
    why: str


class Facts(Struct, frozen=True, kw_only=True, dict=True):
    """All that one run knows. `now` is aware, in UTC, and the only clock that anything below may look at.

    `bot` is the user name that the run writes with, so that its own notes are told from people's and from a copy of
    its marker in somebody else's note. `read` holds the facets that were read, `unread` why one could not be, with
    whether a policy is to blame. `said` is what the journals of earlier runs know to have been said on a resource, by
    key, and when. `systems` are those that are connected. `swept_at` is when the last run read and did everything,
    `heard_at` when any last ran at all, where that is known.

    A run that does not look at everything decides only on the resources in `only`; where it is one `part` of several
    side by side, it takes its share of what is limited. `listed` are the trackers of which it knows all that counts,
    None for every one.
    """

    now: dt.datetime
    desk: Desk = Desk()
    bot: str = ""
    resources: tuple[Resource, ...] = ()
    failures: tuple[TrackerFailure, ...] = ()
    read: Mapping[Facet, Mapping[Subject, Any]] = {}
    unread: Mapping[tuple[Facet, Subject], tuple[str, bool]] = {}
    said: Mapping[ResourceKey, Mapping[str, dt.datetime]] = {}
    systems: frozenset[System] = frozenset({"gitlab"})
    swept_at: dt.datetime | None = None
    heard_at: dt.datetime | None = None
    only: frozenset[ResourceKey] | None = None
    part: Part = WHOLE
    listed: frozenset[str] | None = None

    def knows_all_of(self, tracker: str) -> bool:
        """Whether everything in the tracker that counts was read, as far as it could be."""
        return self.listed is None or tracker in self.listed

    @property
    def is_of_one(self) -> bool:
        """Whether this run was begun for one resource, and knows others only where a question was about them."""
        return self.listed is not None

    def is_decided_on(self, resource: Resource) -> bool:
        """Whether this run decides on the resource; it may know it all the same."""
        return self.only is None or resource.key in self.only

    def notes(self, resource: Resource) -> tuple[Note, ...]:
        """The notes of the resource, oldest first; raises FacetNeeded where they were not read yet, as all these do."""
        notes: tuple[Note, ...] = self._facet("notes", resource.key)
        return notes

    def edits(self, resource: Resource) -> tuple[Edit, ...]:
        """The changes of its description, oldest first."""
        edits: tuple[Edit, ...] = self._facet("edits", resource.key)
        return edits

    def label_events(self, resource: Resource) -> tuple[LabelEvent, ...]:
        """The label events of the resource, oldest first."""
        events: tuple[LabelEvent, ...] = self._facet("label_events", resource.key)
        return events

    def state_events(self, resource: Resource) -> tuple[StateEvent, ...]:
        """When the resource was closed, opened again or merged, oldest first."""
        events: tuple[StateEvent, ...] = self._facet("state_events", resource.key)
        return events

    def links(self, issue: Resource) -> tuple[ResourceKey, ...]:
        """The issues that it is linked to, in either direction."""
        links: tuple[ResourceKey, ...] = self._facet("links", issue.key)
        return links

    def threads(self, resource: Resource) -> int:
        """How many threads people began on it; a comment that nobody may answer to counts as one."""
        threads: int = self._facet("threads", resource.key)
        return threads

    def merge_requests(self, issue: Resource) -> tuple[str, ...]:
        """The states of the merge requests that mention or close the issue."""
        states: tuple[str, ...] = self._facet("merge_requests", issue.key)
        return states

    def closes_issues(self, merge_request: Resource) -> tuple[ResourceKey, ...]:
        """The issues that the merge request closes once it is merged."""
        keys: tuple[ResourceKey, ...] = self._facet("closes_issues", merge_request.key)
        return keys

    def members(self, place: Place) -> frozenset[str]:
        """The user names, in small letters, of the direct members of a project or group.

        Raises Unanswerable where there is no such place, or its members may not be seen.
        """
        names: frozenset[str] = self._facet("members", place)
        return names

    def own_issues(self, place: Place) -> tuple[Issue, ...]:
        """The issues that this run's own account opened in a project, oldest first; Unanswerable as for members."""
        issues: tuple[Issue, ...] = self._facet("own_issues", place)
        return issues

    def messages(self, channel: str) -> tuple[SlackMessage, ...]:
        """What stands in a Slack channel, named as in desk.yml, oldest first; Unanswerable where that cannot be read.

        Told are the last days: as many as any open resource of this run is old, 90 at most.
        """
        messages: tuple[SlackMessage, ...] = self._facet("messages", Place("channels", channel))
        return messages

    def replies(self, message: SlackMessage) -> tuple[Reply, ...]:
        """What stands in the thread of a message, oldest first."""
        replies: tuple[Reply, ...] = self._facet("replies", message.key)
        return replies

    def own_message(self, channel: str, about: str, role: str) -> SlackMessage | None:
        """The message of ours in that channel that is about something and has that role, if there is one."""
        return next(iter(self.own_messages(channel, about, role)), None)

    def own_messages(self, channel: str, about: str, role: str) -> tuple[SlackMessage, ...]:
        """The same with those that a second run posted at the very same time, oldest first."""
        return tuple(self._marked(channel).get((about, role), ()))

    def rotations_unread(self) -> frozenset[str]:
        """Of which rotations PagerDuty was asked and did not tell who is on call."""
        asked = (subject for facet, subject in self.unread if facet == "duties")
        return frozenset(each.path if isinstance(each, Place) else each.project for each in asked)

    def said_in_slack(self, channel: str, about: str) -> dict[str, dt.datetime]:
        """What we said in that channel about something, threads included: by key, and when."""
        said: dict[str, dt.datetime] = {}
        for message in (each for (what, _), found in self._marked(channel).items() if what == about for each in found):
            mark = message.mark
            assert mark is not None
            # What was not posted to its end is told once more, and then completed.
            said |= {**({mark.key: message.created_at} if mark.is_whole else {}), **mark.said}
        return said

    def duties(self, rotation: str) -> tuple[Duty, ...]:
        """Who is on call in a rotation, from a day ago to two days ahead, in order; empty where that is not known.

        A look-up that failed counts as not known, never as the last known person.
        """
        try:
            return self.duties_in(Place("rotations", rotation))
        except Unanswerable:
            return ()

    def duties_in(self, time: Place | ResourceKey) -> tuple[Duty, ...]:
        """The same of a rotation, or of the time of one that desk.on_call.span_key names; Unanswerable where the
        look-up failed."""
        duties: tuple[Duty, ...] = self._facet("duties", time)
        return duties

    def pages(self, service: str) -> tuple[Page, ...]:
        """The incidents of a PagerDuty service, named as in desk.yml, that are not resolved, and those of today."""
        pages: tuple[Page, ...] = self._facet("pages", Place("services", service))
        return pages

    def slack_id(self, username: str) -> str:
        """The Slack account of somebody, by the user name in GitLab; "" for whom people.yml gives none.

        Unanswerable where the look-up failed: whoever cannot be looked up must not be taken for somebody unknown.
        """
        person = self.desk.people.get(username)
        if person is None or "slack" not in self.systems:
            return ""
        if _SLACK_ID.fullmatch(person.slack) or not (person.slack or person.email):
            return person.slack
        found: str = self._facet("slack_account", Place("people", username))
        return found

    def slack_mention(self, username: str) -> str:
        """The Slack account of somebody who is to be told; "" also where a person must correct something before it can
        be looked up, for the words must not wait for that."""
        try:
            return self.slack_id(username)
        except Unanswerable as trouble:
            if trouble.must_correct:
                return ""
            raise

    def slack_ids(self, usernames: Iterable[str]) -> Mapping[str, str]:
        """Of these people, and of all whose account people.yml names, the user name in GitLab by the Slack account.

        All that must be looked up for it are asked for at once.
        """
        named = [name for name, person in self.desk.people.items() if _SLACK_ID.fullmatch(person.slack)]
        wanted = [*named, *(name for name in usernames if name in self.desk.people)]
        missing: list[FacetNeeded] = []
        found: dict[str, str] = {}
        for name in dict.fromkeys(wanted):
            try:
                found[self.slack_id(name)] = name
            except FacetNeeded as need:
                missing.append(need)
        if missing:
            raise FacetNeeded(missing[0].facet, *(need.subject for need in missing))
        return {account: name for account, name in found.items() if account}

    @property
    def slack_bot(self) -> str:
        """The Slack account of this run."""
        account: str = self._facet("slack_account", Place("accounts", ""))
        return account

    def slack_name(self, account: str) -> str:
        """What a Slack account is called there; "" where that cannot be read."""
        try:
            found: str = self._facet("slack_account", Place("accounts", account))
        except Unanswerable:
            return ""
        return found

    @cached_property
    def slack_since(self) -> dt.datetime:
        """How far back Slack is read: to the beginning of what is open, or was closed lately, as far as Slack keeps
        it."""
        lately = self.now - dt.timedelta(days=CLOSED_DAYS)
        opened = [each.created_at for each in self.resources if each.type == "issues" and _is_talked_of(each, lately)]
        oldest = min(opened, default=self.now) - dt.timedelta(days=1)
        return max(oldest, self.now - dt.timedelta(days=SLACK_DAYS))

    def has_label(self, label: str, resource: Resource) -> bool:
        """Whether the project (of an epic, the group) of the resource has a label of that name, as far as is known.

        One that anything in the list carries is there; only for another are the labels of the place read.
        """
        if label in self._carried.get(resource.project, ()) or self.is_of_one:
            # To say that a label is new is not worth a request for one issue: the next sweep does.
            return True
        source: Literal["projects", "groups"] = "groups" if resource.type == "epics" else "projects"
        try:
            labels: frozenset[str] = self._facet("labels", Place(source, resource.project))
        except Unanswerable:
            return True
        return label in labels

    def had_label(self, label: str, resource: Resource) -> bool:
        """Whether the resource carried the label, or is not known to have lacked it, before any rule of this run."""
        as_read = self._as_read.get((resource.tracker, resource.key))
        return as_read is None or label in as_read.labels or label not in resource.labels

    def opened(self, tracker: str, type: ResourceType) -> tuple[Resource, ...]:
        """The open resources of a tracker, oldest first."""
        self._list(tracker)
        return self._opened.get((tracker, type), ())

    def opened_with(self, tracker: str, type: ResourceType, name: str, values: Iterable[str]) -> tuple[Resource, ...]:
        """Of those, each that has one of the values: of `assignee`, `author`, or a field; oldest first."""
        index = self._by_value.get((tracker, type, name))
        if index is None:
            index = self._by_value[tracker, type, name] = {}
            for resource in self.opened(tracker, type):
                for value in values_of(resource, name):
                    index.setdefault(value, []).append(resource)
        found = {each.key: each for value in values for each in index.get(value, ())}
        return tuple(sorted(found.values(), key=lambda each: (each.created_at, each.iid)))

    def alike(self, resource: Resource, field: str) -> tuple[Resource, ...]:
        """The others of its tracker and type with the same value in that field, oldest first; none without a value."""
        if not resource.fields.get(field):
            return ()
        self._list(resource.tracker)
        index = self._by_field.setdefault(field, {}) or self._index(field)
        same = index.get((resource.tracker, resource.type, resource.fields[field]), ())
        return tuple(each for each in same if each.key != resource.key)

    def _list(self, tracker: str) -> None:
        """Raises FacetNeeded where the others of a tracker were not read yet."""
        if not self.knows_all_of(tracker):
            self._facet("others", Place("trackers", tracker))

    def _facet(self, facet: Facet, subject: Subject) -> Any:
        try:
            return self.read[facet][subject]
        except KeyError:
            pass
        if refusal := self.unread.get((facet, subject)):
            service = "Slack" if facet in _OF_SLACK else "PagerDuty" if facet in ("duties", "pages") else ""
            raise Unanswerable(refusal[0], must_correct=refusal[1], service=service)
        raise FacetNeeded(facet, subject)

    def _marked(self, channel: str) -> dict[tuple[str, str], list[SlackMessage]]:
        """Our own messages in a channel by what they are about and their role, oldest first."""
        index = self._by_mark.get(channel)
        if index is None:
            index = {}
            for each in self.messages(channel):
                if each.mark is not None:
                    index.setdefault((each.mark.about, each.mark.role), []).append(each)
            self._by_mark[channel] = index
        return index

    @cached_property
    def _by_mark(self) -> dict[str, dict[tuple[str, str], list[SlackMessage]]]:
        return {}

    @cached_property
    def _carried(self) -> dict[str, set[str]]:
        carried: dict[str, set[str]] = {}
        for resource in self.resources:
            carried.setdefault(resource.project, set()).update(resource.labels)
        return carried

    @cached_property
    def _as_read(self) -> dict[tuple[str, ResourceKey], Resource]:
        return {(each.tracker, each.key): each for each in self.resources}

    @cached_property
    def _opened(self) -> dict[tuple[str, ResourceType], tuple[Resource, ...]]:
        found: dict[tuple[str, ResourceType], list[Resource]] = {}
        for each in sorted(self.resources, key=lambda each: (each.created_at, each.iid)):
            if each.state == "opened":
                found.setdefault((each.tracker, each.type), []).append(each)
        return {place: tuple(each) for place, each in found.items()}

    @cached_property
    def _by_value(self) -> dict[tuple[str, ResourceType, str], dict[str, list[Resource]]]:
        return {}

    @cached_property
    def _by_field(self) -> dict[str, dict[tuple[str, str, str], tuple[Resource, ...]]]:
        return {}

    def _index(self, field: str) -> dict[tuple[str, str, str], tuple[Resource, ...]]:
        index = self._by_field[field]
        for resource in sorted(self.resources, key=lambda each: (each.created_at, each.iid)):
            if value := resource.fields.get(field, ""):
                place = (resource.tracker, resource.type, value)
                index[place] = (*index.get(place, ()), resource)
        return index


_OF_SLACK = ("messages", "replies", "slack_account")
_SLACK_ID = re.compile(r"[UW][A-Z0-9]{4,}")


def _is_talked_of(resource: Resource, lately: dt.datetime) -> bool:
    return resource.state == "opened" or (resource.closed_at is not None and resource.closed_at >= lately)


def values_of(resource: Resource, name: str) -> frozenset[str]:
    """What two resources can have the same of: user names of `assignee` or `author` in small letters, or a field."""
    if name == "assignee":
        return frozenset(user.username.casefold() for user in resource.assignees)
    if name == "author":
        return frozenset({resource.author.username.casefold()} if resource.author else ())
    value = resource.fields.get(name)
    return frozenset({value} if value else ())
