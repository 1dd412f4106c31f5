"""Takes one step of setting up; sends the requests that it takes. Secrets are added here, and leave no trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from starkeeper.connectors.gitlab.asks import SERVICE, Ask, place_path
from starkeeper.connectors.gitlab.wire import decode
from starkeeper.connectors.gitlab.wire_setup import WireId, WireTrigger, encoded
from starkeeper.errors import ConnectorError
from starkeeper.model.setup import DIGEST_VARIABLE, HOOK_MADE, TOKEN_KEY, Kind, SetupStep
from starkeeper.settings import Secret

if TYPE_CHECKING:
    from starkeeper.connectors.gitlab.client import Client

_LISTS: dict[Kind, str] = {
    "label": "labels",
    "template": "repository/files",
    "trigger": "triggers",
    "webhook": "hooks",
    "schedule": "pipeline_schedules",
    "variable": "variables",
    "resource group": "resource_groups",
}
# What of a schedule takes a request of its own.
_REQUESTS = ("digest", "take_ownership")
_ADVICE: dict[Kind, str] = {
    "template": "the token may not push to that branch; let it, or add the file by hand",
    "webhook": "is GitLab allowed to call itself? An administrator: Admin > Settings > Network > Outbound requests",
    "variable": "GitLab masks no value of less than 8 characters, with blanks or line breaks; make a new token",
    "schedule": "is there such a branch?",
}


class Writer:
    """Does steps, one at a time. `tokens` are those of the triggers, by their numbers; one that is made joins them."""

    def __init__(self, client: Client, tokens: dict[int, Secret]) -> None:
        self._client = client
        self._tokens = tokens
        self._made = 0

    def do(self, step: SetupStep, secret: Secret) -> None:
        """Raises ConnectorError with what a person can do about it."""
        try:
            self._do(step, secret)
        except ConnectorError as error:
            advice = _advice(step, error)
            raise ConnectorError(SERVICE, error.request, error.found, advice, status=error.status) from None

    def _do(self, step: SetupStep, secret: Secret) -> None:
        if step.does == "remove":
            self._send("delete", step, _one(step), query=dict(step.fields) if step.kind == "template" else {})
            return
        if step.fields.get("take_ownership"):
            self._send("post", step, f"{_one(step)}/take_ownership")
        body = self._body(step, secret)
        is_new = step.does in ("make", "replace")
        # A file is named by its path also where it is made.
        path = _list(step) if is_new and step.kind != "template" else _one(step)
        content = self._send("post" if is_new else "put", step, path, body)
        if step.does == "replace":
            self._send("delete", step, _one(step))
        if step.kind == "trigger":
            made = decode(content, WireTrigger, _about(step))
            self._made, self._tokens[made.id] = made.id, Secret(made.token)
        if step.kind == "schedule" and "digest" in step.fields:
            number = decode(content, WireId, _about(step)).id
            self._set_digest(step, number, str(step.fields["digest"]), is_new)

    def _body(self, step: SetupStep, secret: Secret) -> dict[str, Any]:
        body: dict[str, Any] = {name: value for name, value in step.fields.items() if name not in _REQUESTS}
        if step.kind == "template":
            body |= {"content": encoded(str(body["content"])), "encoding": "base64"}
        if step.kind == "variable" and step.secret:
            body["value"] = secret.reveal()
        if step.kind == "variable" and step.does == "change":
            body["filter"] = {"environment_scope": body.pop("environment_scope")}
        if step.kind == "webhook" and step.does != "change":
            body |= self._of_trigger(step)
        return body

    def _of_trigger(self, step: SetupStep) -> dict[str, Any]:
        """The token that a webhook carries, and in its description whose: no answer shows it again."""
        number = step.trigger or self._made
        token = self._tokens.get(number)
        if not token:
            raise ConnectorError(SERVICE, _about(step), "there is no trigger token to give to it")
        variables = [{"key": TOKEN_KEY, "value": token.reveal()}]
        return {"description": f"{HOOK_MADE}; trigger {number}", "url_variables": variables}

    def _set_digest(self, step: SetupStep, number: int, digest: str, is_new: bool) -> None:
        """The variable of a schedule: set, or taken away where it sweeps now."""
        path = f"{_list(step)}/{number}/variables"
        try:
            if not is_new:
                verb: Literal["put", "delete"] = "put" if digest else "delete"
                self._send(verb, step, f"{path}/{DIGEST_VARIABLE}", {"value": digest} if digest else None)
                return
        except ConnectorError as error:
            # It has none yet.
            if error.status != 404:
                raise
        if digest:
            self._send("post", step, path, {"key": DIGEST_VARIABLE, "value": digest})

    def _send(
        self,
        verb: Literal["post", "put", "delete"],
        step: SetupStep,
        path: str,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> bytes:
        # What is made twice stands there twice; the next run sees what came of a lost answer.
        repeat = verb != "post"
        ask = Ask(
            kind="setup write", verb=verb, path=path, about=_about(step), body=body, query=query or {}, repeat=repeat
        )
        return self._client.request(ask).content


def _list(step: SetupStep) -> str:
    return f"{place_path(step.place)}/{_LISTS[step.kind]}"


def _one(step: SetupStep) -> str:
    return f"{_list(step)}/{quote(str(step.id), safe='')}"


def _about(step: SetupStep) -> str:
    return f"setting up a {step.kind} in {step.place}"


def _advice(step: SetupStep, error: ConnectorError) -> str:
    if error.lost:
        return "run it again: it sees what came of it"
    if error.status == 403 and step.kind == "schedule" and "digest" in step.fields:
        return (
            f"the token needs the Maintainer role in {step.place.path}, and Settings > CI/CD > Variables must let it "
            "use pipeline variables"
        )
    if error.status in (403, 404) and step.kind != "template":
        return f"the token needs the api scope and the Maintainer role in {step.place.path}"
    return _ADVICE.get(step.kind, error.advice) if error.status in (400, 403, 404, 422) else error.advice
