"""YAML text to nodes: values as YAML 1.2 has them, places as an editor counts them, and no text that breaks it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from starkeeper.policies.nodes import scalars
from starkeeper.policies.source import parse_source, read_source
from tests.policies.helpers import plain


def value(text: str) -> Any:
    source = parse_source("a.yml", text.encode())
    assert source.problems == ()
    return plain(source.root)


def said(text: str) -> list[str]:
    return [str(problem) for problem in parse_source("a.yml", text.encode()).problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on", "on"),
        ("off", "off"),
        ("yes", "yes"),
        ("No", "No"),
        ("y", "y"),
        ("true", True),
        ("True", True),
        ("FALSE", False),
        ("tRUE", "tRUE"),
        ("~", None),
        ("Null", None),
        ("", None),
        ("nUll", "nUll"),
        ("12", 12),
        ("-7", -7),
        ("+3", 3),
        ("0123", 123),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", "0b11"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("190:20:30", "190:20:30"),
        ("2026-12-24", "2026-12-24"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("1.2.3", "1.2.3"),
        ("18.", 18.0),
        ("-.inf", float("-inf")),
        ("=", "="),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
    ],
)
def test_scalars_mean_what_yaml_1_2_says(text: str, expected: Any) -> None:
    found = value(f"a: {text}")["a"]

    assert (found, type(found)) == (expected, type(expected))


def test_a_number_too_long_to_be_one_stays_text() -> None:
    assert value(f"a: {'9' * 5000}") == {"a": "9" * 5000}


def test_merged_keys_give_way_to_those_that_are_written() -> None:
    text = ".a: &a {x: 1, y: 1}\n.b: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 3}\n"

    assert value(text) == {"c": {"x": 3, "y": 1, "z": 2}}


def test_hidden_keys_are_left_out_at_every_level() -> None:
    assert value(".top: 1\na: {.inner: 2, b: 3}") == {"a": {"b": 3}}


def test_an_anchor_can_be_given_a_new_value() -> None:
    assert value("a: &x 1\nb: *x\nc: &x 2\nd: *x") == {"a": 1, "b": 1, "c": 2, "d": 2}


@pytest.mark.parametrize(
    "text", ["a: 1\r\nb: 2\r\n", "\ufeffa: 1\nb: 2\n", "---\na: 1\nb: 2\n...\n", "a: 1 # c\n\nb: 2"]
)
def test_byte_order_mark_line_ends_and_markers_change_nothing(text: str) -> None:
    assert value(text) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("a: text", 1, 4),
        ("a: 'text'", 1, 5),
        ('a: &x "text"', 1, 8),
        ("a: |\n  text", 2, 3),
        ("a: >- # note\n\n    text", 2, 5),
        ("a: &x |\n  text", 2, 3),
        ("a:\n  - text", 2, 5),
        ("\ufeffa: text", 1, 4),
        ("a:\n  !!str\n  text", 3, 3),
    ],
)
def test_the_place_of_a_text_is_that_of_its_first_character(text: str, line: int, column: int) -> None:
    root = parse_source("a.yml", text.encode()).root
    assert root is not None
    content = next(scalars(root)).content

    assert (content.line, content.column) == (line, column)


def test_a_key_given_twice_is_reported_at_the_second_with_the_line_of_the_first() -> None:
    assert said("a: 1\nb: 2\na: 3") == ["a.yml:3:1: the key 'a' was already given on line 1; keep one of them"]


def test_deep_nesting_is_refused() -> None:
    assert said("[" * 5000 + "]" * 5000) == ["a.yml:1:62: this is nested deeper than 60 levels"]


def test_an_alias_that_is_used_often_but_stays_small_is_fine() -> None:
    text = ".rule: &rule {name: A, labels: [a, b]}\nrules:\n" + "- *rule\n" * 1000

    assert len(value(text)["rules"]) == 1000


def test_a_missing_file_a_folder_and_a_name_in_messages(tmp_path: Path) -> None:
    assert [str(each) for each in read_source(tmp_path / "no.yml", "no.yml").problems] == [
        "no.yml:1:1: there is no such file or folder; name your policies with --policies"
    ]
    assert [str(each) for each in read_source(tmp_path, "here").problems] == ["here:1:1: this is a folder, not a file"]


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data: bytes) -> None:
    source = parse_source("a.yml", data)

    assert source.root is not None or source.problems


_YAML_LIKE = st.text(alphabet="ab1.-:#&*!|>'\"%@`{}[],?<~ \t\n\r\\$\u2028é", max_size=60)


@given(_YAML_LIKE)
def test_both_parsers_see_the_same_and_every_place_lies_inside_the_text(text: str) -> None:
    fast = parse_source("a.yml", text.encode())
    slow = parse_source("a.yml", text.encode(), yaml.SafeLoader)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n")

    if fast.root is not None and slow.root is not None:
        assert plain(fast.root) == plain(slow.root)
    for problem in (*fast.problems, *slow.problems):
        assert problem.where.line <= len(lines)
        assert problem.where.column <= len(lines[problem.where.line - 1]) + 1


_KEYS = st.from_regex(r"[a-z]{1,8}", fullmatch=True).filter(lambda key: key != "null")
# PyYAML writes YAML 1.1, in which 0E0 and 08 are texts and need no quotes.
_TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])).filter(
    lambda text: not re.fullmatch(r"[-+]?[0-9]*\.?[0-9]*[eE][-+]?[0-9]+|0o[0-7]+|[-+]?0[0-9]+", text)
)
_TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@given(_TREES)
def test_what_is_written_as_yaml_is_read_back(tree: Any) -> None:
    text = yaml.safe_dump({"a": tree}, allow_unicode=True, default_flow_style=False)
    source = parse_source("a.yml", text.encode())

    assert plain(source.root) == {"a": tree}
