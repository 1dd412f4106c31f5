"""Whom `assign` and `unassign` mean: user names, whoever is on call, or the assignees of a related issue."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from starkeeper.desk.on_call import who_is_on_call
from starkeeper.errors import Problem, RenderError
from starkeeper.model.desk import Desk
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Match, Renderer
from starkeeper.model.values import Text

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"


class OnCall(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whoever is `on_call` now in this rotation of desk.yml."""

    on_call: str


class Like(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The assignees of the issue that `duplicate_of` found."""

    like: Literal["original"]


def people_meant(value: tuple[Text, ...] | OnCall | Like, match: Match, render: Renderer) -> tuple[str, ...]:
    """Their user names, each once; nobody where nobody is on call."""
    if isinstance(value, OnCall):
        somebody = who_is_on_call(value.on_call, match.facts)
        return (somebody,) if somebody else ()
    if isinstance(value, Like):
        original: Resource = match.names["original"]
        return tuple(user.username for user in original.assignees)
    names: dict[str, str] = {}
    for name in (user_name(each, match, render) for each in value):
        names.setdefault(name.casefold(), name)
    return tuple(names.values())


def user_name(template: Text, match: Match, render: Renderer) -> str:
    """What a template gives as a user name, with or without its `@`; raises RenderError where it can be none."""
    name = render.word(template, match.names).removeprefix("@")
    if not re.fullmatch(_NAME, name):
        raise RenderError(Problem(template.where, "this gives no user name", "name a GitLab account, such as '@kim'"))
    return name


def user_or_group(template: Text, match: Match, render: Renderer) -> str:
    """The same, or the path of a group below another; that only in so many words, so that no value names a group."""
    written = template.source.strip().removeprefix("@")
    return written if re.fullmatch(f"{_NAME}(/{_NAME})+", written) else user_name(template, match, render)


def unknown_rotation(value: object, desk: Desk) -> tuple[str, ...]:
    """The problem of a rotation that desk.yml does not define, if there is one."""
    if isinstance(value, OnCall) and value.on_call not in desk.rotations:
        return (f"there is no rotation '{value.on_call}' in desk.yml",)
    return ()
