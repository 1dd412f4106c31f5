"""The seeded desk and the busy tracker: what they hold, and that they are always the same."""

from __future__ import annotations

import gitlab

from starkeeper.sandbox.forms import HOSTILE_LINES
from starkeeper.sandbox.seeds import FEEDBACK, READ_TOKEN, STAR, TOKEN, seed_desk, seed_many
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
