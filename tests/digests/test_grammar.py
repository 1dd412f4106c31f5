"""What `check` says of digests that could not be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from starkeeper.errors import PolicyError
from tests.digests.desk import DIGEST, read_policies


def problems(folder: Path, digest: str, **templates: str) -> list[str]:
    try:
        read_policies(folder, digest, **templates)
    except PolicyError as error:
        return [f"{Path(each.where.file).name}:{each.where.line}: {each.message}" for each in error.problems]
    return []


def test_digest_needs_no_rules_beside_it(tmp_path: Path) -> None:
    (digest,) = read_policies(tmp_path).digests
    assert (digest.name, digest.lists[0].clocks) == ("hand-over", ("answer",))


def test_list_that_names_no_clocks_has_all_of_them(tmp_path: Path) -> None:
    (digest,) = read_policies(tmp_path, DIGEST.replace("clocks: answer, ", "")).digests
    assert digest.lists[0].clocks == ("answer", "wait")
    (digest,) = read_policies(tmp_path, DIGEST.replace("clocks: answer", "clocks: []")).digests
    assert digest.lists[0].clocks == ()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("rotation: support_manager", "rotation: manager", "4: there is no rotation 'manager' in desk.yml"),
        ("weekend: office_hours", "weekend: weekends", "6: there is no calendar 'weekends' in desk.yml"),
        ("pages: emergencies", "pages: [outages]", "9: there is no service 'outages' in desk.yml"),
        ("tracker: star,", "tracker: stars,", "8: there is no tracker 'stars' in desk.yml"),
        ("clocks: answer", "clocks: [answers]", "8: there is no clock 'answers' in desk.yml"),
        ("post: star", "post: stars", "11: there is no channel 'stars' in desk.yml"),
        ("tracker: handover", "tracker: hand", "10: there is no tracker 'hand' in desk.yml"),
        ("name: stars", "name: the-stars", "8: 'the-stars' is no name of a list"),
        ("state: opened", "state: open", None),
        ("state: opened", "clock: {name: nothing, at_least: 50%}", None),
        ("    draft_before: 1 hour\n", "", "10: no draft is ever said"),
        (", draft: draft.md", "", "3: 'draft_before' needs words for the draft"),
        ("slack.md", "slak.md", "11: there is no template 'slak.md'"),
        ("{{ shift.region }}", "{{ shift.place }}", "10: 'shift' has no 'place'"),
        ("{{ shift.region }}", "{{ week.received }}", "10: unknown name 'week'"),
    ],
)
def test_each_mistake_is_said_at_its_line(tmp_path: Path, before: str, after: str, said: str | None) -> None:
    assert before in DIGEST
    found = problems(tmp_path, DIGEST.replace(before, after, 1))
    assert len(found) == 1, found
    assert found[0] == f"digests.yml:{said}" if said else found[0].startswith("digests.yml:8: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{{ lists.star }}", "'lists' has no 'star'"),
        ("{{ pages.outages }}", "'pages' has no 'outages'"),
        ("{{ incomming }}", "unknown name 'incomming'"),
        ("{{ title }}", "unknown name 'title'"),
        ("{{ keep('notes') }}", "unknown name 'keep'"),
        ("{{ on_call('nobody') }}", "desk.yml has no 'nobody' for on_call"),
    ],
)
def test_names_that_nobody_gives_are_said_at_the_line_of_the_template(tmp_path: Path, words: str, said: str) -> None:
    assert problems(tmp_path, DIGEST, slack=f"Hello\n{words}") == [f"slack.md:2: {said}"]


def test_keep_is_for_the_issue(tmp_path: Path) -> None:
    assert problems(tmp_path, DIGEST, issue="{{ keep('notes') }}") == []


def test_two_digests_of_one_name_would_write_into_one_message(tmp_path: Path) -> None:
    twice = DIGEST + DIGEST.replace("\ndigests:\n", "")
    (said,) = problems(tmp_path, twice)
    assert said.startswith("digests.yml:12: the name 'hand-over' is taken by the digest at ")


def test_file_with_neither_rules_nor_digests_is_no_policy(tmp_path: Path) -> None:
    assert problems(tmp_path, "tracker: star\n") == ["digests.yml:1: the file lacks 'resource_rules'"]


def test_digest_that_is_told_nowhere_is_a_mistake(tmp_path: Path) -> None:
    bare = "digests:\n  - {name: a, rotation: support_manager}\n"
    assert problems(tmp_path, bare) == ["digests.yml:2: this digest is told nowhere"]
