"""A busy desk for five days: every reminder that is due comes, once, in its hours, and none that is not."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from starkeeper.model.resources import Issue
from starkeeper.scenarios.world import Kept
from tests.simulation.week import BOT, FEEDBACK, MINUTE, STARS, Said, Week, play

SEEDS = (1,)
LENGTHS = {"urgency::urgent": 30, "urgency::timely": 60, "urgency::not-urgent": 120}
HALF, OVER = "Warn that the answer of a STAR is due soon", "Say that the answer of a STAR is overdue"
CONTACT = {
    "Remind of a contact after 24 hours": (24 * 60, 40 * 60),
    "Remind of a contact after 40 hours": (40 * 60, 48 * 60),
    "Say that a contact is overdue": (48 * 60, 10**9),
}
LEADERSHIP = "support_leadership"
DUE = "Say by when the customer must be contacted"
PACIFIC = ZoneInfo("America/Los_Angeles")


@cache
def week(seed: int) -> Week:
    return play(seed)


@cache
def support_hours(at: dt.datetime) -> bool:
    """Sunday 15:00 to Friday 17:00 on the Pacific clock, in so many words."""
    local = at.astimezone(PACIFIC)
    day, hour = local.weekday(), local.hour
    return day < 4 or (day == 4 and hour < 17) or (day == 6 and hour >= 15)


def working_days(at: dt.datetime) -> bool:
    return at.weekday() < 5


def counted(start: dt.datetime, end: dt.datetime, is_open: object) -> int:
    """The open minutes between two instants, one by one."""
    assert callable(is_open)
    return sum(is_open(start + number * MINUTE) for number in range(int((end - start) / MINUTE)))


def answered_at(kept: Kept) -> dt.datetime | None:
    """When somebody other than who asked wrote, or the issue was closed."""
    notes = [note for note in kept.notes if note.author not in (BOT, "ivy")]
    people = [note.created_at for note in notes if not note.body.startswith(f"@{BOT}")]
    marks = [each.created_at for each in kept.events if each.label == "unstarred" and each.user != BOT]
    closed = [kept.issue.closed_at] if kept.issue.closed_at else []
    return min((*people, *marks, *closed), default=None)


def snoozed(kept: Kept, at: dt.datetime) -> bool:
    """Each snooze of the week is one of three hours."""
    asked = [note.created_at for note in kept.notes if note.body.startswith(f"@{BOT} snooze")]
    return any(each <= at < each + dt.timedelta(hours=3) for each in asked)


def stars(of: Week) -> Iterator[tuple[Kept, list[Said]]]:
    yield from _with_words(of, "support/star")


def _with_words(of: Week, project: str) -> Iterator[tuple[Kept, list[Said]]]:
    said = of.said()
    for key, kept in of.world.kept.items():
        if key.project == project:
            yield kept, [each for each in said if each.issue == key]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_issue_arrived_and_some_runs_did_not(seed: int) -> None:
    world = week(seed).world
    assert Counter(key.project for key in world.kept) == {"support/star": STARS, "support/feedback": FEEDBACK}
    assert 550 < len(week(seed).sweeps) < 690
    gaps = [later - earlier for earlier, later in zip(week(seed).sweeps, week(seed).sweeps[1:], strict=False)]
    assert max(gaps) > dt.timedelta(hours=3)


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_said_twice(seed: int) -> None:
    often = Counter((each.issue, each.rule, each.channel) for each in week(seed).said())
    repeated = {place: number for place, number in often.items() if number > 1}
    assert {rule for _, rule, _ in repeated} <= {"Snooze an issue"}, repeated


@pytest.mark.parametrize("seed", SEEDS)
def test_no_reminder_comes_outside_its_hours_or_after_the_answer(seed: int) -> None:
    for kept, said in stars(week(seed)):
        answer = answered_at(kept)
        for each in said:
            if each.rule in (HALF, OVER):
                assert support_hours(each.at)
                assert answer is None or each.at < answer
                assert not snoozed(kept, each.at)
    for _, said in _with_words(week(seed), "support/feedback"):
        assert all(working_days(each.at) for each in said if each.rule in CONTACT)


@pytest.mark.parametrize("seed", SEEDS)
def test_answer_that_is_due_soon_is_reminded_of_at_the_first_sweep_that_can(seed: int) -> None:
    """Told apart by a count of minutes that knows nothing of the desk's own arithmetic."""
    for kept, said in stars(week(seed)):
        length = _length(kept.issue)
        answer = answered_at(kept)
        expected = _first_sweep(week(seed), kept, answer, length // 2, length)
        found = [each.at for each in said if each.rule == HALF]
        assert found == ([expected] if expected else []), kept.issue.reference


@pytest.mark.parametrize("seed", SEEDS)
def test_contact_is_reminded_of_at_24_and_40_hours_and_when_it_is_over(seed: int) -> None:
    for kept, said in _with_words(week(seed), "support/feedback"):
        is_wanted = "SSAT::Contact" in kept.issue.labels
        for rule, (least, border) in CONTACT.items():
            expected = _first_sweep(week(seed), kept, _contacted_at(kept), least, border, working_days)
            found = [each.at for each in said if each.rule == rule]
            assert found == ([expected] if expected and is_wanted else []), (kept.issue.reference, rule)


@pytest.mark.parametrize("seed", SEEDS)
def test_labels_tell_the_truth_about_the_time(seed: int) -> None:
    last = week(seed).sweeps[-1]
    for kept, _ in stars(week(seed)):
        if kept.issue.state == "opened":
            answer = answered_at(kept)
            taken = counted(kept.issue.created_at, answer or last, support_hours)
            assert ("sla::breached" in kept.issue.labels) is (taken >= _length(kept.issue)), kept.issue.reference


@pytest.mark.parametrize("seed", SEEDS)
def test_manager_is_told_in_the_own_shift_only_and_not_too_much(seed: int) -> None:
    shifts = {"aoi": range(8), "emil": range(8, 16), "amber": range(16, 24)}
    told: Counter[tuple[str, dt.date]] = Counter()
    for each in week(seed).said():
        if each.rule in (HALF, OVER, *CONTACT) and each.channel != LEADERSHIP:
            assert len(each.told) == 1
            assert each.at.hour in shifts[each.told[0]]
            told[each.told[0], each.at.date()] += 1
    assert max(told.values()) <= 20


def test_after_a_week_without_a_sweep_each_rule_says_at_most_one_thing_and_says_it_is_late() -> None:
    quiet = play(4, days=9, out=(dt.timedelta(days=1), dt.timedelta(days=8)))
    back = next(at for at in quiet.sweeps if at >= quiet.sweeps[0] + dt.timedelta(days=8))
    burst = [each for each in quiet.said() if each.at == back]
    reminders = [each for each in burst if each.rule in (HALF, OVER, *CONTACT) and each.channel != LEADERSHIP]
    assert max(Counter((each.issue, each.rule, each.channel) for each in burst).values()) == 1
    assert max(Counter(each.issue for each in reminders).values()) == 1
    assert len(reminders) > 5
    # What was snoozed until just before is in time.
    awake = [each for each in reminders if not snoozed(quiet.world.kept[each.issue], back - dt.timedelta(minutes=30))]
    assert len(awake) > 5
    assert all("_Late by " in each.body for each in awake if each.rule != HALF)


def _length(issue: Issue) -> int:
    return next(LENGTHS[each] for each in issue.labels if each in LENGTHS)


def _contacted_at(kept: Kept) -> dt.datetime | None:
    marks = [each.created_at for each in kept.events if each.label == "ssat-manager-contacted-customer"]
    return min((*marks, *([kept.issue.closed_at] if kept.issue.closed_at else [])), default=None)


def _first_sweep(
    of: Week,
    kept: Kept,
    stopped: dt.datetime | None,
    least: int,
    border: int,
    is_open: object = support_hours,
) -> dt.datetime | None:
    assert callable(is_open)
    taken, since = 0, kept.issue.created_at
    for at in [each for each in of.sweeps if each >= since]:
        if stopped is not None and stopped <= at:
            return None
        taken, since = taken + counted(since, at, is_open), at
        if taken >= border:
            return None
        if taken >= least and is_open(at) and not snoozed(kept, at):
            return at
    return None
