"""Takes what the YAML parser complains about; gives the problem in words for whoever wrote the file."""

from __future__ import annotations

import re
from typing import Any

import yaml

from starkeeper.errors import Problem, Where
from starkeeper.policies.nodes import ScalarNode

LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def syntax_problem(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    lines = LINE_BREAK.split(text)
    line = min(mark.line, len(lines) - 1) if mark else 0
    indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
    if "\t" in indent:
        return Problem(Where(file, line + 1, indent.index("\t") + 1), "a tab cannot indent YAML", "use spaces")
    said = " ".join(part for part in (error.problem, error.context) if part)
    opened = error.context_mark
    if "quoted scalar" in said and opened:
        return Problem(Where(file, opened.line + 1, opened.column + 1), "this quote is never closed", "close it")
    column = min(mark.column, len(lines[line])) if mark else 0
    return Problem(Where(file, line + 1, column + 1), *_advice(said, lines[line][column : column + 1], opened))


def place_after(file: str, before: str) -> Where:
    """The place of what comes right after this beginning of a file."""
    lines = LINE_BREAK.split(before)
    return Where(file, len(lines), len(lines[-1]) + 1)


def _advice(said: str, character: str, opened: Any) -> tuple[str, str]:
    since = f" (what began on line {opened.line + 1} goes on to here)" if opened else ""
    if "mapping values are not allowed" in said:
        return "a ':' cannot stand here", "quote the text that holds it, or check the indentation"
    if "cannot start any token" in said and character:
        return f"a value cannot begin with '{character}'", "put the value between quotes"
    if "could not find expected ':'" in said:
        return f"a ':' is missing{since}", "write 'key: value', and indent the lines of a text"
    if "flow" in said:
        return f"a bracket or brace is not closed{since}", "close it, or quote the text that holds it"
    if "block" in said:
        return f"this does not belong to what stands above it{since}", "check the indentation"
    return f"this is no YAML: {_parser_words(said)}", ""


def _parser_words(said: str) -> str:
    """The parser's words, without what it quotes from the file."""
    return re.sub(r"'[^']*'", "…", said)


def place_in(scalar: ScalarNode, line: int, column: int) -> Where:
    """The place in the file of a line and column (from 1) of a scalar's text, however YAML folds or quotes it."""
    if scalar.is_literal:
        return Where(scalar.content.file, scalar.content.line + line - 1, scalar.content.column + column - 1)
    lines = scalar.words.splitlines(keepends=True)
    offset = sum(map(len, lines[: line - 1])) + column - 1
    word = re.match(r"\w+|\S?", scalar.words[offset:])
    if not word or not word[0]:
        return scalar.content
    at = -1
    for _ in range(scalar.words.count(word[0], 0, offset) + 1):
        at = scalar.raw.find(word[0], at + 1)
    return place_at(scalar, at) if at >= 0 else scalar.content


def place_at(scalar: ScalarNode, offset: int) -> Where:
    """The place in the file of a character of the scalar as it was written, `raw`."""
    at = place_after(scalar.where.file, scalar.raw[:offset])
    column = at.column + scalar.where.column - 1 if at.line == 1 else at.column
    return Where(at.file, scalar.where.line + at.line - 1, column)
