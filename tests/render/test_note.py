"""The finished note: what is meant runs, nothing else can, and the note is known again."""

from __future__ import annotations

import pytest
from hypothesis import given

from starkeeper.errors import RenderError, Where
from starkeeper.model.rules import Rule
from starkeeper.render.markers import Marker, find_marker, make_marker, marker_of_key
from starkeeper.render.note import finish_note, scan
from tests.render.world import comment, nasty

RULE = Rule(name="Take in a new STAR", policy="star", where=Where("policies/star.yml", 14, 7))
KEY, LINE = make_marker(RULE.name, 1)


def finish(*parts: str, url: str = "https://e.com/-/blob/abc") -> str:
    return finish_note(parts, rule=RULE, policy_url=url, marker=LINE)


def test_a_note_ends_with_why_and_its_marker() -> None:
    assert finish("A\n", "", comment("B {{author}}\n")) == (
        "A\n\nB @emil\n\n<sub>Starkeeper wrote this: rule "
        f"[Take in a new STAR](https://e.com/-/blob/abc/policies/star.yml#L14)</sub>\n\n{LINE}"
    )
    assert finish("A", url="").splitlines()[2] == (
        "<sub>Starkeeper wrote this: rule Take in a new STAR, `policies/star.yml:14`</sub>"
    )


def test_a_rule_name_cannot_break_the_why_line() -> None:
    rule = Rule(name="a](x) @all <!-- `b`", policy="p", where=RULE.where)
    body = finish_note(["A"], rule=rule, policy_url="https://e.com", marker=LINE)
    assert "[`a](x) @all <!-- \u02cbb\u02cb`]" in body or "[` a](x) @all <!-- \u02cbb\u02cb `]" in body


def test_meant_quick_actions_stay_and_others_are_refused() -> None:
    assert finish(comment("Hi\n/assign {{author}}")).startswith("Hi\n/assign @emil\n")
    for body in ("/close", "a\n  /CLOSE", "a\u2028/close", "```\n/close\n```", "> a\n\x85/label ~x"):
        with pytest.raises(RenderError) as caught:
            finish(body)
        assert RULE.name in str(caught.value)
        assert "label" not in str(caught.value)


def test_a_line_is_meant_as_often_as_the_template_writes_it() -> None:
    with pytest.raises(RenderError):
        scan("/close\ntext\n/close", ["/close"], rule=RULE)


def test_text_after_an_empty_value_is_no_command_of_the_template() -> None:
    with pytest.raises(RenderError):
        finish(comment("{{reviewers}}/close"))
    with pytest.raises(RenderError):
        finish(comment("{{ title | quote }}/close"))


@pytest.mark.parametrize("body", ["```\na", "~~~~\n~~~", "````\n```", "<!-- a", "- a\n  ```\n  b"])
def test_an_open_fence_or_comment_does_not_swallow_the_why_line(body: str) -> None:
    with pytest.raises(RenderError):
        finish(body)


@pytest.mark.parametrize("body", ["```\na\n```", "~~~\n```\n~~~", "<!-- a -->", "- a\n  ```\n  b\n  ```"])
def test_a_closed_fence_is_fine(body: str) -> None:
    assert finish(body).endswith(LINE)


@given(nasty)
def test_any_rule_name_makes_one_marker_that_is_found(name: str) -> None:
    name = name.encode("utf-8", "replace").decode()
    key, line = make_marker(name, 3)
    found = find_marker(f"text\n\n{line}\n \n")
    assert found == Marker(key, 3, found.rule if found else "")
    assert line.count("--") == 2
    assert line.startswith(marker_of_key(key))
    assert line.splitlines() == [line]


def test_only_the_last_line_is_a_marker() -> None:
    assert find_marker(f"{LINE}\nmore") is None
    assert find_marker(f"> {LINE}") is None
    assert find_marker("") is None
    assert find_marker(LINE) == Marker(KEY, 1, "take-in-a-new-star")
    assert make_marker(RULE.name, 2)[0] != KEY


@pytest.mark.parametrize("body", ["A {{ theirs }}", "{{ theirs | quote }}"])
def test_value_that_only_looks_like_the_start_of_a_comment_refuses_no_note(body: str) -> None:
    made = comment(body, theirs="<!-- never closed")
    assert "<!-- never closed" in made
    assert finish(made).startswith(made.strip())
