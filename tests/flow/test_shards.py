"""A desk too big for one job: several sweep it side by side, and together they do what one would."""

from __future__ import annotations

import pytest

from starkeeper import flow
from starkeeper.commands.watching import watching
from starkeeper.flow import Run
from starkeeper.model.parts import Part
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.sandbox.seen import Seen
from tests.flow.conftest import BOT, NOW, PROJECT, Place
from tests.running import starkeeper

MARK = """
- name: Mark what is open
  conditions: {state: opened, forbidden_labels: [marked]}
  actions: {labels: [marked], comment: "Marked."}
"""
LIST = """
- name: List what is open
  conditions: {state: opened}
  actions:
    summarize: {title: Open issues, item: "- {{title}}", summary: "{{items}}"}
"""


def sweep(place: Place, rules: str, part: str, *, dry_run: bool = False) -> Run:
    gitlab = place.gitlab()
    try:
        with watching(quiet=True) as watch:
            policies = place.policies(rules)
            return flow.sweep(policies, gitlab, TemplateRenderer(), NOW, watch, dry_run=dry_run, part=Part.parse(part))
    finally:
        gitlab.close()


def sweep_dry(place: Place, rules: str, part: str) -> Run:
    """As side by side, where none sees yet what the others do."""
    return sweep(place, rules, part, dry_run=True)


def fill(place: Place, count: int = 30) -> None:
    for number in range(count):
        place.world.open_issue(PROJECT, title=f"Issue {number}", author="ivy")


def marked(place: Place) -> list[int]:
    return [each.iid for each in place.world.issues(PROJECT) if "marked" in each.labels]


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_parts_together_do_each_issue_once(place: Place, parts: int) -> None:
    fill(place)
    runs = [sweep(place, MARK, f"{number}/{parts}") for number in range(1, parts + 1)]
    assert len(marked(place)) == 30
    assert sum(len(run.plan.changes) for run in runs) == 30
    assert all(len(place.world.notes(PROJECT, iid)) == 1 for iid in marked(place))


def test_each_part_takes_the_same_issues_at_every_run(place: Place) -> None:
    fill(place)
    sweep(place, MARK, "1/3")
    first = marked(place)
    assert 0 < len(first) < 30
    assert sweep(place, MARK, "1/3").plan.changes == ()
    sweep(place, MARK, "2/3")
    assert set(first) < set(marked(place))


def test_only_the_first_part_lists_and_it_lists_all(place: Place) -> None:
    fill(place, 12)
    assert sweep(place, LIST, "2/2").plan.changes == ()
    sweep(place, LIST, "1/2")
    (summary,) = own(place)
    assert all(f"Issue {number}" in summary.description for number in range(12))


def test_fuses_are_shared_out(place: Place) -> None:
    fill(place)
    fused = MARK.replace("marked", "again") + "  max_changes: 10\n"
    run = sweep(place, fused, "1/5")
    assert run.plan.changes == ()
    assert "max_changes allows 2 to shard 1/5, its share of 10" in run.plan.errors[0].what


@pytest.mark.parametrize("key", ["most_recent", "oldest"])
def test_parts_together_do_what_the_limit_leaves_and_no_more(place: Place, key: str) -> None:
    fill(place)
    limited = MARK + f"  limits: {{{key}: 3}}\n"
    plans = [sweep_dry(place, limited, f"{number}/5") for number in range(1, 6)]
    done = sorted(change.iid for run in plans for change in run.plan.changes)
    assert done == ([28, 29, 30] if key == "most_recent" else [1, 2, 3])


def test_no_issue_is_for_ever_in_a_part_that_may_do_nothing(place: Place) -> None:
    place.world.open_issue(PROJECT, title="The only one", author="ivy")
    fused = MARK + "  max_changes: 1\n"
    assert sum(len(sweep(place, fused, f"{number}/5").plan.changes) for number in range(1, 6)) == 1


def own(place: Place) -> list[Seen]:
    return [each for each in place.world.issues(PROJECT) if each.author == BOT]


@pytest.mark.parametrize("text", ["0/2", "3/2", "1", "1/0", "one/two", "1/2/3", "-1/2"])
def test_part_that_is_none_is_refused(text: str) -> None:
    status, _, err = starkeeper("sweep", "--shard", text)
    assert (status, "write the second of five parts like 2/5" in err) == (2, True)
