"""Who did something, as policies name it: managers, the bot, the one who opened the issue, anybody else."""

from __future__ import annotations

from typing import Literal

from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource

Group = Literal["anyone", "people", "managers", "strangers", "initiator", "bot"]
"""`people` is anyone but the bot; `strangers` are people who are not listed managers."""


def belongs(username: str, by: Group | tuple[str, ...], resource: Resource, facts: Facts) -> bool:
    """Whether the account of that name is one of those that a policy means."""
    name = username.casefold()
    if not isinstance(by, str):
        return name in {each.casefold() for each in by}
    is_bot = name == facts.bot.casefold()
    is_manager = name in {each.casefold() for each in facts.desk.managers}
    return {
        "anyone": True,
        "people": not is_bot,
        "managers": is_manager and not is_bot,
        "strangers": not is_manager and not is_bot,
        "initiator": resource.author is not None and name == resource.author.username.casefold(),
        "bot": is_bot,
    }[by]


def said(by: Group | tuple[str, ...]) -> str:
    """The same in words."""
    if not isinstance(by, str):
        return " or ".join(by)
    return {
        "anyone": "anyone",
        "people": "a person",
        "managers": "a manager",
        "strangers": "somebody who is no manager",
    }.get(by, f"the {by}")
