"""The connector on the look-alike GitLab: what it reads is what is there, what it writes is there once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from msgspec import Struct

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.requests import Update
from starkeeper.model.resources import LabelEvent, ResourceKey
from starkeeper.sandbox import faults
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.connectors.conftest import TOKEN, Clock

STAR = Tracker(name="star", path="desk/star")
BEGIN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
MARKER = "<!-- starkeeper key=1 -->"
BODY = f"Still waiting.\n\n{MARKER}"


class Desk(Struct):
    world: World
    gitlab: GitLab

    @property
    def key(self) -> ResourceKey:
        return ResourceKey("desk/star", 1)

    def sent(self, method: str) -> int:
        return sum(each.method == method for each in self.world.requests)


def fill(world: World, count: int) -> World:
    world.add_token(TOKEN, "star-bot")
    world.add_project("desk/star")
    world.add_member("desk", "star-bot", "reporter")
    for number in range(count):
        created_at = BEGIN + dt.timedelta(minutes=number)
        world.open_issue("desk/star", title=f"STAR {number}", author="ann", labels=["new"], created_at=created_at)
    return world


@pytest.fixture(params=["premium"])
def desk(request: pytest.FixtureRequest, connect: Callable[..., GitLab]) -> Iterator[Desk]:
    world = fill(World(edition=request.param), 5)
    with serve(world) as served:
        yield Desk(world, connect(served.url))


def test_it_says_who_it_is(desk: Desk) -> None:
    assert desk.gitlab.whoami().username == "star-bot"


def test_a_list_of_many_pages_is_all_there_is(desk: Desk) -> None:
    fill(desk.world, 330)
    desk.world.close("desk/star", 17, by="ann")
    found = desk.gitlab.list_resources(STAR, "issues", {"state": "opened"})
    assert [issue.iid for issue in found if issue.iid > 5] == [*range(6, 17), *range(18, 336)]
    assert {(issue.project, issue.tracker, issue.labels) for issue in found} == {("desk/star", "star", ("new",))}
    assert desk.gitlab.requests == {"list": 4}


def test_a_group_lists_the_projects_below_it(desk: Desk) -> None:
    desk.world.add_project("desk/apac/feedback")
    desk.world.open_issue("desk/apac/feedback", created_at=BEGIN - dt.timedelta(days=1))
    found = desk.gitlab.list_resources(Tracker(name="all", path="desk", source="groups"), "issues", {"state": "opened"})
    assert [issue.reference for issue in found][:2] == ["desk/apac/feedback#1", "desk/star#1"]
    assert len(found) == 6


def test_filters_are_those_of_gitlab(desk: Desk) -> None:
    desk.world.set_labels("desk/star", 2, by="ann", add=["done"])
    assert [each.iid for each in desk.gitlab.list_resources(STAR, "issues", {"labels": "done"})] == [2]
    assert [each.iid for each in desk.gitlab.list_resources(STAR, "issues", {"not[labels]": "done"})] == [1, 3, 4, 5]


def test_a_list_above_ten_thousand_is_read_to_its_end(desk: Desk) -> None:
    fill(desk.world, 10_050)
    found = desk.gitlab.list_resources(STAR, "issues", {})
    assert len(found) == len({issue.iid for issue in found}) == 10_055


@pytest.mark.parametrize("total", [None, 5])
def test_a_list_that_ends_early_is_never_taken_for_the_whole(desk: Desk, total: int | None) -> None:
    desk.world.faults.append(faults.cut_list("GET", "/issues$", rows=3, total=total, times=99))
    with pytest.raises(ConnectorError, match="the list is not used"):
        desk.gitlab.list_resources(STAR, "issues", {})


def test_a_page_of_a_proxy_is_no_list(desk: Desk) -> None:
    desk.world.faults.append(faults.html_page("GET", "/issues$"))
    with pytest.raises(ConnectorError, match="not JSON"):
        desk.gitlab.list_resources(STAR, "issues", {})


def test_notes_are_the_same_in_bulk_and_one_by_one(desk: Desk) -> None:
    for iid in range(1, 6):
        for number in range(iid):
            at = BEGIN + dt.timedelta(days=2, minutes=number)
            desk.world.comment("desk/star", iid, "ann", f"note {number}", at, internal=number % 2 == 1)
        desk.world.close("desk/star", iid, by="ann")
    keys = [ResourceKey("desk/star", iid) for iid in range(1, 6)]
    bulk = desk.gitlab.read_facet("notes", keys)
    assert desk.sent("POST") == 1
    desk.world.graphql = False
    single = desk.gitlab.read_facet("notes", keys)
    assert bulk == single
    assert [len(bulk.found[key]) for key in keys] == [1, 2, 3, 4, 5]
    assert [note.internal for note in bulk.found[keys[4]]] == [False, True, False, True, False]
    assert desk.gitlab.requests == {"notes": 1 + 1 + 5}


def test_an_issue_with_hundreds_of_notes_is_read_whole(desk: Desk) -> None:
    for number in range(250):
        desk.world.comment("desk/star", 2, "ann", f"note {number}", BEGIN + dt.timedelta(days=2, minutes=number))
    keys = [ResourceKey("desk/star", iid) for iid in range(1, 6)]
    found = desk.gitlab.read_facet("notes", keys).found
    assert [len(found[key]) for key in keys] == [0, 250, 0, 0, 0]
    assert desk.gitlab.requests == {"notes": 1 + 3}


def test_an_issue_that_is_not_there_does_not_stop_the_others(desk: Desk) -> None:
    keys = [ResourceKey("desk/star", iid) for iid in (1, 2, 3, 99)]
    for reading in (desk.gitlab.read_facet("notes", keys), desk.gitlab.read_facet("label_events", keys)):
        assert (set(reading.found), set(reading.failed)) == ({*keys[:3]}, {keys[3]})
        assert reading.failed[keys[3]].status == 404


def test_label_events_tell_who_and_when(desk: Desk) -> None:
    at = BEGIN + dt.timedelta(days=3)
    desk.world.set_labels("desk/star", 1, by="ben", add=["done"], remove=["new"], at=at)
    desk.world.delete_label("desk/star", "new")
    events = desk.gitlab.read_facet("label_events", [desk.key]).found[desk.key]
    assert [(each.action, each.label, each.user, each.created_at) for each in events[:1]] == [
        ("add", None, "ann", BEGIN)
    ]
    assert {(each.action, each.label, each.user, each.created_at) for each in events[1:]} == {
        ("add", "done", "ben", at),
        ("remove", None, "ben", at),
    }
    assert all(isinstance(each, LabelEvent) for each in events)


def test_links_are_read_from_both_ends_and_one_that_fails_does_not_stop_the_others(desk: Desk) -> None:
    desk.world.relate("desk/star", 1, 2, by="ben")
    keys = [ResourceKey("desk/star", iid) for iid in (1, 2, 3, 99)]
    reading = desk.gitlab.read_facet("links", keys)
    assert reading.found == {keys[0]: (keys[1],), keys[1]: (keys[0],), keys[2]: ()}
    assert reading.failed[keys[3]].status == 404


def test_an_update_is_what_gitlab_then_has(desk: Desk) -> None:
    desk.world.add_member("desk", "ann")
    update = Update(add_labels=("done", "x"), remove_labels=("new",), state="closed", assignees=("ANN",))
    issue = desk.gitlab.update_resource("star", desk.key, update)
    seen = desk.world.issue("desk/star", 1)
    assert (issue.labels, issue.state, [each.username for each in issue.assignees]) == (
        ("done", "x"),
        "closed",
        ["ann"],
    )
    assert (seen.labels, seen.state, seen.assignees) == (("done", "x"), "closed", ("ann",))
    assert desk.gitlab.read_resource("star", desk.key) == issue
    again = desk.gitlab.update_resource("star", desk.key, Update(state="opened", assignees=(), confidential=True))
    assert (again.state, again.assignees, again.confidential) == ("opened", (), True)


def test_an_update_whose_answer_is_lost_is_sent_again(desk: Desk, clock: Clock) -> None:
    desk.world.faults.append(faults.server_error("PUT", "/issues/1", after_effect=True))
    desk.world.faults.append(faults.dropped("PUT", "/issues/1"))
    assert desk.gitlab.update_resource("star", desk.key, Update(add_labels=("done",))).labels == ("done", "new")
    assert len(clock.waits) == 2


@pytest.mark.parametrize("desk", ["free"], indirect=True)
def test_a_free_gitlab_that_keeps_one_assignee_is_told(desk: Desk) -> None:
    for name in ("ann", "ben"):
        desk.world.add_member("desk", name)
    with pytest.raises(ConnectorError, match="GitLab kept 1 of 2 assignees"):
        desk.gitlab.update_resource("star", desk.key, Update(assignees=("ann", "ben")))


def test_a_role_that_may_not_change_labels_is_told(desk: Desk) -> None:
    iid = desk.world.open_issue("desk/star", author="star-bot")
    desk.world.add_member("desk", "star-bot", "guest")
    with pytest.raises(ConnectorError, match=r"Planner role"):
        desk.gitlab.update_resource("star", ResourceKey("desk/star", iid), Update(add_labels=("done",)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: faults.server_error("POST", "/notes", after_effect=True),
        lambda: faults.server_error("POST", "/notes", after_effect=True, status=502),
        lambda: faults.server_error("POST", "/notes"),
        lambda: faults.dropped("POST", "/notes"),
        lambda: faults.dropped("POST", "/notes", after_effect=False),
        lambda: faults.too_many_requests("POST", "/notes", form="plain"),
        lambda: faults.too_many_requests("POST", "/notes", form="older"),
        lambda: faults.too_many_requests("POST", "/notes", form="newer"),
    ],
)
def test_a_note_stands_there_once_whatever_became_of_the_answer(desk: Desk, make: Callable[[], faults.Fault]) -> None:
    desk.world.faults.append(make())
    desk.gitlab.post_note(desk.key, BODY, internal=True, marker=MARKER)
    notes = desk.world.notes("desk/star", 1)
    assert [(each.body, each.author, each.internal) for each in notes] == [(BODY, "star-bot", True)]


def test_a_note_of_commands_only_runs_them(desk: Desk) -> None:
    desk.gitlab.post_note(desk.key, "/close", internal=False, marker="/close")
    assert desk.world.issue("desk/star", 1).state == "closed"
    assert desk.world.notes("desk/star", 1) == ()


def test_a_link_stands_there_once(desk: Desk) -> None:
    desk.world.add_project("desk/feedback")
    desk.world.open_issue("desk/feedback")
    other = ResourceKey("desk/feedback", 1)
    desk.world.faults.append(faults.dropped("POST", "/links"))
    desk.gitlab.relate(desk.key, other, "relates_to")
    desk.gitlab.relate(desk.key, other, "relates_to")
    assert desk.world.issue("desk/star", 1).related == ("desk/feedback#1",)


def test_a_token_to_read_cannot_write(desk: Desk) -> None:
    desk.world.add_token(TOKEN, "star-bot", ["read_api"])
    assert len(desk.gitlab.list_resources(STAR, "issues", {})) == 5
    with pytest.raises(ConnectorError, match=r"answered 403 \(insufficient_scope\); the token needs the api scope"):
        desk.gitlab.post_note(desk.key, BODY, internal=False, marker=MARKER)


def test_a_token_that_is_none_is_told(desk: Desk) -> None:
    desk.world.tokens.clear()
    with pytest.raises(ConnectorError, match="GITLAB_TOKEN was refused"):
        desk.gitlab.whoami()
