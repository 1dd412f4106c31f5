"""Any resources, any rules: a dry run plans what the real run plans, and the world then equals the plan."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from starkeeper.evaluate.effects import with_step
from starkeeper.model.desk import Tracker
from starkeeper.model.plan import CommentStep, Plan
from starkeeper.model.resources import Resource, ResourceKey, ResourceType
from starkeeper.report import plan_file
from starkeeper.sandbox.seen import SeenItem
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.flow.conftest import PROJECT, Place, make_world

LABELS = ("a", "b", "s::x", "s::y", "t::z")
PEOPLE = ("ivy", "kim", "lou")
labels = st.lists(st.sampled_from(LABELS), unique=True, max_size=3)
types: st.SearchStrategy[ResourceType] = st.sampled_from(["issues", "merge_requests"])
items = st.lists(
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
        "lock": st.booleans(),
    },
)
of_issues = st.fixed_dictionaries({}, optional={"confidential": st.booleans(), "due_date": st.just("2026-12-24")})
rules = st.lists(st.tuples(conditions, actions, of_issues), min_size=1, max_size=4)


@settings(max_examples=30)
@given(types, items, rules)
def test_world_after_a_sweep_equals_the_plan(
    type: ResourceType, opened: list[dict[str, Any]], made: list[tuple[Any, Any, Any]]
) -> None:
    acting = [(asked, {**done, **more} if type == "issues" else done) for asked, done, more in made]
    text = "\n".join(f"- {{name: R{n}, conditions: {c}, actions: {a}}}" for n, (c, a) in enumerate(acting))
    text = text.replace("True", "true").replace("False", "false")
    world = make_world()
    opens = world.open_issue if type == "issues" else world.open_merge_request
    for item in opened:
        opens(PROJECT, author="ivy", **item)
    with serve(world) as sandbox, tempfile.TemporaryDirectory() as folder:
        place = Place(world, sandbox.url, Path(folder))
        before = _read(place, type)
        dry = place.sweep(text, dry_run=True, type=type)
        assert _read(place, type) == before
        real = place.sweep(text, type=type)
        assert plan_file(real.plan) == plan_file(dry.plan)
        assert {outcome.result for outcome in real.outcomes} <= {"applied"}
        _assert_equal(world, before, real.plan)


def _read(place: Place, type: ResourceType) -> dict[ResourceKey, Resource]:
    gitlab = place.gitlab()
    try:
        return {each.key: each for each in gitlab.list_resources(Tracker(name=PROJECT, path=PROJECT), type, {})}
    finally:
        gitlab.close()


def _assert_equal(world: World, before: dict[ResourceKey, Resource], plan: Plan) -> None:
    steps = {change.key: change.steps for change in plan.changes}
    for key, resource in before.items():
        after: Resource | None = resource
        for step in steps.get(key, ()):
            after = with_step(after, step) if after else None
        assert after
        looks = world.issue if key.type == "issues" else world.merge_request
        seen: SeenItem = looks(key.project, key.iid)
        assert set(seen.labels) == set(after.labels)
        assert set(seen.assignees) == {user.username for user in after.assignees}
        assert (seen.state, seen.confidential, seen.locked) == (after.state, after.confidential, after.locked)
        assert seen.due_date == after.due_date
        bodies = [step.body for step in steps.get(key, ()) if isinstance(step, CommentStep)]
        kind: Literal["issues", "merge_requests"] = "issues" if key.type == "issues" else "merge_requests"
        assert [note.body for note in world.notes(key.project, key.iid, kind=kind)] == bodies
