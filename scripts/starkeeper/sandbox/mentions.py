"""Text to the people, groups and items that GitLab would notify or cross-reference because of it."""

from __future__ import annotations

import re

from starkeeper.sandbox.blocks import CODE, QUOTE, line_kinds

_HANDLE = re.compile(r"(?<![\w/@.-])@([A-Za-z0-9_][\w.-]*(?:/[\w.-]+)*)")
_ITEM = re.compile(r"(?<![\w&/#!-])((?:[A-Za-z0-9_][\w.-]*/)+[\w.-]+)?([#!])(\d+)\b")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def mentioned(text: str) -> list[str]:
    """The handles after an `@` that count: not in code, in quotations or in comments. Backslashes do not help."""
    return list(dict.fromkeys(each.rstrip(".-") for each in _HANDLE.findall(_spoken(text))))


def referenced(text: str) -> list[str]:
    """The issues and merge requests that the text refers to, as `#1` or `group/project!1`."""
    return list(dict.fromkeys(f"{project}{sign}{iid}" for project, sign, iid in _ITEM.findall(_spoken(text))))


def _spoken(text: str) -> str:
    text = text.replace("\r", "")
    kinds = line_kinds(text)
    lines = [line if kind not in (CODE, QUOTE) else "" for line, kind in zip(text.split("\n"), kinds, strict=True)]
    return _COMMENT.sub(" ", _CODE_SPAN.sub(" ", "\n".join(lines)))
