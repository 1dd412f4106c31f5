"""What the weekly digest of the desk says under `measures`: what is wrong in it is told where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from starkeeper.errors import PolicyError
from starkeeper.policies.load import load_policies
from tests.measures.weekly import FILES, TEMPLATES, write_policies

WEEK = FILES["digests.yml"].index("    measures:\n")


def problems(folder: Path, **changed: str) -> list[str]:
    write_policies(folder, **changed)
    try:
        load_policies([folder], TEMPLATES)
    except PolicyError as error:
        return [str(each).removeprefix(f"{folder}/") for each in error.problems]
    return []


def test_the_digest_as_it_is_has_nothing_wrong_in_it(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("said", "instead", "problem"),
    [
        ("tracker: star", "tracker: stars", "there is no tracker 'stars' in desk.yml; did you mean 'star'?"),
        ("clock: urgency", "clock: urgent", "there is no clock 'urgent' in desk.yml; did you mean 'urgency'?"),
        ("calendar: global_support_hours", "calendar: gsh", "there is no calendar 'gsh' in desk.yml"),
        ("rotation: support_manager", "rotation: managers", "there is no rotation 'managers' in desk.yml"),
        ("tracker: feedback", "tracker: praise", "there is no tracker 'praise' in desk.yml"),
        ("clock: contact", "clock: contacts", "there is no clock 'contacts' in desk.yml; did you mean 'contact'?"),
        ("kind: kind", "kind: region", "tracker 'feedback' has no 'values' for a field 'region'"),
        ("unstarred: unstarred", "unstared: unstarred", "unknown key 'unstared' in 'week'; did you mean 'unstarred'?"),
    ],
)
def test_a_wrong_name_is_told_at_its_place(tmp_path: Path, said: str, instead: str, problem: str) -> None:
    text = FILES["digests.yml"]
    at = text.index(said, WEEK)
    found = problems(tmp_path, digests=text[:at] + instead + text[at + len(said) :])
    assert len(found) == 1
    assert found[0].startswith(f"digests.yml:{text.count(chr(10), 0, at) + 1}:")
    assert f": {problem}" in found[0]


def test_a_clock_without_a_length_can_keep_no_time(tmp_path: Path) -> None:
    assert "    length: 48 hours\n" in FILES["desk.yml"]
    found = problems(tmp_path, desk=FILES["desk.yml"].replace("    length: 48 hours\n", ""))
    assert [each.partition(": ")[2] for each in found] == [
        "clock 'contact' has no length, so nothing is in time or late by it; give it one in desk.yml"
    ]


def test_a_template_that_asks_the_week_for_what_it_does_not_have_is_found_before_any_run(tmp_path: Path) -> None:
    found = problems(tmp_path, digests=FILES["digests.yml"].replace("week.starts_at", "week.started_at"))
    assert len(found) == 1
    assert "'week' has no 'started_at'; did you mean 'starts_at'?" in found[0]
