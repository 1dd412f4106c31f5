"""Takes somebody of the desk; gives the mention by which Slack tells them, or their name where it cannot."""

from __future__ import annotations

from starkeeper.model.facts import Facts
from starkeeper.render.escape import slack_inline

NOBODY_KNOWN = "whoever is on call"
"""What stands for whoever is on call where nobody is known, and the rotation has no fallback."""


def mention_of(username: str, facts: Facts, name: str = "") -> str:
    """By their Slack account; where none is known their name, which tells nobody."""
    account = facts.slack_mention(username)
    if account:
        return f"<@{account}>"
    person = facts.desk.people.get(username)
    return slack_inline((person.name if person else "") or name or username)


def mention_of_group(handle: str, facts: Facts) -> str:
    """A user group by its handle, without its `@`; one whose id desk.yml does not know is only named."""
    group = facts.desk.slack_groups.get(handle, "")
    if group:
        return f"<!subteam^{group}>"
    return f"@{slack_inline(handle)}" if handle else ""
