"""What PagerDuty refuses, in its own words and with its own numbers."""

from __future__ import annotations

from starkeeper.sandbox.answers import json_answer


class PagerDutyError(Exception):
    """A refusal: a message, PagerDuty's number for it, and what exactly is wrong."""

    def __init__(self, status: int, message: str, code: int, *errors: str) -> None:
        super().__init__(message)
        body = {"error": {"message": message, "code": code, **({"errors": list(errors)} if errors else {})}}
        self.answer = json_answer(body, status)


def unauthorized() -> PagerDutyError:
    return PagerDutyError(401, "Unauthorized", 2006, "Token is invalid")


def not_found() -> PagerDutyError:
    return PagerDutyError(404, "Not Found", 2100)


def invalid(*errors: str) -> PagerDutyError:
    return PagerDutyError(400, "Invalid Input Provided", 2001, *errors)


def already_open() -> PagerDutyError:
    said = "Open incident with matching dedup key already exists on this service"
    return PagerDutyError(400, "Arguments Caused Error", 2001, said)


def no_such_requester() -> PagerDutyError:
    """The From header is missing, or is nobody's address."""
    return PagerDutyError(400, "Requester User Not Found", 1008)


def already_resolved() -> PagerDutyError:
    return PagerDutyError(400, "Incident Already Resolved", 1001)


def too_many() -> PagerDutyError:
    return PagerDutyError(429, "Rate Limit Exceeded", 2020)
