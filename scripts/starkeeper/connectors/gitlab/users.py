"""Who is who in GitLab: the user that the token stands for, and users by name, each asked for once per run."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from starkeeper.connectors.gitlab import wire
from starkeeper.connectors.gitlab.asks import SERVICE, Ask
from starkeeper.errors import ConnectorError
from starkeeper.model.resources import User

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client


class Users:
    """The users of one GitLab, remembered by name whatever its case; also that there is none of a name."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._me: User | None = None
        self._known: dict[str, User | None] = {}

    def me(self) -> User:
        """The user that writes. Asked first of all in a run, so that a wrong address is told after a second try."""
        with self._lock:
            if self._me is None:
                ask = Ask(kind="user", path="/user", about="asking who the token stands for", tries=2)
                me = wire.user(wire.decode(self._client.request(ask).content, wire.WireUser, ask.about))
                # The notes of deleted accounts have no author either, and must not be taken for our own.
                if not me.username:
                    advice = "is GITLAB_URL the address of GitLab itself?"
                    raise ConnectorError(SERVICE, ask.about, "the answer names nobody", advice)
                self._me = me
            return self._me

    def met(self, me: User) -> None:
        """Another request has told who the token stands for."""
        with self._lock:
            self._me = self._me or me

    def find(self, username: str) -> User:
        """The user of exactly that name in any case; raises ConnectorError where there is none."""
        name = username.lower()
        with self._lock:
            if name not in self._known:
                self._known[name] = self._look_up(username)
            found = self._known[name]
        if found is None:
            raise ConnectorError(
                SERVICE,
                _about(username),
                "there is no such user",
                "correct the name in the policy, desk.yml or people.yml",
            )
        return found

    def exists(self, username: str) -> bool:
        """Whether there is a user of that name."""
        name = username.lower()
        with self._lock:
            if name not in self._known:
                self._known[name] = self._look_up(username)
            return self._known[name] is not None

    def _look_up(self, username: str) -> User | None:
        ask = Ask(kind="user", path="/users", about=_about(username), query={"username": username})
        rows = wire.decode(self._client.request(ask).content, list[wire.WireUser], ask.about)
        return next((wire.user(row) for row in rows if (row.username or "").lower() == username.lower()), None)


def _about(username: str) -> str:
    return f"looking up user '{username}'"
