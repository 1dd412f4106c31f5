"""Clocks, bots and the hours of people: from desk.yml and people.yml to the desk, or what is wrong at its place."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from starkeeper.model.desk import Calendar, Clock, ClockStart, ClockStop, Desk, Person, Window
from starkeeper.model.values import Interval, LabelPattern
from starkeeper.policies.desk import read_desk
from tests.policies.helpers import written

PEOPLE = "people: [{gitlab: aoi}, {gitlab: emil}]"
DESK = r"""trackers: {star: {project: support/star, title: 'ZD#(?P<ticket>\d+)', form: {Opened at: opened_at}}}
managers: [aoi]
calendars: {office: {open: {weekdays: "09:00-17:00"}}}
"""


def desk_of(folder: Path, desk: str, people: str = PEOPLE) -> Desk:
    read = read_desk(written(folder, {"desk.yml": desk, "people.yml": people}))
    assert read.problems == ()
    assert read.desk
    return read.desk


def said(folder: Path, desk: str, people: str = PEOPLE) -> list[str]:
    files = {"desk.yml": desk, "people.yml": people}
    return [str(each).replace(f"{folder}/", "") for each in sorted(read_desk(written(folder, files)).problems)]


def label(text: str) -> LabelPattern:
    return LabelPattern.parse(text)


def test_clocks_are_what_the_file_says(tmp_path: Path) -> None:
    clocks = """clocks:
  urgency:
    calendar: office
    starts: opening
    stops: [closed, {comment: others}, {label: "star::in-progress", by: managers}]
    pauses: ["waiting::*"]
    length: {"urgency::urgent": 30 minutes, "urgency::timely": 1 hour}
  resolve:
    stops: {label: done}
    pauses: waiting
    length: 2 days
  marked:
    starts: {label: "star::*", by: [zoe, kim]}
    stops: closed
  ticket:
    starts: {field: opened_at}
    stops: [{comment: [zoe]}]
"""
    assert desk_of(tmp_path, DESK + clocks).clocks == {
        "urgency": Clock(
            name="urgency",
            calendar="office",
            starts=ClockStart(at="opening"),
            stops=(
                ClockStop(what="closed"),
                ClockStop(what="comment", by="others"),
                ClockStop(what="label", label=label("star::in-progress"), by="managers"),
            ),
            pauses=(label("waiting::*"),),
            length=(
                (label("urgency::urgent"), Interval(30, "minutes")),
                (label("urgency::timely"), Interval(1, "hours")),
            ),
        ),
        "resolve": Clock(
            name="resolve",
            starts=ClockStart(at="opened"),
            stops=(ClockStop(what="label", label=label("done"), by="people"),),
            pauses=(label("waiting"),),
            length=Interval(2, "days"),
        ),
        "marked": Clock(
            name="marked",
            starts=ClockStart(label=label("star::*"), by=("zoe", "kim")),
            stops=(ClockStop(what="closed"),),
        ),
        "ticket": Clock(
            name="ticket",
            starts=ClockStart(field="opened_at"),
            stops=(ClockStop(what="comment", by=("zoe",)),),
        ),
    }


def test_a_label_starts_a_clock_whoever_sets_it_unless_the_file_says_by_whom(tmp_path: Path) -> None:
    clock = desk_of(tmp_path, DESK + "clocks: {c: {starts: {label: a}, stops: closed}}").clocks["c"]
    assert clock.starts == ClockStart(label=label("a"), by="anyone")


CLOCK = "clocks:\n  c:\n    calendar: office\n    stops: closed\n    length: 30 minutes\n"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "calendar: office",
            "calendar: ofice",
            "6:15: there is no calendar 'ofice' in desk.yml; did you mean 'office'?",
        ),
        (
            "calendar: office",
            "starts: opening",
            "6:13: 'opening' is that of a calendar, and the clock has none; name it: 'calendar: NAME', or start the "
            "clock when the issue is 'opened'",
        ),
        (
            "stops:",
            "starts: openning\n    stops:",
            "7:13: 'starts': 'openning' is not known here; did you mean 'opening'?",
        ),
        ("stops:", "starts: {}\n    stops:", "7:13: 'starts' has neither 'label' nor 'field'; give it one of them"),
        (
            "stops:",
            "starts: {label: a, field: ticket}\n    stops:",
            "7:13: 'starts' has both 'label' and 'field'; give it one of them",
        ),
        (
            "stops:",
            "starts: {field: ticket, by: people}\n    stops:",
            "7:29: 'by' says who sets a label, and here is a field; take it out",
        ),
        (
            "stops:",
            "starts: {field: tickt}\n    stops:",
            "7:21: 'starts' names the field 'tickt', which neither 'form' nor 'title' of a tracker gives; did you mean "
            "'ticket'?",
        ),
        (
            "stops:",
            "starts: {label: a, by: []}\n    stops:",
            "7:13: nothing can start this clock: its list of user names is empty; name somebody, or write 'people'",
        ),
        (
            "stops:",
            "starts: {label: a, by: ['@kim']}\n    stops:",
            "7:30: '@kim' is no GitLab user name; write it as in GitLab, without the '@'",
        ),
        (
            "stops:",
            "starts: {label: a, by: aoi}\n    stops:",
            "7:28: 'by': found the text 'aoi', expected 'anyone', 'people', 'managers', 'strangers', 'others', "
            "'initiator', 'assignees', 'bot' or a list of texts",
        ),
        ("    stops: closed\n", "", "6:5: 'c' lacks 'stops'; give it 'closed', a mapping or a list"),
        ("stops: closed", "stops: []", "7:12: a clock that nothing stops runs for ever: 'c'; write [closed]"),
        ("stops: closed", "stops: close", "7:12: 'stops': 'close' is not known here; did you mean 'closed'?"),
        ("stops: closed", "stops: [{}]", "7:13: 'stops' has neither 'label' nor 'comment'; give it one of them"),
        (
            "stops: closed",
            "stops: [closed, {coment: others}]",
            "7:22: unknown key 'coment' in 'stops'; did you mean 'comment'?",
        ),
        (
            "stops: closed",
            "stops: {label: a, comment: others}",
            "7:12: 'stops' has both 'label' and 'comment'; give it one of them",
        ),
        (
            "stops: closed",
            "stops: {comment: others, by: managers}",
            "7:30: 'by' says who sets a label, and here is a comment; take it out",
        ),
        (
            "stops: closed",
            "stops: [closed, {label: a}, closed]",
            "7:33: this stop is listed already, on line 7; keep one of them",
        ),
        (
            "stops: closed",
            "stops: [{label: a}, {label: a, by: people}]",
            "7:25: this stop is listed already, on line 7; keep one of them",
        ),
        (
            "stops: closed",
            "stops: [{comment: []}]",
            "7:13: this stop can never come: its list of user names is empty; name somebody, or write 'people'",
        ),
        (
            "length:",
            "starts: {label: 'wait::a'}\n    pauses: ['wait::*']\n    length:",
            "8:22: the label 'wait::a' starts clock 'c' and pauses it, so it would never run; take it out of 'pauses'",
        ),
        (
            "stops: closed",
            "stops: [{label: '{done, wait}'}]\n    pauses: wait",
            "7:22: the label '{done, wait}' stops clock 'c' and pauses it; it can do one of the two; take it out of "
            "'pauses' or out of 'stops'",
        ),
        (
            "stops: closed",
            "stops: [{label: 'a*'}]\n    starts: {label: a}",
            "7:22: the label 'a' starts clock 'c' and stops it, so it would never run; say in 'by' whose label "
            "stops it",
        ),
        ("30 minutes", "0 hours", "8:13: a clock that may run for 0 hours is over when it starts; write more than 0"),
        (
            "30 minutes",
            "2 days",
            "8:13: days of a calendar can be of any length; write hours: 8 hours open, or 24 hours on a whole day",
        ),
        (
            "30 minutes",
            "{a: 1 hour, b: 1 week}",
            "8:28: weeks of a calendar can be of any length; write hours: 8 hours open, or 24 hours on a whole day",
        ),
        ("30 minutes", "{}", "8:13: 'length' names no label; write one interval for all issues, or leave it out"),
        ("30 minutes", "{'': 1 hour}", "8:14: 'length': a label's name cannot be empty"),
        (
            "30 minutes",
            "{'{a, b}': 1 hour, b: 2 hours}",
            "8:32: 'b' has its length already, with '{a, b}' on line 8; keep one of them",
        ),
        (
            "30 minutes",
            "{'a*': 1 hour, 'c*': 3 hours, '{ab, cb}': 2 hours}",
            "8:43: '{ab, cb}' has its length already; keep one of them",
        ),
        ("30 minutes", "{a: 1 hour, a: 2 hours}", "8:25: the key 'a' was already given on line 8; keep one of them"),
        ("clocks:", "clock:", "4:1: unknown key 'clock' in the file; did you mean 'clocks'?"),
    ],
)
def test_a_clock_that_makes_no_sense_is_refused_at_its_place(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    assert before in CLOCK
    assert said(tmp_path, DESK + CLOCK.replace(before, after)) == [f"desk.yml:{expected}"]


@pytest.mark.parametrize(
    "clock",
    [
        "{starts: {label: 'star::*'}, pauses: 'star::waiting', stops: closed}",
        "{starts: {label: mark}, stops: {label: mark, by: managers}}",
        "{stops: closed, length: {'urgency::urgent': 1 hour, 'urgency::*': 2 weeks}}",
        "{stops: [{label: a, by: managers}, {label: a, by: [zoe]}, {comment: initiator}]}",
    ],
)
def test_a_clock_that_makes_sense_is_accepted(tmp_path: Path, clock: str) -> None:
    assert said(tmp_path, f"{DESK}clocks: {{c: {clock}}}") == []


def test_months_are_no_length_without_a_calendar_either(tmp_path: Path) -> None:
    assert said(tmp_path, DESK + "clocks: {c: {stops: closed, length: 1 month}}") == [
        "desk.yml:4:37: months can be of any length; write days or hours"
    ]


def test_what_only_managers_do_never_comes_where_there_are_none(tmp_path: Path) -> None:
    desk = "trackers: {}\nclocks: {c: {starts: {label: a, by: managers}, stops: [{comment: managers}]}}"

    assert said(tmp_path, desk) == [
        "desk.yml:2:22: nothing can start this clock: the desk has no managers; list them in desk.yml under 'managers'",
        "desk.yml:2:56: this stop can never come: the desk has no managers; list them in desk.yml under 'managers'",
    ]


def test_bots_and_the_schedule_are_told_to_the_desk(tmp_path: Path) -> None:
    desk = desk_of(tmp_path, DESK + "bots: [helper-bot]\nsweep_every: 1 hour")
    assert (desk.bots, desk.sweep_minutes) == (("helper-bot",), 60)
    assert desk_of(tmp_path, DESK).sweep_minutes == 10


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("bots: [AOI]", "4:8: 'AOI' is a manager, and managers are people; keep it in one of the two"),
        ("bots: [b, B]", "4:11: 'B' is listed already, on line 4; keep one of them"),
        ("bots: ['@b']", "4:9: '@b' is no GitLab user name; write it as in GitLab, without the '@'"),
        (
            "sweep_every: 2 days",
            "4:14: 'sweep_every': found '2 days', expected from 1 minute to 1 day; write how often the schedule runs: "
            "10 minutes",
        ),
        (
            "sweep_every: 0 minutes",
            "4:14: 'sweep_every': found '0 minutes', expected from 1 minute to 1 day; write how often the schedule "
            "runs: 10 minutes",
        ),
        (
            "sweep_every: 1 month",
            "4:14: 'sweep_every': found '1 month', expected from 1 minute to 1 day; write how often the schedule runs: "
            "10 minutes",
        ),
        (
            "sweep_every: 10",
            "4:14: 'sweep_every': '10' is no interval; write a number and a unit, such as '10 minutes' or '3 days'",
        ),
    ],
)
def test_bots_and_the_schedule_are_checked(tmp_path: Path, more: str, expected: str) -> None:
    assert said(tmp_path, DESK + more) == [f"desk.yml:{expected}"]


def test_people_have_hours_on_their_own_clock(tmp_path: Path) -> None:
    people = """people:
  - gitlab: aoi
    name: Aoi
    slack: U01AOI
    pagerduty: PAOI
    region: APAC
    zone: Asia/Tokyo
    hours: {weekdays: "09:00-18:00", fri: "22:00-02:00"}
    away: [2026-12-24]
    holidays: [JP]
    skills: [runner]
  - {gitlab: emil, away: [2026-12-24]}
"""
    windows = (*(Window(day, 540, 1080) for day in range(4)), Window(4, 1320, 1440), Window(5, 0, 120))
    away = frozenset({dt.date(2026, 12, 24)})
    hours = Calendar(name="hours of Aoi", zone="Asia/Tokyo", windows=windows, closed=away, holidays=("JP",))

    assert desk_of(tmp_path, DESK, people).people == {
        "aoi": Person(
            gitlab="aoi",
            name="Aoi",
            slack="U01AOI",
            pagerduty="PAOI",
            region="APAC",
            zone="Asia/Tokyo",
            hours=hours,
            away=away,
            skills=("runner",),
        ),
        "emil": Person(gitlab="emil", away=away),
    }


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("zone: Asia/Tokio", "1:30: there is no time zone 'Asia/Tokio'; did you mean 'Asia/Tokyo'?"),
        ("hours: {mon: '9-17'}", "1:37: 'mon': '9-17' are no hours; write them like '09:00-17:30'"),
        (
            "hours: {mon: []}",
            "1:10: 'aoi' is never at work; write hours: {weekdays: '09:00-17:00'}",
        ),
        (
            "hours: {mon: ['09:00-12:00', '11:00-13:00']}",
            "1:54: '11:00-13:00' of 'mon' overlaps '09:00-12:00' of 'mon'; write them as one, or let one begin "
            "when the other ends",
        ),
        (
            "away: [24-12-2026]",
            "1:31: 'away': found the text '24-12-2026', expected a date; write it as year, month and day: 2026-12-24",
        ),
        (
            "hours: {mon: '09:00-17:00'}, holidays: [JPN, ja]",
            "1:69: the holidays of 'ja' are not known; "
            "write the code of a country, such as 'NL', or of a part of it: 'US-CA'",
        ),
        (
            "holidays: [JP]",
            "1:34: holidays of a person whose hours are not known say nothing; write them: hours: {weekdays: "
            "'09:00-17:00'}",
        ),
        (
            "slack: U12345}, {gitlab: emil, slack: U12345",
            "1:62: 'U12345' is listed already, on line 1; keep one of them",
        ),
    ],
)
def test_people_are_checked(tmp_path: Path, person: str, expected: str) -> None:
    assert said(tmp_path, DESK, f"people: [{{gitlab: aoi, {person}}}]") == [f"people.yml:{expected}"]


STAR = "trackers: {star: {project: support/star}}\nmanagers: [aoi]\n"


@pytest.mark.parametrize(
    ("key", "clock"),
    [
        ("calendar", "{stops: closed, calendar: }"),
        ("starts", "{stops: closed, starts: }"),
        ("by", "{stops: [{label: x, by: }]}"),
        ("pauses", "{stops: closed, pauses: }"),
    ],
)
def test_a_key_of_a_clock_with_nothing_behind_it_is_no_default(tmp_path: Path, key: str, clock: str) -> None:
    [problem] = said(tmp_path, f"{STAR}clocks: {{x: {clock}}}")
    assert f"'{key}' has nothing behind it; write a value, or take the key out" in problem


def test_a_fuse_with_nothing_behind_it_is_not_off(tmp_path: Path) -> None:
    assert "'max_changes' has nothing behind it" in said(tmp_path, f"{STAR}max_changes:\n")[0]
    assert said(tmp_path, f"{STAR}rotations:\nclocks:\n") == []


@pytest.mark.parametrize("stop", ["{comment: [others]}", "{label: x, by: [managers]}"])
def test_a_group_in_a_list_is_taken_for_no_user_name(tmp_path: Path, stop: str) -> None:
    [problem] = said(tmp_path, f"{STAR}clocks: {{x: {{stops: [{stop}]}}}}")
    assert "a list holds user names, and '" in problem
    assert "without brackets" in problem
