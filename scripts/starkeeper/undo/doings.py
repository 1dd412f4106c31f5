"""Takes the entries of a run; gives, for each resource whose fields it changed, what it did to them taken together."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from starkeeper.model.journal import Entry, Journal, Snapshot
from starkeeper.model.resources import ResourceKey

FIELD_ACTIONS = frozenset({"labels", "status", "assign", "confidential", "due_date", "lock"})


class Moved(Struct, frozen=True):
    """A label or a user name that came (`on`) or went; `entry` is the step that it did so by."""

    name: str
    on: bool
    entry: Entry


class Turned(Struct, frozen=True):
    """A field that has one value: what it was, what it became, and by which steps; the first says what it was."""

    entries: tuple[Entry, ...]

    @property
    def before(self) -> Snapshot:
        return _seen(self.entries[0].before)

    @property
    def after(self) -> Snapshot:
        return _seen(self.entries[-1].after)


class Doing(Struct, frozen=True):
    """What a run did to the fields of one resource. `went` says where the run took it after that, "" for nowhere."""

    key: ResourceKey
    entries: tuple[Entry, ...]
    went: str = ""

    @property
    def tracker(self) -> str:
        return self.entries[-1].tracker

    def moved(self, action: str) -> tuple[Moved, ...]:
        """The names that are on or off now for the run's doing; what it moved to and fro is none of them."""
        found: dict[str, Moved] = {}
        for entry in (each for each in self.entries if each.action == action):
            for name, on in (*((each, True) for each in entry.add), *((each, False) for each in entry.remove)):
                other = found.pop(name, None)
                if other is None or other.on is on:
                    found[name] = Moved(name, on, entry)
        return tuple(found.values())

    def turned(self, action: str, field: str) -> Turned | None:
        """What it did to a field, None where that is as it was."""
        entries = tuple(each for each in self.entries if each.action == action)
        turned = Turned(entries) if entries else None
        if turned and getattr(turned.before, field) != getattr(turned.after, field):
            return turned
        return None


def doings_of(journal: Journal) -> tuple[Doing, ...]:
    """In the order of the journal; only what it says was done, and only what has a number to be found by."""
    done = [each for each in journal.entries if each.result == "applied" and each.iid]
    found: dict[ResourceKey, list[Entry]] = {}
    for entry in done:
        if entry.action in FIELD_ACTIONS and entry.before and entry.after:
            found.setdefault(entry.key, []).append(entry)
    went = dict(_went(done))
    return tuple(Doing(key, tuple(entries), went.get(key, "")) for key, entries in found.items())


def _went(entries: Iterable[Entry]) -> Iterable[tuple[ResourceKey, str]]:
    return ((each.key, f"moved it to {each.to}") for each in entries if each.action == "move")


def _seen(snapshot: Snapshot | None) -> Snapshot:
    assert snapshot is not None, "doings_of keeps only entries that have both"
    return snapshot
