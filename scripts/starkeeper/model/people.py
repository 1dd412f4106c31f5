"""Who did something, as policies name it: managers, the bot, the one who opened the issue, anybody else."""

from __future__ import annotations

from starkeeper.model.desk import Group, Who
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource

__all__ = ["Group", "Who", "belongs", "said"]


def belongs(username: str, by: Who, resource: Resource, facts: Facts) -> bool:
    """Whether the account of that name is one of those that a policy means."""
    name = username.casefold()
    if not isinstance(by, str):
        return name in {each.casefold() for each in by}
    is_own = name == facts.bot.casefold()
    # GitLab gives what a deleted account did to a ghost.
    is_person = name not in ("", "ghost") and not is_own and name not in {each.casefold() for each in facts.desk.bots}
    is_manager = name in {each.casefold() for each in facts.desk.managers}
    is_assignee = name in {each.username.casefold() for each in resource.assignees}
    is_initiator = resource.author is not None and name == resource.author.username.casefold()
    return {
        "anyone": True,
        "people": is_person,
        "managers": is_person and is_manager,
        "strangers": is_person and not is_manager,
        "others": is_person and not is_initiator,
        "initiator": is_initiator,
        "assignees": is_assignee,
        "bot": is_own,
    }[by]


def said(by: Who) -> str:
    """The same in words."""
    if not isinstance(by, str):
        return " or ".join(by)
    return {
        "anyone": "anyone",
        "people": "a person",
        "managers": "a manager",
        "strangers": "somebody who is no manager",
        "others": "somebody other than who opened it",
        "assignees": "somebody it is assigned to",
    }.get(by, f"the {by}")
