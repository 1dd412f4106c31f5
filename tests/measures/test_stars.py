"""What a week of STARs comes to, counted by hand."""

from __future__ import annotations

import datetime as dt

from msgspec import structs

from starkeeper.measures import needs_of, read_since, week_of
from starkeeper.measures.numbers import Share, Times
from starkeeper.measures.stars import Star
from starkeeper.model.resources import ResourceKey
from tests.builders import make_issue
from tests.measures.world import HOUR, MEASURES, MINUTE, UNTIL, acknowledged, answered, at, facts_of, measured, star


def numbers(stars: tuple[Star, ...]) -> list[int]:
    return [each.issue.iid for each in stars]


def test_a_week_is_from_monday_to_monday_in_utc() -> None:
    week = measured(
        facts_of(star(1, "11-29 23:59"), star(2, "11-30 00:00"), star(3, "12-06 23:59"), star(4, "12-07 00:00"))
    )
    assert (week.period.starts_at, week.period.ends_at) == (at("11-30"), at("12-07"))
    assert [each.received for each in week.stars] == [2, 1]


def test_the_week_in_which_it_is_run_is_not_the_one_that_is_told_of() -> None:
    for until in (at("12-07 00:00"), at("12-13 23:59")):
        assert week_of(MEASURES, facts_of(), until).period.starts_at == at("11-30")


def test_what_comes_while_support_is_closed_is_counted_apart() -> None:
    week = measured(facts_of(star(1, "12-01 10:00"), star(2, "12-01 17:00"), star(3, "12-05 12:00")))
    assert (week.stars[0].received, week.stars[0].outside) == (3, 2)


def test_the_time_to_acknowledge_is_open_time_up_to_the_first_label() -> None:
    events = {
        1: (*acknowledged("12-01 10:20"), *acknowledged("12-01 12:00")),
        2: acknowledged("12-02 09:30"),  # it came an hour before the desk closed
        3: acknowledged("12-01 16:00"),
    }
    facts = facts_of(
        star(1, "12-01 10:00"), star(2, "12-01 16:00"), star(3, "12-01 15:00"), star(4, "12-01 15:00"), events=events
    )
    week = measured(facts)
    assert week.stars[0].acknowledged == Times(3, HOUR)
    assert numbers(week.stars[0].slowest) == [2, 3, 1]


def test_a_label_that_was_taken_off_again_has_acknowledged() -> None:
    taken = {"action": "remove", "label": "star::acknowledged", "created_at": at("12-01 11:00"), "user": "emil"}
    week = measured(facts_of(star(1, "12-01 10:00"), events={1: (*acknowledged("12-01 10:30"), taken)}))
    assert week.stars[0].acknowledged == Times(1, 30 * MINUTE)


def test_answers_count_where_they_are_given_or_fall_due_and_an_open_one_does_not() -> None:
    facts = facts_of(
        star(1, "12-01 10:00"),  # answered in time
        star(2, "12-01 10:00"),  # answered late
        star(3, "12-01 10:00"),  # never answered
        star(4, "12-05 10:00"),  # at the weekend: its clock has not begun
        star(5, "11-27 16:30"),  # due within the week
        notes={1: answered("12-01 10:59"), 2: answered("12-01 12:30"), 5: answered("11-30 09:10")},
    )
    week = measured(facts)
    assert week.stars[0].answered == Share(2, 4)
    assert [(each.issue.iid, each.answer and each.answer.took) for each in week.stars[0].late] == [
        (2, 2.5 * HOUR),
        (3, None),
    ]
    assert week.stars[1].answered == Share()


def test_who_opened_it_answers_nothing() -> None:
    note = {"author": "ivy", "body": "Please?", "created_at": at("12-01 10:10")}
    assert measured(facts_of(star(1, "12-01 10:00"), notes={1: (note,)})).stars[0].answered == Share(0, 1)


def test_a_late_answer_of_sunday_is_told_in_the_week_in_which_it_fell_due() -> None:
    facts = facts_of(star(1, "12-06 22:00"))
    later = structs.replace(facts, now=at("12-14 08:00"))
    assert numbers(week_of(MEASURES, facts, UNTIL).stars[0].late) == []
    assert numbers(week_of(MEASURES, later, later.now).stars[0].late) == [1]


def test_closing_counts_in_open_time_and_in_all_time_and_by_label() -> None:
    facts = facts_of(
        star(1, "12-01 16:00", closed="12-02 10:00", labels=["Escalation::License-Issue"]),
        star(2, "11-23 09:00", closed="12-01 09:00", labels=["unstarred"]),
        star(3, "12-01 16:00", labels=["unstarred"]),
    )
    last = measured(facts).stars[0]
    assert (last.resolved, last.resolved_by_clock) == (Times(2, 25 * HOUR), Times(2, 105 * HOUR))
    assert last.unstarred == Share(1, 2)
    assert numbers(last.unlabelled) == [2]
    assert last.trends == {"Escalation::License-Issue": 1}


def test_a_ticket_that_comes_again_is_a_repeat_for_thirty_days() -> None:
    facts = facts_of(
        star(1, "11-01 11:00", ticket="7"),
        star(2, "12-01 10:00", ticket="7"),
        star(3, "10-31 10:00", ticket="8"),
        star(4, "12-01 10:00", ticket="8"),
        star(5, "12-02 10:00", ticket="7"),
        star(6, "12-02 10:00", ticket=""),
        star(7, "12-02 10:00", ticket=""),
    )
    repeats = measured(facts).stars[0].repeats
    assert [(each.issue.iid, each.earlier and each.earlier.iid) for each in repeats] == [(2, 1), (5, 2)]


def test_regions_are_told_apart_by_the_shift_in_which_a_star_came() -> None:
    facts = facts_of(star(1, "12-01 07:59"), star(2, "12-01 08:00"), star(3, "12-01 15:59"), star(4, "12-01 16:00"))
    regions = measured(facts).regions
    assert {name: weeks[0].received for name, weeks in regions.items()} == {"APAC": 1, "EMEA": 2, "AMER": 1}


def test_without_a_table_of_shifts_there_are_no_regions() -> None:
    facts = facts_of(star(1, "12-01 08:00"))
    paged = structs.replace(facts.desk.rotations["support_manager"], shifts=(), schedules=("Managers",))
    desk = structs.replace(facts.desk, rotations={"support_manager": paged})
    week = measured(structs.replace(facts, desk=desk))
    assert (week.stars[0].received, week.regions) == (1, {})


def test_weeks_before_the_first_star_are_not_known_rather_than_quiet() -> None:
    week = measured(facts_of(star(1, "11-18 10:00"), star(2, "12-01 10:00")))
    assert [each.received for each in week.stars] == [1, 0, 1]


def test_what_a_moved_star_left_behind_is_not_counted() -> None:
    assert measured(facts_of(star(1, "12-01 10:00", closed="12-01 11:00", moved=True))).stars[0].received == 0


def test_only_stars_of_the_last_five_weeks_are_read_further_and_all_at_once() -> None:
    facts = structs.replace(facts_of(star(1, "11-02 00:00"), star(2, "11-01 23:59"), star(3, "12-01 10:00")), read={})
    about = {ResourceKey("support/star", iid) for iid in (1, 3)}
    assert needs_of(MEASURES, facts, UNTIL) == {(facet, key) for facet in ("label_events", "notes") for key in about}


def test_the_lists_reach_back_as_far_as_a_repeat_of_the_first_week_can() -> None:
    assert read_since(UNTIL) == at("11-02") - dt.timedelta(days=30)


def test_issues_of_other_trackers_are_no_stars() -> None:
    assert measured(facts_of(make_issue(tracker="other", created_at=at("12-01")))).stars[0].received == 0
