"""A project's webhooks: listing, reading, making, changing, testing and deleting them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from starkeeper.sandbox.announcing import tell_test
from starkeeper.sandbox.answers import Answer, bad_parameter, created, json_answer, not_found, unprocessable
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.params import Values, boolean
from starkeeper.sandbox.records import EVENTS, Hook
from starkeeper.sandbox.shapes.pipelines import hook

TEXTS = ("name", "description", "push_events_branch_filter")
CHANGEABLE = (*EVENTS, *TEXTS, "url", "token", "url_variables", "custom_headers", "enable_ssl_verification")


@route("GET", "projects/:id/hooks")
def hooks(call: Call) -> Answer:
    found = list(call.managed_project().hooks.values())
    return call.page(found, lambda each: hook(each, call.state.clock()))


@route("GET", "projects/:id/hooks/:hook")
def one_hook(call: Call) -> Answer:
    return _shown(call, _hook(call), 200)


@route("POST", "projects/:id/hooks")
def create_hook(call: Call) -> Answer:
    project = call.managed_project()
    if not call.params.get("url"):
        raise bad_parameter("url is missing")
    made = Hook(id=0, project=project, url="", created_at=call.state.clock())
    _change(made, call.params)
    made.id = call.state.number("hook")
    project.hooks[made.id] = made
    call.state.changed()
    return _shown(call, made, 201)


@route("PUT", "projects/:id/hooks/:hook")
def update_hook(call: Call) -> Answer:
    found = _hook(call)
    if not any(each in call.params for each in CHANGEABLE):
        raise bad_parameter("No parameters provided")
    _change(found, call.params)
    call.state.changed()
    return _shown(call, found, 200)


@route("DELETE", "projects/:id/hooks/:hook")
def delete_hook(call: Call) -> Answer:
    found = _hook(call)
    del found.project.hooks[found.id]
    call.state.changed()
    return Answer(204)


@route("PUT", "projects/:id/hooks/:hook/url_variables/:key")
def set_url_variable(call: Call) -> Answer:
    if "value" not in call.params:
        raise bad_parameter("value is missing")
    _hook(call).url_variables[call.parts["key"]] = str(call.params["value"])
    return Answer(204)


@route("DELETE", "projects/:id/hooks/:hook/url_variables/:key")
def delete_url_variable(call: Call) -> Answer:
    if _hook(call).url_variables.pop(call.parts["key"], None) is None:
        raise not_found("URL variable")
    return Answer(204)


@route("POST", "projects/:id/hooks/:hook/test/:trigger")
def try_hook(call: Call) -> Answer:
    """Sends an event of something that is there; only those of issues and their notes are made up here."""
    found, event = _hook(call), call.parts["trigger"]
    if event not in EVENTS:
        raise bad_parameter("trigger does not have a valid value")
    if not tell_test(call.state, found, event, call.who()):
        raise unprocessable("Ensure the project has something to test this event with.")
    return created()


def _hook(call: Call) -> Hook:
    wanted = call.parts["hook"]
    found = call.managed_project().hooks.get(int(wanted) if wanted.isdigit() else 0)
    if found is None:
        raise not_found()
    return found


def _shown(call: Call, found: Hook, status: int) -> Answer:
    return json_answer(hook(found, call.state.clock()), status)


def _change(found: Hook, params: Values) -> None:
    """Changes the hook as a whole or, where an address or a header is wrong, not at all."""
    variables = {**found.url_variables, **_pairs(params, "url_variables")}
    headers = {**found.custom_headers, **_pairs(params, "custom_headers")}
    flags = {each: boolean(params, each) for each in (*EVENTS, "enable_ssl_verification")}
    url = str(params.get("url") or found.url)
    if not is_address(url, variables):
        raise unprocessable("Invalid url given")
    found.url, found.url_variables, found.custom_headers = url, variables, headers
    for name in TEXTS:
        if name in params:
            setattr(found, name, params[name])
    found.token = str(params.get("token", found.token) or "")
    verify = flags.pop("enable_ssl_verification")
    found.enable_ssl_verification = found.enable_ssl_verification if verify is None else verify
    for event, wanted in flags.items():
        if wanted is not None:
            (found.events.add if wanted else found.events.discard)(event)


def is_address(url: str, variables: dict[str, str]) -> bool:
    """A web address, once the variables stand where their names do; a name without a variable spoils it."""
    for key, value in variables.items():
        url = url.replace(f"{{{key}}}", value)
    if "{" in url or "}" in url or any(each.isspace() for each in url):
        return False
    try:
        read = urlsplit(url)
        return read.scheme in ("http", "https") and bool(read.hostname)
    except ValueError:
        return False


def _pairs(params: Values, name: str) -> dict[str, str]:
    """A list of objects with key and value, as JSON only."""
    listed: Any = params.get(name) or []
    if not isinstance(listed, list) or not all(isinstance(each, dict) and "key" in each for each in listed):
        raise bad_parameter(f"{name} is invalid")
    for number, each in enumerate(listed):
        if "value" not in each:
            raise bad_parameter(f"{name}[{number}][value] is missing")
    return {str(each["key"]): str(each["value"]) for each in listed}
