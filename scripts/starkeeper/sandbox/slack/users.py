"""People of the workspace, and who the app is."""

from __future__ import annotations

from starkeeper.sandbox.records.slack import SlackUser
from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.slack.api import SlackCall, SlackError, method
from starkeeper.sandbox.slack.paging import one_page
from starkeeper.sandbox.slack.shapes import user_shape


@method("auth.test")
def auth_test(call: SlackCall) -> Json:
    slack, user = call.slack, call.user
    shown: Json = {"url": f"{call.base}/slack/", "team": slack.team, "team_id": slack.team_id}
    shown |= {"user": user.name, "user_id": user.id, "is_enterprise_install": False}
    return shown | ({"bot_id": user.bot_id} if user.bot_id else {})


@method("users.info", "users:read")
def info(call: SlackCall) -> Json:
    found = call.slack.users.get(call.text("user"))
    if found is None:
        raise SlackError("user_not_found")
    return {"user": _shown(call, found)}


@method("users.list", "users:read")
def list_users(call: SlackCall) -> Json:
    """Everybody, those who left and bots among them."""
    page, cursor = one_page(call, sorted(call.slack.users.values(), key=lambda each: each.id), usual=1000)
    shown = [_shown(call, each) for each in page]
    return {"members": shown, "cache_ts": int(call.state.clock().timestamp()), "response_metadata": _next(cursor)}


@method("users.lookupByEmail", "users:read.email")
def lookup_by_email(call: SlackCall) -> Json:
    wanted = call.text("email").strip().lower()
    for each in call.slack.users.values():
        if wanted and each.email.lower() == wanted and not each.deleted:
            return {"user": _shown(call, each)}
    raise SlackError("users_not_found")


def _shown(call: SlackCall, user: SlackUser) -> Json:
    return user_shape(call.slack, user, with_email="users:read.email" in call.token.scopes)


def _next(cursor: str) -> Json:
    return {"next_cursor": cursor}
