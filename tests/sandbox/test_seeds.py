"""The seeded desk and the busy tracker: what they hold, and that they are always the same."""

from __future__ import annotations

import gitlab

from starkeeper.sandbox.forms import HOSTILE_LINES
from starkeeper.sandbox.seeds import (
    FEEDBACK,
    READ_TOKEN,
    STAR,
    TOKEN,
    seed_desk,
    seed_many,
    seed_many_branches,
    seed_many_merge_requests,
)
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON


def desk() -> World:
    world = World(lambda: NOON)
    seed_desk(world, NOON)
    return world


def test_the_desk_has_a_pair_of_stars_for_one_ticket() -> None:
    titles = [each.title for each in desk().issues(STAR) if each.state == "opened"]
    assert sorted(each for each in titles if titles.count(each) > 1) == ["STAR for ZD#217930"] * 2


def test_the_desk_has_an_unstarred_star_with_its_reasons_and_one_without() -> None:
    world = desk()
    unstarred = [each.iid for each in world.issues(STAR) if "unstarred" in each.labels]
    reasons = ["".join(note.body for note in world.notes(STAR, iid)) for iid in unstarred]
    assert [("Reason:" in each and "Agreed path:" in each) for each in reasons] == [False, True]
    events = [each for iid in unstarred for each in world.label_events(STAR, iid) if each[1] == "unstarred"]
    assert [each[2] for each in events] == ["amber", "amber"]


def test_hostile_feedback_stands_in_the_desk_as_data() -> None:
    world = desk()
    (hostile,) = [each for each in world.issues(FEEDBACK) if "{{ 7*7 }}" in each.description]
    assert all(line in hostile.description for line in HOSTILE_LINES)
    assert (hostile.state, hostile.labels) == ("opened", ())
    assert (world.mentions, world.commands) == ([], [])


def test_nothing_in_the_desk_is_from_the_future() -> None:
    world = desk()
    times = [each.updated_at for path in world.projects for each in world.issues(path)]
    assert max(times) <= NOON


def test_the_bots_tokens_work_and_one_only_reads() -> None:
    with serve(desk()) as served:
        assert len(gitlab.Gitlab(served.url, private_token=TOKEN).issues.list(scope="all", get_all=True)) == 20
        reader = gitlab.Gitlab(served.url, private_token=READ_TOKEN)
        reader.auth()
        assert reader.user is not None
        assert reader.user.username == "smoc-bot"


def test_the_same_seed_makes_the_same_busy_tracker() -> None:
    one, two, other = World(), World(), World()
    seed_many(one, 60, seed=3)
    seed_many(two, 60, seed=3)
    seed_many(other, 60, seed=4)
    assert one.issues("support/busy") == two.issues("support/busy")
    assert one.issues("support/busy") != other.issues("support/busy")
    assert len(one.issues("support/busy")) == 60
    assert {each.state for each in one.issues("support/busy")} == {"opened", "closed"}


def test_the_busy_tracker_has_all_that_conditions_look_at() -> None:
    world = World(lambda: NOON)
    seed_many(world, 200)
    issues = world.issues("support/busy")
    for name in ("weight", "health_status", "due_date"):
        assert len({getattr(each, name) for each in issues}) > 2
    for name in ("upvotes", "downvotes", "time_estimate", "time_spent"):
        assert any(getattr(each, name) for each in issues)
    assert {each.issue_type for each in issues} == {"issue", "incident", "task"}
    assert any("- [x]" in each.description for each in issues)


def test_the_same_seed_makes_the_same_merge_requests_and_branches() -> None:
    one, two = World(lambda: NOON), World(lambda: NOON)
    for world in (one, two):
        seed_many(world, 20)
        seed_many_merge_requests(world, 60, seed=3)
        seed_many_branches(world, 30, seed=3)
    assert one.merge_requests("support/busy") == two.merge_requests("support/busy")
    assert one.branches("support/busy") == two.branches("support/busy")
    found = one.merge_requests("support/busy")
    assert {each.state for each in found} == {"opened", "merged", "closed"}
    assert any(each.draft for each in found)
    assert any(each.closes for each in found)
    assert max(each.updated_at for each in found) <= NOON
    assert [each.name for each in one.branches("support/busy") if each.default] == ["main"]
