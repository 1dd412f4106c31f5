"""Threads of issues, merge requests and epics: listing and reading them, opening one, answering in one."""

from __future__ import annotations

from starkeeper.sandbox.answers import Answer, json_answer, not_found
from starkeeper.sandbox.api import Call, item_route
from starkeeper.sandbox.records import Item, Note
from starkeeper.sandbox.routes.notes import authorise_note, obey_limit, read_body, reads_internal, written
from starkeeper.sandbox.shapes.items import discussion, discussion_id
from starkeeper.sandbox.writing import Written, write_note


@item_route("GET", "discussions")
def discussions(call: Call) -> Answer:
    """Oldest first; a note that stands alone is a discussion of its own."""
    return call.page(_discussions(call, call.item()), lambda each: discussion(call.base, each))


@item_route("GET", "discussions/:discussion")
def one_discussion(call: Call) -> Answer:
    return json_answer(discussion(call.base, _discussion(call, call.item())))


@item_route("POST", "discussions")
def create_discussion(call: Call) -> Answer:
    item, user = call.item(), call.who()
    internal, body, at = authorise_note(call, item, user), read_body(call), call.state.clock()
    obey_limit(call, user, at)
    done = write_note(call.state, item, user, body, at, internal=internal, thread=True)
    if done.note is None:
        return written(call, done, 202)
    return json_answer(discussion(call.base, [done.note]), 201)


@item_route("POST", "discussions/:discussion/notes")
def answer_in_discussion(call: Call) -> Answer:
    item, user = call.item(), call.who()
    authorise_note(call, item, user)
    first, body, at = _discussion(call, item)[0], read_body(call), call.state.clock()
    obey_limit(call, user, at)
    done: Written = write_note(call.state, item, user, body, at, internal=first.internal, answers=first)
    return written(call, done, 201)


def _discussions(call: Call, item: Item) -> list[list[Note]]:
    inside = reads_internal(call, item)
    grouped: dict[str, list[Note]] = {}
    for each in sorted(item.notes, key=lambda note: (note.created_at, note.id)):
        if inside or not each.internal:
            grouped.setdefault(discussion_id(each), []).append(each)
    return list(grouped.values())


def _discussion(call: Call, item: Item) -> list[Note]:
    for each in _discussions(call, item):
        if discussion_id(each[0]) == call.parts["discussion"]:
            return each
    raise not_found("Discussion")
