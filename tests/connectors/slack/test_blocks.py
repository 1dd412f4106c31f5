"""A text of any length becomes messages that Slack takes, with nothing lost and no link cut through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starkeeper.connectors.slack.blocks import blocks_of, fallback_of, first_part, split_text

FENCE = "```"
WORDS = st.sampled_from(
    ["word", "&amp;", "&lt;!channel&gt;", "<https://example.com/a b|a link>", "<@U0EMIL01>", "x" * 700]
)
LINES = st.lists(WORDS, max_size=40).map(" ".join)
TEXTS = st.lists(LINES, min_size=1, max_size=40).map("\n".join)
TALK = st.lists(st.sampled_from(["word", "&amp;", "a\n", "x" * 700]), min_size=1, max_size=40).map(" ".join)
FENCED = st.lists(st.tuples(TALK, TALK), min_size=1, max_size=8).map(
    lambda pairs: "\n".join(f"{plain}\n{FENCE}\n{code}\n{FENCE}" for plain, code in pairs)
)
TICKED = st.lists(WORDS | st.sampled_from(["`", "``", FENCE, "````", "`" * 5_000, "\n"]), max_size=300).map("".join)


def sections(text: str) -> list[str]:
    return [block["text"]["text"] for part in split_text(text) for block in blocks_of(part)]


def told(*pieces: str) -> list[tuple[str, bool]]:
    """The words in order, each with whether it stands in a fence."""
    return [
        (word, place % 2 == 1)
        for piece in pieces
        for place, part in enumerate(piece.split(FENCE))
        for word in part.split()
    ]


@given(TEXTS)
def test_nothing_is_lost_and_nothing_too_long(text: str) -> None:
    found = sections(text)
    assert re.sub(r"\s", "", "".join(found)) == re.sub(r"\s", "", text)
    assert all(0 < len(each) <= 3000 for each in found)
    for part in split_text(text):
        assert len(part) <= 10_000
        assert len(blocks_of(part, "a note")) <= 50


@given(TEXTS)
def test_no_link_mention_or_escaped_sign_is_cut_through(text: str) -> None:
    for each in sections(text):
        assert each.count("<") == each.count(">")
        assert re.sub(r"&(amp|lt|gt);", "", each).count("&") == 0


@given(FENCED)
def test_what_stands_in_a_fence_stays_in_one_and_nothing_else_gets_into_it(text: str) -> None:
    assert told(*sections(text)) == told(text)
    assert told(*split_text(text)) == told(text)
    for cut in (fallback_of(text), first_part(text)):
        words = told(cut.removesuffix("… (cut)").removesuffix("…"))
        assert words == told(text)[: len(words)]


@given(FENCED | TICKED)
def test_no_piece_leaves_a_fence_open_and_nothing_is_lost(text: str) -> None:
    found = sections(text)
    assert re.sub(r"[\s`]", "", "".join(found)) == re.sub(r"[\s`]", "", text)
    assert all(0 < len(each) <= 3000 for each in found)
    if text.count(FENCE) % 2 == 0 or len(found) > 1:
        assert [each.count(FENCE) % 2 for each in found] == [0] * len(found)
    for each in (fallback_of(text), first_part(text), *split_text(text)):
        assert each.count(FENCE) % 2 == 0 or each in (text, text.strip("\n"))


@pytest.mark.parametrize("text", ["x" * 25_000, "<" * 25_000, "&" * 25_000, "&amp;" * 5_000, "<a|" + "b " * 10_000])
def test_a_text_without_a_place_to_cut_is_cut_all_the_same(text: str) -> None:
    assert re.sub(r"\s", "", "".join(sections(text))) == re.sub(r"\s", "", text)


def test_a_text_that_fits_stays_as_it_is() -> None:
    text = "one\n\n  two"
    assert (split_text(text), fallback_of(text), first_part(text)) == ((text,), text, text)
    assert [block["text"]["text"] for block in blocks_of(text)] == [text]


def test_a_text_that_does_not_fit_says_so_where_it_is_cut() -> None:
    text = "a line\n" * 4000
    assert fallback_of(text) == "a line\n" * 570 + "a line\n…"
    assert first_part(text).endswith("a line\n… (cut)")


def test_a_long_note_is_cut() -> None:
    *_, context = blocks_of("text", "word " * 1000)
    assert len(context["elements"][0]["text"]) <= 2000
