"""Who can be played: everybody who has an account in the tracker or in Slack, bots left out."""

from __future__ import annotations

from msgspec import Struct

from starkeeper.sandbox.state import State


class Person(Struct, frozen=True):
    """One person, by the user name that is the same everywhere."""

    username: str
    name: str


def people(state: State) -> list[Person]:
    """Those of the tracker first, each in the order in which they came."""
    found = {each.username.lower(): each.name for each in state.users.values() if not each.bot}
    bots = {each.username.lower() for each in state.users.values() if each.bot}
    for each in state.slack.users.values():
        if not each.is_bot and not each.deleted and each.name not in bots:
            found.setdefault(each.name, each.real_name)
    return [Person(username, name) for username, name in found.items()]


def player(state: State, wanted: str) -> Person | None:
    """The person of that name, else the first of all; None in a world without people."""
    everybody = people(state)
    return next((each for each in everybody if each.username == wanted.lower()), next(iter(everybody), None))
