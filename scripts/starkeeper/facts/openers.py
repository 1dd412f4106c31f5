"""Takes an issue as it was read; gives one that the run's own account opened from a form as that of who filled it in.

So whoever asks is the initiator of what was opened for them, for every rule and every text. Only what the account
itself opened counts: anybody can write such a line into an issue of their own. Who edited it since is asked where
much hangs on it: see `initiator` in model/people.py.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import structs

from starkeeper.model.resources import Resource, User
from starkeeper.render.markers import opened_for


class Accounts(Protocol):
    """What tells whose the run's account is."""

    def whoami(self) -> User: ...


def by_opener(resource: Resource, accounts: Accounts) -> Resource:
    """Any other issue as it is; the account is asked for only where it may matter. Raises ConnectorError."""
    username = opened_for(resource.description)
    if not username or resource.author is None:
        return resource
    is_own = resource.author.username.casefold() == accounts.whoami().username.casefold()
    # What they are called is not known here; without a name texts would mention them.
    return structs.replace(resource, author=User(username, name=username), from_form=True) if is_own else resource
