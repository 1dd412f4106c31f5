"""Facts about projects and groups: members, labels, and the issues that the run itself opened."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.model.facets import Facet
from starkeeper.model.resources import Issue, Place
from tests.connectors.conftest import Answer, Asked, Scripted

PROJECT, GROUP, NUMBERED = Place("projects", "desk/star"), Place("groups", "desk"), Place("projects", "12")
AT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)


def test_members_are_the_names_of_all_pages_in_small_letters(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(
        Answer([{"id": 1, "username": "Ann"}], headers={"X-Next-Page": "2"}), Answer([{"id": 2, "username": "ben"}])
    )
    assert gitlab.read_facet("members", [PROJECT]).found == {PROJECT: frozenset({"ann", "ben"})}
    assert [(each.path, each.query) for each in scripted.asked] == [
        ("/api/v4/projects/desk/star/members", {"per_page": "100"}),
        ("/api/v4/projects/desk/star/members", {"per_page": "100", "page": "2"}),
    ]
    assert gitlab.requests == {"members": 2}


def test_places_go_by_path_or_by_number(gitlab: GitLab, scripted: Scripted) -> None:
    scripted.says(Answer([]))
    assert set(gitlab.read_facet("members", [NUMBERED, GROUP]).found) == {NUMBERED, GROUP}
    assert [each.path for each in scripted.asked] == ["/api/v4/groups/desk/members", "/api/v4/projects/12/members"]


@pytest.mark.parametrize("facet", ["members", "labels", "own_issues"])
@pytest.mark.parametrize(("status", "says"), [(404, "answered 404 (Not Found)"), (403, "answered 403 (Forbidden)")])
def test_a_place_that_cannot_be_read_is_told_and_stops_no_other(
    gitlab: GitLab, scripted: Scripted, facet: Facet, status: int, says: str
) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/api/v4/user":
            return Answer({"id": 1, "username": "star-bot"})
        reason = {404: "Not Found", 403: "Forbidden"}[status]
        return Answer({"message": f"{status} {reason}"}, status) if "/desk/star/" in asked.path else Answer([])

    scripted.script = answer
    reading = gitlab.read_facet(facet, [PROJECT, NUMBERED])
    assert (set(reading.found), reading.failed[PROJECT].status) == ({NUMBERED}, status)
    assert says in str(reading.failed[PROJECT])
    assert "desk/star" in str(reading.failed[PROJECT])


@pytest.mark.parametrize("place", [PROJECT, GROUP])
def test_labels_are_names_with_those_of_the_groups_above(gitlab: GitLab, scripted: Scripted, place: Place) -> None:
    scripted.says(Answer([{"id": 1, "name": "star::new"}, {"id": 2, "name": "bug"}]))
    assert gitlab.read_facet("labels", [place]).found == {place: frozenset({"star::new", "bug"})}
    assert scripted.asked[0].query == {"include_ancestor_groups": "true", "per_page": "100"}
    assert gitlab.requests == {"labels": 1}


def test_own_issues_are_those_of_the_tokens_user_oldest_first(gitlab: GitLab, scripted: Scripted) -> None:
    def answer(asked: Asked) -> Answer:
        if asked.path == "/api/v4/user":
            return Answer({"id": 1, "username": "star-bot"})
        mine = {"id": 1, "username": "star-bot"}
        rows: list[dict[str, Any]] = [
            {"id": iid, "iid": iid, "created_at": at.isoformat(), "references": {"full": f"desk/star#{iid}"}}
            | {"author": author}
            for iid, at, author in (
                (7, AT, mine),
                (4, AT - dt.timedelta(days=1), mine),
                # What a GitLab that passes over the author would send as well.
                (5, AT, {"id": 2, "username": "star-bot2"}),
                (6, AT, None),
            )
        ]
        return Answer(rows, headers={"X-Total": "4", "X-Total-Pages": "1"})

    scripted.script = answer
    [found] = gitlab.read_facet("own_issues", [NUMBERED]).found.values()
    assert [(each.tracker, each.project, each.iid) for each in found] == [("", "desk/star", 4), ("", "desk/star", 7)]
    assert all(isinstance(each, Issue) for each in found)
    asked = scripted.asked[-1]
    assert asked.path == "/api/v4/projects/12/issues"
    wanted = {"author_username": "star-bot", "scope": "all", "state": "all", "order_by": "created_at", "sort": "asc"}
    assert asked.query == wanted | {"per_page": "100"}
    assert gitlab.requests == {"user": 1, "own_issues": 1}
