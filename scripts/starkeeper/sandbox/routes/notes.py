"""Notes of issues, merge requests and epics: listing, reading, writing, changing and deleting them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starkeeper.sandbox.answers import Answer, bad_parameter, bad_request, forbidden, json_answer, not_found, throttled
from starkeeper.sandbox.api import Call, item_route
from starkeeper.sandbox.paging import one_page
from starkeeper.sandbox.params import boolean, moment, one_of
from starkeeper.sandbox.records import GUEST, MAINTAINER, OWNER, PLANNER, Item, Note, User
from starkeeper.sandbox.shapes.items import note
from starkeeper.sandbox.writing import Written, remove_note, rewrite_note, write_note

FILTERS = ("all_notes", "only_comments", "only_activity")
MOST_IN_BODY = 1_000_000


@item_route("GET", "notes")
def notes(call: Call) -> Answer:
    """Notes that the reader may not see are taken out after paging, so that a page can be short."""
    item = call.item()
    kind = one_of(call.params, "activity_filter", FILTERS, "all_notes")
    rows = [each for each in item.notes if kind == "all_notes" or each.system is (kind == "only_activity")]
    updated = one_of(call.params, "order_by", ("created_at", "updated_at"), "created_at") == "updated_at"
    descending = one_of(call.params, "sort", ("asc", "desc"), "desc") == "desc"
    rows.sort(key=lambda each: (each.updated_at if updated else each.created_at, each.id), reverse=descending)
    inside = reads_internal(call, item)
    if inside or not any(each.internal for each in rows):
        return call.page(rows, lambda each: note(call.base, each))
    return _page_without_internal(call, rows)


def _page_without_internal(call: Call, rows: list[Note]) -> Answer:
    shown, headers = one_page(rows, call.params, call.base + call.path)
    return json_answer([note(call.base, each) for each in shown if not each.internal], headers=headers)


def reads_internal(call: Call, item: Item) -> bool:
    return call.user is not None and call.state.level(call.user, item.place) >= PLANNER


@item_route("GET", "notes/:note")
def one_note(call: Call) -> Answer:
    found = _note(call)
    if found.internal and not reads_internal(call, found.item):
        raise not_found("Note")
    return json_answer(note(call.base, found))


@item_route("POST", "notes")
def create_note(call: Call) -> Answer:
    item, user = call.item(), call.who()
    internal, at = authorise_note(call, item, user), call.state.clock()
    body = read_body(call)
    obey_limit(call, user, at)
    if call.state.level(user, item.place) >= OWNER:
        at = moment(call.params, "created_at") or at
    return written(call, write_note(call.state, item, user, body, at, internal=internal), 201)


def authorise_note(call: Call, item: Item, user: User) -> bool:
    """Refuses whoever may not write here; whether the note is to be internal."""
    level = call.state.level(user, item.place)
    if level < GUEST and (item.locked or item.place.visibility == "private"):
        raise forbidden()
    return bool(boolean(call.params, "internal") or boolean(call.params, "confidential"))


@item_route("PUT", "notes/:note")
def update_note(call: Call) -> Answer:
    found, user = _note(call), call.who()
    _authorise(call, found, user)
    return written(call, rewrite_note(call.state, found, user, read_body(call), call.state.clock()), 200)


@item_route("DELETE", "notes/:note")
def delete_note(call: Call) -> Answer:
    found, user = _note(call), call.who()
    _authorise(call, found, user)
    remove_note(call.state, found)
    return Answer(204)


def _note(call: Call) -> Note:
    item = call.item()
    for each in item.notes:
        if str(each.id) == call.parts["note"]:
            return each
    raise not_found()


def _authorise(call: Call, found: Note, user: User) -> None:
    if found.system or (found.author is not user and call.state.level(user, found.item.place) < MAINTAINER):
        raise forbidden()


def read_body(call: Call) -> str:
    if "body" not in call.params:
        raise bad_parameter("body is missing")
    body: Any = call.params["body"]
    if not str(body or "").strip():
        raise bad_request('Note {:note=>["can\'t be blank"]}')
    if len(str(body)) > MOST_IN_BODY:
        raise bad_request(f'Note {{:note=>["is too long (maximum is {MOST_IN_BODY} characters)"]}}')
    return str(body)


def written(call: Call, done: Written, status: int) -> Answer:
    if done.note is None:
        return json_answer({"commands_changes": done.changes, "summary": list(done.said)}, 202)
    return json_answer({**note(call.base, done.note), "commands_changes": done.changes}, status)


def obey_limit(call: Call, user: User, at: dt.datetime) -> None:
    """Counts the user's notes of the last minute of the world's own time."""
    if call.state.notes_per_minute is None:
        return
    recent = call.state.note_times.setdefault(user.id, [])
    recent[:] = [each for each in recent if each > at - dt.timedelta(minutes=1)]
    if len(recent) >= call.state.notes_per_minute:
        raise throttled(retry_after=60)
    recent.append(at)
