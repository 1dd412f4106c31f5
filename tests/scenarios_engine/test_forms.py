"""Scenarios in which somebody fills in a form: it is taken, or refused as they say, else that differs at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from starkeeper.policies.load import load_policies
from tests.scenarios_engine.desk import Bench

FORM = """
forms:
  - name: wish
    tracker: wishes
    title: "A wish for {{ fields.what }}"
    fields: {what: {about: what it is, required: true}, more: {about: why, kind: text}}
"""


@pytest.fixture(name="wishes")
def wishes_fixture(tmp_path: Path) -> Bench:
    bench = Bench(tmp_path)
    desk = tmp_path / "desk.yml"
    desk.write_text(desk.read_text("utf-8").replace("trackers:\n", "trackers:\n  wishes: {project: support/wishes}\n"))
    (tmp_path / "wish.yml").write_text(FORM, "utf-8")
    bench.policies = load_policies([tmp_path], tmp_path)
    return bench


def test_form_that_is_filled_in_opens_an_issue(wishes: Bench) -> None:
    assert (
        wishes.said(
            """
        fills_in: {form: wish, by: ivy, fields: {what: peace}}
        expect: {wishes#1: {title: A wish for peace, notes: 0}}
"""
        )
        == []
    )


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("{form: wish, by: ivy}", "the form 'wish' was refused"),
        ("{form: wish, by: ivy, refused: too long}", "the form 'wish' was not refused as expected"),
        ("{form: wish, by: ivy, fields: {what: x}, refused: 'what: '}", "the form 'wish' was not refused as expected"),
        ("{form: wish, by: ivy, refused: 'what: it must be filled in'}", None),
    ],
)
def test_answer_that_a_form_gives_must_be_the_expected_one(wishes: Bench, step: str, said: str | None) -> None:
    found = wishes.said(f"        fills_in: {step}\n")
    assert found == ([f"tests/star.yml:7:19: {said}"] if said else [])


def test_names_of_forms_and_fields_are_checked_before_anything_is_played(wishes: Bench) -> None:
    text = """
scenarios:
  - name: A
    steps:
      - at: 2026-11-30 09:00
        fills_in: {form: wsh, by: ivy}
      - fills_in: {form: wish, by: ivy, fields: {waht: peace}}
"""
    assert wishes.problems(text) == [
        "tests/star.yml:6:26: there is no form 'wsh'; did you mean 'wish'?",
        "tests/star.yml:7:19: the form 'wish' has no field 'waht'; did you mean 'what'?",
    ]
