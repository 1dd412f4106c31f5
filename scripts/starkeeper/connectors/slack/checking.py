"""Takes a workspace and the desk; gives what is missing there: scopes, channels, the bot in them, people."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from starkeeper.connectors.slack.accounts import Accounts
from starkeeper.connectors.slack.asks import SERVICE, Ask
from starkeeper.connectors.slack.client import Client
from starkeeper.connectors.slack.places import Places
from starkeeper.connectors.slack.wire import decode
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Desk, Person
from starkeeper.model.resources import Place
from starkeeper.model.setup import SetupFinding

_SCOPES = (
    "chat:write",
    "channels:read",
    "channels:history",
    "groups:read",
    "groups:history",
    "reactions:read",
    "reactions:write",
    "users:read",
    "users:read.email",
)
_ADMIN = "whoever administers Slack"


class _WireChannel(Struct):
    is_archived: bool = False
    is_member: bool = True


class _WireInfo(Struct):
    channel: _WireChannel


def check(client: Client, places: Places, accounts: Accounts, desk: Desk) -> Iterator[SetupFinding]:
    """Raises ConnectorError where Slack cannot be asked."""
    places.me()
    for name in desk.channels:
        yield from _channel(client, places, name)
    for person in desk.people.values():
        yield from _person(accounts, person)
    yield from _scopes(client)


def _scopes(client: Client) -> Iterator[SetupFinding]:
    """Nothing where Slack does not tell them."""
    if client.scopes and (missing := sorted(set(_SCOPES) - client.scopes)):
        what = f"the bot's token lacks the scope{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
        yield SetupFinding("error", SERVICE, what, f"{_ADMIN}: add to the app what it lacks, and install it again")


def _channel(client: Client, places: Places, name: str) -> Iterator[SetupFinding]:
    about = f"looking at channel '{name}'"
    invite = f"{_ADMIN}: invite the bot with /invite {client.bot}, or correct the channel in desk.yml"
    try:
        body = {"channel": places.id_of(name)}
        ask = Ask(kind="slack look-up", method="conversations.info", about=about, body=body, channel=name)
        found = decode(client.call(ask), _WireInfo, about).channel
    except ConnectorError as error:
        _raise_trouble(error)
        do = invite if error.status == 404 else f"{_ADMIN}: {error.advice}"
        yield SetupFinding("error", SERVICE, f"channel '{name}': {error.found}", do)
        return
    if found.is_archived:
        yield SetupFinding("error", SERVICE, f"channel '{name}' is archived", f"{_ADMIN}: unarchive it")
    elif not found.is_member:
        yield SetupFinding("error", SERVICE, f"the bot is not in channel '{name}'", invite)


def _person(accounts: Accounts, person: Person) -> Iterator[SetupFinding]:
    """An id is asked for its name, for it may be nobody's."""
    if not person.slack and not person.email:
        return
    try:
        id = accounts.read(Place("people", person.gitlab))
        if id and accounts.read(Place("accounts", id)):
            return
    except ConnectorError as error:
        _raise_trouble(error)
        yield SetupFinding("error", SERVICE, f"the account of {person.gitlab}: {error.found}", error.advice)
        return
    do = "whoever keeps people.yml: correct 'slack' or 'email' there"
    yield SetupFinding("error", SERVICE, f"nobody there is {person.gitlab} of people.yml", do)


def _raise_trouble(error: ConnectorError) -> None:
    """What a person can correct is an answer; a Slack that gives none ends the questions."""
    if error.status not in (400, 403, 404):
        raise error
