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
        ("before: 1 hour", "before: 5 hours", "3: 'draft_before' is longer than 4 hours, half a shift"),
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


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("{{ incoming.nam }}", "'incoming' has no 'nam'"),
        ("{{ outgoing.nam }}", "'outgoing' has no 'nam'"),
        ("{{ next_on_call.nam }}", "'next_on_call' has no 'nam'"),
        ("{% for each in lists.stars %}{{ each.is_overdu }}{% endfor %}", "'each' has no 'is_overdu'"),
        ("{% for one in (lists.stars | reverse)[:5] %}{{ one.titl }}{% endfor %}", "'one' has no 'titl'"),
        ("{% for each in pages.emergencies %}{{ each.tickt }}{% endfor %}", "'each' has no 'tickt'"),
        ("{% for each in closed if each.titl %}x{% endfor %}", "'each' has no 'titl'"),
        ("{% set few = lists.stars[:3] %}{% for each in few %}{{ each.titl }}{% endfor %}", "'each' has no 'titl'"),
    ],
)
def test_misspelt_names_of_people_and_of_what_is_listed_are_said_at_their_line(
    tmp_path: Path, words: str, said: str
) -> None:
    assert problems(tmp_path, DIGEST, slack=f"Hello\n{words}") == [f"slack.md:2: {said}"]


@pytest.mark.parametrize(
    "words",
    [
        "{{ incoming.name or incoming.username }}",
        "{% for each in lists.stars %}{{ each.title }}{{ each.is_overdue }}{{ each.fields.ticket }}{% endfor %}",
        "{% for page in pages.emergencies %}{% for each in page.people %}{{ each.name }}{% endfor %}{% endfor %}",
        "{% for each in lists.stars %}{% for each in pages.emergencies %}{{ each.number }}{% endfor %}{% endfor %}",
        "{% for each in lists.stars + pages.emergencies %}{{ each.number }}{% endfor %}",
    ],
)
def test_names_that_are_there_are_no_mistakes(tmp_path: Path, words: str) -> None:
    assert problems(tmp_path, DIGEST, slack=words) == []


def test_names_that_a_condition_of_a_list_brings_along_are_there(tmp_path: Path) -> None:
    clocked = DIGEST.replace("{state: opened}", "{state: opened, clock: {name: answer}}")
    words = "{% for each in lists.stars %}{{ each.clock.due_at }}{% endfor %}"
    assert problems(tmp_path, clocked, slack=words) == []
    assert problems(tmp_path, DIGEST, slack=words) == ["slack.md:1: 'each' has no 'clock'"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('{{ keep("notes") }}\n\n{{ keep("notes", ["Why"]) }}', "3: there are two places 'notes' to write in"),
        ("{{ keep() }}", "1: 'keep' needs a name"),
    ],
)
def test_places_to_write_in_have_a_name_each(tmp_path: Path, words: str, said: str) -> None:
    assert problems(tmp_path, DIGEST, issue=words) == [f"issue.md:{said}"]


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
