"""Places in which people write: what they wrote stays as it is, and nothing else is ever taken for it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starkeeper.model.values import Text
from starkeeper.render.keep import LEFT_OVER, SEAL, has_writing, is_as_sealed, keep, sealed, with_kept
from starkeeper.render.renderer import TemplateRenderer
from tests.render.world import nasty

FIELDS = ("Theory", "Next step")


def a_text(*places: str, above: str = "Above.") -> str:
    return "\n\n".join((above, *(str(keep(name, FIELDS)) for name in places), LEFT_OVER, "The end."))


def made(*places: str, above: str = "Above.") -> str:
    text = with_kept(a_text(*places, above=above))
    assert text is not None
    return text


def written(text: str, words: str, number: int = 1) -> str:
    """The text once somebody filled in the nth theory."""
    parts = text.split("- Theory: \n")
    return "- Theory: \n".join(parts[:number]) + f"- Theory: {words}\n" + "- Theory: \n".join(parts[number:])


def test_new_text_has_its_places_and_nothing_of_the_way_they_came() -> None:
    text = made("one", "two")
    assert text.count("- Theory: \n- Next step: \n") == 2
    assert not re.search("[\x00-\x08]", text)
    assert text.endswith("\n\nThe end.") and "\n\n\n\n" not in text


@given(nasty, nasty)
def test_what_people_wrote_stays_byte_for_byte(first: str, second: str) -> None:
    before = written(written(made("one", "two"), f"I {first}"), f"we {second}")
    after = with_kept(a_text("one", "two", above="Other words."), before)
    if after is None:
        assert re.search(r"(?m)^\s*/[A-Za-z_]+(\s|$)", "\n".join(before.splitlines()))
    else:
        assert after == before.replace("Above.", "Other words.")


def test_place_that_nobody_used_takes_the_words_of_today() -> None:
    before = made("one")
    after = with_kept(f"{keep('one', ['Cause'])}\n\n{LEFT_OVER}\n\nThe end.", before)
    assert after is not None and "- Cause: " in after and "Theory" not in after


def test_what_is_about_something_gone_is_kept_at_the_end_and_once() -> None:
    before = written(made("one", "two"), "a full disk")
    for _ in range(3):
        after = with_kept(a_text("two"), before)
        assert after is not None and after.count("- Theory: a full disk") == 1
        assert after.index("a full disk") > after.index("**Written about what is no longer listed**")
        before = after
    back = with_kept(a_text("one", "two"), before)
    assert back == written(made("one", "two"), "a full disk")


def test_place_within_a_table_keeps_its_cell() -> None:
    row = f"| a | {keep('cause of g/p#1')} |\n\n{LEFT_OVER}\n\nThe end."
    before = with_kept(row)
    assert before is not None
    filled = before.replace("--> <!--", "-->slow | `sales <!--")
    assert with_kept(row, filled) == filled


def test_pasted_copy_of_a_whole_place_is_text_like_any_other() -> None:
    text = made("one", "two")
    copy = text[text.index("<!-- starkeeper keep=two") : text.index("kept=two -->") + len("kept=two -->")]
    before = written(text, copy)
    assert with_kept(a_text("one", "two"), before) == before


@pytest.mark.parametrize("stray", ["<!-- starkeeper kept=one -->", "<!-- starkeeper keep=one of=01234567 -->"])
def test_stray_mark_holds_everything_back_rather_than_lose_a_word(stray: str) -> None:
    assert with_kept(a_text("one"), written(made("one"), f"{stray} and more")) is None


@pytest.mark.parametrize("command", ["/close", '/label ~"x"', "```\n/close\n```", "\u2028/close"])
def test_command_is_not_written_again(command: str) -> None:
    assert with_kept(a_text("one"), written(made("one"), f"\n{command}\n")) is None


def test_path_is_no_command() -> None:
    assert with_kept(a_text("one"), written(made("one"), "\n/var/log is full\n")) is not None


def test_value_that_looks_like_a_place_is_none() -> None:
    """A title may be anybody's."""
    mark = re.search("<!-- starkeeper keep=.*? -->", made("one"))
    assert mark is not None
    forged = TemplateRenderer().comment(Text("{{ title }}"), {"title": f"{mark[0]} <!-- starkeeper kept=one -->"})
    before = written(made("one", above=f"x {forged}"), "mine")
    after = with_kept(a_text("one", above=f"x {forged} y"), before)
    assert after == before.replace(f"x {forged}", f"x {forged} y")


@given(st.text(max_size=60))
def test_any_name_makes_a_place_of_its_own(name: str) -> None:
    other = f"{name}."
    row = f"{keep(name)}{keep(other)}\n\n{LEFT_OVER}\n\nThe end."
    before = with_kept(row)
    assert before is not None
    filled = before.replace("--> <!--", "-->mine <!--", 1)
    assert with_kept(row, filled) == filled


def a_sealed_text() -> str:
    text = with_kept("\n\n".join(("Above.\n\n- [ ] done", str(keep("one", FIELDS)), LEFT_OVER, SEAL)))
    assert text is not None
    return sealed(text)


@given(nasty)
def test_what_people_write_in_a_place_and_tick_leaves_our_part_as_it_was(words: str) -> None:
    text = written(a_sealed_text(), words)
    assert is_as_sealed(text)
    assert is_as_sealed(text.replace("[ ] done", "[x] done"))
    assert is_as_sealed(f"{a_sealed_text()}  \n".replace("\n", "\r\n"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Above.", "Above!"),
        ("Above.", "/var is full\n\nAbove."),
        ("- [ ] done", "- [ ] done\n- [ ] more"),
        ("<!-- starkeeper own=", "<!-- starkeeper mine="),
        ("Above.", ""),
    ],
)
def test_what_people_write_elsewhere_is_noticed(before: str, after: str) -> None:
    text = a_sealed_text()
    assert before in text
    assert not is_as_sealed(text.replace(before, after, 1))


def test_command_that_gitlab_took_out_was_ours() -> None:
    text = sealed(f"Above.\n\n/label ~star\n\n{SEAL}")
    assert is_as_sealed(text.replace("/label ~star\n\n", ""))


def test_writing_is_what_is_not_as_it_was_made() -> None:
    assert not has_writing(a_sealed_text())
    assert has_writing(written(a_sealed_text(), "a full disk"))


@pytest.mark.parametrize("line", ["/var is full", "/etc", "/srv and /var", "/disk1 is gone"])
def test_path_at_the_beginning_of_a_line_is_no_command(line: str) -> None:
    before = written(made("one"), f"\n{line}")
    after = with_kept(a_text("one", above="Other words."), before)
    assert after is not None and f"\n{line}\n" in after


@pytest.mark.parametrize("line", ["/close", "/CLOSE", "/assign @emil", "  /label ~x"])
def test_quick_action_is_never_written_again(line: str) -> None:
    before = written(made("one"), f"\n{line}")
    assert with_kept(a_text("one", above="Other words."), before) is None
