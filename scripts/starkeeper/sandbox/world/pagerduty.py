"""PagerDuty as tests, seeds and the page use it: who is on call, and incidents that people take and end."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from starkeeper.sandbox.records.pagerduty import (
    Incident,
    Override,
    PagerDuty,
    PagerUser,
    Policy,
    Schedule,
    Service,
    Shift,
    Turn,
    Urgency,
)

if TYPE_CHECKING:
    from starkeeper.sandbox.state import State


class PagerDutyWorld(PagerDuty):
    """The account of a world; each method is one complete change. Everything is named by its name or id.

    People who are named and not there yet are added; anything else must be there (KeyError).
    """

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state

    def add_token(self, token: str) -> None:
        with self._state.lock:
            self.tokens.add(token)

    def add_user(self, name: str, *, email: str = "", time_zone: str = "Etc/UTC", id: str = "") -> PagerUser:
        """Adds an account, or returns the one of that name, id or address."""
        with self._state.lock:
            found = self.find_user(name)
            if found is None:
                address = email or f"{name.lower().replace(' ', '.')}@example.com"
                found = PagerUser(id or self.new_id("user"), name, address, time_zone)
                self.users[found.id] = found
                self._state.changed()
            return found

    def add_schedule(
        self,
        name: str,
        shifts: Iterable[tuple[str, str, str]] = (),
        *,
        time_zone: str = "UTC",
        policy: str | None = "",
        id: str = "",
    ) -> Schedule:
        """Adds a schedule, or returns the one of that name.

        A shift is who has it and its hours on every day, `("aoi", "00:00", "08:00")`; one that ends at or before its
        start ends on the next day. PagerDuty lists as on call only whom an escalation policy asks: the schedule gets
        one of its own name, or is the next level of `policy`; None leaves it without.
        """
        with self._state.lock:
            found = next((each for each in self.schedules.values() if each.name == name), None)
            if found is None:
                found = Schedule(id or self.new_id("schedule"), name, time_zone)
                found.shifts = [Shift(self.add_user(who), _time(start), _time(end)) for who, start, end in shifts]
                self.schedules[found.id] = found
                if policy is not None:
                    self.add_policy(policy or name).levels.append([found])
                self._state.changed()
            return found

    def add_policy(self, name: str, levels: Iterable[Sequence[str]] = (), *, id: str = "") -> Policy:
        """Adds an escalation policy, or returns the one of that name; a level has names of schedules or else of people,
        `[["Day", "Night"], ["amber"]]`."""
        with self._state.lock:
            found = next((each for each in self.policies.values() if each.name == name), None)
            if found is None:
                found = Policy(id or self.new_id("policy"), name, [])
                found.levels = [[self._target(each) for each in level] for level in levels]
                self.policies[found.id] = found
                self._state.changed()
            return found

    def add_service(self, name: str, policy: str = "", *, id: str = "") -> Service:
        """Adds a service, or returns the one of that name; without a policy it gets one of its own, with no level."""
        with self._state.lock:
            found = next((each for each in self.services.values() if each.name == name), None)
            if found is None:
                asked = self.add_policy(policy or name)
                found = Service(id or self.new_id("service"), name, asked, self._state.clock())
                self.services[found.id] = found
                self._state.changed()
            return found

    def add_turn(self, schedule: str, user: str, start: dt.datetime, end: dt.datetime) -> None:
        """One time on call, beside the daily shifts."""
        with self._state.lock:
            self.schedule(schedule).entries.append(Turn(self.add_user(user), start, end))
            self._state.changed()

    def override(self, schedule: str, user: str, start: dt.datetime, end: dt.datetime) -> str:
        """Lets somebody stand in; returns the override's id."""
        with self._state.lock:
            made = Override(self.new_id("override"), Turn(self.add_user(user), start, end))
            self.schedule(schedule).overrides.append(made)
            self._state.changed()
            return made.id

    def trigger(
        self,
        service: str,
        title: str,
        *,
        key: str = "",
        urgency: Urgency = "high",
        body: str = "",
        at: dt.datetime | None = None,
        id: str = "",
    ) -> str:
        """Opens an incident and returns its id; whoever the first level of the policy names is assigned.

        A service that is not there yet is added.
        """
        with self._state.lock:
            when = at or self._state.clock()
            made = self.add_incident(self.add_service(service), title, key, when, id)
            made.urgency, made.body = urgency, body
            made.assign(when)
            self._state.changed()
            return made.id

    def acknowledge(self, incident: str, by: str = "", *, at: dt.datetime | None = None) -> None:
        """Acknowledges as somebody; without a name as whoever is assigned."""
        with self._state.lock:
            found = self._unresolved(incident)
            user = self.add_user(by) if by else found.assignments[0].user
            found.acknowledge(user, at or self._state.clock())
            self._state.changed()

    def escalate(self, incident: str) -> None:
        """Asks the next level of the policy, for nobody acknowledged; the last level stays asked."""
        with self._state.lock:
            self._unresolved(incident).escalate(self._state.clock())
            self._state.changed()

    def resolve(self, incident: str, by: str = "") -> None:
        with self._state.lock:
            self._unresolved(incident).resolve(self.add_user(by) if by else None, self._state.clock())
            self._state.changed()

    def incident(self, incident: str) -> Incident:
        """An incident as it stands now."""
        with self._state.lock:
            return copy.deepcopy(self.incidents[incident])

    def on_call(self, schedule: str, at: dt.datetime | None = None) -> str | None:
        """The name of who is on call, now or at a time; None for nobody."""
        with self._state.lock:
            found = self.schedule(schedule).on_call(at or self._state.clock())
            return found.name if found else None

    def schedule(self, key: str) -> Schedule:
        """By name or id; KeyError where there is none."""
        found: Schedule = _named(self.schedules, key)
        return found

    def service(self, key: str) -> Service:
        """Likewise."""
        found: Service = _named(self.services, key)
        return found

    def _unresolved(self, incident: str) -> Incident:
        """Nothing more happens to a resolved one: ValueError."""
        found = self.incidents[incident]
        if found.status == "resolved":
            raise ValueError(f"incident {incident} is resolved")
        return found

    def _target(self, key: str) -> Schedule | PagerUser:
        try:
            return self.schedule(key)
        except KeyError:
            return self.add_user(key)


def _named(table: Mapping[str, Any], key: str) -> Any:
    """By id or by name; KeyError where there is none."""
    for id, each in table.items():
        if key in (id, each.name):
            return each
    raise KeyError(key)


def _time(clock: str) -> dt.time:
    return dt.time.fromisoformat(clock)
