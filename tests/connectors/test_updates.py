"""Field updates: one request, a delta that may be repeated, and a look at what GitLab made of it."""

from __future__ import annotations

import datetime as dt

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.requests import Update
from starkeeper.model.resources import ResourceKey, ResourceType
from tests.connectors.conftest import Answer, Scripted
from tests.connectors.desk import KEY, LOST, Desk


@pytest.fixture
def desk(scripted: Scripted) -> Desk:
    scripted.script = found = Desk()
    return found


def test_all_fields_are_one_request(gitlab: GitLab, desk: Desk) -> None:
    update = Update(
        add_labels=("star::done", "x y"),
        remove_labels=("star::new",),
        state="closed",
        assignees=("ann", "ben"),
        confidential=True,
    )
    issue = gitlab.update_resource("star", KEY, update)
    assert desk.sent == [
        {
            "add_labels": "star::done,x y",
            "remove_labels": "star::new",
            "state_event": "close",
            "assignee_ids": [4, 5],
            "confidential": True,
        }
    ]
    assert (issue.tracker, issue.key, issue.labels, issue.state) == (
        "star",
        KEY,
        ("kept", "star::done", "x y"),
        "closed",
    )
    assert gitlab.requests == {"user": 2, "update": 1}


def test_what_is_not_named_is_not_sent(gitlab: GitLab, desk: Desk) -> None:
    gitlab.update_resource("star", KEY, Update(add_labels=("one",)))
    gitlab.update_resource("star", KEY, Update(state="opened"))
    assert desk.sent == [{"add_labels": "one"}, {"state_event": "reopen"}]


def test_nobody_is_assigned_by_a_zero(gitlab: GitLab, desk: Desk) -> None:
    desk.issue["assignees"] = [{"id": 4, "username": "ann"}]
    assert gitlab.update_resource("star", KEY, Update(assignees=())).assignees == ()
    assert desk.sent == [{"assignee_ids": [0]}]


def test_an_empty_update_writes_nothing(gitlab: GitLab, desk: Desk) -> None:
    assert gitlab.update_resource("star", KEY, Update()).key == KEY
    assert desk.sent == []


@pytest.mark.parametrize("label", ["two,labels", "", " "])
def test_a_label_that_gitlab_would_misread_is_not_sent(gitlab: GitLab, desk: Desk, label: str) -> None:
    for update in (Update(add_labels=("fine", label)), Update(remove_labels=("fine", label))):
        with pytest.raises(ConnectorError, match="holds a comma"):
            gitlab.update_resource("star", KEY, update)
    assert desk.sent == []


def test_an_unknown_assignee_stops_the_request(gitlab: GitLab, desk: Desk) -> None:
    with pytest.raises(ConnectorError, match="looking up user 'zoe': there is no such user"):
        gitlab.update_resource("star", KEY, Update(add_labels=("one",), assignees=("zoe",)))
    assert desk.sent == []


@pytest.mark.parametrize(
    ("update", "what"),
    [
        (Update(add_labels=("one", "kept")), "label 'one'"),
        (Update(remove_labels=("kept", "gone")), "label 'kept'"),
        (Update(state="closed"), "its state"),
        (Update(confidential=True, state="closed"), "its state, whether it is confidential"),
        (Update(assignees=()), "its assignees"),
        (Update(locked=True), "whether its discussion is locked"),
        (Update(due_date=dt.date(2026, 12, 1)), "its due date"),
        (Update(title="Another"), "its title"),
        (Update(description="Another"), "its description"),
    ],
)
def test_a_change_that_gitlab_leaves_out_is_an_error(gitlab: GitLab, desk: Desk, update: Update, what: str) -> None:
    desk.obeys = False
    desk.issue["assignees"] = [{"id": 4, "username": "ann"}]
    with pytest.raises(ConnectorError) as caught:
        gitlab.update_resource("star", KEY, update)
    assert str(caught.value) == (
        f"GitLab: changing desk/star#7: GitLab accepted the request but did not change {what}; "
        "the token needs at least the Planner role"
    )


def test_a_licence_for_one_assignee_is_told(gitlab: GitLab, desk: Desk) -> None:
    desk.most_assignees = 1
    with pytest.raises(ConnectorError, match="GitLab kept 1 of 2 assignees; several need GitLab Premium"):
        gitlab.update_resource("star", KEY, Update(assignees=("ann", "ben")))


@pytest.mark.parametrize("lost", LOST)
def test_a_delta_is_sent_again_when_its_answer_is_lost(gitlab: GitLab, desk: Desk, lost: Answer) -> None:
    desk.trouble = [lost, lost]
    issue = gitlab.update_resource("star", KEY, Update(add_labels=("one",), remove_labels=("star::new",)))
    assert issue.labels == ("kept", "one")
    assert len(desk.sent) == 3


def test_a_delta_that_may_have_taken_effect_is_told_as_lost(gitlab: GitLab, desk: Desk) -> None:
    desk.trouble = [Answer("", 502)] * 5
    with pytest.raises(ConnectorError) as caught:
        gitlab.update_resource("star", KEY, Update(state="closed"))
    assert (caught.value.status, caught.value.lost) == (502, True)


def test_words_dates_and_locks_are_set_and_taken_away(gitlab: GitLab, desk: Desk) -> None:
    there = Update(title="New ", description="One\n/close\n", locked=True, due_date=dt.date(2026, 12, 1))
    issue = gitlab.update_resource("star", KEY, there)
    assert (issue.title, issue.locked, issue.due_date) == ("New", True, dt.date(2026, 12, 1))
    assert issue.description == "One"
    assert gitlab.update_resource("star", KEY, Update(due_date="", locked=False)).due_date is None
    assert desk.sent == [
        {"title": "New ", "description": "One\n/close\n", "discussion_locked": True, "due_date": "2026-12-01"},
        {"discussion_locked": False, "due_date": ""},
    ]


@pytest.mark.parametrize(
    ("type", "update", "says"),
    [
        ("merge_requests", Update(confidential=True), "merge requests do not have confidential"),
        ("merge_requests", Update(due_date=""), "merge requests do not have due_date"),
        ("epics", Update(assignees=()), "epics do not have assignees"),
        ("epics", Update(locked=False), "epics do not have locked"),
        ("branches", Update(state="closed"), "branches do not have state"),
    ],
)
def test_what_a_type_does_not_have_is_not_sent(
    gitlab: GitLab, desk: Desk, type: ResourceType, update: Update, says: str
) -> None:
    with pytest.raises(ConnectorError, match=f"{says}; take it out of the rule"):
        gitlab.update_resource("star", ResourceKey("desk", 7, type, "x"), update)
    assert desk.sent == []


@pytest.mark.usefixtures("desk")
def test_a_merge_request_is_changed_where_it_is(gitlab: GitLab, scripted: Scripted) -> None:
    key = ResourceKey("desk/star", 7, "merge_requests")
    found = gitlab.update_resource("star", key, Update(state="closed", locked=True, assignees=("ann",)))
    assert (found.key, found.state, found.locked) == (key, "closed", True)
    assert scripted.asked[-1].path == "/api/v4/projects/desk/star/merge_requests/7"


def test_an_epic_is_changed_in_its_group(gitlab: GitLab, desk: Desk, scripted: Scripted) -> None:
    desk.issue["due_date"] = "2026-12-01"
    key, day = ResourceKey("desk/all", 7, "epics"), dt.date(2026, 12, 1)
    found = gitlab.update_resource("star", key, Update(add_labels=("one",), due_date=day, confidential=True))
    assert (found.key, found.labels, found.due_date) == (key, ("kept", "one", "star::new"), day)
    assert scripted.asked[-1].path == "/api/v4/groups/desk/all/epics/7"
    assert desk.sent == [
        {"add_labels": "one", "confidential": True, "due_date_is_fixed": True, "due_date_fixed": "2026-12-01"}
    ]
