"""What Slack's refusal, or its silence, means: an error in words, whether to ask again, and how long to wait first."""

from __future__ import annotations

import http.client
import math
import re
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.error import URLError

from msgspec import Struct

from starkeeper.connectors.pacing import asked_wait
from starkeeper.connectors.slack.asks import SERVICE, Ask
from starkeeper.errors import ConnectorError

LONGEST_WAIT_SECONDS = 60.0
SILENCE = 3
"""How many answers that were no use one silence counts for: it takes longer, and promises less."""
_LIMITED = ("ratelimited", "rate_limited")
# Slack says of these that a part of the work may be done.
_TROUBLE = ("fatal_error", "internal_error", "service_unavailable")
_CODE = re.compile(r"[a-z][a-z0-9_]{1,60}")
_SCOPES = re.compile(r"[a-z][a-z:.,_ ]{1,100}")
# With these the request did not even leave.
_NEVER_SENT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError, http.client.InvalidURL)


class Meaning(Struct, frozen=True):
    """A refusal in words. `status` is what HTTP would say; 403 and 404 ask a person to correct desk.yml or the app."""

    status: int
    found: str
    advice: str = ""


_INVITE = "invite the bot there with /invite {bot}, or correct '{channel}' under channels in desk.yml"
_BAD_TOKEN = Meaning(
    401, "the token was refused", "is SLACK_BOT_TOKEN the bot token of an app that is still installed?"
)
_FORBIDDEN = Meaning(403, "the workspace does not allow it", "ask an admin of the Slack workspace")
_TOO_LONG = Meaning(400, "Slack does not accept the text", "correct the template of the rule")
_GONE = Meaning(404, "the message is not there any more", "the next sweep looks anew")
_MEANINGS = {
    "missing_scope": Meaning(403, "the token lacks the scope {scope}", "add it to the app and install it again"),
    "not_authed": Meaning(401, "no token was sent", "set SLACK_BOT_TOKEN to the bot token of the app (xoxb-…)"),
    **dict.fromkeys(("invalid_auth", "token_revoked", "token_expired", "account_inactive"), _BAD_TOKEN),
    "channel_not_found": Meaning(404, "there is no such channel, or the bot is not in it", _INVITE),
    "not_in_channel": Meaning(403, "the bot is not in the channel", _INVITE),
    "is_archived": Meaning(403, "the channel is archived", "unarchive it, or correct '{channel}' in desk.yml"),
    **dict.fromkeys(("message_not_found", "thread_not_found"), _GONE),
    "cant_update_message": Meaning(403, "another app or person wrote the message", "only who wrote it can edit it"),
    "edit_window_closed": Meaning(403, "the workspace lets nobody edit so late", "ask an admin of the Slack workspace"),
    "invalid_name": Meaning(400, "there is no such emoji", "add it to Slack, or correct it under emoji in desk.yml"),
    **dict.fromkeys(("restricted_action", "access_denied", "no_permission", "not_allowed_token_type"), _FORBIDDEN),
    **dict.fromkeys(("no_text", "msg_too_long", "msg_blocks_too_long", "invalid_blocks"), _TOO_LONG),
}


class Refusal(Struct, frozen=True):
    """A request that brought nothing: the error to raise, whether to ask again, and the wait that Slack asks for.

    `strikes` is what it counts for in the question whether Slack is down; 0 where it answered well.
    """

    error: ConnectorError
    again: bool = False
    wait_seconds: float | None = None
    strikes: int = 0


def from_answer(ask: Ask, status: int, headers: Mapping[str, str], data: Any, bot: str) -> Refusal:
    """What an answer other than `ok` means; `bot` is the name by which it can be invited."""
    code = code_of(data)
    if status == 429 or code in _LIMITED:
        return _limited(ask, asked_wait({name.title(): value for name, value in headers.items()}))
    if status >= 500 or code in _TROUBLE:
        found = f"answered {status}" + (f" ({code})" if code else "")
        advice = "Slack has trouble of its own; run again later"
        error = ConnectorError(SERVICE, ask.about, found, advice, status=max(status, 500), lost=ask.writes)
        return Refusal(error, ask.repeat, strikes=1)
    if not code:
        found = f"answered {status} with something that is not Slack's"
        advice = "is SLACK_API_URL right, with no proxy or login page before it?"
        return Refusal(ConnectorError(SERVICE, ask.about, found, advice, status=status, lost=ask.writes))
    return Refusal(_refused(ask, code, data, bot))


def from_silence(ask: Ask, trouble: Exception) -> Refusal:
    """What it means that no answer came; the exception's own text is not shown, for it can hold the token."""
    cause = trouble.reason if isinstance(trouble, URLError) else trouble
    found, advice = _silence(cause)
    sent = not isinstance(cause, _NEVER_SENT)
    passing = isinstance(cause, OSError | http.client.HTTPException) and not isinstance(cause, ssl.SSLError)
    error = ConnectorError(SERVICE, ask.about, found, advice, lost=sent and ask.writes)
    return Refusal(error, passing and (ask.repeat or not sent), strikes=SILENCE)


def code_of(data: Any) -> str:
    """Slack's own word for what went wrong, "" where there is none; anything else is no word of Slack's."""
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _limited(ask: Ask, wait_seconds: float | None) -> Refusal:
    found, advice = "too many requests", "run again later"
    if wait_seconds is not None and wait_seconds > LONGEST_WAIT_SECONDS:
        found += f": Slack asks to wait {math.ceil(wait_seconds)} seconds"
        advice = f"run again in {math.ceil(wait_seconds / 60)} minutes"
        return Refusal(ConnectorError(SERVICE, ask.about, found, advice, status=429), strikes=1)
    # Whoever says when to come back is well.
    strikes = 1 if wait_seconds is None else 0
    # Nothing was done, so that even a post may be sent again.
    return Refusal(ConnectorError(SERVICE, ask.about, found, advice, status=429), True, wait_seconds, strikes)


def _refused(ask: Ask, code: str, data: Any, bot: str) -> ConnectorError:
    meaning = _MEANINGS.get(code) or Meaning(400, "Slack refused it")
    needed = data.get("needed")
    scope = needed if isinstance(needed, str) and _SCOPES.fullmatch(needed) else "that this needs"
    names = {"scope": scope, "bot": bot, "channel": ask.channel}
    found, advice = f"{meaning.found} ({code})".format(**names), meaning.advice.format(**names)
    return ConnectorError(SERVICE, ask.about, found, advice, status=meaning.status)


def _silence(cause: object) -> tuple[str, str]:
    if isinstance(cause, ssl.SSLError):
        return (
            "the connection could not be made safe (TLS)",
            "is SLACK_API_URL right, and its certificate one to trust?",
        )
    if isinstance(cause, TimeoutError):
        return "no answer in time", "run again later"
    if isinstance(cause, ConnectionRefusedError | socket.gaierror):
        return "no connection", "is SLACK_API_URL right, and can this machine reach it?"
    if isinstance(cause, OSError | http.client.HTTPException) and not isinstance(cause, http.client.InvalidURL):
        return "the connection broke off", "run again later"
    return "nothing came of the request", "check SLACK_API_URL and SLACK_BOT_TOKEN for stray characters"
