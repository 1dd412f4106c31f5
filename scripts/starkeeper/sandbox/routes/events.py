"""What hangs on an item beside notes: label and state events, reactions."""

from __future__ import annotations

from starkeeper.sandbox.answers import Answer, bad_parameter, json_answer, not_found
from starkeeper.sandbox.api import Call, item_route
from starkeeper.sandbox.records import Award, Item, Note
from starkeeper.sandbox.shapes.items import award, label_event, state_event


@item_route("GET", "resource_label_events")
def label_events(call: Call) -> Answer:
    item = call.item()
    return call.page(item.label_events, lambda each: label_event(call.base, item, each))


@item_route("GET", "resource_label_events/:event")
def one_label_event(call: Call) -> Answer:
    item = call.item()
    for each in item.label_events:
        if str(each.id) == call.parts["event"]:
            return json_answer(label_event(call.base, item, each))
    raise not_found("ResourceLabelEvent")


@item_route("GET", "resource_state_events")
def state_events(call: Call) -> Answer:
    item = call.item()
    return call.page(item.state_events, lambda each: state_event(call.base, item, each))


@item_route("GET", "resource_state_events/:event")
def one_state_event(call: Call) -> Answer:
    item = call.item()
    for each in item.state_events:
        if str(each.id) == call.parts["event"]:
            return json_answer(state_event(call.base, item, each))
    raise not_found("ResourceStateEvent")


@item_route("GET", "(?:notes/:note/)?award_emoji", epic="iid")
def awards(call: Call) -> Answer:
    about, kind = _awardable(call)
    return call.page(about.awards, lambda each: award(call.base, each, about.id, kind))


@item_route("POST", "(?:notes/:note/)?award_emoji", epic="iid")
def create_award(call: Call) -> Answer:
    about, kind = _awardable(call)
    user, name = call.who(), str(call.params.get("name") or "").strip(":")
    if not name:
        raise bad_parameter("name is missing")
    if any(each.name == name and each.user is user for each in about.awards):
        raise not_found("Award Emoji Name has already been taken")
    made = Award(call.state.number("award"), name, user, call.state.clock())
    about.awards.append(made)
    _count_votes(call, about)
    return json_answer(award(call.base, made, about.id, kind), 201)


@item_route("DELETE", "(?:notes/:note/)?award_emoji/:award", epic="iid")
def delete_award(call: Call) -> Answer:
    about, _ = _awardable(call)
    for each in about.awards:
        if str(each.id) == call.parts["award"] and each.user is call.who():
            about.awards.remove(each)
            _count_votes(call, about)
            return Answer(204)
    raise not_found()


def _awardable(call: Call) -> tuple[Item | Note, str]:
    item = call.item()
    wanted = call.parts.get("note")
    if wanted is None:
        return item, item.type
    for each in item.notes:
        if str(each.id) == wanted:
            return each, "Note"
    raise not_found("Note")


def _count_votes(call: Call, about: Item | Note) -> None:
    if isinstance(about, Item):
        about.upvotes = sum(each.name == "thumbsup" for each in about.awards)
        about.downvotes = sum(each.name == "thumbsdown" for each in about.awards)
        about.encoded.clear()
        call.state.changed()
