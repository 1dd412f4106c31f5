"""Any issues, any rules: a dry run plans what the real run plans, and the world then equals the plan."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from starkeeper.evaluate.effects import with_step
from starkeeper.model.desk import Tracker
from starkeeper.model.plan import CommentStep, Plan
from starkeeper.model.resources import Issue, IssueKey
from starkeeper.report import plan_file
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.flow.conftest import PROJECT, Place, make_world

LABELS = ("a", "b", "s::x", "s::y", "t::z")
PEOPLE = ("ivy", "kim", "lou")
labels = st.lists(st.sampled_from(LABELS), unique=True, max_size=3)
issues = st.lists(
    st.fixed_dictionaries({"labels": labels, "assignees": st.lists(st.sampled_from(PEOPLE), unique=True, max_size=2)}),
    min_size=1,
    max_size=5,
)
conditions = st.fixed_dictionaries(
    {},
    optional={
        "labels": labels.filter(bool),
        "forbidden_labels": labels.filter(bool),
        "state": st.sampled_from(["opened", "closed"]),
    },
)
actions = st.fixed_dictionaries(
    {},
    optional={
        "labels": labels.filter(bool),
        "remove_labels": labels.filter(bool),
        "status": st.sampled_from(["close", "reopen"]),
        "assign": st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=2, unique=True),
        "comment": st.sampled_from(["Hello {{ author }}", "{{ title }}", "Labels: {{ labels }}"]),
        "confidential": st.booleans(),
    },
)
rules = st.lists(st.tuples(conditions, actions), min_size=1, max_size=4)


@settings(max_examples=25)
@given(issues, rules)
def test_world_after_a_sweep_equals_the_plan(opened: list[dict[str, Any]], made: list[tuple[Any, Any]]) -> None:
    text = "\n".join(f"- {{name: R{n}, conditions: {c}, actions: {a}}}" for n, (c, a) in enumerate(made))
    text = text.replace("True", "true").replace("False", "false")
    world = make_world()
    for issue in opened:
        world.open_issue(PROJECT, author="ivy", **issue)
    with serve(world) as sandbox, tempfile.TemporaryDirectory() as folder:
        place = Place(world, sandbox.url, Path(folder))
        before = _read(place)
        dry = place.sweep(text, dry_run=True)
        assert _read(place) == before
        real = place.sweep(text)
        assert plan_file(real.plan) == plan_file(dry.plan)
        assert {outcome.result for outcome in real.outcomes} <= {"applied"}
        _assert_equal(world, before, real.plan)


def _read(place: Place) -> dict[IssueKey, Issue]:
    gitlab = place.gitlab()
    try:
        return {issue.key: issue for issue in gitlab.list_issues(Tracker(name=PROJECT, path=PROJECT), {})}
    finally:
        gitlab.close()


def _assert_equal(world: World, before: dict[IssueKey, Issue], plan: Plan) -> None:
    steps = {IssueKey(change.project, change.iid): change.steps for change in plan.changes}
    for key, issue in before.items():
        for step in steps.get(key, ()):
            issue = with_step(issue, step)
        seen = world.issue(*key)
        assert set(seen.labels) == set(issue.labels)
        assert set(seen.assignees) == {user.username for user in issue.assignees}
        assert (seen.state, seen.confidential) == (issue.state, issue.confidential)
        bodies = [step.body for step in steps.get(key, ()) if isinstance(step, CommentStep)]
        assert [note.body for note in world.notes(*key)] == bodies
