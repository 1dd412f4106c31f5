"""Users: oneself, one by id, several by name; and the version of the look-alike GitLab."""

from __future__ import annotations

from starkeeper.sandbox.answers import Answer, json_answer, not_found
from starkeeper.sandbox.api import Call, route, token_of
from starkeeper.sandbox.shapes.base import day, stamp
from starkeeper.sandbox.shapes.places import user_basic, user_full

VERSION = "18.6.0"


@route("GET", "version")
def version(call: Call) -> Answer:
    call.who()
    edition = "" if call.state.edition == "free" else "-ee"
    return json_answer({"version": VERSION + edition, "revision": "5a4dbe1cf2b"})


@route("GET", "metadata")
def metadata(call: Call) -> Answer:
    call.who()
    paid = call.state.edition != "free"
    return json_answer({"version": VERSION + ("-ee" if paid else ""), "revision": "5a4dbe1cf2b", "enterprise": paid})


@route("GET", "user")
def own_user(call: Call) -> Answer:
    return json_answer(user_full(call.base, call.who(), own=True))


@route("GET", "personal_access_tokens/self")
def own_token(call: Call) -> Answer:
    call.who()
    found = call.state.tokens[token_of(call.headers)]
    shape = {
        "id": found.id,
        "name": found.name,
        "revoked": False,
        "created_at": stamp(found.created_at),
        "description": None,
        "scopes": sorted(found.scopes),
        "user_id": found.user.id,
        "last_used_at": stamp(call.state.clock()),
        "active": True,
        "expires_at": day(found.expires_at),
    }
    return json_answer(shape)


@route("GET", "users")
def users(call: Call) -> Answer:
    call.who()
    name, search = call.params.get("username"), str(call.params.get("search") or "").lower()
    found = sorted(call.state.users.values(), key=lambda each: -each.id)
    if name is not None:
        found = [each for each in found if each.username.lower() == str(name).lower()]
    found = [each for each in found if search in each.username.lower() or search in each.name.lower()]
    return call.page(found, lambda each: user_basic(call.base, each))


@route("GET", "users/:user")
def one_user(call: Call) -> Answer:
    found = call.state.users_by_id.get(int(call.parts["user"])) if call.parts["user"].isdigit() else None
    if found is None:
        raise not_found("User")
    return json_answer(user_full(call.base, found, own=False))
