"""Who did something, as policies name it: managers, the bot, the one who opened the issue, anybody else."""

from __future__ import annotations

import datetime as dt

from starkeeper.model.desk import Group, Who
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Issue, Resource

__all__ = ["Group", "Who", "belongs", "editor", "initiator", "said"]


def belongs(username: str, by: Who, resource: Resource, facts: Facts, at: dt.datetime | None = None) -> bool:
    """Whether the account of that name is one of those that a policy means; what it did, it did `at` that time, or
    now."""
    name = username.casefold()
    if not isinstance(by, str):
        return name in {each.casefold() for each in by}
    is_own = name == facts.bot.casefold()
    # GitLab gives what a deleted account did to a ghost.
    is_person = name not in ("", "ghost") and not is_own and name not in {each.casefold() for each in facts.desk.bots}
    is_manager = name in {each.casefold() for each in facts.desk.managers}
    is_assignee = name in {each.username.casefold() for each in resource.assignees}
    if by in ("initiator", "others"):
        asker = initiator(resource, facts, at).casefold()
        # Where nobody knows who asked, not everybody can have answered.
        could_answer = name != asker if asker else is_manager or is_assignee
        return name == asker != "" if by == "initiator" else is_person and could_answer
    return {
        "anyone": True,
        "people": is_person,
        "managers": is_person and is_manager,
        "strangers": is_person and not is_manager,
        "assignees": is_assignee,
        "bot": is_own,
    }[by]


def initiator(resource: Resource, facts: Facts, at: dt.datetime | None = None) -> str:
    """The user name of who opened it, "" where that cannot be told. May raise FacetNeeded.

    What was opened from a form names its asker in the description, which others may edit as well: once anybody did who
    is neither the bot nor a manager, the line proves nothing of what is done from then on; where it is gone, nobody is
    named. What was done `at` an earlier time counts as it did then.
    """
    if resource.author is None:
        return ""
    username, tracker = resource.author.username, facts.desk.trackers.get(resource.tracker)
    if _is_from_form(resource):
        return "" if editor(resource, facts, at) else username
    is_own = username.casefold() == facts.bot.casefold()
    return "" if is_own and tracker is not None and tracker.form else username


def editor(resource: Resource, facts: Facts, at: dt.datetime | None = None) -> str:
    """Who had edited the description by then without being the bot, a manager or its author; "" for nobody. May raise
    FacetNeeded.

    Of what was opened from a form the author is only what the description says.
    """
    trusted = {facts.bot.casefold(), *(each.casefold() for each in facts.desk.managers)}
    if resource.author and not _is_from_form(resource):
        trusted.add(resource.author.username.casefold())
    edits = (each for each in facts.edits(resource) if at is None or each.at <= at)
    return next((each.by for each in edits if each.by.casefold() not in trusted), "")


def _is_from_form(resource: Resource) -> bool:
    return isinstance(resource, Issue) and resource.from_form


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
