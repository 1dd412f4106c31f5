"""A day in Slack costs the same however much is open, says nothing twice, and loses nothing while Slack is down."""

from __future__ import annotations

import pytest

from tests.simulation.slack_day import DOWN, STAR, Day, play

QUIET = {"slack history": 5, "slack look-up": 2, "pagerduty on-calls": 1}


@pytest.fixture(scope="module")
def down() -> Day:
    return play(stars=6, sweeps=84, is_down=True)


@pytest.fixture(scope="module")
def up() -> Day:
    return play(stars=6, sweeps=84)


def _beside(requests: dict[str, int]) -> dict[str, int]:
    return {kind: count for kind, count in requests.items() if kind.startswith(("slack", "pagerduty"))}


def test_a_sweep_with_nothing_to_say_asks_as_little_however_much_is_open(up: Day) -> None:
    quiet = [sweep.requests for sweep in up.sweeps if not sweep.steps]
    more = [sweep.requests for sweep in play(stars=24, sweeps=30).sweeps if not sweep.steps]
    assert quiet and more
    # Who is on call is asked only where somebody is to be told.
    assert all(_beside(each).items() <= QUIET.items() for each in (*quiet, *more))


def test_nothing_is_said_twice_though_no_run_remembers_anything(up: Day, down: Day) -> None:
    assert up.duplicates() == down.duplicates() == 0
    assert not any(sweep.troubles for sweep in up.sweeps)


def test_while_slack_is_down_the_sweep_says_so_and_all_else_is_done(down: Day) -> None:
    away = [sweep for sweep in down.sweeps if DOWN[0] <= sweep.at < DOWN[1]]
    assert all(any("Slack" in trouble for trouble in sweep.troubles) for sweep in away)
    assert not any(sweep.troubles for sweep in down.sweeps if not DOWN[0] <= sweep.at < DOWN[1])


def test_what_slack_missed_is_said_afterwards_announcements_first(up: Day, down: Day) -> None:
    assert _announced(down).keys() == _announced(up).keys()
    assert _overdue(up) == _overdue(down) != set()
    announced_at = _announced(down)
    for said in (each for each in down.said() if each.message.thread_ts):
        assert float(said.message.ts) > announced_at[said.about]
    missed = {
        about
        for about, at in announced_at.items()
        if DOWN[0].timestamp() <= _announced(up)[about] < DOWN[1].timestamp()
    }
    assert missed and all(announced_at[about] >= DOWN[1].timestamp() for about in missed)


def _announced(day: Day) -> dict[str, float]:
    """When what was announced."""
    return {each.about: float(each.message.ts) for each in day.said() if each.role == "announcement"}


def _overdue(day: Day) -> set[tuple[str, str]]:
    """What was said of STARs that nobody answered and nobody closed."""
    waiting = {
        f"{STAR}#{issue.iid}"
        for issue in day.world.issues(STAR)
        if issue.state == "opened"
        and not any(note.author in ("aoi", "emil", "amber") for note in day.world.notes(STAR, issue.iid))
    }
    found = (each for each in day.said() if "was due" in each.message.text and not each.role)
    return {(each.about, each.channel) for each in found if each.about in waiting}
