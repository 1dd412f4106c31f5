"""The blocks of a message: which ones Slack refuses, and what it adds to those that it takes.

Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import msgspec

from starkeeper.sandbox.shapes.base import Json
from starkeeper.sandbox.slack.api import SlackError

MOST_BLOCKS = 50
# Not documented: from about 13,200 characters in all, Slack refuses a message.
MOST_TEXT = 13_000
KNOWN = {"actions", "context", "divider", "header", "image", "markdown", "rich_text", "section"}
TEXT_LIMITS = {"header": 150, "section": 3000, "markdown": 12_000}
ELEMENT_LIMITS = {"context": 10, "actions": 25}


def accepted_blocks(sent: Any) -> list[Json]:
    """The blocks as Slack keeps them; SlackError where it would refuse them."""
    if not isinstance(sent, list) or not all(isinstance(each, dict) for each in sent):
        raise SlackError("invalid_blocks_format")
    problems = [f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]"] if len(sent) > MOST_BLOCKS else []
    problems += [
        f"{problem} [json-pointer:/blocks/{number}{pointer}]"
        for number, block in enumerate(sent)
        for problem, pointer in _problems(block)
    ]
    if problems:
        told = {"messages": [f"[ERROR] {each}" for each in problems]}
        raise SlackError("invalid_blocks", errors=problems, response_metadata=told)
    if sum(len(each) for each in _texts(sent)) > MOST_TEXT:
        raise SlackError("msg_blocks_too_long")
    return [_kept(number, block) for number, block in enumerate(sent)]


def _problems(block: Json) -> Iterator[tuple[str, str]]:
    """What is wrong with a block, and where in it."""
    kind = block.get("type")
    if kind not in KNOWN:
        yield f"unsupported type: {kind}", "/type"
        return
    if kind in TEXT_LIMITS:
        yield from _text_problems(block, str(kind))
    if kind == "section":
        yield from _field_problems(block)
    if kind in ELEMENT_LIMITS:
        elements = block.get("elements")
        if not isinstance(elements, list) or not elements:
            yield "missing required field: elements", ""
        elif len(elements) > ELEMENT_LIMITS[kind]:
            yield f"no more than {ELEMENT_LIMITS[kind]} items allowed", "/elements"


def _text_problems(block: Json, kind: str) -> Iterator[tuple[str, str]]:
    text = block.get("text")
    if text is None:
        if kind != "section" or not block.get("fields"):
            yield "missing required field: text", ""
        return
    if kind == "markdown":
        said, pointer = text, "/text"
    else:
        allowed = ("plain_text",) if kind == "header" else ("mrkdwn", "plain_text")
        if not isinstance(text, dict) or text.get("type") not in allowed:
            yield f"must be a text object of type {' or '.join(allowed)}", "/text"
            return
        said, pointer = text.get("text"), "/text/text"
    yield from _length_problems(said, TEXT_LIMITS[kind], pointer)


def _field_problems(block: Json) -> Iterator[tuple[str, str]]:
    fields = block.get("fields") or []
    if len(fields) > 10:
        yield "no more than 10 items allowed", "/fields"
    for number, field in enumerate(fields):
        yield from _length_problems(field.get("text"), 2000, f"/fields/{number}/text")


def _length_problems(said: Any, most: int, pointer: str) -> Iterator[tuple[str, str]]:
    if not isinstance(said, str) or not said:
        yield "must be more than 0 characters", pointer
    elif len(said) > most:
        yield f"must be less than {most + 1} characters", pointer


def _texts(value: Any) -> Iterator[str]:
    """Every text in blocks, however deep it lies."""
    if isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key == "text" and isinstance(each, str):
                yield each
            yield from _texts(each)


def _kept(number: int, block: Json) -> Json:
    """Slack names blocks that have no name, and says in each text what it took for granted."""
    digest = hashlib.sha1(msgspec.json.encode(block), usedforsecurity=False).hexdigest()
    return {"type": block["type"], "block_id": f"{digest[:4]}{number}", **_spelt_out(block)}


def _spelt_out(value: Any) -> Any:
    if isinstance(value, list):
        return [_spelt_out(each) for each in value]
    if not isinstance(value, dict):
        return value
    assumed = {"mrkdwn": {"verbatim": False}, "plain_text": {"emoji": True}}.get(str(value.get("type")), {})
    return assumed | {key: _spelt_out(each) for key, each in value.items()}
