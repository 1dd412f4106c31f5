"""Untrusted text on its way to Markdown, Slack, plain text and HTML."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given

from starkeeper.render.clean import clean_lines, one_line, short_lines
from starkeeper.render.escape import (
    html_block,
    html_inline,
    is_bare,
    markdown_block,
    markdown_inline,
    plain_block,
    plain_inline,
    slack_block,
    slack_inline,
)
from starkeeper.render.forms import link_url
from starkeeper.render.safe import Safe
from tests.render.world import HOSTILE, REFERENCE, nasty, new_scanner, old_scanner, shown

LINE_BREAKS = ("\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


@pytest.mark.parametrize("line_break", LINE_BREAKS)
def test_every_line_break_of_unicode_splits(line_break: str) -> None:
    assert clean_lines(f"a{line_break}/close") == ["a", "/close"]
    assert markdown_inline(f"a{line_break}/close") == "`a /close`"
    assert markdown_block(f"a{line_break}/close") == "```\n| a\n| /close\n```"


@pytest.mark.parametrize(
    "hidden", "\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\u200d\ufeff\u00ad\x00\x1b\ud800\ue000\ufffe\u3164"
)
def test_hidden_and_turning_characters_are_dropped(hidden: str) -> None:
    assert one_line(f"a{hidden}b") == "ab"


@pytest.mark.parametrize(
    "kept", ("🙂", "👩\u200d💻", "❤\ufe0f", "שלום", "مرحبا", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "Zoë")
)
def test_emoji_and_other_scripts_are_kept(kept: str) -> None:
    assert one_line(kept) == kept


@pytest.mark.parametrize(
    "text", ("Timely", "12", "1,234", "2026-11-30", "self-managed", "16.4.2", "Kim, Lee", "Zoë", "123456")
)
def test_harmless_words_stand_bare(text: str) -> None:
    assert markdown_inline(text) == text


@pytest.mark.parametrize(
    "text",
    (
        "/close",
        "@all",
        "www.example.com",
        "a@b.c",
        "ABC-12",
        "A1",
        "1. x",
        "- x",
        "a--b",
        "12345678",
        "deadbeef",
        ":x:",
        "*x*",
        "e.g.",
        "#1",
        "a|b",
    ),
)
def test_everything_else_is_one_code_span(text: str) -> None:
    assert markdown_inline(text) == f"`{text}`"


@given(nasty)
def test_a_bare_value_is_nothing_but_words_to_a_renderer(text: str) -> None:
    line = one_line(text)
    if is_bare(line):
        text_shown, tags = shown(line)
        assert [tag for tag, _ in tags] == ["p"]
        assert not REFERENCE.search(text_shown)
        assert text_shown.strip("\0\n") == line


@given(nasty)
def test_inline_text_has_two_single_backticks_or_none(text: str) -> None:
    made = markdown_inline(text)
    assert made.splitlines() == [made]
    assert made.count("`") in (0, 2)
    if "`" in made:
        assert re.fullmatch(r"`[^`]+`", made)


@given(nasty)
def test_a_block_is_one_fence_of_barred_lines(text: str) -> None:
    first, *inner, last = markdown_block(text).splitlines()
    assert (first, last) == ("```", "```")
    assert inner and all(re.match(r"\|( |\Z)", line) for line in inner)
    assert old_scanner(markdown_block(text)) == new_scanner(markdown_block(text)) == []
    assert not any(unicodedata.category(each) in ("Cc", "Cs", "Co") for line in inner for each in line)


def test_backticks_become_look_alikes_with_room_at_the_ends() -> None:
    assert markdown_inline("`/close` now") == "` \u02cb/close\u02cb now `"


@pytest.mark.parametrize("empty", ("", "  \n", "\u200b"))
def test_an_empty_text_is_a_dash(empty: str) -> None:
    made = [each(empty) for each in (markdown_inline, slack_inline, plain_inline, html_inline)]
    assert made == ["—"] * 4
    assert markdown_block(empty) == "```\n| —\n```" or not one_line(empty)


def test_what_was_cut_is_counted() -> None:
    assert plain_inline("x" * 2434) == "x" * 300 + "… (2,134 characters more)"
    assert short_lines("ab\n" * 100)[-1] == "… (60 characters more)"
    assert short_lines("x" * 5000) == ["x" * 4000, "… (1,000 characters more)"]
    assert short_lines("x" * 4000) == ["x" * 4000]


def test_a_megabyte_is_cut_to_a_line_and_a_block() -> None:
    text = "`/close @all\u200d\n" * 80_000
    assert len(markdown_inline(text)) < 400
    assert len(markdown_block(text)) < 4_300


def test_hostile_feedback_is_one_harmless_block() -> None:
    block = markdown_block(HOSTILE)
    assert block.splitlines()[1:-1] == [
        "| /close",
        '| /label ~"Escalation::License-Issue"',
        "| @all",
        "| <!channel>",
        "| <@U123>",
        "| ```",
        "| {{ 7*7 }}",
        "| {% for x in y %}",
        "| $CI_JOB_TOKEN",
        "| before",
        "| /close",
        "| gnirts a fo dne",
    ]
    assert not REFERENCE.search(shown(block)[0])


@given(nasty)
def test_slack_text_has_no_mention_link_or_markup(text: str) -> None:
    for made in (slack_inline(text), slack_block(text)[3:-3]):
        assert not re.search(r"[<>`]", made)
        assert not re.search(r"&(?!amp;|lt;|gt;)", made)
    assert not re.search(r"[*~]|(?<!\w)_|_(?!\w)|(?<!\S)@\w|^&gt;", slack_inline(text))


def test_slack_forms_are_taken_apart() -> None:
    assert slack_inline("<!channel> <@U123> <https://a|b> @here *b* snake_case a@b.c &amp;") == (
        "&lt;!channel&gt; &lt;\uff20U123&gt; &lt;https://a|b&gt; \uff20here \u2217b\u2217 snake_case a@b.c &amp;amp;"
    )
    assert slack_block("a\n```\n<!here>") == "```\na\n\u02cb\u02cb\u02cb\n&lt;!here&gt;\n```"


@given(nasty)
def test_html_has_no_tag_of_the_text(text: str) -> None:
    assert not re.search(r"[<>\"']", html_inline(text))
    assert html_block(text).count("<") == 2


def test_plain_text_is_one_line_or_quoted_lines() -> None:
    assert plain_inline("a\n/close") == "a /close"
    assert plain_block("a\n/close") == "> a\n> /close"


@pytest.mark.parametrize(
    "url", ("javascript:alert(1)", "ftp://a", "", "http://", "https://a b", "https://a\n", "//a", "https://u:p@h")
)
def test_only_web_addresses_are_linked(url: str) -> None:
    assert link_url(url) in (None, "https://a")


def test_an_address_cannot_end_its_link_early() -> None:
    assert link_url('https://e.com/a)b<c>"[d]`') == "https://e.com/a%29b%3Cc%3E%22%5Bd%5D%60"


def test_what_is_made_of_safe_text_is_not_safe() -> None:
    safe = Safe("a-b", "markdown")
    made = (safe + "", "" + safe, safe[:], safe * 1, safe.upper(), f"{safe}", safe.format(), "".join([safe]), str(safe),
            safe % (), safe.strip(), safe.replace("x", "y"), *safe.split("x"))  # fmt: skip
    assert {type(each) for each in made} == {str}
    assert safe.target == "markdown"
