"""Who is on call: at a time, within a time, and with somebody standing in."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import requests

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON
from tests.sandbox.pagerduty.conftest import Pager

TOMORROW = NOON + dt.timedelta(days=1)


def names(answer: requests.Response) -> list[str]:
    return [each["user"]["summary"] for each in answer.json()["oncalls"]]


def times(answer: requests.Response) -> list[tuple[str, str, str]]:
    """Who, from when and until when; day and hour only."""
    return [(each["user"]["summary"], each["start"][8:13], each["end"][8:13]) for each in answer.json()["oncalls"]]


def test_whoever_has_the_shift_is_on_call_now(world: World, pager: Pager) -> None:
    assert times(pager.get("oncalls", schedule_ids=["PDAY001", "PNIGHT1"])) == [("emil", "30T08", "30T16")]
    world.at(NOON + dt.timedelta(hours=4))
    assert times(pager.get("oncalls", schedule_ids=["PDAY001", "PNIGHT1"])) == [("amber", "30T16", "01T08")]


def test_a_person_who_is_asked_by_name_is_on_call_for_ever(pager: Pager) -> None:
    (ivy,) = pager.get("oncalls", schedule_ids=["null"]).json()["oncalls"]
    assert (ivy["user"]["summary"], ivy["schedule"], ivy["start"], ivy["end"]) == ("ivy", None, None, None)
    assert ivy["escalation_level"] == 2


def test_all_shifts_of_a_time_are_listed_whole_and_in_order(pager: Pager) -> None:
    found = pager.get(
        "oncalls", schedule_ids=["PDAY001", "PNIGHT1"], since=NOON.isoformat(), until=TOMORROW.isoformat()
    )
    assert times(found) == [("emil", "30T08", "30T16"), ("amber", "30T16", "01T08"), ("emil", "01T08", "01T16")]


def test_the_earliest_shift_of_each_person_is_listed_on_demand(pager: Pager) -> None:
    found = pager.get(
        "oncalls",
        schedule_ids=["PDAY001", "PNIGHT1"],
        since=NOON.isoformat(),
        until=(NOON + dt.timedelta(days=5)).isoformat(),
        earliest="true",
    )
    assert times(found) == [("emil", "30T08", "30T16"), ("amber", "30T16", "01T08")]


def test_a_stand_in_is_on_call_in_the_place_of_who_was_planned(world: World, pager: Pager) -> None:
    world.pagerduty.override("Day", "kim", NOON - dt.timedelta(hours=1), NOON + dt.timedelta(hours=1))
    assert names(pager.get("oncalls", schedule_ids=["PDAY001"])) == ["kim"]
    day = {"since": (NOON - dt.timedelta(hours=4)).isoformat(), "until": (NOON + dt.timedelta(hours=4)).isoformat()}
    assert times(pager.get("oncalls", schedule_ids=["PDAY001"], **day)) == [
        ("emil", "30T08", "30T11"),
        ("kim", "30T11", "30T13"),
        ("emil", "30T13", "30T16"),
    ]
    world.at(NOON + dt.timedelta(hours=1))
    assert names(pager.get("oncalls", schedule_ids=["PDAY001"])) == ["emil"]


def test_the_latest_of_two_stand_ins_counts(world: World, pager: Pager) -> None:
    for name in ("kim", "hana"):
        world.pagerduty.override("Day", name, NOON, NOON + dt.timedelta(hours=1))
    assert names(pager.get("oncalls", schedule_ids=["PDAY001"])) == ["hana"]


def test_shifts_keep_to_the_clock_of_their_schedule(world: World, pager: Pager) -> None:
    world.pagerduty.add_schedule("West", [("rosa", "09:00", "17:00")], time_zone="America/Los_Angeles", id="PWEST01")
    world.at(dt.datetime(2026, 7, 1, 16, 0, tzinfo=dt.UTC))
    assert times(pager.get("oncalls", schedule_ids=["PWEST01"])) == [("rosa", "01T16", "02T00")]
    world.at(dt.datetime(2026, 12, 1, 16, 59, tzinfo=dt.UTC))
    assert names(pager.get("oncalls", schedule_ids=["PWEST01"])) == []


def test_single_turns_are_shifts_as_well(world: World, pager: Pager) -> None:
    world.pagerduty.add_schedule("Holiday", id="PHOLID1")
    world.pagerduty.add_turn("Holiday", "kim", NOON, TOMORROW)
    assert names(pager.get("oncalls", schedule_ids=["PHOLID1"])) == ["kim"]
    assert world.pagerduty.on_call("Holiday") == "kim"
    assert world.pagerduty.on_call("Holiday", TOMORROW) is None


def test_turns_of_one_person_without_a_pause_are_one(world: World, pager: Pager) -> None:
    world.pagerduty.add_schedule("Week", id="PWEEK01")
    world.pagerduty.add_turn("Week", "kim", NOON, TOMORROW)
    world.pagerduty.add_turn("Week", "kim", NOON, NOON + dt.timedelta(hours=1))
    world.pagerduty.add_turn("Week", "kim", TOMORROW, TOMORROW + dt.timedelta(hours=2))
    until = (NOON + dt.timedelta(days=3)).isoformat()
    assert times(pager.get("oncalls", schedule_ids=["PWEEK01"], until=until)) == [("kim", "30T12", "01T14")]


def test_a_schedule_that_no_policy_asks_has_nobody_on_call(world: World, pager: Pager) -> None:
    world.pagerduty.add_schedule("Draft", [("kim", "00:00", "00:00")], policy=None, id="PDRAFT1")
    assert names(pager.get("oncalls", schedule_ids=["PDRAFT1"])) == []
    world.pagerduty.add_schedule("Asked", [("kim", "00:00", "00:00")], id="PASKED1")
    assert names(pager.get("oncalls", schedule_ids=["PASKED1"])) == ["kim"]


def test_addresses_are_told_to_whoever_asks_for_people_in_full(pager: Pager) -> None:
    plain, whole = (
        pager.get("oncalls", schedule_ids=["PDAY001"], **more).json()["oncalls"][0]["user"]
        for more in ({}, {"include": ["users"]})
    )
    assert ("email" in plain, whole["email"]) == (False, "emil@example.com")
    assert (plain["type"], whole["type"]) == ("user_reference", "user")


def test_on_calls_are_found_by_policy_and_person_and_come_in_pages(world: World, pager: Pager) -> None:
    ivy = world.pagerduty.add_user("ivy").id
    assert names(pager.get("oncalls", user_ids=[ivy])) == ["ivy"]
    assert names(pager.get("oncalls", escalation_policy_ids=["PNONE"])) == []
    pages = [pager.get("oncalls", escalation_policy_ids=["PPOLICY"], limit=1, offset=each) for each in (0, 1)]
    assert sorted(names(pages[0]) + names(pages[1])) == ["emil", "ivy"]
    assert [each.json()["more"] for each in pages] == [True, False]


@pytest.mark.parametrize("query", [{"since": "soon"}, {"since": TOMORROW.isoformat(), "until": NOON.isoformat()}])
def test_times_that_are_none_are_refused(pager: Pager, query: dict[str, str]) -> None:
    answer = pager.get("oncalls", **query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 2001)


def test_a_schedule_shows_its_layers_and_who_is_on_call_cut_to_the_time_asked_for(world: World, pager: Pager) -> None:
    world.pagerduty.override("Day", "kim", NOON, NOON + dt.timedelta(hours=1))
    span = {"since": NOON.isoformat(), "until": (NOON + dt.timedelta(hours=2)).isoformat()}
    shown = pager.get("schedules/PDAY001", **span).json()["schedule"]
    assert (shown["name"], shown["time_zone"]) == ("Day", "UTC")
    assert shown["schedule_layers"][0]["restrictions"] == [
        {"type": "daily_restriction", "start_time_of_day": "08:00:00", "duration_seconds": 8 * 3600}
    ]
    assert entries(shown["final_schedule"]) == [("kim", "12:00", "13:00"), ("emil", "13:00", "14:00")]
    assert shown["final_schedule"]["rendered_coverage_percentage"] == 100.0
    assert entries(shown["overrides_subschedule"]) == [("kim", "12:00", "13:00")]
    whole = pager.get("schedules/PDAY001", **span, overflow="true").json()["schedule"]
    assert entries(whole["final_schedule"]) == [("kim", "12:00", "13:00"), ("emil", "13:00", "16:00")]


def test_a_schedule_shows_nobody_where_no_time_is_asked_for(pager: Pager) -> None:
    assert entries(pager.get("schedules/PDAY001").json()["schedule"]["final_schedule"]) == []


def test_schedules_and_people_are_searched_by_name(pager: Pager) -> None:
    assert [each["id"] for each in pager.get("schedules", query="nig").json()["schedules"]] == ["PNIGHT1"]
    (emil,) = pager.get("users", query="EMIL@").json()["users"]
    assert pager.get(f"users/{emil['id']}").json()["user"]["name"] == "emil"
    listed = pager.get("schedules", total="true").json()
    assert ([each["name"] for each in listed["schedules"]], listed["total"]) == (["Day", "Night"], 2)


def test_overrides_are_added_and_each_is_answered_for_itself(world: World, pager: Pager) -> None:
    kim = {"id": world.pagerduty.add_user("kim").id, "type": "user_reference"}
    end = (NOON + dt.timedelta(hours=2)).isoformat()
    sent = [
        {"start": NOON.isoformat(), "end": end, "user": kim},
        {"start": end, "end": NOON.isoformat(), "user": kim},
        {"start": NOON.isoformat(), "end": end, "user": {"id": "PNOBODY", "type": "user_reference"}},
    ]
    answer = pager.send("POST", "schedules/PDAY001/overrides", {"overrides": sent})
    assert answer.status_code == 201
    assert [(each["status"], each.get("errors")) for each in answer.json()] == [
        (201, None),
        (400, ["Override must end after its start"]),
        (400, ["User not found"]),
    ]
    assert world.pagerduty.on_call("Day") == "kim"
    listed = pager.get("schedules/PDAY001/overrides", since=NOON.isoformat(), until=TOMORROW.isoformat())
    assert [each["user"]["summary"] for each in listed.json()["overrides"]] == ["kim"]


def test_overrides_are_listed_within_a_time_only(pager: Pager) -> None:
    answer = pager.get("schedules/PDAY001/overrides", since=NOON.isoformat())
    assert (answer.status_code, answer.json()["error"]["errors"]) == (400, ["Until must be set."])


def entries(part: Any) -> list[tuple[str, str, str]]:
    return [
        (each["user"]["summary"], each["start"][11:16], each["end"][11:16])
        for each in part["rendered_schedule_entries"]
    ]
