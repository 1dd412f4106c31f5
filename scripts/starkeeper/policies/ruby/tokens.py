"""Takes Ruby; gives its tokens. What could run more than an expression is not a token here."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from starkeeper.policies.ruby.tree import Unreadable

Kind = Literal["number", "text", "symbol", "regex", "name", "sign", "line"]

_SPACE = re.compile(r"(?:[ \t\r]|\\\n|#[^\n]*)+")
_NUMBER = re.compile(r"\d[\d_]*(?:\.\d+)?")
_NAME = re.compile(r"[A-Za-z_]\w*(?:[?!](?!=))?(?:::[A-Z]\w*)*")
_SYMBOL = re.compile(r""":(?:([A-Za-z_]\w*[?!]?)|"(\w+)")""")
_TEXT = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\#]|\\.|#(?!\{))*)\"""", re.DOTALL)
_REGEX = re.compile(r"(?:/((?:[^/\\\n]|\\.)*)/|%r\{((?:[^{}\\]|\\.)*)\})([imx]*)")
_SIGN = re.compile(r"===|!==|<=>|&&|\|\||==|!=|=~|!~|>=|<=|<<|>>|&\.|\?\.|\*\*|[-+*/%<>!?:.,()\[\]{}|&]")
_ESCAPES = {"n": "\n", "t": "\t", "s": " ", "r": "\r", "0": "\0", "e": "\x1b"}
_ENDS_VALUE = frozenset({")", "]", "}"})
_WORD_SIGNS = frozenset({"and", "or", "not", "if", "unless", "do", "end", "return"})
_GOES_ON_AFTER = frozenset(
    {"&&", "||", "and", "or", "not", "!", "(", "[", "{", ",", ".", "|", "+", "-", "*", "/", "?", ":", "&", "do"}
    | {"==", "!=", "===", "!==", "<", ">", "<=", ">=", "=~", "!~", "&."}
)
_GOES_ON_BEFORE = frozenset({".", "&.", ")", "]", "}", "end"})


class Token(Struct, frozen=True):
    kind: Kind
    text: str
    extra: str = ""


def read_tokens(code: str) -> list[Token]:
    """All tokens; lines that go on are joined. Raises Unreadable."""
    tokens: list[Token] = []
    at = 0
    while at < len(code):
        if space := _SPACE.match(code, at):
            at = space.end()
            continue
        token, at = _token(code, at, tokens)
        tokens.append(token)
    return _joined(tokens)


def _token(code: str, at: int, before: list[Token]) -> tuple[Token, int]:
    if code[at] == "\n":
        return Token("line", "\n"), at + 1
    if found := _NUMBER.match(code, at):
        return Token("number", found[0].replace("_", "")), found.end()
    if found := _TEXT.match(code, at):
        return Token("text", _unescaped(found)), found.end()
    if not _after_value(before) and (found := _REGEX.match(code, at)):
        return Token("regex", found[1] if found[1] is not None else found[2], found[3]), found.end()
    if (found := _SYMBOL.match(code, at)) and not (before and _after_value(before) and code[at - 1] != " "):
        return Token("symbol", found[1] or found[2]), found.end()
    if found := _NAME.match(code, at):
        return Token("sign" if found[0] in _WORD_SIGNS else "name", found[0]), found.end()
    if found := _SIGN.match(code, at):
        return Token("sign", found[0]), found.end()
    raise Unreadable


def _after_value(before: list[Token]) -> bool:
    """Whether what comes now follows a value, so that `/` divides and `:` parts a choice."""
    if not before:
        return False
    last = before[-1]
    return last.text in _ENDS_VALUE if last.kind == "sign" else last.kind != "line"


def _unescaped(found: re.Match[str]) -> str:
    if found[1] is not None:
        return re.sub(r"\\(['\\])", r"\1", found[1])
    if re.search(r"\\[ux0-7cCM]", found[2]):
        raise Unreadable
    return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), found[2], flags=re.DOTALL)


def _joined(tokens: list[Token]) -> list[Token]:
    kept: list[Token] = []
    for place, token in enumerate(tokens):
        if token.kind != "line":
            kept.append(token)
            continue
        following = next((each for each in tokens[place:] if each.kind != "line"), None)
        ends = not kept or following is None or kept[-1].kind == "line"
        goes_on = ends or _is_sign(kept[-1], _GOES_ON_AFTER) or (following and _is_sign(following, _GOES_ON_BEFORE))
        if not goes_on:
            kept.append(token)
    return kept


def _is_sign(token: Token, signs: frozenset[str]) -> bool:
    return token.kind == "sign" and token.text in signs
