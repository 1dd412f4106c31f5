"""What a week of feedback comes to, counted by hand."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from starkeeper.measures import needs_of
from starkeeper.measures.feedback import FeedbackNumbers
from starkeeper.measures.numbers import Share, Times
from starkeeper.model.resources import Issue
from tests.measures.world import HOUR, MEASURES, UNTIL, facts_of, feedback, label_set, measured


def last_week(*issues: Issue, **known: Any) -> FeedbackNumbers:
    return measured(facts_of(*issues, **known)).feedback[0]


def test_kinds_are_counted_in_the_words_of_the_desk_and_no_others() -> None:
    week = last_week(
        feedback(501, "12-01 10:00"),
        feedback(502, "12-01 10:00", kind="negative"),
        feedback(503, "12-01 10:00", kind="Initech is angry"),
        feedback(504, "11-29 10:00"),
    )
    assert (week.received, week.kinds) == (3, {"positive": 1, "negative": 1, "other": 1})


def test_a_contact_counts_in_the_week_in_which_it_was_made_or_fell_due() -> None:
    asked = {"kind": "negative", "labels": ["SSAT::Contact"]}
    done = {**asked, "labels": ["SSAT::Contact", "done"]}
    week = last_week(
        feedback(501, "12-01 10:00", **done),  # made after ten hours
        feedback(502, "11-27 10:00", **done),  # due on Sunday before, made on Monday
        feedback(503, "12-01 10:00", **asked),  # never made
        feedback(504, "12-05 10:00", **asked),  # due on Monday
        feedback(505, "12-01 10:00", kind="negative"),  # asks for nothing
        events={501: [label_set("done", "12-01 20:00")], 502: [label_set("done", "11-30 10:00")]},
    )
    assert (week.asked, week.contacted) == (3, Share(1, 2))
    assert week.contact_times == Times(2, 41 * HOUR)


def test_a_label_that_no_manager_set_is_no_contact() -> None:
    issue = feedback(501, "12-01 10:00", labels=["SSAT::Contact", "done"])
    week = last_week(issue, events={501: [label_set("done", "12-01 20:00", user="ivy")]})
    assert week.contacted == Share(0, 1)


def test_what_was_open_for_more_than_seven_days_at_the_end_of_the_week_is_overdue() -> None:
    week = last_week(
        feedback(501, "11-30 00:00"),
        feedback(502, "11-30 00:01"),
        feedback(503, "11-20 10:00", closed="12-06 23:59"),
        feedback(504, "11-20 10:00", closed="12-07 07:00"),
    )
    assert [each.iid for each in week.overdue] == [504, 501]


def test_good_feedback_of_the_week_and_its_trends_are_told() -> None:
    week = last_week(
        feedback(501, "12-01 10:00", labels=["satisfaction::good", "feedback::Speed"]),
        feedback(502, "11-20 10:00", labels=["satisfaction::good", "feedback::Speed"]),
    )
    assert ([each.iid for each in week.good], week.trends) == ([501], {"feedback::Speed": 1})


def test_a_desk_without_feedback_has_none() -> None:
    measures = structs.replace(MEASURES, feedback=None)
    assert measured(facts_of(feedback(501, "12-01 10:00")), measures).feedback == ()


def test_of_feedback_only_what_asks_for_contact_is_read_further() -> None:
    issues = feedback(501, "12-01 10:00"), feedback(502, "12-01 10:00", labels=["SSAT::Contact", "done"])
    facts = structs.replace(facts_of(*issues), read={})
    assert needs_of(MEASURES, facts, UNTIL) == {("label_events", issues[1].key)}
