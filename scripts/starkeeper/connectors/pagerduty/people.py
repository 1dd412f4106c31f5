"""Takes a user of PagerDuty; says who of people.yml that is, or else what PagerDuty calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starkeeper.connectors.pagerduty.asks import SERVICE, Ask
from starkeeper.connectors.pagerduty.wire import UsersAnswer, WireUser
from starkeeper.desk.cover import person_of, without_account
from starkeeper.desk.words import printable
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Desk, Person

if TYPE_CHECKING:
    from starkeeper.connectors.pagerduty.client import Client


class People:
    """The people of the desk, by their id and their e-mail address in PagerDuty."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        everybody = desk.people.values()
        self._by_id = {each.pagerduty: each for each in everybody if each.pagerduty}
        self._by_email = {each.email.casefold(): each for each in everybody if each.email}

    def find(self, user: WireUser) -> Person | None:
        """By id, else by address."""
        return self._by_id.get(user.id) or self._by_email.get((user.email or "").casefold())

    def account_of(self, client: Client, username: str) -> str:
        """The id of somebody of people.yml, by address where it does not stand there. Raises ConnectorError."""
        about, advice = f"looking for '{username}'", "add their id in PagerDuty there"
        person = person_of(username, self._desk)
        if person is None or not (person.pagerduty or person.email):
            raise ConnectorError(SERVICE, about, without_account(username, self._desk), advice)
        if person.pagerduty:
            return person.pagerduty
        asked = Ask("pagerduty users", "/users", about, {"query": person.email})
        for each in client.read(asked, UsersAnswer).users:
            if (each.email or "").casefold() == person.email.casefold():
                return each.id
        raise ConnectorError(SERVICE, about, "PagerDuty has nobody of the e-mail in people.yml", advice)

    def name(self, user: WireUser) -> str:
        """The user name in GitLab, or of somebody unknown the name in PagerDuty."""
        person = self.find(user)
        return person.gitlab if person else printable(user.name or user.summary or user.id)
