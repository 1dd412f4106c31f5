"""A step of the plan to the messages that say it in Slack, each with the mark by which it is found again."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from msgspec import Struct, structs

from starkeeper.connectors.slack.blocks import blocks_of, fallback_of, first_part, split_text
from starkeeper.connectors.slack.marks import metadata_of
from starkeeper.model.plan import SlackStep
from starkeeper.model.resources import Mark

AS_IT_IS = {"parse": "none", "link_names": False}
"""Slack finds nobody to tell in a text but whom it mentions; edits would otherwise be read as a person's typing."""
_KEY = re.compile(r"[^,:\s]+")


class Draft(Struct, frozen=True):
    """One message before it is sent; `note` is the small line beneath it."""

    text: str
    note: str
    mark: Mark

    @property
    def body(self) -> dict[str, Any]:
        """What posting and editing have in common."""
        return {
            "text": fallback_of(self.text),
            "blocks": blocks_of(self.text, self.note),
            "metadata": metadata_of(self.mark),
        }


def post_of(step: SlackStep, now: dt.datetime) -> list[Draft]:
    """A message of the channel, and what follows in its thread. One that has a role is edited later on, and what
    follows could not be: it is cut where it is too long."""
    mark = _findable(step, now)
    first, *rest = [first_part(step.text)] if step.role else split_text(step.text)
    drafts = [_part(step, now, number, text) for number, text in enumerate(rest, start=2)]
    return [Draft(first, step.note, structs.replace(mark, is_whole=not rest)), *drafts]


def reply_of(step: SlackStep, now: dt.datetime) -> list[Draft]:
    """The messages of a thread. The last one has the key of the step: where that stands, so does all before it."""
    mark = _findable(step, now)
    *before, last = split_text(step.text)
    drafts = [_part(step, now, number, text) for number, text in enumerate(before, start=1)]
    return [*drafts, Draft(last, step.note, mark)]


def update_of(step: SlackStep, old: Mark | None, now: dt.datetime) -> Draft:
    """The message as it is to be from now on; when it was written and what was said below stays."""
    mark = _mark(step, now)
    if old is not None:
        mark = structs.replace(mark, key=step.key or old.key, at=old.at, said=old.said)
    return Draft(first_part(step.text), step.note, mark)


def _part(step: SlackStep, now: dt.datetime, number: int, text: str) -> Draft:
    return Draft(text, "", Mark(key=f"{step.key}.{number}", about=step.about, at=now, rule=step.rule))


def _findable(step: SlackStep, now: dt.datetime) -> Mark:
    if not _KEY.fullmatch(step.key):
        raise ValueError("a message must have a key, or it cannot be found again")
    return _mark(step, now)


def _mark(step: SlackStep, now: dt.datetime) -> Mark:
    return Mark(key=step.key, about=step.about, at=now, rule=step.rule, role=step.role, content=step.content)
