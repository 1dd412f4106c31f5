"""Clocks of issues: when they start, stand still and stop, what they count, and when they are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from starkeeper.desk.clocks import most_elapsed, read_run
from starkeeper.desk.stopwatch import Run
from starkeeper.model.desk import Calendar, Clock, ClockStart, ClockStop, Window
from starkeeper.model.resources import Resource
from starkeeper.model.values import Interval, LabelPattern
from tests.builders import DESK, make_facts, make_issue, make_resource

MINUTE = dt.timedelta(minutes=1)
OFFICE = DESK.calendars["office_hours"]
WAITING = LabelPattern.parse("waiting*")


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def clock(**said: Any) -> Clock:
    plain = {"name": "any", "starts": ClockStart(at="opened"), "stops": (ClockStop(what="closed"),)}
    return Clock(**{**plain, **said})


def run_of(
    of: Clock,
    now: str,
    *,
    notes: tuple[Mapping[str, Any], ...] = (),
    events: tuple[Mapping[str, Any], ...] = (),
    calendar: Calendar = OFFICE,
    **issue: Any,
) -> Run:
    resource: Resource = make_issue(**{"created_at": at("2026-12-01T16:30"), **issue})
    desk = structs.replace(DESK, calendars={"office_hours": calendar})
    facts = make_facts(resource, notes={12: notes}, label_events={12: events}, now=at(now), desk=desk)
    return read_run(of, resource, facts)


def event(action: str, label: str, when: str, user: str = "emil") -> dict[str, Any]:
    return {"action": action, "label": label, "user": user, "created_at": f"{when}:00Z"}


def note(when: str, author: str = "emil") -> dict[str, Any]:
    return {"author": author, "body": "Hello", "created_at": f"{when}:00Z"}


@pytest.mark.parametrize(
    ("now", "minutes"), [("2026-12-01T17:00", 30), ("2026-12-02T08:59", 30), ("2026-12-02T09:10", 40)]
)
def test_only_open_time_of_its_calendar_counts(now: str, minutes: int) -> None:
    assert run_of(clock(calendar="office_hours"), now).elapsed(at(now)) == minutes * MINUTE


def test_clock_of_an_opening_starts_there_and_an_earlier_answer_has_stopped_it() -> None:
    of = clock(calendar="office_hours", starts=ClockStart(at="opening"), stops=(ClockStop(what="comment"),))
    created = at("2026-11-28T10:00")
    assert run_of(of, "2026-11-30T10:00", created_at=created).started_at == at("2026-11-30T09:00")
    early = run_of(of, "2026-11-30T10:00", created_at=created, notes=(note("2026-11-28T11:00"),))
    assert (early.elapsed(at("2026-11-30T10:00")), early.stop is not None) == (0 * MINUTE, True)


def test_who_asked_does_not_answer_and_another_bot_is_nobody() -> None:
    of = clock(stops=(ClockStop(what="comment", by="others"),))
    assert run_of(of, "2026-12-02T10:00", author="ivy", notes=(note("2026-12-01T17:00", "ivy"),)).stop is None
    stopped = run_of(of, "2026-12-02T10:00", author="ivy", notes=(note("2026-12-01T17:00", "kim"),))
    assert stopped.elapsed(at("2026-12-02T10:00")) == 30 * MINUTE


def test_label_stops_it_when_those_meant_set_it_and_as_long_as_it_is_there() -> None:
    of = clock(stops=(ClockStop(what="label", label=LabelPattern.parse("done"), by="managers"),))
    by_manager = event("add", "done", "2026-12-01T17:00")
    now = "2026-12-01T18:00"
    assert run_of(of, now, events=(by_manager,), labels=("done",)).elapsed(at(now)) == 30 * MINUTE
    assert run_of(of, now, events=({**by_manager, "user": "ivy"},), labels=("done",)).stop is None
    taken_back = (by_manager, event("remove", "done", "2026-12-01T17:10"))
    assert run_of(of, now, events=taken_back).elapsed(at(now)) == 90 * MINUTE


def test_second_start_changes_nothing_while_it_runs_and_begins_anew_after_a_stop() -> None:
    of = clock(starts=ClockStart(label=LabelPattern.parse("ask")), stops=(ClockStop(what="comment"),))
    asked = (event("add", "ask", "2026-12-01T17:00"), event("add", "ask", "2026-12-01T17:20"))
    now = "2026-12-01T18:00"
    once = run_of(of, now, events=asked)
    assert (once.number, once.elapsed(at(now))) == (1, 60 * MINUTE)
    again = run_of(of, now, events=asked, notes=(note("2026-12-01T17:10"),))
    assert (again.number, again.started_at, again.stop) == (2, at("2026-12-01T17:20"), None)


def test_label_whose_setting_is_not_known_starts_nothing_and_says_so() -> None:
    of = clock(starts=ClockStart(label=LabelPattern.parse("ask")))
    run = run_of(of, "2026-12-01T18:00", labels=("ask",))
    assert run.started_at is None
    assert "does not tell who set it" in run.why


@pytest.mark.parametrize(
    ("text", "started"),
    [
        ("2026-12-01 12:00", at("2026-12-01T12:00")),
        ("2026-12-01 12:00 UTC", at("2026-12-01T12:00")),
        ("2026-12-01T12:00+02:00", at("2026-12-01T10:00")),
        ("tomorrow", None),
        ("", None),
        ("9999-12-31T23:59-14:00", None),
    ],
)
def test_time_in_a_field_starts_it_where_it_is_one(text: str, started: dt.datetime | None) -> None:
    of = clock(starts=ClockStart(field="version"))
    assert run_of(of, "2026-12-02T10:00", fields={"version": text}).started_at == started


def test_issue_from_the_future_has_a_clock_that_has_not_begun() -> None:
    run = run_of(clock(length=Interval(1, "hours")), "2026-12-01T10:00")
    assert run.elapsed(at("2026-12-01T10:00")) == 0 * MINUTE
    assert run.why == "it has not begun yet"
    assert run.due_at == at("2026-12-01T17:30")


def test_pauses_stand_still_and_move_the_due_time() -> None:
    of = clock(pauses=(WAITING,), length=Interval(1, "hours"))
    paused = (event("add", "waiting", "2026-12-01T16:40"), event("remove", "waiting", "2026-12-01T17:40"))
    run = run_of(of, "2026-12-01T18:00", events=paused)
    assert (run.elapsed(at("2026-12-01T18:00")), run.due_at) == (30 * MINUTE, at("2026-12-01T18:30"))
    still = run_of(of, "2026-12-01T18:00", events=paused[:1], labels=("waiting",))
    assert (still.is_paused, still.due_at, still.elapsed(at("2026-12-01T18:00"))) == (True, None, 10 * MINUTE)


def test_two_pausing_labels_that_overlap_pause_once() -> None:
    events = (
        event("add", "waiting-a", "2026-12-01T16:40"),
        event("add", "waiting-b", "2026-12-01T16:50"),
        event("remove", "waiting-a", "2026-12-01T17:00"),
        event("remove", "waiting-b", "2026-12-01T17:10"),
    )
    now = "2026-12-01T17:30"
    assert run_of(clock(pauses=(WAITING,)), now, events=events).elapsed(at(now)) == 30 * MINUTE


def test_label_that_only_went_had_been_there_from_the_start() -> None:
    now = "2026-12-01T17:30"
    events = (event("remove", "waiting", "2026-12-01T17:00"),)
    assert run_of(clock(pauses=(WAITING,)), now, events=events).elapsed(at(now)) == 30 * MINUTE


def test_length_follows_the_first_label_that_fits() -> None:
    lengths = ((LabelPattern.parse("high"), Interval(30, "minutes")), (LabelPattern.parse("low"), Interval(2, "hours")))
    of = clock(length=lengths)
    assert run_of(of, "2026-12-01T17:00", labels=("low",)).due_at == at("2026-12-01T18:30")
    assert run_of(of, "2026-12-01T17:00", labels=("other",)).due_at is None


minutes = st.integers(0, 3 * 1440)
opened = at("2026-12-03T15:17")
turns = st.lists(minutes, min_size=0, max_size=8, unique=True).map(sorted)
windows = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1400), st.integers(1, 600)), min_size=1, max_size=5).map(
    lambda parts: tuple(Window(day, start, min(1440, start + length)) for day, start, length in parts)
)


@given(turns, minutes, windows)
def test_counting_agrees_with_a_look_at_every_minute(turns: list[int], length: int, parts: tuple[Window, ...]) -> None:
    calendar = Calendar(name="office_hours", windows=parts)
    of = clock(calendar="office_hours", pauses=(WAITING,))
    events: tuple[dict[str, Any], ...] = tuple(
        {
            "action": ("add", "remove")[place % 2],
            "label": "waiting",
            "user": "emil",
            "created_at": opened + turn * MINUTE,
        }
        for place, turn in enumerate(turns)
    )
    now = opened + length * MINUTE
    seen = tuple(each for each in events if each["created_at"] <= now)
    labels = ("waiting",) if len(seen) % 2 else ()
    run = run_of(of, f"{now:%Y-%m-%dT%H:%M}", created_at=opened, events=seen, labels=labels, calendar=calendar)
    counted = sum(
        _is_open(calendar, opened + minute * MINUTE) and not sum(turn <= minute for turn in turns) % 2
        for minute in range(length)
    )
    assert run.elapsed(now) == counted * MINUTE
    if counted and run.reaches(counted * MINUTE):
        assert run.elapsed(run.reaches(counted * MINUTE) or now) == counted * MINUTE


@given(turns, minutes)
def test_what_is_told_without_a_request_is_never_too_little(turns: list[int], length: int) -> None:
    of = clock(pauses=(WAITING,))
    resource = make_issue(created_at=opened)
    events = [event("add", "waiting", f"{opened + turn * MINUTE:%Y-%m-%dT%H:%M}") for turn in turns[:1]]
    facts = make_facts(resource, label_events={12: events}, now=opened + length * MINUTE)
    most = most_elapsed(of, resource, facts)
    assert most is not None
    assert read_run(of, resource, facts).elapsed(facts.now) <= most


def _is_open(calendar: Calendar, when: dt.datetime) -> bool:
    minute = when.hour * 60 + when.minute
    return any(each.weekday == when.weekday() and each.starts <= minute < each.ends for each in calendar.windows)


def test_mark_that_was_taken_back_and_set_by_a_rule_meanwhile_stops_nothing() -> None:
    of = clock(stops=(ClockStop(what="label", label=LabelPattern.parse("done"), by="managers"),))
    events = (event("add", "done", "2026-12-01T17:00"), event("remove", "done", "2026-12-01T17:10"))
    assert run_of(of, "2026-12-01T18:00", events=events, labels=("done",)).stop is None


def test_label_that_is_set_twice_pauses_from_the_first_time() -> None:
    now = "2026-12-01T17:30"
    events = (
        event("add", "waiting", "2026-12-01T16:40"),
        event("add", "waiting", "2026-12-01T16:50"),
        event("remove", "waiting", "2026-12-01T17:00"),
    )
    assert run_of(clock(pauses=(WAITING,)), now, events=events).elapsed(at(now)) == 40 * MINUTE


def test_accounts_of_other_programs_are_nobody() -> None:
    of = clock(stops=(ClockStop(what="comment", by="people"),))
    resource = make_issue(created_at=at("2026-12-01T16:30"))
    desk = structs.replace(DESK, bots=("Sync-Bot",))
    facts = make_facts(resource, notes={12: [note("2026-12-01T17:00", "sync-bot")]}, desk=desk)
    assert read_run(of, resource, facts).stop is None


def test_merged_merge_request_is_closed_for_its_clock() -> None:
    merged = make_resource(
        type="merge_requests",
        iid=3,
        state="merged",
        created_at=at("2026-12-01T16:30"),
        merged_at=at("2026-12-01T17:00"),
    )
    run = read_run(clock(), merged, make_facts(merged, now=at("2026-12-03T10:00")))
    assert run.elapsed(at("2026-12-03T10:00")) == 30 * MINUTE


def test_label_that_a_rule_has_just_set_pauses_from_now_on() -> None:
    now = "2026-12-01T18:00"
    opened = make_issue(created_at=at("2026-12-01T16:30"))
    facts = make_facts(opened, now=at(now))
    run = read_run(clock(pauses=(WAITING,)), structs.replace(opened, labels=("waiting",)), facts)
    assert (run.elapsed(at(now)), run.is_paused) == (90 * MINUTE, True)
