"""Who is who in the Slack of a scenario: the same account for a name wherever the scenario is played."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from starkeeper.model.desk import Desk

BOT_ACCOUNT = "USTARKEEPER"
_ID = re.compile(r"[UW][A-Z0-9]{4,}")
_MENTION = re.compile(r"<(?:@([UW][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+)|!(channel|here|everyone))(?:\|[^>]*)?>")


def account_of(name: str, desk: Desk) -> str:
    """The id of somebody's account: as people.yml has it, else one made up."""
    person = desk.people.get(name)
    if person and _ID.fullmatch(person.slack):
        return person.slack
    return f"U{hashlib.sha256(name.casefold().encode()).hexdigest()[:9].upper()}"


def handle_of(name: str, desk: Desk) -> str:
    """Their name in Slack by which people.yml may look them up: its `@name`, else the user name in GitLab."""
    person = desk.people.get(name)
    return person.slack.removeprefix("@") if person and person.slack.startswith("@") else name


def display_name_of(name: str, desk: Desk) -> str:
    """What Slack shows of them."""
    person = desk.people.get(name)
    return person.name if person and person.name else name.title()


def found_account(name: str, desk: Desk) -> str:
    """The account that a look-up by what stands in people.yml finds, "" where nothing leads to one."""
    person = desk.people.get(name)
    return account_of(name, desk) if person and (person.slack or person.email) else ""


def everybody_told(text: str, names: Mapping[str, str], desk: Desk) -> tuple[str, ...]:
    """Whom a text in Slack's markup tells, in alphabetical order: people, by `names` of their accounts, and handles of
    the desk's groups; any other account, and `channel`, as it is written."""
    groups = {id: handle for handle, id in desk.slack_groups.items()}
    told = {names.get(one) or groups.get(group) or one or group or all for one, group, all in _MENTION.findall(text)}
    return tuple(sorted(told))


def reacting(reactions: Mapping[str, Iterable[str]], names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Each emoji with the names of those who set it, in alphabetical order."""
    known = {**names, BOT_ACCOUNT: "bot"}
    return {emoji: tuple(sorted(known[each] for each in users)) for emoji, users in sorted(reactions.items())}
