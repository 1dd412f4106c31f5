"""Takes what desk.yml and people.yml say of Slack; gives the names and ids in it that Slack cannot have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from starkeeper.errors import Problem, nearest
from starkeeper.policies.desk_grammar import DeskEntry, PersonEntry

_CHANNEL = re.compile(r"#?[^\sA-Z#@:,.]{1,80}|[CG][A-Z0-9]{7,}")
_EMOJI = re.compile(r":?[a-z0-9_+'-]{1,100}:?")
_GROUP = re.compile(r"S[A-Z0-9]{4,}")
_ACCOUNT = re.compile(r"[UW][A-Z0-9]{4,}|@[^\s@]+")


def desk_slack_problems(entry: DeskEntry) -> Iterator[Problem]:
    """Channels that trackers name and nobody defines, and names that are none."""
    for name, tracker in entry.trackers.items():
        if tracker.channel and tracker.channel.text not in entry.channels:
            message = f"tracker '{name}' is announced in '{tracker.channel.text}', which 'channels' does not define"
            remedy = nearest(tracker.channel.text, entry.channels) or "define it: channels: {NAME: its-name-in-slack}"
            yield Problem(tracker.channel.where, message, remedy)
    for channel in entry.channels.values():
        if not _CHANNEL.fullmatch(channel.text):
            remedy = "write its name, in small letters, or its id, such as C0123456789"
            yield Problem(channel.where, f"'{channel.text}' is no name of a Slack channel", remedy)
    for emoji in entry.emoji.values():
        if not _EMOJI.fullmatch(emoji.text):
            yield Problem(emoji.where, f"'{emoji.text}' is no emoji", "write its name without colons, such as eyes")
    for group in entry.slack_groups.values():
        if not _GROUP.fullmatch(group.text):
            remedy = "write the id of the user group, such as S0123456789; its page in Slack shows it"
            yield Problem(group.where, f"'{group.text}' is no id of a Slack user group", remedy)


def person_slack_problems(person: PersonEntry) -> Iterator[Problem]:
    """An account or an address that is none."""
    if person.slack and not _ACCOUNT.fullmatch(person.slack.text):
        remedy = "write the id (U…; a profile in Slack shows it), or the name with its '@'"
        yield Problem(person.slack.where, f"'{person.slack.text}' is no Slack account", remedy)
    if person.email and not re.fullmatch(r"[^@\s]+@[^@\s]+", person.email.text):
        yield Problem(person.email.where, "'email' is no address", "write it like kim@example.com")
