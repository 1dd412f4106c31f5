"""Pages of lists: their headers, their links and their limits."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import gitlab
import pytest
import requests

from starkeeper.sandbox.paging import one_page
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import STAR

LIST = "/api/v4/projects/support%2Fdesk%2Fstar/issues"


@pytest.fixture
def many(world: World) -> None:
    for number in range(56):
        world.open_issue(STAR, title=f"Issue {number}", labels=["x"])


@pytest.mark.usefixtures("many")
def test_a_middle_page_says_where_it_stands(http: requests.Session, url: str) -> None:
    answer = http.get(f"{url}{LIST}?page=2&labels=x&not[labels]=y&iids[]=&per_page=20")
    told = {name: value for name, value in answer.headers.items() if "page" in name or "total" in name}
    assert told == {
        "x-page": "2",
        "x-next-page": "3",
        "x-prev-page": "1",
        "x-per-page": "20",
        "x-total": "56",
        "x-total-pages": "3",
    }
    assert set(answer.links) == {"prev", "next", "first", "last"}
    following = urlsplit(answer.links["next"]["url"])
    assert f"{following.scheme}://{following.netloc}" == url
    asked = parse_qs(following.query)
    assert (asked["page"], asked["labels"], asked["not[labels]"]) == (["3"], ["x"], ["y"])


@pytest.mark.usefixtures("many")
def test_the_last_page_has_no_next(http: requests.Session, url: str) -> None:
    answer = http.get(f"{url}{LIST}?page=3")
    assert (len(answer.json()), answer.headers["X-Next-Page"], "next" in answer.links) == (16, "", False)


def test_an_empty_list_counts_none(http: requests.Session, url: str) -> None:
    answer = http.get(url + LIST)
    assert (answer.json(), answer.headers["X-Total"], answer.headers["X-Total-Pages"]) == ([], "0", "1")


@pytest.mark.usefixtures("many")
def test_a_page_holds_twenty_unless_told_and_never_more_than_a_hundred(http: requests.Session, url: str) -> None:
    assert len(http.get(url + LIST).json()) == 20
    assert http.get(f"{url}{LIST}?per_page=500").headers["X-Per-Page"] == "100"


@pytest.mark.usefixtures("many")
def test_the_client_reads_all_pages(client: gitlab.Gitlab, world: World) -> None:
    found = client.projects.get(STAR, lazy=True).issues.list(iterator=True, per_page=10)
    assert len({each.iid for each in found}) == 56
    assert [each.status for each in world.requests] == [200] * 6


def test_above_ten_thousand_rows_nothing_is_counted() -> None:
    rows, headers = one_page(range(10_001), {"per_page": "100", "page": "3"}, "http://host/list")
    assert (list(rows), headers["X-Next-Page"]) == (list(range(200, 300)), "4")
    assert "X-Total" not in headers
    assert "X-Total-Pages" not in headers
    assert 'rel="last"' not in headers["Link"]
    assert 'rel="next"' in headers["Link"]
    assert one_page(range(10_000), {}, "")[1]["X-Total"] == "10000"


def test_the_offset_has_an_end(http: requests.Session, url: str) -> None:
    answer = http.get(f"{url}{LIST}?page=502&per_page=100")
    assert answer.status_code == 400
