"""Takes a request for cover, an issue with its notes; says how it stands, and who covers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from msgspec import field

from starkeeper.conditions._cover import Seen, State, asking_for, seen_in
from starkeeper.desk.cover import Span, without_account
from starkeeper.desk.words import instant
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.people import Who, belongs
from starkeeper.model.resources import Resource, ResourceType
from starkeeper.model.rules import Condition, Occasion, Rule
from starkeeper.registry import CONDITIONS, Example
from starkeeper.render.markers import abouts_said, note_marker
from starkeeper.render.values import ShortTime

_OFFER = "offered to anybody"
_AFTERNOON = {"from": "2026-12-02 13:00", "to": "2026-12-02 15:00"}
_SPAN = Span(dt.datetime(2026, 12, 2, 13, tzinfo=dt.UTC), dt.datetime(2026, 12, 2, 15, tzinfo=dt.UTC))
_DAY = {"person": "emil", "starts": "2026-12-02T08:00:00Z", "ends": "2026-12-02T13:00:00Z"}
_STANDS_IN = {"person": "aoi", "starts": "2026-12-02T13:00:00Z", "ends": "2026-12-02T15:00:00Z"}
_ASKING = {
    "author": "desk-bot",
    "body": note_marker("Ask", 1, (asking_for(_SPAN),))[1],
    "created_at": "2026-12-02T09:10:00Z",
}
EXAMPLES = (
    Example(
        says="emil, who is on call from 08:00 to 16:00, asks aoi for two hours of it",
        yaml="{rotation: support_manager, is: asked}",
        gives=True,
        resource={"author": "emil", "fields": {**_AFTERNOON, "asked": "@aoi"}},
    ),
    Example(
        says="he names nobody, so anybody is asked",
        yaml="{rotation: support_manager, is: open}",
        gives=True,
        resource={"author": "emil", "fields": _AFTERNOON},
    ),
    Example(
        says="a manager agreed, after the bot had written for which time",
        yaml="{rotation: paged, is: agreed}",
        gives=True,
        resource={"author": "emil", "fields": _AFTERNOON},
        notes=(_ASKING, {"author": "aoi", "body": "@desk-bot take it", "created_at": "2026-12-02T09:20:00Z"}),
        duties={"paged": ({**_DAY, "ends": "2026-12-02T16:00:00Z"},)},
    ),
    Example(
        says="and PagerDuty has that manager on call",
        yaml="{rotation: paged, is: covered}",
        gives=True,
        resource={"author": "emil", "fields": _AFTERNOON},
        notes=(_ASKING, {"author": "aoi", "body": "@desk-bot take it", "created_at": "2026-12-02T09:20:00Z"}),
        duties={"paged": (_DAY, _STANDS_IN)},
    ),
    Example(
        says="a table of shifts is changed by hand",
        yaml="{rotation: support_manager, is: by_hand}",
        gives=True,
        resource={"author": "emil", "fields": _AFTERNOON},
        notes=(_ASKING, {"author": "aoi", "body": "@desk-bot take it", "created_at": "2026-12-02T09:20:00Z"}),
    ),
    Example(
        says="nobody covers for themselves",
        yaml="{rotation: support_manager, is: [agreed, covered, by_hand]}",
        gives=False,
        resource={"author": "emil", "fields": _AFTERNOON},
        notes=(_ASKING, {"author": "emil", "body": "@desk-bot take", "created_at": "2026-12-02T09:20:00Z"}),
    ),
    Example(
        says="the time is somebody else's",
        yaml="{rotation: support_manager, is: not_theirs}",
        gives=True,
        resource={"author": "amber", "fields": _AFTERNOON},
    ),
    Example(
        says="it has begun, and nobody agreed",
        yaml="{rotation: support_manager, is: past}",
        gives=True,
        resource={"author": "emil", "fields": {"from": "2026-12-02 09:00", "to": "2026-12-02 15:00"}},
    ),
    Example(
        says="when that is cannot be read",
        yaml="{rotation: support_manager, is: unreadable}",
        gives=True,
        resource={"author": "emil", "fields": {"from": "Tuesday", "to": "2026-12-02 15:00"}},
    ),
)


@CONDITIONS.register("cover")
class Cover(Condition, frozen=True, kw_only=True):
    """A request for cover stands like this. Its form has the fields `from`, `to` and, for a manager by name, `asked`.

    `unreadable`: a time cannot be read (`2026-12-01 13:00` is in UTC), the end is not behind the beginning, or more
    than seven days are asked for. `unconfirmed`: somebody else than the asker, a manager or the bot edited the request,
    or who asks cannot be told any more. `not_theirs`: whoever asks is not on call in the `rotation` all the time.
    `asked`: the manager it names can still answer alone, for two hours or half of the time that is left until it
    begins. `open`: anybody may take it. `agreed`: a manager other than the asker wrote `@bot agree` or `@bot take`; the
    first one counts, and each one's last word. `covered`: that one is on call in all of that time by now, and the asker
    in none of it. `by_hand`: a manager agreed, but a person must set it, for PagerDuty is not connected or the rotation
    is a table. `past`: it has begun. With `offered` anybody was, or was not, asked before; with `declined` the one
    asked did, or did not. `asker` is a group as under `label_added` that the asker belongs to.

    The first word of an answer decides, as in `take it, please`. Where a number follows it is no answer: part of the
    time cannot be taken, and the rule should ask back, with `command` and `with_number`.

    An answer counts only behind the note in which the bot says for which time it asks; so whoever corrects the times
    asks again. Where PagerDuty is not connected and there is no table of shifts the time is taken to be the asker's.

    Templates then know `cover`: `asker`, `editor` (who else edited it), `asked`, `taker`, `declined` (whether the one
    asked did), `on_call` (who has the beginning), `starts_at`, `ends_at`, `span` (both in words), `answer_by`,
    `by_hand` (a person must set it), and `trouble`, a sentence on why PagerDuty cannot know the taker, or nothing.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})
    bound: ClassVar[frozenset[str]] = frozenset({"cover"})

    rotation: str
    states: State | tuple[State, ...] = field(name="is")
    offered: bool | None = None
    declined: bool | None = None
    asker: Who = "anyone"

    @property
    def facets(self) -> frozenset[Facet]:
        return frozenset({"notes", "edits", "duties"})

    def holds(self, resource: Resource, facts: Facts) -> bool:
        states = (self.states,) if isinstance(self.states, str) else self.states
        seen = seen_in(resource, self.rotation, facts)
        if seen.state not in states or self.declined not in (None, seen.declined):
            return False
        if not belongs(seen.asker, self.asker, resource, facts):
            return False
        return self.offered is None or self.offered is (_OFFER in abouts_said(facts.notes(resource), facts.bot))

    def explain(self, resource: Resource, facts: Facts) -> str:
        seen = seen_in(resource, self.rotation, facts)
        until = f" until {instant(seen.answer_by)}" if seen.state == "asked" and seen.answer_by else ""
        return f"the request is {seen.state.replace('_', ' ')}{until}"

    def binds(self, resource: Resource, facts: Facts) -> Mapping[str, Any]:
        return {"cover": _values(seen_in(resource, self.rotation, facts), facts)}

    def occasions(self, resource: Resource, facts: Facts) -> tuple[Occasion, ...]:
        seen = seen_in(resource, self.rotation, facts)
        asking = asking_for(seen.span) if seen.span else f"{resource.fields.get('from')} to {resource.fields.get('to')}"
        if seen.state not in ("asked", "open"):
            return (Occasion((f"answer {seen.taker} gave to {asking}" if seen.taker else f"answer to {asking}",)),)
        return (Occasion((asking, _OFFER) if seen.state == "open" else (asking,)),)

    def next_change(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        seen = seen_in(resource, self.rotation, facts)
        turns = (seen.answer_by, seen.span.starts if seen.span else None)
        return min((each for each in turns if each and each > facts.now), default=None)

    def held_since(self, resource: Resource, facts: Facts) -> dt.datetime | None:
        seen = seen_in(resource, self.rotation, facts)
        return seen.answer_by if seen.state == "open" and not seen.declined else None

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        if self.rotation not in desk.rotations:
            remedy = nearest(self.rotation, desk.rotations) or "define it there under 'rotations'"
            return (f"there is no rotation '{self.rotation}' in desk.yml; {remedy}",)
        trackers = (desk.trackers[name] for name in rule.trackers if name in desk.trackers)
        return tuple(
            f"tracker '{each.name}' has no field '{name}' in desk.yml; add a heading of its form that gives it"
            for each in trackers
            for name in ("from", "to")
            if name not in each.field_names
        )


def _values(seen: Seen, facts: Facts) -> Mapping[str, Any]:
    return {
        "asker": seen.asker,
        "editor": seen.editor,
        "asked": seen.asked,
        "taker": seen.taker,
        "declined": seen.declined,
        "on_call": seen.shifts[0].person if seen.shifts else "",
        "starts_at": seen.span.starts if seen.span else None,
        "ends_at": seen.span.ends if seen.span else None,
        "span": ShortTime(seen.span or ""),
        "answer_by": seen.answer_by,
        "by_hand": seen.is_by_hand,
        "trouble": without_account(seen.taker, facts.desk) if seen.taker else "",
    }
