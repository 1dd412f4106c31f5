"""The GitLab in memory does what the sandbox does, and the connector over it answers as GitLab's would."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.requests import Update
from starkeeper.model.resources import Place, ResourceKey
from starkeeper.sandbox.mentions import mentioned
from starkeeper.sandbox.world import World as Sandbox
from starkeeper.scenarios.mentions import notified_by
from starkeeper.scenarios.service import Service
from starkeeper.scenarios.world import World

NOON = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
LABELS = st.lists(st.sampled_from(["a", "b", "s::1", "s::2", "s::t::1", "s::t::2"]), max_size=3, unique=True)
ACTS = st.one_of(
    st.tuples(st.just("label"), LABELS, LABELS),
    st.tuples(st.just("change"), st.sampled_from([{"state": "closed"}, {"state": "opened"}, {"title": "Two"}])),
    st.tuples(st.just("comment"), st.text("ab", min_size=1)),
)


@given(first=LABELS, acts=st.lists(ACTS, max_size=8))
def test_the_world_does_what_the_sandbox_does(first: list[str], acts: list[tuple[object, ...]]) -> None:
    """Labels and state with their events, the times of the state, comments, and when the issue last changed."""
    world, sandbox = World(["ivy"], NOON), Sandbox(edition="premium").at(NOON)
    sandbox.add_project("group/project")
    key = world.open("group/project", "ivy", "One", "", labels=first)
    iid = sandbox.open_issue("group/project", title="One", author="ivy", labels=first)
    place = ("group/project", iid)
    for minutes, act in enumerate(acts, start=1):
        world.now = NOON + dt.timedelta(minutes=minutes)
        sandbox.at(world.now)
        match act:
            case ("label", add, remove):
                world.label(key, "emil", add=add, remove=remove)  # type: ignore[arg-type]
                sandbox.set_labels(*place, by="emil", add=add, remove=remove)  # type: ignore[arg-type]
            case ("change", {"state": state}):
                world.change(key, "emil", state=state)
                sandbox.edit(*place, by="emil", state_event="close" if state == "closed" else "reopen")
            case ("change", {"title": title}):
                world.change(key, "emil", title=title)
                sandbox.edit(*place, by="emil", title=title)
            case ("comment", body):
                world.comment(key, "emil", str(body))
                sandbox.comment(*place, "emil", str(body))
    kept, seen = world.kept[key], sandbox.issue(*place)
    assert (kept.issue.labels, kept.issue.state, kept.issue.title) == (seen.labels, seen.state, seen.title)
    assert (kept.issue.closed_at, kept.issue.notes_count) == (seen.closed_at, len(sandbox.notes(*place)))
    events = [(each.action, each.label, each.user, each.created_at) for each in kept.events]
    assert sorted(events) == sorted(sandbox.label_events(*place))
    states = tuple((each.state, each.user, each.created_at) for each in kept.states)
    assert states == sandbox.state_events(*place)


@pytest.mark.parametrize(
    "text",
    [
        "@ivy and @support/managers.",
        "`@ivy` and ``@emil``",
        "```\n| @all\n```\n@ivy",
        "~~~ text\n@ivy\n~~~",
        "> @ivy\n\n@emil",
        "<!-- @ivy -->",
        "ivy@example.com @ivy- (@emil)",
        "````\n```\n@ivy\n````\n@emil",
        "an open fence\n```\n@ivy",
    ],
)
def test_those_are_notified_whom_the_sandbox_would_notify(text: str) -> None:
    assert notified_by(text) == set(mentioned(text))


@pytest.fixture
def world() -> World:
    made = World(["ivy", "bot"], NOON)
    made.open("group/one", "ivy", "One", "- [x] a\n- [ ] b", labels=("a", "b"))
    made.open("group/one", "bot", "Two", "")
    made.open("other", "ivy", "Three", "")
    return made


def listed(world: World, path: str, source: str = "projects", **params: str) -> list[str]:
    tracker = Tracker(name="t", path=path, source="groups" if source == "groups" else "projects")
    found = Service(world, "bot").list_resources(tracker, "issues", params)
    assert all(each.tracker == "t" for each in found)
    return [each.title for each in found]


def test_lists_are_narrowed_as_gitlab_does(world: World) -> None:
    assert listed(world, "group/one") == ["One", "Two"]
    assert listed(world, "group", "groups") == ["One", "Two"]
    assert listed(world, "group/one", labels="a,b") == ["One"]
    assert listed(world, "group/one", labels="a,c") == []
    assert listed(world, "group/one", labels="None") == ["Two"]
    assert listed(world, "group/one", labels="Any", milestone="None") == ["One"]
    world.now += dt.timedelta(hours=1)
    world.change(ResourceKey("group/one", 2), "ivy", state="closed")
    assert listed(world, "group/one", state="closed", updated_after="2026-11-30T12:30:00Z") == ["Two"]
    assert listed(world, "group/one", state="opened", updated_after="2026-11-30T12:30:00Z") == []
    assert Service(world, "bot").list_resources(Tracker(name="t", path="group/one"), "merge_requests", {}) == ()


def test_facets_are_read_of_what_is_there(world: World) -> None:
    service, here, gone = Service(world, "bot"), ResourceKey("group/one", 1), ResourceKey("group/one", 9)
    world.comment(here, "ivy", "Hello")
    reading = service.read_facet("notes", [here, gone])
    assert [note.body for note in reading.found[here]] == ["Hello"]
    assert reading.failed[gone].status == 404
    place = Place("projects", "group/one")
    assert service.read_facet("members", [place]).found[place] == {"ivy", "bot"}
    assert [each.title for each in service.read_facet("own_issues", [place]).found[place]] == ["Two"]
    assert "any label" in service.read_facet("labels", [place]).found[place]
    assert (world.kept[here].issue.tasks, world.kept[here].issue.tasks_done) == (2, 1)


def test_the_bot_writes_as_itself(world: World) -> None:
    service, key, other = Service(world, "bot"), ResourceKey("group/one", 1), ResourceKey("other", 1)
    update = Update(add_labels=("c",), remove_labels=("a",), state="closed", assignees=("Ivy",), due_date=NOON.date())
    changed = service.update_resource("t", key, update)
    assert (changed.labels, changed.state, changed.due_date) == (("b", "c"), "closed", NOON.date())
    assert [each.username for each in changed.assignees] == ["ivy"]
    own = [(each.action, each.label) for each in world.kept[key].events if each.user == "bot"]
    assert own == [("add", "c"), ("remove", "a")]
    service.relate(key, other, "relates_to")
    service.relate(key, other, "relates_to")
    assert (world.kept[key].links, world.kept[other].links) == ((other,), (key,))
    opened = service.open_issue("other", "New", "About it", marker="")
    assert service.read_resource("t", opened).author == service.whoami()


def test_what_scenarios_do_not_play_says_so(world: World) -> None:
    service, key = Service(world, "bot"), ResourceKey("group/one", 1)
    for refused in (
        lambda: service.move_issue(key, "other"),
        lambda: service.delete_branch(key, "abc"),
        lambda: service.post_note(key, "One\n/close", internal=False, marker=""),
        lambda: service.update_resource("t", key, Update(assignees=("nobody",))),
        lambda: service.relate(key, ResourceKey("other", 9), "relates_to"),
    ):
        with pytest.raises(ConnectorError):
            refused()
    assert world.kept[key].notes == ()
