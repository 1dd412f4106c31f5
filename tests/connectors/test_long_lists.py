"""A list of which GitLab tells no total is cut into stretches of time, and is as whole as any other."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from tests.connectors.conftest import Answer, Asked, Scripted
from tests.connectors.listed import BEGIN, NOW, STAR, Listed, iids, row


@pytest.fixture
def listed(scripted: Scripted) -> Listed:
    scripted.script = found = Listed([row(number) for number in range(1, 251)])
    return found


def spread(listed: Listed, minutes: list[int]) -> None:
    """The issues were opened so many minutes after the begin."""
    listed.rows[:] = [row(n, created_at=BEGIN + dt.timedelta(minutes=at)) for n, at in enumerate(sorted(minutes), 1)]


def test_a_list_too_long_to_be_counted_costs_few_requests_more_than_its_pages(
    connect: Callable[..., GitLab], scripted: Scripted, listed: Listed
) -> None:
    listed.most_counted = 1000
    spread(listed, list(range(3000)))
    gitlab = connect(scripted.url, workers=4)
    told: list[tuple[int, int | None]] = []
    found = gitlab.list_resources(STAR, "issues", {}, lambda read, of: told.append((read, of)))
    assert iids(found) == list(range(1, 3001))
    assert gitlab.requests["list"] <= 30 + 1 + 4
    assert told == [(number, None) for number in range(1, len(told) + 1)]


@pytest.mark.parametrize(
    "minutes",
    [
        [0, *range(20_000, 20_999)],
        [*range(999), 20_000],
        [0] * 400 + [9_000] * 600,
        [0] * 1000,
        random.Random(1).choices(range(5_000), k=1000),
    ],
    ids=["late", "early", "two moments", "one moment", "anyhow"],
)
@pytest.mark.parametrize("most_counted", [0, 150, 500])
def test_issues_are_all_read_however_they_lie_in_time(
    connect: Callable[..., GitLab], scripted: Scripted, listed: Listed, minutes: list[int], most_counted: int
) -> None:
    listed.most_counted = most_counted
    spread(listed, minutes)
    gitlab = connect(scripted.url, workers=4)
    assert iids(gitlab.list_resources(STAR, "issues", {})) == list(range(1, 1001))
    # The pages, those of the stretches that are not full, and one for the last issue.
    assert gitlab.requests["list"] <= 10 + 40


@pytest.mark.parametrize("answer", range(2, 14))
def test_issues_that_come_and_go_meanwhile_hide_none(gitlab: GitLab, listed: Listed, answer: int) -> None:
    listed.most_counted = 300
    spread(listed, list(range(1000)))
    listed.leave(700)

    def meanwhile() -> None:
        for number in (5, 305, 905):
            listed.leave(number)
        listed.enter(700, created_at=BEGIN + dt.timedelta(minutes=699), touched_at=NOW)

    listed.meanwhile[answer] = meanwhile
    found = set(iids(gitlab.list_resources(STAR, "issues", {})))
    assert found >= set(range(1, 1001)) - {5, 305, 700, 905}


def test_a_list_whose_last_issue_goes_meanwhile_is_read_to_its_end(gitlab: GitLab, listed: Listed) -> None:
    listed.most_counted = 0
    listed.meanwhile[2] = lambda: listed.rows.clear()
    assert len(gitlab.list_resources(STAR, "issues", {})) == 0


@pytest.mark.parametrize("page", ["1", "2"])
def test_a_page_of_a_stretch_that_ends_early_is_read_again_or_an_error(
    gitlab: GitLab, scripted: Scripted, listed: Listed, page: str
) -> None:
    listed.most_counted = 300
    spread(listed, list(range(1000)))

    def cut(asked: Asked) -> Answer:
        whole = listed(asked)
        early = asked.query.get("page", "1") == page and asked.query["sort"] == "asc"
        return Answer(whole.body[:7], headers=whole.headers) if early else whole

    scripted.script = cut
    if page == "1":
        with pytest.raises(ConnectorError, match="holds 7 issues where GitLab promises at least 100"):
            gitlab.list_resources(STAR, "issues", {})
    else:
        assert iids(gitlab.list_resources(STAR, "issues", {})) == list(range(1, 1001))


def test_an_uncounted_list_hides_none_while_issues_close(gitlab: GitLab, listed: Listed) -> None:
    listed.most_counted = 0
    listed.meanwhile[2] = lambda: listed.leave(5)
    assert set(iids(gitlab.list_resources(STAR, "issues", {}))) >= set(range(1, 251)) - {5}


@pytest.mark.parametrize("count", [99, 100, 101, 200, 250])
def test_a_list_whose_headers_tell_nothing_is_read_to_its_end(gitlab: GitLab, listed: Listed, count: int) -> None:
    listed.most_counted, listed.linked = 0, False
    listed.rows[:] = listed.rows[:count]
    assert iids(gitlab.list_resources(STAR, "issues", {})) == list(range(1, count + 1))


@pytest.mark.parametrize("counted", [True, False])
def test_many_issues_of_one_and_the_same_moment_are_all_read(gitlab: GitLab, listed: Listed, counted: bool) -> None:
    listed.rows[:] = [row(number, created_at=BEGIN) for number in range(1, 351)]
    listed.most_counted = 10_000 if counted else 0
    listed.meanwhile[2] = lambda: listed.enter(400, created_at=NOW)
    assert set(iids(gitlab.list_resources(STAR, "issues", {}))) >= set(range(1, 351))
