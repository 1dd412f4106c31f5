"""What PagerDuty's answer, or its silence, means: an error in words, whether to ask again, and after what wait."""

from __future__ import annotations

import math
import re

import msgspec
import requests
from msgspec import Struct

from starkeeper.connectors.pagerduty.asks import SERVICE
from starkeeper.errors import ConnectorError

# PagerDuty counts requests by the minute, so a longer wait is none of its own.
LONGEST_WAIT_SECONDS = 60.0
_ADVICE = {
    400: "PagerDuty does not accept what was asked; are the ids in desk.yml right?",
    401: "the key in PAGERDUTY_API_KEY is not accepted; it is mistyped, taken back, or no key of the REST API",
    402: "the plan of this account has no such function",
    403: "the key in PAGERDUTY_API_KEY may not read this; give it the right to read all teams",
    404: "is PAGERDUTY_API_URL the address of PagerDuty's API?",
}
_WRITE_ADVICE = {
    403: "the key in PAGERDUTY_API_KEY, or the user of PAGERDUTY_FROM, may not write this; make a key that is not "
    "read-only, and name a user there who may change schedules",
    404: "what was to be changed is gone, or PAGERDUTY_API_URL is not the address of PagerDuty's API",
}
_TROUBLE = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class Refusal(Struct, frozen=True):
    """A request that brought nothing; `wait_seconds` is what PagerDuty asks for, None where it says nothing."""

    error: ConnectorError
    again: bool = False
    wait_seconds: float | None = None


def from_answer(about: str, answer: requests.Response) -> Refusal:
    """What an answer means that is not the one hoped for."""
    status = answer.status_code
    if status == 429:
        return _too_many(about, answer)
    if status >= 500:
        return Refusal(_error(about, answer, "PagerDuty has trouble of its own; run again later"), True)
    if 200 <= status < 400:
        return Refusal(_error(about, answer, _ADVICE[404]))
    advice = _ADVICE | _WRITE_ADVICE if answer.request.method == "POST" else _ADVICE
    return Refusal(_error(about, answer, advice.get(status, "")))


def from_silence(about: str, trouble: Exception) -> Refusal:
    """What it means that no answer came; the exception's own text is not shown, for it can hold headers."""
    if isinstance(trouble, requests.exceptions.SSLError):
        found = "the connection could not be made safe (TLS)"
        return Refusal(ConnectorError(SERVICE, about, found, "is PAGERDUTY_API_URL right, and its certificate?"))
    if isinstance(trouble, requests.Timeout):
        return Refusal(ConnectorError(SERVICE, about, "no answer in time", "run again later"), True)
    if isinstance(trouble, _TROUBLE):
        advice = "is PAGERDUTY_API_URL right, and can this machine reach it?"
        return Refusal(ConnectorError(SERVICE, about, "no connection, or it broke off", advice), True)
    advice = "check PAGERDUTY_API_URL and PAGERDUTY_API_KEY for stray characters"
    return Refusal(ConnectorError(SERVICE, about, "the request could not be sent", advice))


def _too_many(about: str, answer: requests.Response) -> Refusal:
    seconds = _number(answer, "Retry-After")
    if seconds is None:
        seconds = _number(answer, "ratelimit-reset")
    if seconds is not None and seconds > LONGEST_WAIT_SECONDS:
        return Refusal(_error(about, answer, f"run again in {math.ceil(seconds / 60)} minutes"))
    return Refusal(_error(about, answer, "run again in a minute"), True, seconds)


def _error(about: str, answer: requests.Response, advice: str) -> ConnectorError:
    reason = _reason(answer.content)
    found = f"answered {answer.status_code}" + (f" ({reason})" if reason else "")
    return ConnectorError(SERVICE, about, found, advice, status=answer.status_code)


def _reason(content: bytes) -> str:
    """PagerDuty's own words where they are a plain phrase: never a text."""
    try:
        body = msgspec.json.decode(content)
    except msgspec.DecodeError:
        return ""
    error = body.get("error") if isinstance(body, dict) else None
    message = error.get("message") if isinstance(error, dict) else None
    return message if isinstance(message, str) and re.fullmatch(r"[A-Za-z][A-Za-z ]{0,60}", message) else ""


def _number(answer: requests.Response, name: str) -> float | None:
    text = answer.headers.get(name, "").strip()
    return float(text) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text) else None
