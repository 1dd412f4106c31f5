"""Takes texts and plain values; gives them as Jinja and YAML write them."""

from __future__ import annotations

import re
from typing import Any

from starkeeper.policies.yaml12 import plain_value

_PLAIN = re.compile(r"[A-Za-z0-9_~\u00a1-\U0010ffff](?:[\w .()<>=+/@~^$\\-]|:(?=\S)|(?<=\S)#)*", re.ASCII)
_WIDTH = 110


def jinja_text(text: str) -> str:
    """A text as an expression names it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


def flow(value: Any) -> str:
    """A plain value on one line: `{within: 7 days}`."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if not isinstance(value, str) else yaml_text(value)


def yaml_text(text: str) -> str:
    """A text as YAML needs it: bare where it can be, else between the quotes that need the least escapes."""
    bare = _PLAIN.fullmatch(text) and "::" not in text and text == text.strip() and plain_value(text) == text
    if bare and not text.endswith(":"):
        return text
    if any(not each.isprintable() for each in text):
        return '"' + "".join(map(_escaped, text)) + '"'
    if "'" not in text:
        return f"'{text}'" if '"' in text or "\\" in text else f'"{text}"'
    return f'"{text}"' if '"' not in text and "\\" not in text else "'" + text.replace("'", "''") + "'"


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def block(pairs: dict[str, Any], indent: str) -> list[str]:
    """Conditions as lines of a block, each with the indentation before it; what is short stays on one line."""
    lines: list[str] = []
    for key, value in pairs.items():
        whole = f"{indent}{key}: {flow(value)}"
        if len(whole) <= _WIDTH or not isinstance(value, list):
            lines.append(whole)
            continue
        lines.append(f"{indent}{key}:")
        for each in value:
            lines += _item(each, f"{indent}  ")
    return lines


def _item(value: Any, indent: str) -> list[str]:
    whole = f"{indent}- {flow(value)}"
    if len(whole) <= _WIDTH or not isinstance(value, dict):
        return [whole]
    first, *others = block(value, f"{indent}  ")
    return [f"{indent}- {first.lstrip(' ')}", *others]
