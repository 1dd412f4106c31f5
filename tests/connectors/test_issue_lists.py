"""A list is whole or it is an error: pages that shift, end early or tell nothing, over real HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.resources import Issue
from tests.connectors.conftest import Answer, Asked, Scripted

STAR = Tracker(name="star", path="desk/star")
BEGIN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
Row = dict[str, Any]


def stamp(at: dt.datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def row(number: int, created_at: dt.datetime | None = None, touched_at: dt.datetime | None = None) -> Row:
    created_at = created_at or BEGIN + dt.timedelta(minutes=number)
    return {
        "id": 1000 + number,
        "iid": number,
        "created_at": stamp(created_at),
        "updated_at": stamp(touched_at or created_at),
        "references": {"full": f"desk/star#{number}"},
    }


class Listed:
    """A tracker behind a server, paged as GitLab pages; `meanwhile` happens before an answer, by its number."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.meanwhile: dict[int, Callable[[], None]] = {}
        self.counted = True
        self.linked = True
        self.runtime = "0.3"
        self.queries: list[dict[str, str]] = []

    def __call__(self, asked: Asked) -> Answer:
        self.queries.append(asked.query)
        self.meanwhile.pop(len(self.queries), lambda: None)()
        after, before = asked.query.get("created_after", ""), asked.query.get("created_before", "Z")
        found = [each for each in self.rows if after <= each["created_at"] <= before]
        page = int(asked.query.get("page", "1"))
        return Answer(found[(page - 1) * 100 : page * 100], headers=self._headers(asked.query, page, len(found)))

    def _headers(self, query: dict[str, str], page: int, total: int) -> dict[str, str]:
        last = max(1, -(-total // 100))
        headers = {"X-Next-Page": str(page + 1) if page < last else ""} if self.linked else {}
        if self.counted:
            headers |= {"X-Total": str(total), "X-Total-Pages": str(last), "X-Per-Page": "100"}
        return headers | {"X-Runtime": self.runtime}

    def leave(self, number: int) -> None:
        self.rows[:] = [each for each in self.rows if each["iid"] != number]

    def enter(self, number: int, **times: dt.datetime) -> None:
        self.rows.append(row(number, **times))
        self.rows.sort(key=lambda each: (each["created_at"], each["id"]))


@pytest.fixture
def listed(scripted: Scripted) -> Listed:
    scripted.script = found = Listed([row(number) for number in range(1, 251)])
    return found


def iids(issues: tuple[Issue, ...]) -> list[int]:
    return [issue.iid for issue in issues]


def test_a_list_costs_one_request_per_page(gitlab: GitLab, listed: Listed) -> None:
    told: list[tuple[int, int | None]] = []
    found = gitlab.list_issues(
        STAR, {"state": "opened", "not[labels]": "a,b"}, lambda read, of: told.append((read, of))
    )
    assert iids(found) == list(range(1, 251))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert gitlab.requests == {"list": 3}
    same = {"state": "opened", "not[labels]": "a,b", "order_by": "created_at", "sort": "asc", "per_page": "100"}
    assert listed.queries == [same, same | {"page": "2"}, same | {"page": "3"}]


def test_an_empty_list_is_no_error(gitlab: GitLab, listed: Listed) -> None:
    listed.rows.clear()
    assert gitlab.list_issues(STAR, {}) == ()
    assert gitlab.requests == {"list": 1}


def test_a_group_is_asked_for_all_its_issues(gitlab: GitLab, scripted: Scripted, listed: Listed) -> None:
    found = gitlab.list_issues(Tracker(name="desk", path="desk/all teams", source="groups"), {})
    assert {issue.project for issue in found} == {"desk/star"}
    assert len(listed.queries) == 3
    assert scripted.asked[0].path == "/api/v4/groups/desk/all teams/issues"
    assert scripted.asked[0].query["scope"] == "all"


def test_an_issue_opened_while_pages_are_read_hides_none(gitlab: GitLab, listed: Listed) -> None:
    listed.meanwhile[2] = lambda: listed.enter(251, created_at=NOW)
    assert set(range(1, 251)) <= set(iids(gitlab.list_issues(STAR, {})))


def test_an_issue_closed_while_pages_are_read_hides_none(gitlab: GitLab, listed: Listed) -> None:
    listed.meanwhile[2] = lambda: listed.leave(5)
    assert set(iids(gitlab.list_issues(STAR, {}))) >= set(range(1, 251)) - {5}


def test_one_closed_and_one_opened_while_pages_are_read_hide_none(gitlab: GitLab, listed: Listed) -> None:
    def both() -> None:
        listed.leave(5)
        listed.enter(251, created_at=NOW + dt.timedelta(seconds=1))

    listed.meanwhile[2] = both
    assert set(iids(gitlab.list_issues(STAR, {}))) >= set(range(1, 251)) - {5}


def test_one_closed_and_an_old_one_reopened_while_pages_are_read_hide_none(gitlab: GitLab, listed: Listed) -> None:
    listed.leave(240)

    def both() -> None:
        listed.leave(5)
        listed.enter(240, touched_at=NOW + dt.timedelta(seconds=1))

    listed.meanwhile[2] = both
    assert set(iids(gitlab.list_issues(STAR, {}))) >= set(range(1, 251)) - {5, 240}


def test_an_issue_labelled_between_late_and_early_pages_hides_none(gitlab: GitLab, listed: Listed) -> None:
    listed.leave(50)
    listed.meanwhile[3] = lambda: listed.enter(50, touched_at=NOW)
    assert set(iids(gitlab.list_issues(STAR, {}))) >= set(range(1, 251)) - {50}


def test_issues_that_go_on_changing_while_the_list_is_read_again_hide_none(gitlab: GitLab, listed: Listed) -> None:
    for answer, number in enumerate((5, 105, 205, 6, 106), 2):
        listed.meanwhile[answer] = partial(listed.leave, number)
    assert set(iids(gitlab.list_issues(STAR, {}))) >= set(range(1, 251)) - {5, 105, 205, 6, 106}


def test_issues_touched_long_ago_cost_no_second_reading(gitlab: GitLab, listed: Listed) -> None:
    listed.rows[:] = [row(n, touched_at=NOW - dt.timedelta(minutes=n)) for n in range(1, 251)]
    gitlab.list_issues(STAR, {})
    assert gitlab.requests == {"list": 3}


def test_issues_touched_just_before_the_list_cost_no_second_reading(gitlab: GitLab, listed: Listed) -> None:
    listed.runtime = ""
    listed.rows[:] = [row(number, touched_at=NOW) for number in range(1, 251)]
    gitlab.list_issues(STAR, {})
    assert gitlab.requests == {"list": 3}


def test_the_time_that_an_answer_took_counts_as_meanwhile(gitlab: GitLab, listed: Listed) -> None:
    listed.runtime = "2.5"

    def both() -> None:
        listed.leave(5)
        listed.enter(251, created_at=NOW - dt.timedelta(seconds=2))

    listed.meanwhile[2] = both
    assert set(iids(gitlab.list_issues(STAR, {}))) >= set(range(1, 251)) - {5}


def test_a_short_list_of_fresh_issues_costs_one_request(gitlab: GitLab, listed: Listed) -> None:
    listed.rows[:] = [row(number, touched_at=NOW) for number in range(1, 50)]
    gitlab.list_issues(STAR, {})
    assert gitlab.requests == {"list": 1}


def test_the_list_is_read_again_by_stretches_of_the_time_of_creation(gitlab: GitLab, listed: Listed) -> None:
    listed.meanwhile[3] = lambda: listed.leave(1)
    gitlab.list_issues(STAR, {"created_after": "2026-01-01T00:00:00Z"})
    stretches = {(each["created_after"], each.get("created_before")) for each in listed.queries[3:]}
    first, second = stamp(BEGIN + dt.timedelta(minutes=101)), stamp(BEGIN + dt.timedelta(minutes=202))
    assert stretches >= {("2026-01-01T00:00:00Z", first), (first, second), (second, None)}


def test_a_list_that_is_too_long_to_be_counted_is_read_to_its_end(gitlab: GitLab, listed: Listed) -> None:
    listed.counted = False
    told: list[tuple[int, int | None]] = []
    assert iids(gitlab.list_issues(STAR, {}, lambda read, of: told.append((read, of)))) == list(range(1, 251))
    assert told == [(1, None), (2, None), (3, None)]


def test_an_uncounted_list_hides_none_while_issues_close(gitlab: GitLab, listed: Listed) -> None:
    listed.counted = False
    listed.meanwhile[2] = lambda: listed.leave(5)
    assert set(iids(gitlab.list_issues(STAR, {}))) >= set(range(1, 251)) - {5}


@pytest.mark.parametrize("count", [99, 100, 101, 200, 250])
def test_a_list_whose_headers_tell_nothing_is_read_to_its_end(gitlab: GitLab, listed: Listed, count: int) -> None:
    listed.counted = listed.linked = False
    listed.rows[:] = listed.rows[:count]
    assert iids(gitlab.list_issues(STAR, {})) == list(range(1, count + 1))


@pytest.mark.parametrize("counted", [True, False])
def test_many_issues_of_one_and_the_same_moment_are_all_read(gitlab: GitLab, listed: Listed, counted: bool) -> None:
    listed.rows[:] = [row(number, created_at=BEGIN) for number in range(1, 351)]
    listed.counted = counted
    listed.meanwhile[2] = lambda: listed.enter(400, created_at=NOW)
    assert set(iids(gitlab.list_issues(STAR, {}))) >= set(range(1, 351))


def test_the_link_is_followed_by_its_query_only(gitlab: GitLab, scripted: Scripted) -> None:
    elsewhere = '<https://elsewhere.example/api/v4/x?page=2&per_page=100>; rel="next"'
    notes = [{"id": 1, "body": "a", "created_at": stamp(BEGIN)}, {"id": 2, "body": "b", "created_at": stamp(NOW)}]
    scripted.says(Answer(notes[:1], headers={"Link": elsewhere}), Answer(notes[1:]))
    [key] = [issue.key for issue in [Issue(tracker="star", project="desk/star", iid=1, created_at=NOW, updated_at=NOW)]]
    assert [note.id for note in gitlab.read_notes([key]).found[key]] == [1, 2]
    assert [each.query.get("page") for each in scripted.asked] == [None, "2"]


def cut(script: Listed, page: str, rows: int, times: int) -> Callable[[Asked], Answer]:
    left = [times]

    def answer(asked: Asked) -> Answer:
        whole = script(asked)
        if asked.query.get("page", "1") == page and left[0]:
            left[0] -= 1
            return Answer(whole.body[:rows], headers=whole.headers)
        return whole

    return answer


@pytest.mark.parametrize("page", ["1", "2", "3"])
def test_a_page_that_ends_early_once_is_read_again(
    gitlab: GitLab, scripted: Scripted, listed: Listed, page: str
) -> None:
    scripted.script = cut(listed, page, 7, times=1)
    assert iids(gitlab.list_issues(STAR, {})) == list(range(1, 251))


@pytest.mark.parametrize("counted", [True, False])
def test_a_page_that_always_ends_early_is_an_error(
    gitlab: GitLab, scripted: Scripted, listed: Listed, counted: bool
) -> None:
    listed.counted = counted
    scripted.script = cut(listed, "1", 7, times=99)
    with pytest.raises(ConnectorError, match="holds 7 issues where GitLab promises at least 100; the list is not used"):
        gitlab.list_issues(STAR, {})


def test_a_last_page_that_is_short_of_the_total_is_an_error(gitlab: GitLab, scripted: Scripted, listed: Listed) -> None:
    listed.rows[:] = listed.rows[:40]
    scripted.script = cut(listed, "1", 39, times=99)
    with pytest.raises(ConnectorError, match="holds 39 issues where GitLab promises at least 40"):
        gitlab.list_issues(STAR, {})


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer({"message": "404 Not Found"}, 404), "answered 404"),
        (Answer({"message": "500"}, 500), "answered 500"),
        (Answer({"rows": []}), "not what GitLab documents, at \\$"),
        (Answer("<html></html>", content_type="text/html"), "something that is not JSON"),
        (Answer([{"id": 4}]), "not what GitLab documents, at \\$\\[0\\]"),
        (Answer(drop=True), "the connection broke off"),
    ],
)
@pytest.mark.parametrize("workers", [1, 4])
def test_a_page_that_fails_fails_the_list(
    connect: Callable[..., GitLab], scripted: Scripted, listed: Listed, answer: Answer, says: str, workers: int
) -> None:
    scripted.script = lambda asked: answer if asked.query.get("page") == "3" else listed(asked)
    with pytest.raises(ConnectorError, match=says) as caught:
        connect(scripted.url, workers=workers).list_issues(STAR, {})
    assert "listing the issues of tracker 'star' (desk/star), page 3" in str(caught.value)


def test_pages_are_read_side_by_side_whole_and_in_order(
    connect: Callable[..., GitLab], scripted: Scripted, listed: Listed
) -> None:
    listed.rows[:] = [row(number) for number in range(1, 1234)]
    gitlab = connect(scripted.url, workers=8)
    for _ in range(3):
        assert iids(gitlab.list_issues(STAR, {})) == list(range(1, 1234))
    assert gitlab.requests == {"list": 3 * 13}


def test_an_issue_of_a_group_without_a_project_is_an_error(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([row(1) | {"references": None}], headers={"X-Total": "1", "X-Total-Pages": "1"}))
    with pytest.raises(ConnectorError, match="does not say which project it is of; name the project itself"):
        gitlab.list_issues(Tracker(name="desk", path="desk", source="groups"), {})
