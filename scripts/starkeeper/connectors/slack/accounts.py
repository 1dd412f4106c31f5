"""Who is who: the Slack accounts of the desk's people and of the bot, and what an account is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from starkeeper.connectors.slack.asks import Ask
from starkeeper.connectors.slack.client import Client
from starkeeper.connectors.slack.once import Once
from starkeeper.connectors.slack.wire import WireFound, WireMe, WireMembers, WireUser, decode
from starkeeper.model.desk import Person
from starkeeper.model.resources import Place

_ID = re.compile(r"[UWB][A-Z0-9]{4,}")
_LONGEST_NAME = 80


class Accounts:
    """Looks accounts up; `people` are the desk's, by user name in GitLab, `me` says whose the token is. "" says that
    nobody is found.

    What people call themselves is no way to find them: anybody can take the name of somebody else.
    """

    def __init__(self, client: Client, people: Mapping[str, Person], me: Callable[[], WireMe]) -> None:
        self._client = client
        self._people = people
        self._me = me
        self._by_handle = Once(self._read_handles)

    def read(self, place: Place) -> str:
        """The id of somebody's account, or with the source `accounts` the name of one, and of "" the bot's own id."""
        if place.source == "accounts":
            return self._name_of(place.path) if place.path else self._me().user_id
        person = self._people.get(place.path)
        if person is None:
            return ""
        if _ID.fullmatch(person.slack):
            return person.slack
        if person.slack:
            return self._only(person.slack.removeprefix("@"))
        return self._id_by_email(person) if person.email else ""

    def _only(self, handle: str) -> str:
        """The one account of that handle; of several, as guests from elsewhere have theirs, nobody can tell which."""
        found = self._by_handle().get(handle.casefold(), set())
        return next(iter(found)) if len(found) == 1 else ""

    def _id_by_email(self, person: Person) -> str:
        about, body = f"looking for the Slack account of {person.gitlab}", {"email": person.email}
        found = self._find("users.lookupByEmail", about, body)
        return found.id if found and not found.deleted else ""

    def _name_of(self, account: str) -> str:
        if not _ID.fullmatch(account):
            return ""
        found = self._find("users.info", "asking what a Slack account is called", {"user": account})
        name = (found.profile.display_name or found.profile.real_name or found.name) if found else ""
        # Whoever has the account chose it.
        return " ".join("".join(each if each.isprintable() else " " for each in name).split())[:_LONGEST_NAME]

    def _find(self, method: str, about: str, body: Mapping[str, str]) -> WireUser | None:
        nobody = ("users_not_found", "user_not_found", "user_not_visible")
        ask = Ask(kind="slack look-up", method=method, about=about, body=body, as_good=nobody)
        return decode(self._client.call(ask), WireFound, about).user

    def _read_handles(self) -> dict[str, set[str]]:
        """The ids behind each handle, in small letters; no bots, nobody who is gone."""
        about = "listing the people in Slack"
        # Slack lets it be called 20 times a minute only, and a workspace can have many people.
        ask = Ask(kind="slack look-up", method="users.list", about=about, body={"limit": 999})
        ids: dict[str, set[str]] = {}
        for page in self._client.pages(ask):
            for row in decode(page, WireMembers, about).members:
                if row.name and not row.deleted and not row.is_bot:
                    ids.setdefault(row.name.casefold(), set()).add(row.id)
        return ids
