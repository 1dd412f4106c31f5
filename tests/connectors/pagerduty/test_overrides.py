"""Somebody stands in: what is written to PagerDuty, what is left alone, and what is never written twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise

import pytest
from msgspec import structs

from starkeeper.connectors.pagerduty import PagerDuty
from starkeeper.desk.on_call import span_key
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Person
from starkeeper.model.plan import OverrideStep
from starkeeper.model.resources import Place
from starkeeper.sandbox.faults import Fault, dropped, server_error
from starkeeper.sandbox.world import World
from tests.connectors.conftest import Answer, Scripted
from tests.connectors.pagerduty.conftest import DESK, at

SENDER = "desk@example.com"
APAC, EMEA = "Managers - APAC", "Managers - EMEA"


def _step(person: str, starts: dt.datetime, ends: dt.datetime, instead_of: str = "emil") -> OverrideStep:
    return OverrideStep(
        rule="R",
        rotation="managers",
        person=person,
        instead_of=instead_of,
        starts=starts,
        ends=ends,
        key="0" * 16,
    )


def _set(world: World, schedule: str) -> list[tuple[str, dt.datetime, dt.datetime]]:
    """The overrides of a schedule."""
    turns = (each.turn for each in world.pagerduty.schedule(schedule).overrides)
    return [(turn.user.name, turn.start, turn.end) for turn in turns]


def _posts(world: World) -> int:
    return sum(each.method == "POST" for each in world.requests)


@pytest.fixture
def writing(connect: Callable[..., PagerDuty], url: str) -> PagerDuty:
    return connect(url, sender=SENDER)


def test_override_is_on_the_schedule_whose_time_it_is_and_read_as_who_is_on_call(
    world: World, writing: PagerDuty
) -> None:
    writing.override(_step("amber", at(3, 13), at(3, 15)))
    assert _set(world, EMEA) == [("Amber Vale", at(3, 13), at(3, 15))]
    assert _set(world, APAC) == []
    place = Place("rotations", "managers")
    duties = writing.read_facet("duties", [place]).found[place]
    assert [each.person for each in duties if at(3, 8) <= each.starts < at(4, 0)] == ["emil", "amber", "emil"]


def test_time_in_two_schedules_is_split_where_the_one_hands_over_to_the_other(world: World, writing: PagerDuty) -> None:
    world.pagerduty.add_turn(APAC, "Emil Brandt", at(3, 6), at(3, 8))
    world.pagerduty.schedule(APAC).shifts.clear()
    writing.override(_step("amber", at(3, 6), at(3, 10)))
    assert _set(world, APAC) == [("Amber Vale", at(3, 6), at(3, 8))]
    assert _set(world, EMEA) == [("Amber Vale", at(3, 8), at(3, 10))]


def test_where_schedules_overlap_only_that_of_the_asker_is_overridden(world: World, writing: PagerDuty) -> None:
    world.pagerduty.add_turn(APAC, "Lee\x1b[2J Okafor", at(3, 8), at(3, 18))
    writing.override(_step("amber", at(3, 13), at(3, 15)))
    assert _set(world, APAC) == []
    assert _set(world, EMEA) == [("Amber Vale", at(3, 13), at(3, 15))]
    assert world.pagerduty.on_call(EMEA, at(3, 14)) == "Amber Vale"


def test_one_who_covers_where_it_is_their_own_time_in_another_schedule_gets_the_askers_too(
    world: World, writing: PagerDuty
) -> None:
    world.pagerduty.add_turn(APAC, "Amber Vale", at(3, 12), at(3, 20))
    writing.override(_step("amber", at(3, 13), at(3, 15)))
    assert _set(world, EMEA) == [("Amber Vale", at(3, 13), at(3, 15))]


def test_override_of_the_asker_is_no_obstacle(world: World, writing: PagerDuty) -> None:
    world.pagerduty.override(EMEA, "Amber Vale", at(3, 9), at(3, 12))
    writing.override(_step("aoi", at(3, 9), at(3, 11), "amber"))
    assert [world.pagerduty.on_call(EMEA, at(3, hour)) for hour in (8, 9, 10, 11, 12)] == [
        "Emil Brandt",
        "Aoi Nishi",
        "Aoi Nishi",
        "Amber Vale",
        "Emil Brandt",
    ]


def test_second_time_finds_it_there(world: World, writing: PagerDuty) -> None:
    for _ in range(2):
        writing.override(_step("amber", at(3, 9), at(3, 10)))
    assert _posts(world) == len(_set(world, EMEA)) == 1


@pytest.mark.parametrize(
    "fault", [dropped("POST", "/overrides"), server_error("POST", "/overrides", after_effect=True)]
)
def test_lost_answer_is_looked_for(world: World, writing: PagerDuty, fault: Fault) -> None:
    world.faults.append(fault)
    writing.override(_step("amber", at(3, 13), at(3, 15)))
    assert _set(world, EMEA) == [("Amber Vale", at(3, 13), at(3, 15))]
    assert _posts(world) == 1


def test_what_did_not_arrive_is_sent_again(world: World, writing: PagerDuty) -> None:
    world.faults.append(server_error("POST", "/overrides"))
    writing.override(_step("amber", at(3, 13), at(3, 15)))
    assert _set(world, EMEA) == [("Amber Vale", at(3, 13), at(3, 15))]
    assert _posts(world) == 2


def test_override_of_somebody_else_is_left_and_nothing_is_written_beside_it(world: World, writing: PagerDuty) -> None:
    world.pagerduty.override(EMEA, "Lee\x1b[2J Okafor", at(3, 9), at(3, 11))
    with pytest.raises(ConnectorError) as caught:
        writing.override(_step("amber", at(3, 8), at(3, 10)))
    assert "somebody else stands in there at Thu 2026-12-03 09:00 UTC" in str(caught.value)
    assert "Lee" not in str(caught.value)
    assert _posts(world) == 0


def test_gap_in_the_schedules_is_an_error_in_words(world: World, writing: PagerDuty) -> None:
    world.pagerduty.schedule(APAC).shifts.clear()
    with pytest.raises(ConnectorError, match="nobody is on call there at Thu 2026-12-03 06:00 UTC"):
        writing.override(_step("amber", at(3, 6), at(3, 10)))
    assert _posts(world) == 0


def test_refused_override_is_an_error(world: World, writing: PagerDuty) -> None:
    with pytest.raises(ConnectorError, match="did not take it \\(status 400\\)"):
        writing.override(_step("amber", at(1, 9), at(1, 10)))
    assert _set(world, EMEA) == []


def test_refused_write_says_what_a_write_needs(world: World, writing: PagerDuty) -> None:
    body = '{"error":{"message":"Access Denied","code":2010}}'
    world.faults.append(Fault("POST", "/overrides", status=403, body=body))
    with pytest.raises(ConnectorError) as caught:
        writing.override(_step("amber", at(3, 13), at(3, 15)))
    assert caught.value.status == 403
    assert "make a key that is not read-only" in str(caught.value)
    assert "the user of PAGERDUTY_FROM" in str(caught.value)
    assert "read all teams" not in str(caught.value)


def test_person_is_found_by_address(world: World, writing: PagerDuty) -> None:
    writing.override(_step("emil", at(3, 6), at(3, 7), "aoi"))
    assert _set(world, APAC) == [("Emil Brandt", at(3, 6), at(3, 7))]


@pytest.mark.parametrize(
    ("person", "found"),
    [
        (Person(gitlab="kim", name="Kim Tal"), "Kim Tal has no PagerDuty id or e-mail in people.yml"),
        (Person(gitlab="kim", email="kim@example.com"), "PagerDuty has nobody of the e-mail in people.yml"),
    ],
)
def test_person_whom_pagerduty_does_not_know_is_an_error_that_says_what_to_do(
    world: World, connect: Callable[..., PagerDuty], url: str, person: Person, found: str
) -> None:
    desk = structs.replace(DESK, people={**DESK.people, "kim": person})
    with pytest.raises(ConnectorError) as caught:
        connect(url, desk=desk, sender=SENDER).override(_step("kim", at(3, 9), at(3, 10)))
    assert str(caught.value) == f"PagerDuty: looking for 'kim': {found}; add their id in PagerDuty there"
    assert _posts(world) == 0


def test_without_a_sender_nothing_is_asked_of_the_schedules(world: World, pagerduty: PagerDuty) -> None:
    with pytest.raises(ConnectorError) as caught:
        pagerduty.override(_step("amber", at(3, 13), at(3, 15)))
    assert "PAGERDUTY_FROM is not set; set it to the e-mail address of a user there" in str(caught.value)
    assert _posts(world) == 0


def test_request_names_who_sends_it_and_times_are_in_utc(scripted: Scripted, connect: Callable[..., PagerDuty]) -> None:
    entry = {"user": {"id": "PUAOI01"}, "start": "2026-12-03T09:00:00+01:00", "end": "2026-12-04T01:00:00+01:00"}
    answers = {
        "GET /schedules/PBACKUP": Answer({"schedule": {"final_schedule": {"rendered_schedule_entries": [entry]}}}),
        "POST /schedules/PBACKUP/overrides": Answer([{"status": 201}], 201),
    }
    scripted.script = lambda asked: answers[f"{asked.verb} {asked.path}"]
    step = structs.replace(_step("amber", at(3, 13), at(3, 15), "aoi"), rotation="backup")
    connect(scripted.url, sender=SENDER).override(step)
    sent = scripted.asked[-1]
    assert sent.headers["From"] == SENDER
    user = {"id": "PUAMBER", "type": "user_reference"}
    assert sent.body == {"overrides": [{"start": "2026-12-03T13:00:00Z", "end": "2026-12-03T15:00:00Z", "user": user}]}


def test_time_weeks_ahead_is_read_whole(pagerduty: PagerDuty) -> None:
    since, until = at(15, 6), at(20, 10)
    key = span_key("managers", since, until)
    duties = pagerduty.read_facet("duties", [key]).found[key]
    within = [each for each in duties if each.ends > since and each.starts < until]
    assert [(within[0].person, within[-1].person)] == [("aoi", "emil")]
    assert len(within) == 12
    assert all(before.ends == after.starts for before, after in pairwise(within))


def test_time_weeks_ahead_that_cannot_be_read_is_no_empty_one(world: World, pagerduty: PagerDuty) -> None:
    world.faults.append(server_error("GET", "/oncalls", times=9))
    key = span_key("managers", at(15, 6), at(20, 10))
    reading = pagerduty.read_facet("duties", [key])
    assert reading.found == {}
    assert reading.failed[key].status == 500
