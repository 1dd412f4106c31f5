"""A list is whole or it is an error: pages that shift, end early or tell nothing, over real HTTP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.resources import Issue, ResourceType
from tests.connectors.conftest import Answer, Asked, Scripted
from tests.connectors.listed import BEGIN, NOW, STAR, Listed, iids, row, stamp


@pytest.fixture
def listed(scripted: Scripted) -> Listed:
    scripted.script = found = Listed([row(number) for number in range(1, 251)])
    return found


def test_a_list_costs_one_request_per_page(gitlab: GitLab, listed: Listed) -> None:
    told: list[tuple[int, int | None]] = []
    found = gitlab.list_resources(
        STAR, "issues", {"state": "opened", "not[labels]": "a,b"}, lambda read, of: told.append((read, of))
    )
    assert iids(found) == list(range(1, 251))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert gitlab.requests == {"list": 3}
    same = {"state": "opened", "not[labels]": "a,b", "order_by": "created_at", "sort": "asc", "per_page": "100"}
    assert listed.queries == [same, same | {"page": "2"}, same | {"page": "3"}]


def test_an_empty_list_is_no_error(gitlab: GitLab, listed: Listed) -> None:
    listed.rows.clear()
    assert gitlab.list_resources(STAR, "issues", {}) == ()
    assert gitlab.requests == {"list": 1}


def test_a_group_is_asked_for_all_its_issues(gitlab: GitLab, scripted: Scripted, listed: Listed) -> None:
    found = gitlab.list_resources(Tracker(name="desk", path="desk/all teams", source="groups"), "issues", {})
    assert {issue.project for issue in found} == {"desk/star"}
    assert len(listed.queries) == 3
    assert scripted.asked[0].path == "/api/v4/groups/desk/all teams/issues"
    assert scripted.asked[0].query["scope"] == "all"


def test_an_issue_opened_while_pages_are_read_hides_none(gitlab: GitLab, listed: Listed) -> None:
    listed.meanwhile[2] = lambda: listed.enter(251, created_at=NOW)
    assert set(range(1, 251)) <= set(iids(gitlab.list_resources(STAR, "issues", {})))


def test_an_issue_closed_while_pages_are_read_hides_none(gitlab: GitLab, listed: Listed) -> None:
    listed.meanwhile[2] = lambda: listed.leave(5)
    assert set(iids(gitlab.list_resources(STAR, "issues", {}))) >= set(range(1, 251)) - {5}


def test_one_closed_and_one_opened_while_pages_are_read_hide_none(gitlab: GitLab, listed: Listed) -> None:
    def both() -> None:
        listed.leave(5)
        listed.enter(251, created_at=NOW + dt.timedelta(seconds=1))

    listed.meanwhile[2] = both
    assert set(iids(gitlab.list_resources(STAR, "issues", {}))) >= set(range(1, 251)) - {5}


def test_one_closed_and_an_old_one_reopened_while_pages_are_read_hide_none(gitlab: GitLab, listed: Listed) -> None:
    listed.leave(240)

    def both() -> None:
        listed.leave(5)
        listed.enter(240, touched_at=NOW + dt.timedelta(seconds=1))

    listed.meanwhile[2] = both
    assert set(iids(gitlab.list_resources(STAR, "issues", {}))) >= set(range(1, 251)) - {5, 240}


def test_an_issue_labelled_between_late_and_early_pages_hides_none(gitlab: GitLab, listed: Listed) -> None:
    listed.leave(50)
    listed.meanwhile[3] = lambda: listed.enter(50, touched_at=NOW)
    assert set(iids(gitlab.list_resources(STAR, "issues", {}))) >= set(range(1, 251)) - {50}


def test_issues_that_go_on_changing_while_the_list_is_read_again_hide_none(gitlab: GitLab, listed: Listed) -> None:
    for answer, number in enumerate((5, 105, 205, 6, 106), 2):
        listed.meanwhile[answer] = partial(listed.leave, number)
    assert set(iids(gitlab.list_resources(STAR, "issues", {}))) >= set(range(1, 251)) - {5, 105, 205, 6, 106}


def test_issues_touched_long_ago_cost_no_second_reading(gitlab: GitLab, listed: Listed) -> None:
    listed.rows[:] = [row(n, touched_at=NOW - dt.timedelta(minutes=n)) for n in range(1, 251)]
    gitlab.list_resources(STAR, "issues", {})
    assert gitlab.requests == {"list": 3}


def test_issues_touched_just_before_the_list_cost_no_second_reading(gitlab: GitLab, listed: Listed) -> None:
    listed.runtime = ""
    listed.rows[:] = [row(number, touched_at=NOW) for number in range(1, 251)]
    gitlab.list_resources(STAR, "issues", {})
    assert gitlab.requests == {"list": 3}


def test_the_time_that_an_answer_took_counts_as_meanwhile(gitlab: GitLab, listed: Listed) -> None:
    listed.runtime = "2.5"

    def both() -> None:
        listed.leave(5)
        listed.enter(251, created_at=NOW - dt.timedelta(seconds=2))

    listed.meanwhile[2] = both
    assert set(iids(gitlab.list_resources(STAR, "issues", {}))) >= set(range(1, 251)) - {5}


def test_a_short_list_of_fresh_issues_costs_one_request(gitlab: GitLab, listed: Listed) -> None:
    listed.rows[:] = [row(number, touched_at=NOW) for number in range(1, 50)]
    gitlab.list_resources(STAR, "issues", {})
    assert gitlab.requests == {"list": 1}


def test_the_list_is_read_again_by_stretches_of_the_time_of_creation(gitlab: GitLab, listed: Listed) -> None:
    listed.meanwhile[3] = lambda: listed.leave(1)
    gitlab.list_resources(STAR, "issues", {"created_after": "2026-01-01T00:00:00Z"})
    stretches = {(each["created_after"], each.get("created_before")) for each in listed.queries[3:]}
    first, second = stamp(BEGIN + dt.timedelta(minutes=101)), stamp(BEGIN + dt.timedelta(minutes=202))
    assert stretches >= {("2026-01-01T00:00:00Z", first), (first, second), (second, None)}


def test_the_link_is_followed_by_its_query_only(gitlab: GitLab, scripted: Scripted) -> None:
    elsewhere = '<https://elsewhere.example/api/v4/x?page=2&per_page=100>; rel="next"'
    notes = [{"id": 1, "body": "a", "created_at": stamp(BEGIN)}, {"id": 2, "body": "b", "created_at": stamp(NOW)}]
    scripted.says(Answer(notes[:1], headers={"Link": elsewhere}), Answer(notes[1:]))
    [key] = [issue.key for issue in [Issue(tracker="star", project="desk/star", iid=1, created_at=NOW, updated_at=NOW)]]
    assert [note.id for note in gitlab.read_facet("notes", [key]).found[key]] == [1, 2]
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
    assert iids(gitlab.list_resources(STAR, "issues", {})) == list(range(1, 251))


@pytest.mark.parametrize("counted", [True, False])
def test_a_page_that_always_ends_early_is_an_error(
    gitlab: GitLab, scripted: Scripted, listed: Listed, counted: bool
) -> None:
    listed.most_counted = 10_000 if counted else 0
    scripted.script = cut(listed, "1", 7, times=99)
    with pytest.raises(ConnectorError, match="holds 7 issues where GitLab promises at least 100; the list is not used"):
        gitlab.list_resources(STAR, "issues", {})


def test_a_last_page_that_is_short_of_the_total_is_an_error(gitlab: GitLab, scripted: Scripted, listed: Listed) -> None:
    listed.rows[:] = listed.rows[:40]
    scripted.script = cut(listed, "1", 39, times=99)
    with pytest.raises(ConnectorError, match="holds 39 issues where GitLab promises at least 40"):
        gitlab.list_resources(STAR, "issues", {})


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
        connect(scripted.url, workers=workers).list_resources(STAR, "issues", {})
    assert "listing the issues of tracker 'star' (desk/star), page 3" in str(caught.value)


def test_pages_are_read_side_by_side_whole_and_in_order(
    connect: Callable[..., GitLab], scripted: Scripted, listed: Listed
) -> None:
    listed.rows[:] = [row(number) for number in range(1, 1234)]
    gitlab = connect(scripted.url, workers=8)
    for _ in range(3):
        assert iids(gitlab.list_resources(STAR, "issues", {})) == list(range(1, 1234))
    assert gitlab.requests == {"list": 3 * 13}


def test_an_issue_of_a_group_without_a_project_is_an_error(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([row(1) | {"references": None}], headers={"X-Total": "1", "X-Total-Pages": "1"}))
    with pytest.raises(ConnectorError, match="does not say which project it is of; name the project itself"):
        gitlab.list_resources(Tracker(name="desk", path="desk", source="groups"), "issues", {})


ABSURD: list[dict[str, str]] = [
    {"X-Total": "9" * 5_000, "X-Total-Pages": "9" * 5_000},
    {"X-Total": "1", "X-Total-Pages": "1000000000"},
    {"Link": '<http://[::1/x?page=2>; rel="next"', "X-Total": "1", "X-Total-Pages": "1"},
]


@pytest.mark.parametrize("headers", ABSURD)
@pytest.mark.parametrize("type", ["issues", "branches"])
def test_headers_that_say_what_cannot_be_are_passed_over(
    gitlab: GitLab, scripted: Scripted, type: ResourceType, headers: dict[str, str]
) -> None:
    one = {"iid": 7, "name": "main", "commit": {"id": "c"}, "created_at": "2026-11-30T09:00:00Z"}
    scripted.script = lambda _: Answer([one], headers=headers)
    [found] = gitlab.list_resources(STAR, type, {})
    assert (found.iid or found.name) in (7, "main")
