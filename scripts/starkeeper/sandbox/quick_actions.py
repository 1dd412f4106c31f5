"""Text to the quick actions that GitLab would run in it, and the text that is left without them.

Two generations of GitLab's scanner differ in what protects a line. The older one is a single regular expression: only
a block of exactly three backticks, an HTML block or a `>>>` block protects, and a fence of four does not. (Its later
releases also skip inline code; the sandbox keeps to the strictest form.) The newest one reads Markdown first and looks
at paragraphs of the top level only, and in them past inline code.
"""

from __future__ import annotations

import re

from msgspec import Struct

from starkeeper.sandbox.blocks import top_level_paragraphs
from starkeeper.sandbox.state import Generation

ALIASES = {
    "labels": "label",
    "remove_label": "unlabel",
    "open": "reopen",
    "reassign": "assign",
    "remove_assignee": "unassign",
    "make_confidential": "confidential",
    "due_date": "due",
    "relate_to": "relate",
    "reviewer": "assign_reviewer",
    "remove_reviewer": "unassign_reviewer",
    "remove_due": "remove_due_date",
}
CARRIED_OUT = {
    *("close", "reopen", "label", "unlabel", "relabel", "assign", "unassign", "confidential", "relate", "title"),
    *("due", "remove_due_date", "lock", "unlock", "milestone", "remove_milestone", "draft", "ready"),
}
# On merge requests GitLab says that it did these; the sandbox has no repository, and changes nothing.
ACCEPTED = {
    "approve": "Approved the current merge request.",
    "copy_metadata": "Copied labels and milestone.",
    "merge": "Scheduled to merge this merge request.",
    "rebase": "Scheduled a rebase of the branch.",
    "request_review": "Requested a review.",
    "ship": "Scheduled to create a pipeline and merge this merge request.",
    "squash": "Marked this merge request to be squashed.",
    "submit_review": "Submitted the current review.",
    "subscribe": "Subscribed to notifications.",
    "todo": "Added a to-do item.",
    "unapprove": "Unapproved the current merge request.",
    "unsubscribe": "Unsubscribed from notifications.",
}
# GitLab takes these out of the text too; the sandbox notes that they ran, and changes nothing.
NOTED_ONLY = {
    *("add_child", "add_contacts", "add_email", "add_parent", "award", "blocked_by", "blocks", "clear_health_status"),
    *("clear_weight", "clone", "convert_to_ticket", "create_merge_request", "done"),
    *("duplicate", "epic", "estimate", "health_status", "iteration", "link", "mark_as_done", "move", "page", "promote"),
    *("promote_to", "promote_to_incident", "publish", "react", "remove_child", "remove_contacts", "remove_email"),
    *("remove_epic", "remove_estimate", "remove_iteration", "remove_parent", "remove_time_spent", "remove_zoom"),
    *("set_parent", "severity", "spend", "spent", "status", "tag", "timeline", "type"),
    *("unlink", "weight", "zoom", "assign_reviewer", "reassign_reviewer", "unassign_reviewer", "request_changes"),
    *("target_branch",),
}
NAMES = CARRIED_OUT | NOTED_ONLY | set(ACCEPTED) | set(ALIASES)

_COMMAND = (
    r"^/(?P<name>" + "|".join(sorted(NAMES, key=lambda each: (-len(each), each))) + r")(?: (?P<arg>[^\n]*))?(?:\s*\n|$)"
)
_FLAGS = re.MULTILINE | re.DOTALL | re.IGNORECASE
_HTML_BLOCK = r"^<[^>]+?>\n.+?\n</[^>]+?>$"
_OLDER = re.compile(rf"(?:^```.+?\n```$|{_HTML_BLOCK}|^>>>.+?\n>>>$)|{_COMMAND}", _FLAGS)
_NEWEST = re.compile(rf"(?:`.+?`|{_HTML_BLOCK})|{_COMMAND}", _FLAGS)


class Found(Struct, frozen=True):
    """A quick action of a text: its name in lower case, aliases resolved, and the rest of its line."""

    name: str
    argument: str = ""


def scan(text: str, generation: Generation) -> tuple[list[Found], str]:
    """The quick actions in their order, and the text without their lines and without carriage returns."""
    text = text.replace("\r", "")
    if generation == "older":
        found, rest = _take_out(_OLDER, text)
        return found, rest.rstrip()
    return _scan_paragraphs(text)


def _scan_paragraphs(text: str) -> tuple[list[Found], str]:
    lines = text.split("\n")
    found: list[Found] = []
    kept: list[str] = []
    done = 0
    for first, last in top_level_paragraphs(text):
        kept += lines[done:first]
        actions, rest = _take_out(_NEWEST, "\n".join(lines[first : last + 1]) + "\n")
        found += actions
        kept += rest.split("\n")[:-1]
        done = last + 1
    return found, "\n".join(kept + lines[done:]).rstrip()


def _take_out(pattern: re.Pattern[str], text: str) -> tuple[list[Found], str]:
    found: list[Found] = []

    def keep_or_take(match: re.Match[str]) -> str:
        if not match["name"]:
            return match[0]
        name = match["name"].lower()
        found.append(Found(ALIASES.get(name, name), (match["arg"] or "").strip()))
        return ""

    rest = pattern.sub(keep_or_take, text)
    return found, rest
