"""What a person does on the page: each verb is one change of the world, as that person, and a word about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from msgspec import Struct

from starkeeper.sandbox.answers import Answer, json_answer
from starkeeper.sandbox.api import Sent
from starkeeper.sandbox.records import Item, User
from starkeeper.sandbox.web.people import people
from starkeeper.sandbox.web.tracker import find_item
from starkeeper.sandbox.world import World


class Refused(Exception):
    """What the person wanted cannot be; says why, and what to do."""


class Done(Struct, frozen=True):
    """What there is to say about it, "" for nothing, and the path of the page to go to."""

    said: str = ""
    go: str = ""


class Move(Struct, frozen=True):
    """One thing that a person does; `fields` are those of the form."""

    world: World
    me: str
    fields: Mapping[str, str]

    def field(self, name: str) -> str:
        """A field that must be filled in."""
        value = self.fields.get(name, "")
        if not value.strip():
            raise Refused(f"Fill in the field '{name}' first.")
        return value

    def user(self) -> User:
        found = self.world.users.get(self.me)
        if found is None:
            raise Refused(f"{self.me} has no account in the tracker: choose somebody else.")
        return found

    def item(self) -> Item:
        """The issue, merge request or epic that the form is about, as far as this person can see it."""
        iid, kind = self.fields.get("iid", ""), self.fields.get("kind", "issues")
        found = find_item(self.world, self.fields.get("place", ""), int(iid) if iid.isdecimal() else 0, kind)
        if found is None or not self.world.can_read(self.user(), found):
            raise Refused(f"{self.me} sees no such item: it may be confidential, or gone.")
        return found


Verb = Callable[[Move], Done]
VERBS: dict[str, Verb] = {}


def verb(name: str) -> Callable[[Verb], Verb]:
    """Registers what is done for a form that is sent to `/-/NAME`."""

    def remember(done: Verb) -> Verb:
        VERBS[name] = done
        return done

    return remember


def play(world: World, name: str, sent: Sent) -> Answer:
    """Does it; the caller holds the world's lock, and has seen that the request comes from the page."""
    try:
        if name not in VERBS:
            raise Refused("The page cannot do this: load it again.")
        done = VERBS[name](read_move(world, sent))
    except Refused as refused:
        return json_answer({"said": str(refused)}, 422)
    return json_answer({"said": done.said, "go": done.go})


def read_move(world: World, sent: Sent) -> Move:
    """The form of a request; raises Refused where it names nobody of this world."""
    text = sent.body.decode("utf-8", "replace")
    fields = {key: values[-1].replace("\r\n", "\n") for key, values in parse_qs(text).items()}
    me = fields.get("as", "").lower()
    if all(each.username != me for each in people(world)):
        raise Refused("Choose who you are first.")
    return Move(world, me, fields)
