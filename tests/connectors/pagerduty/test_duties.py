"""Who is on call when, as PagerDuty has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from msgspec import structs

from starkeeper.connectors.pagerduty import PagerDuty
from starkeeper.model.desk import Desk, Rotation
from starkeeper.model.resources import Duty, Place
from starkeeper.sandbox.world import World
from tests.connectors.conftest import Answer, Scripted
from tests.connectors.pagerduty.conftest import DESK, NOW, at

MANAGERS, BACKUP = Place("rotations", "managers"), Place("rotations", "backup")


def _duties(pagerduty: PagerDuty, place: Place = MANAGERS) -> tuple[Duty, ...]:
    reading = pagerduty.read_facet("duties", [place])
    assert reading.failed == {}
    duties: tuple[Duty, ...] = reading.found[place]
    return duties


def _now_and_later(duties: tuple[Duty, ...]) -> list[tuple[str, dt.datetime, dt.datetime]]:
    return [(each.person, each.starts, each.ends) for each in duties if NOW < each.ends <= at(3, 8)]


def _with(**schedules: tuple[str, ...]) -> Desk:
    rotations = {name: Rotation(name=name, schedules=each) for name, each in schedules.items()}
    return structs.replace(DESK, rotations=rotations)


def test_schedules_give_whole_shifts_in_order_with_the_persons_region(pagerduty: PagerDuty) -> None:
    assert _duties(pagerduty) == (
        Duty(person="emil", starts=at(1, 8), ends=at(2, 0), region="EMEA"),
        Duty(person="aoi", starts=at(2, 0), ends=at(2, 8), region="APAC"),
        Duty(person="emil", starts=at(2, 8), ends=at(3, 0), region="EMEA"),
        Duty(person="aoi", starts=at(3, 0), ends=at(3, 8), region="APAC"),
        Duty(person="emil", starts=at(3, 8), ends=at(4, 0), region="EMEA"),
        Duty(person="aoi", starts=at(4, 0), ends=at(4, 8), region="APAC"),
        Duty(person="emil", starts=at(4, 8), ends=at(5, 0), region="EMEA"),
    )


def test_all_rotations_cost_one_request_and_each_name_one_look_up(pagerduty: PagerDuty) -> None:
    for _ in range(2):
        assert set(pagerduty.read_facet("duties", [MANAGERS, BACKUP]).found) == {MANAGERS, BACKUP}
    assert pagerduty.requests == {"pagerduty schedules": 2, "pagerduty on-calls": 2}


def test_override_is_who_is_on_call(world: World, pagerduty: PagerDuty) -> None:
    world.pagerduty.override("Managers - EMEA", "Amber Vale", at(2, 9), at(2, 12))
    assert _now_and_later(_duties(pagerduty)) == [
        ("amber", at(2, 9), at(2, 12)),
        ("emil", at(2, 12), at(3, 0)),
        ("aoi", at(3, 0), at(3, 8)),
    ]


def test_overlap_of_two_schedules_keeps_both_people(world: World, pagerduty: PagerDuty) -> None:
    world.pagerduty.add_turn("Managers - APAC", "Amber Vale", at(2, 23), at(3, 0))
    assert _now_and_later(_duties(pagerduty))[:2] == [("emil", at(2, 8), at(3, 0)), ("amber", at(2, 23), at(3, 0))]


def test_one_who_has_the_next_shift_too_hands_nothing_over(world: World, pagerduty: PagerDuty) -> None:
    world.pagerduty.override("Managers - APAC", "Emil Brandt", at(3, 0), at(3, 8))
    assert ("emil", at(2, 8), at(4, 0)) in [(each.person, each.starts, each.ends) for each in _duties(pagerduty)]


def test_one_who_is_asked_at_two_levels_is_on_call_once(world: World, pagerduty: PagerDuty) -> None:
    before = _duties(pagerduty)
    world.pagerduty.add_policy("Another", [["Managers - EMEA"], ["Managers - APAC"]])
    assert _duties(pagerduty) == before


def test_somebody_who_is_not_in_people_yml_is_nobody_with_a_name_that_can_be_shown(
    world: World, pagerduty: PagerDuty
) -> None:
    world.pagerduty.override("Managers - EMEA", "PULEE01", at(2, 9), at(2, 12))
    assert Duty(person="", name="Lee[2J Okafor", starts=at(2, 9), ends=at(2, 12)) in _duties(pagerduty)


def test_no_page_is_left_out(world: World, connect: Callable[..., PagerDuty], url: str) -> None:
    world.pagerduty.add_schedule("Many")
    for number in range(239):
        starts = at(2, 0) + number * dt.timedelta(minutes=2)
        world.pagerduty.add_turn("Many", "Amber Vale", starts, starts + dt.timedelta(minutes=1))
    pagerduty = connect(url, desk=_with(many=("Many",)))
    assert len(_duties(pagerduty, Place("rotations", "many"))) == 239
    assert pagerduty.requests["pagerduty on-calls"] == 3


def test_what_has_no_end_is_cut_off_where_the_look_up_ends(
    scripted: Scripted, connect: Callable[..., PagerDuty]
) -> None:
    entry = {"user": {"id": "PUAMBER"}, "schedule": {"id": "PBACKUP"}, "start": None, "end": None}
    scripted.says(Answer({"oncalls": [entry], "more": False}))
    (duty,) = _duties(connect(scripted.url), BACKUP)
    assert (duty.person, duty.starts, duty.ends) == ("amber", at(1, 9, 30), at(4, 9, 30))


def test_times_of_another_zone_are_the_same_instants(scripted: Scripted, connect: Callable[..., PagerDuty]) -> None:
    times = {"start": "2026-12-02T00:00:00-08:00", "end": "2026-12-02T08:00:00-08:00"}
    entry = {"user": {"id": "PUAMBER"}, "schedule": {"id": "PBACKUP"}, **times}
    scripted.says(Answer({"oncalls": [entry], "more": False}))
    (duty,) = _duties(connect(scripted.url), BACKUP)
    assert (duty.starts, duty.ends, duty.starts.tzinfo) == (at(2, 8), at(2, 16), dt.UTC)


def test_unknown_schedule_is_told_with_the_nearest_and_stops_no_other_rotation(
    connect: Callable[..., PagerDuty], url: str
) -> None:
    pagerduty = connect(url, desk=_with(slip=("Managers - EMAE",), backup=("PBACKUP",)))
    slip = Place("rotations", "slip")
    reading = pagerduty.read_facet("duties", [slip, BACKUP])
    assert set(reading.found) == {BACKUP}
    assert str(reading.failed[slip]) == (
        "PagerDuty: looking for the schedule 'Managers - EMAE': there is none of that name; "
        "did you mean 'Managers - EMEA'?"
    )
    assert reading.failed[slip].status == 404


def test_unknown_id_of_a_schedule_is_told_and_never_taken_for_nobody(
    connect: Callable[..., PagerDuty], url: str
) -> None:
    pagerduty = connect(url, desk=_with(backup=("PNOSUCH",)))
    error = pagerduty.read_facet("duties", [BACKUP]).failed[BACKUP]
    assert "reading the schedule 'PNOSUCH' of rotation 'backup': there is none of that id" in str(error)
    assert error.status == 404


def test_schedule_of_which_pagerduty_never_tells_is_told_and_never_taken_for_nobody(
    world: World, connect: Callable[..., PagerDuty], url: str
) -> None:
    world.pagerduty.add_schedule("Loose", [("Amber Vale", "00:00", "00:00")], policy=None, id="PLOOSE1")
    pagerduty = connect(url, desk=_with(backup=("PLOOSE1",)))
    assert "no escalation policy uses it" in str(pagerduty.read_facet("duties", [BACKUP]).failed[BACKUP])


def test_schedule_that_names_nobody_gives_nobody(world: World, connect: Callable[..., PagerDuty], url: str) -> None:
    world.pagerduty.add_schedule("Empty", id="PEMPTY1")
    assert _duties(connect(url, desk=_with(backup=("PEMPTY1",))), BACKUP) == ()


def test_two_schedules_of_one_name_are_told_with_their_ids(
    scripted: Scripted, connect: Callable[..., PagerDuty]
) -> None:
    found = [{"id": id, "name": "Twice"} for id in ("PTWICE2", "PTWICE1")]
    scripted.says(Answer({"schedules": found, "more": False}))
    error = connect(scripted.url, desk=_with(backup=("twice",))).read_facet("duties", [BACKUP]).failed[BACKUP]
    assert "there are 2 of that name; write the id of the right one into desk.yml: PTWICE1, PTWICE2" in str(error)
