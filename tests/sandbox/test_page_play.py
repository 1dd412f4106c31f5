"""What a person does on the page happens in the world, as that person; and nobody else's page can do it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest
import requests

from starkeeper.sandbox.server import serve
from starkeeper.sandbox.web.desk import Desk
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR

PAGE = {"X-Sandbox-Page": "yes"}
ITEM = {"place": STAR, "iid": "1", "kind": "issues"}


@pytest.fixture(autouse=True)
def _filled(world: World) -> None:
    world.add_label(STAR, "star::new", "#112233")
    world.open_issue(STAR, title="First", author="gus")
    world.slack.add_channel("requests", ["emil", "amber"])


def play(url: str, verb: str, me: str, headers: Mapping[str, str] = PAGE, /, **fields: str) -> requests.Response:
    return requests.post(f"{url}/-/{verb}", {"as": me, **fields}, headers=headers, timeout=10)


def test_a_comment_is_written_and_its_quick_actions_run(world: World, url: str) -> None:
    answer = play(url, "comment", "amber", **ITEM, body="Looking.\r\n/label ~star::new\r\n")
    assert "star::new" in answer.json()["said"]
    assert [(each.author, each.body) for each in world.notes(STAR, 1)] == [("amber", "Looking.")]
    assert world.issue(STAR, 1).labels == ("star::new",)
    assert world.label_events(STAR, 1)[-1][2] == "amber"


def test_labels_titles_and_states_change_as_the_person(world: World, url: str) -> None:
    play(url, "label", "amber", **ITEM, add="star::new")
    assert world.issue(STAR, 1).labels == ("star::new",)
    play(url, "label", "amber", **ITEM, remove="star::new")
    play(url, "title", "amber", **ITEM, title="Better")
    play(url, "state", "amber", **ITEM, event="close")
    issue = world.issue(STAR, 1)
    assert (issue.labels, issue.title, issue.state) == ((), "Better", "closed")
    play(url, "state", "amber", **ITEM, event="reopen")
    assert world.issue(STAR, 1).state == "opened"


def test_a_new_issue_is_opened_and_the_page_goes_there(world: World, url: str) -> None:
    answer = play(url, "open", "emil", place=STAR, title="STAR for ZD#1", text="### Ticket\n\n1\n\n/label ~star::new")
    assert answer.json()["go"] == f"/{STAR}/-/issues/2"
    issue = world.issue(STAR, 2)
    assert (issue.title, issue.author, issue.labels) == ("STAR for ZD#1", "emil", ("star::new",))
    assert "/label" not in (issue.description or "")


@pytest.mark.parametrize(
    ("verb", "me", "fields"),
    [
        ("label", "gus", {**ITEM, "add": "star::new"}),
        ("comment", "pat", {**ITEM, "body": "x"}),
        ("state", "amber", {**ITEM, "event": "reopen"}),
        ("title", "amber", {**ITEM, "title": "x" * 256}),
        ("comment", "amber", {**ITEM, "body": "  "}),
        ("comment", "amber", {**ITEM, "iid": "99", "body": "x"}),
        ("comment", "stranger", {**ITEM, "body": "x"}),
        ("open", "pat", {"place": STAR, "title": "x"}),
        ("say", "emil", {"channel": "nowhere", "text": "x"}),
        ("react", "emil", {"channel": "requests", "ts": "1.2", "emoji": "eyes"}),
        ("clock", "emil", {"to": "2026-11-30T11:59"}),
        ("clock", "emil", {"to": "yesterday"}),
        ("clock", "emil", {"minutes": "-5"}),
        ("clock", "emil", {"minutes": "999999"}),
        ("incident", "emil", {"incident": "P1", "do": "resolve"}),
        ("fly", "emil", {}),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    world: World, url: str, verb: str, me: str, fields: dict[str, str]
) -> None:
    before = world.version
    answer = play(url, verb, me, **fields)
    assert answer.status_code == 422
    assert answer.json()["said"].endswith(".")
    assert world.version == before


def test_people_write_in_channels_and_threads(world: World, url: str) -> None:
    emil = world.slack.add_user("emil").id
    play(url, "say", "amber", channel="requests", text="Hi @emil & <!channel>, see https://a.example/x.")
    (first,) = world.slack.messages("requests")
    assert first.text == f"Hi <@{emil}> &amp; &lt;!channel&gt;, see <https://a.example/x>."
    play(url, "say", "emil", channel="requests", text="On it", thread=first.ts)
    assert [each.text for each in world.slack.thread("requests", first.ts)][1:] == ["On it"]
    assert len(world.slack.messages("requests")) == 1


def test_a_second_click_takes_the_reaction_off(world: World, url: str) -> None:
    ts = world.slack.post("requests", "amber", "x")
    world.slack.react("requests", ts, "amber", "eyes")
    play(url, "react", "emil", channel="requests", ts=ts, emoji="eyes")
    assert world.slack.reactions("requests", ts) == {"eyes": ["amber", "emil"]}
    play(url, "react", "emil", channel="requests", ts=ts, emoji=":eyes:")
    assert world.slack.reactions("requests", ts) == {"eyes": ["amber"]}


def test_the_clock_moves_on_and_on(world: World, url: str) -> None:
    play(url, "clock", "emil", minutes="10")
    play(url, "clock", "emil", minutes="60")
    assert world.clock() == NOON + dt.timedelta(minutes=70)
    play(url, "clock", "emil", to="2026-12-01T08:00")
    assert world.clock() == dt.datetime(2026, 12, 1, 8, 0, tzinfo=dt.UTC)
    play(url, "comment", "amber", **ITEM, body="later")
    assert world.notes(STAR, 1)[0].created_at == dt.datetime(2026, 12, 1, 8, 0, tzinfo=dt.UTC)


def test_a_clock_that_runs_goes_on_running() -> None:
    minutes = iter(range(60))
    world = World(lambda: NOON + dt.timedelta(minutes=next(minutes)))
    world.add_user("emil")
    with serve(world) as served:
        play(served.url, "clock", "emil", minutes="60")
    one, two = world.clock(), world.clock()
    assert two - one == dt.timedelta(minutes=1)
    assert one > NOON + dt.timedelta(minutes=60)


def test_incidents_are_acknowledged_and_resolved_by_the_person(world: World, url: str) -> None:
    world.pagerduty.add_service("Emergencies")
    id = world.pagerduty.trigger("Emergencies", "x")
    play(url, "incident", "emil", incident=id, do="acknowledge")
    found = world.pagerduty.incident(id)
    assert (found.status, [each.user.name for each in found.acknowledgements]) == ("acknowledged", ["Emil"])
    play(url, "incident", "emil", incident=id, do="resolve")
    assert world.pagerduty.incident(id).status == "resolved"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**PAGE, "Origin": "https://evil.example"},
        {**PAGE, "Origin": "null"},
        {**PAGE, "Host": "evil.example"},
        {**PAGE, "Host": "evil.example:8929", "Origin": "http://evil.example:8929"},
        {**PAGE, "Host": "127.0.0.1.evil.example"},
        {**PAGE, "Host": "localhost:1", "Origin": "http://localhost:2"},
    ],
)
@pytest.mark.parametrize("verb", ["comment", "clock", "sweep", "react"])
def test_no_other_page_can_drive_the_sandbox(world: World, url: str, verb: str, headers: dict[str, str]) -> None:
    before = world.version
    answer = play(url, verb, "amber", headers, **ITEM, body="x", minutes="10")
    assert answer.status_code == 403
    assert (world.version, world.clock()) == (before, NOON)


@pytest.mark.parametrize("host", ["localhost:8929", "127.0.0.1", "[::1]:8929", "desk.example"])
def test_the_page_itself_can_by_whichever_of_its_names(world: World, host: str) -> None:
    with serve(world, desk=Desk("desk.example")) as served:
        headers = {**PAGE, "Host": host, "Origin": f"http://{host}"}
        assert play(served.url, "comment", "amber", headers, **ITEM, body="x").status_code == 200


def test_pages_of_others_can_neither_frame_this_one_nor_run_in_it(url: str) -> None:
    policy = requests.get(url, timeout=10).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy


@pytest.fixture
def events(url: str) -> Iterator[Iterator[str]]:
    with requests.get(f"{url}/-/live", stream=True, timeout=10) as answer:
        yield (line for line in answer.iter_lines(decode_unicode=True) if line.startswith("data:"))


def test_an_open_page_hears_of_each_change(world: World, url: str, events: Iterator[str]) -> None:
    heard = [next(events)]
    for change in (
        lambda: world.comment(STAR, 1, "emil", "x"),
        lambda: world.slack.post("requests", "emil", "x"),
        lambda: world.pagerduty.add_schedule("Days"),
        lambda: play(url, "clock", "emil", minutes="10"),
    ):
        change()
        heard.append(next(events))
    assert all(one != two for one, two in pairwise(heard))


def test_a_sweep_may_ask_the_sandbox_and_its_report_is_shown(world: World) -> None:
    desk = Desk()
    with serve(world, desk=desk) as served:
        assert "Run a sweep" not in requests.get(served.url, timeout=10).text
        desk.run_sweep = lambda at: f"{at:%H:%M} {requests.get(served.url, timeout=10).status_code} <b>"
        assert "Run a sweep" in requests.get(served.url, timeout=10).text
        assert play(served.url, "sweep", "emil").status_code == 200
        shown = requests.get(served.url, timeout=10).text
    assert "12:00 200 &lt;b&gt;" in shown
    assert "run by emil" in shown


def test_two_sweeps_do_not_run_at_once(world: World) -> None:
    desk, second = Desk(), list[int]()
    with serve(world, desk=desk) as served:

        def sweep(at: dt.datetime) -> str:
            second.append(play(served.url, "sweep", "amber").status_code)
            return f"done at {at}"

        desk.run_sweep = sweep
        assert play(served.url, "sweep", "emil").status_code == 200
    assert second == [409]
