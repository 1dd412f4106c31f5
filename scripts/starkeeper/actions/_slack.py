"""Whom a Slack message tells, and whether the channel or message that it names is there for its rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from starkeeper.actions._people import OnCall
from starkeeper.desk.on_call import who_is_on_call
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.rules import Match, Rule
from starkeeper.render.slack import mention_of, mention_of_group


def mention_line(whom: Literal["assignee", "author"] | OnCall | None, match: Match, *, redacts: bool) -> str:
    """The mention with a blank behind it; "" where nobody is to be told, or nobody is there. Whose a confidential issue
    is, is confidential too."""
    if whom is None or (redacts and match.resource.confidential and not isinstance(whom, OnCall)):
        return ""
    facts, resource = match.facts, match.resource
    if isinstance(whom, OnCall):
        person = who_is_on_call(whom.on_call, facts)
        if person is None:
            return _line(mention_of_group(facts.desk.rotations[whom.on_call].fallback, facts))
    else:
        somebody = resource.author if whom == "author" else next(iter(resource.assignees), None)
        return _line(mention_of(somebody.username, facts, somebody.name)) if somebody else ""
    return _line(mention_of(person, facts)) if person else ""


def place_problems(key: str, value: str, role: str, desk: Desk, rule: Rule) -> Iterator[str]:
    """What is wrong with where something is to be said."""
    if key == "post" and value not in desk.channels:
        remedy = nearest(value, desk.channels) or "define it there under 'channels'"
        yield f"there is no channel '{value}' in desk.yml; {remedy}"
    if role and key != "post":
        yield f"'as' is for 'post'; take it out of this '{key}'"
    if rule.type == "slack_messages":
        if key != "post" and value != "message":
            yield f"'{key}' means the message itself here; write {key}: message"
        return
    if value == "message" and key != "post":
        yield f"'{key}: message' is for slack_messages; write {key}: announcement"
    if (key != "post" or role) and rule.type == "issues":
        yield from _home_problems(value if key == "post" else "", desk, rule)


def _home_problems(channel: str, desk: Desk, rule: Rule) -> Iterator[str]:
    for name in (each for each in rule.trackers if each in desk.trackers):
        home = desk.trackers[name].channel
        if not home:
            yield f"tracker '{name}' has no channel in desk.yml; give it one: channel: NAME"
        elif channel and channel != home:
            yield f"tracker '{name}' is announced in its own channel; write post: {home}"


def _line(mention: str) -> str:
    return f"{mention} " if mention else ""
