"""A request for a method of Slack's to its answer: who asks, with which scopes, and what Slack would say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from starkeeper.sandbox.answers import Answer, Refusal, json_answer
from starkeeper.sandbox.api import Sent, token_of
from starkeeper.sandbox.params import Values, read_params
from starkeeper.sandbox.records.slack import Slack, SlackChannel, SlackMessage, SlackToken, SlackUser
from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.state import State

PREFIX = "/slack/api/"


class SlackError(Exception):
    """What Slack refuses: `ok` is false and `error` a word; nearly always with status 200."""

    def __init__(self, error: str, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(error)
        self.answer = json_answer({"ok": False, "error": error, **more}, status, headers)


class SlackCall(Struct):
    """A call of a method by an app that may call it."""

    state: State
    token: SlackToken
    params: Values
    base: str

    @property
    def slack(self) -> Slack:
        return self.state.slack

    @property
    def user(self) -> SlackUser:
        """The bot user of the app."""
        return self.slack.users[self.token.user]

    def text(self, name: str) -> str:
        value = self.params.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("1", "true")

    def json(self, name: str, error: str) -> Any:
        """What came as JSON, or as JSON in a form's field; None where there is nothing."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return msgspec.json.decode(value) if value else None
        except msgspec.DecodeError:
            raise SlackError(error) from None

    def need(self, scope: str) -> None:
        if scope not in self.token.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.token.scopes)))

    def channel(self) -> SlackChannel:
        """The channel by its id, where this app may know of it."""
        return self.known(self.slack.channels.get(self.text("channel")))

    def known(self, found: SlackChannel | None) -> SlackChannel:
        if found is None or (found.is_private and not self.is_in(found)):
            raise SlackError("channel_not_found")
        return found

    def joined_channel(self) -> SlackChannel:
        """The channel by its id; a bot sees into no channel that it is not in."""
        found = self.channel()
        if not self.is_in(found):
            raise SlackError("not_in_channel")
        return found

    def message(self, channel: SlackChannel, name: str) -> SlackMessage:
        found = channel.message(self.text(name))
        if found is None:
            raise SlackError("message_not_found")
        return found

    def is_in(self, channel: SlackChannel) -> bool:
        return self.token.user in channel.members


Method = Callable[[SlackCall], Json]
_METHODS: dict[str, tuple[str, Method]] = {}


def method(name: str, scope: str = "") -> Callable[[Method], Method]:
    """Registers what answers a method of Slack's, and the scope without which it is refused."""

    def remember(function: Method) -> Method:
        _METHODS[name] = (scope, function)
        return function

    return remember


def answer_slack(state: State, sent: Sent) -> Answer:
    """Carries one call out; the caller holds the world's lock."""
    name = sent.path.removeprefix(PREFIX)
    try:
        if name not in _METHODS:
            raise SlackError("unknown_method", req_method=name)
        scope, function = _METHODS[name]
        call = _call(state, sent)
        if scope:
            call.need(scope)
        found = json_answer({"ok": True, **function(call)})
        found.headers = {"X-OAuth-Scopes": ",".join(sorted(call.token.scopes)), "X-Accepted-OAuth-Scopes": scope}
    except SlackError as error:
        found = error.answer
    found.headers["Content-Type"] = "application/json; charset=utf-8"
    return found


def _call(state: State, sent: Sent) -> SlackCall:
    try:
        params = read_params(sent.query, sent.body, sent.headers.get("content-type", ""))
    except Refusal:
        raise SlackError("invalid_json") from None
    secret = token_of(sent.headers) or str(params.get("token") or "")
    if not secret:
        raise SlackError("not_authed")
    token = state.slack.tokens.get(secret)
    if token is None:
        raise SlackError("invalid_auth")
    return SlackCall(state, token, params, sent.base)
