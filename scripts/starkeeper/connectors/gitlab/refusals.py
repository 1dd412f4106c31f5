"""What GitLab's answer, or its silence, means: an error in words, whether to ask again, and how long to wait first."""

from __future__ import annotations

import math
import re

import msgspec
import requests
from msgspec import Struct
from urllib3.exceptions import NameResolutionError, NewConnectionError

from starkeeper.connectors.gitlab.asks import SERVICE, Ask
from starkeeper.connectors.pacing import asked_wait
from starkeeper.errors import ConnectorError

# Those that Cloudflare, in front of gitlab.com, answers in GitLab's place are among them.
_PASSING = frozenset({500, 502, 503, 504, *range(520, 531)})
_ADVICE = {
    400: "GitLab does not accept these values; check the rule that asks for them",
    403: "the token needs the api scope (read_api only to read) and at least the Reporter or Planner role there",
    404: "there is no such project, group or issue, or the token may not see it",
    422: "GitLab does not accept these values; check the rule that asks for them",
}
_NO_EPICS = "epics need GitLab Premium, and the token at least the Reporter role in the group"
_BROKEN_OFF = (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError)
_PASSING_TROUBLE = (requests.ConnectionError, requests.Timeout, *_BROKEN_OFF)


class Refusal(Struct, frozen=True):
    """A request that brought nothing: the error to raise, whether to ask again, and the wait that GitLab asks for.

    `reached` is whether there was anybody at all at the address.
    """

    error: ConnectorError
    again: bool = False
    wait_seconds: float | None = None
    reached: bool = True


def from_answer(ask: Ask, answer: requests.Response, has_token: bool) -> Refusal:
    """What an answer other than 2xx means."""
    status = answer.status_code
    if status == 401:
        return Refusal(_error(ask, answer, _token_advice(has_token)))
    if 300 <= status < 400:
        return Refusal(_error(ask, answer, _redirect_advice(answer)))
    if status == 429:
        return Refusal(_error(ask, answer, "run again later"), True, asked_wait(answer.headers))
    if status in _PASSING:
        error = _error(ask, answer, "GitLab has trouble of its own; run again later", lost=ask.verb != "get")
        return Refusal(error, ask.repeat, asked_wait(answer.headers))
    # GitLab refuses to change an issue that another request is changing; nothing was done.
    locked = status == 409 and b"Resource lock" in answer.content[:1000]
    advice = _NO_EPICS if status == 403 and "/epics" in ask.path else _ADVICE.get(status, "")
    return Refusal(_error(ask, answer, advice), locked)


def from_silence(ask: Ask, trouble: Exception) -> Refusal:
    """What it means that no answer came; the exception's own text is not shown, for it can hold headers."""
    found, advice = _silence(trouble)
    sent = not _never_sent(trouble)
    error = ConnectorError(SERVICE, ask.about, found, advice, lost=sent and ask.verb != "get")
    passing = isinstance(trouble, _PASSING_TROUBLE) and not isinstance(trouble, requests.exceptions.SSLError)
    return Refusal(error, passing and (ask.repeat or not sent), reached=sent)


def too_long(ask: Ask, asked_seconds: float, refusal: Refusal) -> ConnectorError:
    """The error for a wait that is longer than we accept."""
    seconds = math.ceil(asked_seconds)
    found = f"{refusal.error.found} and asks to wait {seconds} seconds"
    return ConnectorError(
        SERVICE, ask.about, found, f"run again in {-(-seconds // 60)} minutes", status=refusal.error.status
    )


def no_json(ask: Ask, answer: requests.Response) -> ConnectorError:
    """The error for a page where JSON was expected: a proxy or a login page answered."""
    found = f"answered {answer.status_code} with something that is not JSON"
    advice = "is GITLAB_URL the address of GitLab itself, with no login page before it?"
    return ConnectorError(SERVICE, ask.about, found, advice, status=answer.status_code, lost=ask.verb != "get")


def _error(ask: Ask, answer: requests.Response, advice: str, *, lost: bool = False) -> ConnectorError:
    reason = _reason(answer.content)
    found = f"answered {answer.status_code}" + (f" ({reason})" if reason else "")
    return ConnectorError(SERVICE, ask.about, found, advice, status=answer.status_code, lost=lost)


def _reason(content: bytes) -> str:
    """GitLab's own words where they are a plain phrase, or the names of the fields it objects to: never a text."""
    try:
        body = msgspec.json.decode(content)
    except msgspec.DecodeError:
        return ""
    message = (body.get("message") or body.get("error")) if isinstance(body, dict) else None
    if isinstance(message, dict):
        return ", ".join(sorted(str(key) for key in message if re.fullmatch(r"\w{1,40}", str(key)) and key != "error"))
    plain = isinstance(message, str) and re.fullmatch(r"(\d{3} )?[A-Za-z][A-Za-z_ ]{0,60}", message)
    return re.sub(r"^\d{3} ", "", message) if plain and isinstance(message, str) else ""


def _token_advice(has_token: bool) -> str:
    if has_token:
        return "GITLAB_TOKEN was refused: it is mistyped, expired or revoked, or of another GitLab"
    return "set GITLAB_TOKEN to a token with the api scope"


def _redirect_advice(answer: requests.Response) -> str:
    target = answer.headers.get("Location", "")
    if target.startswith("https://") and answer.url.startswith("http://"):
        return "use the final https URL in GITLAB_URL"
    return "use the final URL in GITLAB_URL, and the present path if the project or group was renamed or moved"


def _silence(trouble: Exception) -> tuple[str, str]:
    if not isinstance(trouble, _PASSING_TROUBLE):
        return "the request could not be sent", "check GITLAB_URL and GITLAB_TOKEN for stray characters"
    if isinstance(trouble, requests.exceptions.SSLError):
        return "the connection could not be made safe (TLS)", "is GITLAB_URL right, and its certificate one to trust?"
    if isinstance(trouble, requests.Timeout):
        return "no answer in time", "run again later"
    if _never_sent(trouble):
        return "no connection", "is GITLAB_URL right, and can this machine reach it?"
    return "the connection broke off", "run again later"


def _never_sent(trouble: Exception) -> bool:
    """Whether it is certain that GitLab saw nothing of the request: no connection came to be."""
    if isinstance(trouble, requests.ConnectTimeout):
        return True
    reason = getattr(trouble.args[0], "reason", None) if trouble.args else None
    if isinstance(reason, NewConnectionError | NameResolutionError):
        return True
    return not isinstance(trouble, _PASSING_TROUBLE)
