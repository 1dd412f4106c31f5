"""desk.yml and people.yml to the desk, with every name in them checked against the others."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from starkeeper.errors import Where
from starkeeper.model.desk import Desk, Person, Rotation, Shift, Tracker, Window
from starkeeper.policies.desk import read_desk
from tests.policies.helpers import written

PEOPLE = """people:
  - {gitlab: aoi, name: Aoi, region: APAC, skills: [runner]}
  - {gitlab: emil}
"""
DESK = r"""trackers:
  star:
    project: support/star
    title: 'ZD#(?P<ticket>\d+)'
    form: {Urgency: urgency}
    values: {urgency: {Not   Urgent: not-urgent}}
    same_by: ticket
    history_days: 60
  all: {group: support}
managers: [aoi, emil]
rotations:
  support_manager:
    zone: Europe/Amsterdam
    fallback: "@support-manager-oncall"
    shifts:
      - {person: aoi, from: "00:00", to: "08:00", region: APAC}
      - {person: emil, from: "22:30", to: "24:00"}
settings: {form_url: https://example.com/form, reminder: 10}
max_changes: 25%
"""


def said(folder: Path, desk: str, people: str | None = PEOPLE) -> list[str]:
    files = {"desk.yml": desk} if people is None else {"desk.yml": desk, "people.yml": people}
    return sorted(str(each).replace(f"{folder}/", "") for each in read_desk(written(folder, files)).problems)


def test_the_desk_is_what_its_files_say(tmp_path: Path) -> None:
    read = read_desk(written(tmp_path, {"desk.yml": DESK, "people.yml": PEOPLE}))
    file = str(tmp_path / "desk.yml")

    assert read.problems == ()
    assert read.desk == Desk(
        trackers={
            "star": Tracker(
                name="star",
                path="support/star",
                title=re.compile(r"ZD#(?P<ticket>\d+)"),
                form={"Urgency": "urgency"},
                values={"urgency": {"not urgent": "not-urgent"}},
                choices={"urgency": ("Not Urgent",)},
                same_by="ticket",
                history_days=60,
                where=Where(file, 3, 5),
            ),
            "all": Tracker(name="all", path="support", source="groups", where=Where(file, 9, 8)),
        },
        rotations={
            "support_manager": Rotation(
                name="support_manager",
                zone="Europe/Amsterdam",
                fallback="support-manager-oncall",
                shifts=(
                    Shift(person="aoi", starts=dt.time(0), ends=dt.time(8), region="APAC"),
                    Shift(person="emil", starts=dt.time(22, 30), ends=dt.time(0)),
                ),
            )
        },
        people={
            "aoi": Person(gitlab="aoi", name="Aoi", region="APAC", skills=("runner",)),
            "emil": Person(gitlab="emil"),
        },
        managers=("aoi", "emil"),
        settings={"form_url": "https://example.com/form", "reminder": "10"},
        max_changes="25%",
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("[aoi, emil]", "[aoi, emill]", "desk.yml:10:17: 'emill' is not in people.yml; did you mean 'emil'?"),
        ("[aoi, emil]", "[aoi, aoi]", "desk.yml:10:17: 'aoi' is listed already, on line 10; keep one of them"),
        ("person: emil", "person: zoe", "desk.yml:17:18: 'zoe' is not in people.yml; known here: 'aoi', 'emil'"),
        (
            "Europe/Amsterdam",
            "Europe/Amsterdm",
            "desk.yml:13:11: there is no time zone 'Europe/Amsterdm'; did you mean 'Europe/Amsterdam'?",
        ),
        (
            'to: "08:00"',
            'to: "8 am"',
            "desk.yml:16:42: 'to': found the text '8 am', expected a time; write hours and minutes: \"08:30\"",
        ),
        (
            'to: "08:00"',
            'to: "00:00"',
            "desk.yml:16:9: this shift ends when it begins; say when it ends; one shift for the whole day is "
            'from "00:00" to "24:00"',
        ),
        (
            'from: "22:30"',
            'from: "07:59"',
            "desk.yml:17:9: this shift overlaps the one on line 16; one person is on call at a time",
        ),
        (
            "support/star",
            "star",
            "desk.yml:3:14: 'star' is no path of a project; write it as in the address bar, after the server: "
            "group/project",
        ),
        (
            "support/star",
            "https://gitlab.com/support/star",
            "desk.yml:3:14: 'https://gitlab.com/support/star' is no path of a project; write it as in the "
            "address bar, after the server: group/project",
        ),
        (
            "{group: support}",
            "{}",
            "desk.yml:9:8: tracker 'all' has neither 'project' nor 'group'; give it one of them",
        ),
        (
            "{group: support}",
            "{project: Support/star}",
            "desk.yml:9:18: 'Support/star' has a tracker already, on line 3; keep one of them",
        ),
        (
            "same_by: ticket",
            "same_by: tickt",
            "desk.yml:7:14: 'same_by' names 'tickt', which neither 'form' nor 'title' gives; did you mean 'ticket'?",
        ),
        (
            "{urgency: {Not",
            "{urgncy: {Not",
            "desk.yml:3:5: 'values' names 'urgncy', which neither 'form' nor 'title' gives; did you mean 'urgency'?",
        ),
        (
            "Urgency: urgency",
            "Urgency: how urgent, Other: urgency",
            "desk.yml:5:21: 'how urgent' is no name for a field; use letters, digits and '_', so that templates "
            "can say fields.name",
        ),
        (
            "history_days: 60",
            "history_days: 0",
            "desk.yml:8:19: 'history_days': found 0, expected at least 1, at most 3650",
        ),
        ("managers:", "mangers:", "desk.yml:10:1: unknown key 'mangers' in the file; did you mean 'managers'?"),
    ],
)
def test_what_the_desk_says_wrongly_is_reported_at_its_place(
    tmp_path: Path, before: str, after: str, expected: str
) -> None:
    assert before in DESK
    assert said(tmp_path, DESK.replace(before, after)) == [expected]


def test_people_are_listed_once_and_by_user_name(tmp_path: Path) -> None:
    people = "people: [{gitlab: aoi}, {gitlab: emil}, {gitlab: Aoi}, {gitlab: '@kim'}]"

    assert said(tmp_path, DESK, people) == [
        "people.yml:1:50: 'Aoi' is listed already, on line 1; keep one of them",
        "people.yml:1:66: '@kim' is no GitLab user name; write it as in GitLab, without the '@'",
    ]


def test_without_people_yml_nobody_can_be_named(tmp_path: Path) -> None:
    assert said(tmp_path, "trackers: {}\nmanagers: [aoi]", None) == [
        "desk.yml:2:12: 'aoi' is not in people.yml; list everybody there"
    ]


def test_problems_of_both_files_come_in_one_run(tmp_path: Path) -> None:
    assert [each.split(":")[0] for each in said(tmp_path, "trackers: [", "peple: []")] == ["desk.yml", "people.yml"]


def test_a_shift_for_the_whole_day_is_allowed_alone(tmp_path: Path) -> None:
    desk = 'trackers: {}\nrotations: {r: {shifts: [{person: aoi, from: "00:00", to: "24:00"}]}}'

    assert said(tmp_path, desk) == []


CALENDARS = """
calendars:
  global_support_hours:
    zone: America/Los_Angeles
    open: {every_day: "00:00-24:00", fri: "00:00-17:00", sat: [], sun: "15:00-24:00"}
    closed: [2026-12-25]
    holidays: [US-CA, NO]
  nights:
    open: {weekdays: ["22:00-06:00", "12:00-13:00"]}
"""


def test_calendars_say_which_hours_of_which_days_are_open(tmp_path: Path) -> None:
    desk = read_desk(written(tmp_path, {"desk.yml": f"trackers: {{}}{CALENDARS}"})).desk
    assert desk
    hours = desk.calendars["global_support_hours"]
    assert (hours.zone, hours.closed) == ("America/Los_Angeles", frozenset({dt.date(2026, 12, 25)}))
    assert hours.holidays == ("US-CA", "NO")
    assert Window(0, 0, 1440) in hours.windows and Window(4, 0, 1020) in hours.windows
    assert [each for each in hours.windows if each.weekday in (5, 6)] == [Window(6, 900, 1440)]
    nights = desk.calendars["nights"].windows
    assert [each for each in nights if each.weekday == 1] == [
        Window(1, 0, 360),
        Window(1, 720, 780),
        Window(1, 1320, 1440),
    ]
    assert [each for each in nights if each.weekday == 5] == [Window(5, 0, 360)]


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        ("{open: {}}", "calendar 'x' is never open; write open: {weekdays: '09:00-17:00'}"),
        ("{open: {mon: [], tue: []}}", "calendar 'x' is never open; write open: {weekdays: '09:00-17:00'}"),
        ("{open: {mon: '9-17'}}", "'mon': '9-17' are no hours; write them like '09:00-17:30'"),
        ("{open: {mon: '09:00-24:30'}}", "'mon': '09:00-24:30' are no hours; write them like '09:00-17:30'"),
        ("{open: {mon: '09:00-09:00'}}", "'mon': '09:00-09:00' ends when it begins; the whole day is '00:00-24:00'"),
        ("{open: {mo: '09:00-10:00'}}", "unknown key 'mo' in 'open'; did you mean 'mon'?"),
        ("{open: {mon: '09:00-10:00'}, zone: Europe/Amsterdm}", "there is no time zone 'Europe/Amsterdm'"),
        ("{open: {mon: '09:00-10:00'}, closed: [2026-02-30]}", "'closed': there is no day 2026-02-30"),
        ("{open: {mon: '09:00-10:00'}, holidays: [nl]}", "the holidays of 'nl' are not known; did you mean 'NL'?"),
        ("{open: {mon: '09:00-10:00'}, holidays: [NL-X]}", "known here: 'NL-Midden', 'NL-Noord', 'NL-Zuid'"),
        ("{open: {mon: '09:00-10:00'}, holidays: NL}", "'holidays': found the text 'NL', expected a list of texts"),
        ("{open: {weekdays: ['09:00-12:00', '11:59-13:00']}}", "'11:59-13:00' of 'weekdays' overlaps '09:00-12:00'"),
        ("{open: {weekdays: ['22:00-06:00', '05:00-13:00']}}", "'05:00-13:00' of 'weekdays' overlaps '22:00-06:00'"),
        ("{open: {mon: '22:00-10:00', tue: '09:00-17:00'}}", "'09:00-17:00' of 'tue' overlaps '22:00-10:00' of 'mon'"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_at_its_line(tmp_path: Path, calendar: str, expected: str) -> None:
    (problem,) = said(tmp_path, f"trackers: {{}}\ncalendars:\n  x: {calendar}\n", None)
    assert problem.startswith("desk.yml:3:") and expected in problem
