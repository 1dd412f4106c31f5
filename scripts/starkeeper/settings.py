"""The environment, read once into a record: where GitLab is, what to show it, and where the policies are kept."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from starkeeper.errors import NOWHERE, PolicyError, Problem


class Secret(Struct, frozen=True):
    """A token that cannot be printed by accident; `reveal` hands it to the client that needs it."""

    _value: str = ""

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(…)" if self._value else "Secret()"

    __str__ = __repr__


class Settings(Struct, frozen=True, kw_only=True):
    """What the environment says.

    `policy_url` is the page of this checkout's files, or "" outside GitLab CI. `notes_per_second` is the pace at which
    notes are written: gitlab.com lets an account write 60 a minute. `commit`, `job_url` and `job_id` say of a job in
    GitLab CI which it is, "" elsewhere. Slack and PagerDuty are off without their token. `messages_per_second` is the
    pace at which messages are posted in one Slack channel: Slack lets an app post one a second.
    """

    gitlab_url: str = "https://gitlab.com"
    gitlab_token: Secret = Secret()
    policy_url: str = ""
    notes_per_second: float = 1.0
    slack_url: str = "https://slack.com/api/"
    slack_token: Secret = Secret()
    messages_per_second: float = 1.0
    pagerduty_url: str = "https://api.pagerduty.com"
    pagerduty_token: Secret = Secret()
    pagerduty_from: str = ""
    commit: str = ""
    job_url: str = ""
    job_id: str = ""


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Reads GITLAB_URL (else CI_SERVER_URL, else gitlab.com), GITLAB_TOKEN, STARKEEPER_NOTES_PER_SECOND, SLACK_API_URL,
    SLACK_BOT_TOKEN, STARKEEPER_MESSAGES_PER_SECOND, PAGERDUTY_API_URL, PAGERDUTY_API_KEY, PAGERDUTY_FROM and what
    GitLab CI says of the checkout and the job.

    Raises PolicyError where a URL or a number is none.
    """
    url = environment.get("GITLAB_URL") or environment.get("CI_SERVER_URL") or "https://gitlab.com"
    return Settings(
        gitlab_url=_checked_url("GITLAB_URL", url),
        gitlab_token=Secret(environment.get("GITLAB_TOKEN", "").strip()),
        policy_url=_policy_url(environment),
        notes_per_second=_pace("STARKEEPER_NOTES_PER_SECOND", "notes", environment),
        slack_url=_service_url("SLACK_API_URL", "https://slack.com/api/", "SLACK_BOT_TOKEN", environment) + "/",
        slack_token=Secret(environment.get("SLACK_BOT_TOKEN", "").strip()),
        messages_per_second=_pace("STARKEEPER_MESSAGES_PER_SECOND", "messages", environment),
        pagerduty_url=_service_url("PAGERDUTY_API_URL", "https://api.pagerduty.com", "PAGERDUTY_API_KEY", environment),
        pagerduty_token=Secret(environment.get("PAGERDUTY_API_KEY", "").strip()),
        pagerduty_from=environment.get("PAGERDUTY_FROM", "").strip(),
        commit=environment.get("CI_COMMIT_SHA", ""),
        job_url=environment.get("CI_JOB_URL", ""),
        job_id=environment.get("CI_JOB_ID", ""),
    )


def _service_url(name: str, default: str, token: str, environment: Mapping[str, str]) -> str:
    return _checked_url(name, environment.get(name) or default, token)


def _checked_url(name: str, url: str, token: str = "GITLAB_TOKEN") -> str:
    try:
        parts = urlsplit(url.strip())
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise PolicyError([Problem(NOWHERE, f"{name} is no web address", "write it like https://gitlab.example.com")])
    if parts.username or parts.password:
        raise PolicyError([Problem(NOWHERE, f"{name} holds a password", f"put the token into {token} instead")])
    return url.strip().rstrip("/").removesuffix("/api/v4")


def _pace(name: str, things: str, environment: Mapping[str, str]) -> float:
    try:
        pace = float(environment.get(name) or 1)
    except ValueError:
        pace = 0
    if not 0 < pace <= 10_000:
        remedy = f"write how many {things} a second, such as 1 or 0.5"
        raise PolicyError([Problem(NOWHERE, f"{name} is no pace", remedy)])
    return pace


def _policy_url(environment: Mapping[str, str]) -> str:
    project, commit = environment.get("CI_PROJECT_URL", ""), environment.get("CI_COMMIT_SHA", "")
    return f"{project}/-/blob/{commit}" if project and commit else ""
