"""Answers of the interface, good and bad, with GitLab's own bodies for each kind of refusal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from starkeeper.sandbox.shapes.base import encode


class Answer(Struct):
    """A finished answer: JSON bytes, or no body at all with status 204."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = {}


class Refusal(Exception):
    """A request that is answered with an error; `body` is the JSON that GitLab sends for it."""

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.answer = Answer(status, encode(body), dict(headers or {}))


def json_answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, encode(value), headers or {})


def unauthorized() -> Refusal:
    return Refusal(401, {"message": "401 Unauthorized"})


def expired() -> Refusal:
    said = "Token is expired. You can either do re-authorization or token refresh."
    return Refusal(401, {"error": "invalid_token", "error_description": said})


def forbidden() -> Refusal:
    return Refusal(403, {"message": "403 Forbidden"})


def insufficient_scope() -> Refusal:
    said = "The request requires higher privileges than provided by the access token."
    return Refusal(403, {"error": "insufficient_scope", "error_description": said, "scope": "api"})


def not_found(what: str = "") -> Refusal:
    """`404 Project Not Found` for a kind of thing; the plain form is for what was looked up by its number."""
    return Refusal(404, {"message": f"404 {what} Not Found" if what else "404 Not found"})


def no_route() -> Refusal:
    return Refusal(404, {"error": "404 Not Found"})


def bad_request(reason: str) -> Refusal:
    return Refusal(400, {"message": f"400 Bad request - {reason}"})


def invalid(**problems: list[str]) -> Refusal:
    """A record that is not valid: `message` is an object of fields and what is wrong with each."""
    return Refusal(400, {"message": problems})


def bad_parameter(said: str) -> Refusal:
    """A parameter of a wrong type or value, refused before anything was looked up."""
    return Refusal(400, {"error": said})


def unprocessable(said: str) -> Refusal:
    return Refusal(422, {"error": said})


def created() -> Answer:
    """The whole answer where GitLab has nothing to show for it."""
    return json_answer({"message": "201 Created"}, 201)


def conflict(said: str) -> Refusal:
    return Refusal(409, {"message": said})


def throttled(retry_after: int) -> Refusal:
    said = "This endpoint has been requested too many times. Try again later."
    return Refusal(429, {"message": said}, {"Retry-After": str(retry_after)})
