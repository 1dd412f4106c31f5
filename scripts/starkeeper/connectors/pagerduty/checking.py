"""Takes an account and the desk; gives what is missing there: schedules, services, people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from starkeeper.connectors.pagerduty.asks import SERVICE, Ask
from starkeeper.connectors.pagerduty.wire import WireReference, WireUser
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.setup import SetupFinding

if TYPE_CHECKING:
    from starkeeper.connectors.pagerduty.client import Client


def check(client: Client, desk: Desk, sender: str) -> Iterator[SetupFinding]:
    """Raises ConnectorError where PagerDuty cannot be asked."""
    schedules = [name for each in desk.rotations.values() for name in each.schedules]
    yield from _named(client, "schedules", schedules)
    yield from _named(client, "services", list(desk.services.values()))
    rows = client.read_all(Ask("pagerduty users", "/users", "listing the people"), "users", WireUser)
    yield from _people(rows, desk)
    yield from _sender({(row.email or "").casefold() for row in rows}, sender)


def _named(client: Client, what: str, wanted: list[str]) -> Iterator[SetupFinding]:
    """Each goes by its id or by its name."""
    if not wanted:
        return
    rows = client.read_all(Ask(f"pagerduty {what}", f"/{what}", f"listing the {what}"), what, WireReference)
    names = {(row.name or row.summary or "").strip() for row in rows}
    known = {each.casefold() for each in (*names, *(row.id for row in rows))}
    for each in wanted:
        if each.casefold() not in known:
            do = f"whoever keeps desk.yml: correct it; {nearest(each, names)}".removesuffix("; ")
            yield SetupFinding("error", SERVICE, f"there is no {what[:-1]} '{each}'", do)


def _people(rows: list[WireUser], desk: Desk) -> Iterator[SetupFinding]:
    """Ids that are nobody's, and managers of whom nobody can tell who they are there."""
    ids, emails = {row.id for row in rows}, {(row.email or "").casefold() for row in rows}
    for person in desk.people.values():
        if person.pagerduty and person.pagerduty not in ids:
            do = "whoever keeps people.yml: correct 'pagerduty' there"
            yield SetupFinding("error", SERVICE, f"nobody there is {person.gitlab} of people.yml", do)
    for manager in (desk.people[name] for name in desk.managers):
        if not manager.pagerduty and manager.email.casefold() not in emails:
            do = "whoever keeps people.yml: add 'pagerduty' or 'email' there"
            yield SetupFinding("warning", SERVICE, f"it is not known who manager {manager.gitlab} is there", do)


def _sender(emails: set[str], sender: str) -> Iterator[SetupFinding]:
    """The address itself is not shown."""
    do = "whoever runs the desk: set PAGERDUTY_FROM to the e-mail address of a user there"
    if not sender:
        yield SetupFinding("warning", SERVICE, "nothing can be changed there: PAGERDUTY_FROM is not set", do)
    elif sender.casefold() not in emails:
        yield SetupFinding("error", SERVICE, "nobody there has the e-mail address of PAGERDUTY_FROM", do)
