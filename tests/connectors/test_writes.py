"""Writes: a delta that may be repeated, and notes and links that may not, whatever becomes of the answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.requests import IssueUpdate
from starkeeper.model.resources import IssueKey
from tests.connectors.conftest import Answer, Asked, Clock, Scripted

KEY, OTHER = IssueKey("desk/star", 7), IssueKey("desk/feedback", 3)
MARKER = "<!-- starkeeper key=1 -->"
BODY = f"A secret text\n{MARKER}"
PEOPLE = {"ann": 4, "ben": 5}


class Desk:
    """One issue behind a server; `trouble` are the answers to the next writes, which take effect unless `misses`."""

    def __init__(self) -> None:
        self.issue: dict[str, Any] = {
            "id": 70,
            "iid": 7,
            "created_at": "2026-11-01T08:00:00Z",
            "state": "opened",
            "labels": ["star::new", "kept"],
            "assignees": [],
            "confidential": False,
        }
        self.notes: list[dict[str, Any]] = []
        self.links: list[tuple[str, int]] = []
        self.trouble: list[Answer] = []
        self.misses = False
        self.sent: list[Any] = []
        self.most_assignees = 9
        self.obeys = True

    def __call__(self, asked: Asked) -> Answer:
        if asked.path == "/api/v4/user":
            return Answer({"id": 1, "username": "star-bot"})
        if asked.path == "/api/v4/users":
            name = asked.query["username"]
            return Answer([{"id": PEOPLE[name], "username": name}] if name in PEOPLE else [])
        if asked.verb == "GET":
            return self._read(asked)
        self.sent.append(asked.body)
        trouble = self.trouble.pop(0) if self.trouble else None
        answer = None if trouble and (self.misses or trouble.status == 429) else self._write(asked)
        return trouble or answer or Answer("", 500)

    def _read(self, asked: Asked) -> Answer:
        if asked.path.endswith("/links"):
            return Answer([linked(project, iid) for project, iid in self.links])
        return Answer(self.notes if asked.path.endswith("/notes") else self.issue)

    def _write(self, asked: Asked) -> Answer:
        if asked.path.endswith("/notes"):
            self.notes.append(written(asked.body["body"], "star-bot", len(self.notes) + 1))
            return Answer(self.notes[-1], 201)
        if asked.path.endswith("/links"):
            link = (asked.body["target_project_id"], asked.body["target_issue_iid"])
            if link in self.links:
                return Answer({"message": "Issue(s) already assigned"}, 409)
            self.links.append(link)
            return Answer({"link_type": "relates_to"}, 201)
        return Answer(self._changed(asked.body) if self.obeys else self.issue)

    def _changed(self, body: dict[str, Any]) -> dict[str, Any]:
        issue = self.issue
        labels = set(issue["labels"]) | set(body.get("add_labels", "").split(","))
        issue["labels"] = sorted(labels - set(body.get("remove_labels", "").split(",")) - {""})
        issue["state"] = {"close": "closed", "reopen": "opened"}.get(body.get("state_event", ""), issue["state"])
        issue["confidential"] = body.get("confidential", issue["confidential"])
        if "assignee_ids" in body:
            names = {number: name for name, number in PEOPLE.items()}
            ids = [each for each in body["assignee_ids"] if each in names][: self.most_assignees]
            issue["assignees"] = [{"id": each, "username": names[each]} for each in ids]
        return issue


def written(body: str, author: str, number: int) -> dict[str, Any]:
    return {"id": number, "body": body, "created_at": "2026-11-30T09:00:00Z", "author": {"username": author}}


def linked(project: str, iid: int) -> dict[str, Any]:
    return {
        "id": iid,
        "iid": iid,
        "created_at": "2026-11-01T08:00:00Z",
        "web_url": f"https://gitlab.example.com/{project}/-/issues/{iid}",
    }


@pytest.fixture
def desk(scripted: Scripted) -> Desk:
    scripted.script = found = Desk()
    return found


def post(gitlab: GitLab, body: str = BODY) -> None:
    gitlab.post_note(KEY, body, internal=True, marker=MARKER)


LOST = [Answer("", 500), Answer("", 502), Answer("", 504), Answer(drop=True)]


def test_all_fields_are_one_request(gitlab: GitLab, desk: Desk) -> None:
    update = IssueUpdate(
        add_labels=("star::done", "x y"),
        remove_labels=("star::new",),
        state="closed",
        assignees=("ann", "ben"),
        confidential=True,
    )
    issue = gitlab.update_issue("star", KEY, update)
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
    gitlab.update_issue("star", KEY, IssueUpdate(add_labels=("one",)))
    gitlab.update_issue("star", KEY, IssueUpdate(state="opened"))
    assert desk.sent == [{"add_labels": "one"}, {"state_event": "reopen"}]


def test_nobody_is_assigned_by_a_zero(gitlab: GitLab, desk: Desk) -> None:
    desk.issue["assignees"] = [{"id": 4, "username": "ann"}]
    assert gitlab.update_issue("star", KEY, IssueUpdate(assignees=())).assignees == ()
    assert desk.sent == [{"assignee_ids": [0]}]


def test_an_empty_update_writes_nothing(gitlab: GitLab, desk: Desk) -> None:
    assert gitlab.update_issue("star", KEY, IssueUpdate()).key == KEY
    assert desk.sent == []


@pytest.mark.parametrize("label", ["two,labels", "", " "])
def test_a_label_that_gitlab_would_misread_is_not_sent(gitlab: GitLab, desk: Desk, label: str) -> None:
    for update in (IssueUpdate(add_labels=("fine", label)), IssueUpdate(remove_labels=("fine", label))):
        with pytest.raises(ConnectorError, match="holds a comma"):
            gitlab.update_issue("star", KEY, update)
    assert desk.sent == []


def test_an_unknown_assignee_stops_the_request(gitlab: GitLab, desk: Desk) -> None:
    with pytest.raises(ConnectorError, match="looking up user 'zoe': there is no such user"):
        gitlab.update_issue("star", KEY, IssueUpdate(add_labels=("one",), assignees=("zoe",)))
    assert desk.sent == []


@pytest.mark.parametrize(
    ("update", "what"),
    [
        (IssueUpdate(add_labels=("one", "kept")), "label 'one'"),
        (IssueUpdate(remove_labels=("kept", "gone")), "label 'kept'"),
        (IssueUpdate(state="closed"), "its state"),
        (IssueUpdate(confidential=True, state="closed"), "its state, whether it is confidential"),
        (IssueUpdate(assignees=()), "its assignees"),
    ],
)
def test_a_change_that_gitlab_leaves_out_is_an_error(
    gitlab: GitLab, desk: Desk, update: IssueUpdate, what: str
) -> None:
    desk.obeys = False
    desk.issue["assignees"] = [{"id": 4, "username": "ann"}]
    with pytest.raises(ConnectorError) as caught:
        gitlab.update_issue("star", KEY, update)
    assert str(caught.value) == (
        f"GitLab: changing desk/star#7: GitLab accepted the request but did not change {what}; "
        "the token needs at least the Planner role"
    )


def test_a_licence_for_one_assignee_is_told(gitlab: GitLab, desk: Desk) -> None:
    desk.most_assignees = 1
    with pytest.raises(ConnectorError, match="GitLab kept 1 of 2 assignees; several need GitLab Premium"):
        gitlab.update_issue("star", KEY, IssueUpdate(assignees=("ann", "ben")))


@pytest.mark.parametrize("lost", LOST)
def test_a_delta_is_sent_again_when_its_answer_is_lost(gitlab: GitLab, desk: Desk, lost: Answer) -> None:
    desk.trouble = [lost, lost]
    issue = gitlab.update_issue("star", KEY, IssueUpdate(add_labels=("one",), remove_labels=("star::new",)))
    assert issue.labels == ("kept", "one")
    assert len(desk.sent) == 3


def test_a_delta_that_may_have_taken_effect_is_told_as_lost(gitlab: GitLab, desk: Desk) -> None:
    desk.trouble = [Answer("", 502)] * 5
    with pytest.raises(ConnectorError) as caught:
        gitlab.update_issue("star", KEY, IssueUpdate(state="closed"))
    assert (caught.value.status, caught.value.lost) == (502, True)


def test_a_note_is_one_request(gitlab: GitLab, desk: Desk) -> None:
    post(gitlab)
    assert desk.sent == [{"body": BODY, "internal": True}]
    assert gitlab.requests == {"note": 1}


def test_a_note_of_commands_only_is_success(gitlab: GitLab, desk: Desk) -> None:
    desk.misses, desk.trouble = True, [Answer({"commands_changes": {}, "summary": ["Closed this issue."]}, 202)]
    post(gitlab)
    assert len(desk.sent) == 1


@pytest.mark.parametrize("lost", LOST)
def test_a_note_whose_answer_was_lost_is_found_and_not_written_twice(
    gitlab: GitLab, desk: Desk, scripted: Scripted, lost: Answer
) -> None:
    desk.trouble = [lost]
    post(gitlab)
    assert [each["body"] for each in desk.notes] == [BODY]
    assert len(desk.sent) == 1
    assert scripted.asked[-1].query["activity_filter"] == "only_comments"


@pytest.mark.parametrize("lost", LOST)
def test_a_note_that_did_not_arrive_is_written_again(gitlab: GitLab, desk: Desk, lost: Answer) -> None:
    desk.misses, desk.trouble = True, [lost]
    post(gitlab)
    assert [each["body"] for each in desk.notes] == [BODY]
    assert len(desk.sent) == 2


def test_the_marker_in_a_note_of_somebody_else_is_not_ours(gitlab: GitLab, desk: Desk) -> None:
    desk.notes = [written(f"> {MARKER}", "ann", 1)]
    desk.misses, desk.trouble = True, [Answer("", 500)]
    post(gitlab)
    assert [each["author"]["username"] for each in desk.notes] == ["ann", "star-bot"]


def test_a_note_that_always_fails_comes_to_an_end(gitlab: GitLab, desk: Desk) -> None:
    desk.misses, desk.trouble = True, [Answer("", 500)] * 9
    with pytest.raises(ConnectorError, match="writing a note on desk/star#7: answered 500") as caught:
        post(gitlab)
    assert (caught.value.lost, len(desk.sent), desk.notes) == (True, 3, [])
    assert "secret" not in str(caught.value)


def test_a_note_that_cannot_be_looked_for_is_not_sent_again(gitlab: GitLab, desk: Desk, scripted: Scripted) -> None:
    desk.trouble = [Answer("", 500)]
    refused = Answer({"message": "403 Forbidden"}, 403)
    scripted.script = lambda asked: refused if asked.verb == "GET" and "/notes" in asked.path else desk(asked)
    with pytest.raises(ConnectorError, match="whether it took effect could not be seen: answered 403") as caught:
        post(gitlab)
    assert (caught.value.lost, len(desk.sent)) == (True, 1)


@pytest.mark.parametrize("body", ["Retry later\n", {"message": {"error": "Try again."}}, {"message": "Try again."}])
def test_a_throttled_note_is_written_after_the_wait(
    gitlab: GitLab, desk: Desk, scripted: Scripted, clock: Clock, body: Any
) -> None:
    desk.trouble = [Answer(body, 429, {"Retry-After": "60"})]
    post(gitlab)
    assert len(desk.notes) == 1
    assert 60 <= clock.waits[0] <= 61
    assert [each.verb for each in scripted.asked] == ["POST", "POST"]


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refused_note_is_sent_once(gitlab: GitLab, desk: Desk, status: int) -> None:
    desk.misses, desk.trouble = True, [Answer({"message": 'Note {:note=>["A secret text"]}'}, status)]
    with pytest.raises(ConnectorError) as caught:
        post(gitlab)
    assert (caught.value.status, caught.value.lost, len(desk.sent)) == (status, False, 1)
    assert "secret" not in str(caught.value)


def test_a_note_that_ran_out_of_time_is_given_as_long_again(
    connect: Callable[..., GitLab], scripted: Scripted, desk: Desk, clock: Clock
) -> None:
    """Its request can still be at work in GitLab when our patience ends; a look at once would miss its note."""

    def slow(asked: Asked) -> Answer:
        if asked.verb == "POST":
            clock.now += 30
        return desk(asked)

    desk.trouble = [Answer("", 504)]
    scripted.script = slow
    post(connect(scripted.url))
    assert max(clock.waits) == 30


def test_notes_are_written_at_a_pace(gitlab: GitLab, desk: Desk, clock: Clock) -> None:
    for _ in range(4):
        post(gitlab)
    assert clock.waits == [1, 1, 1]
    assert len(desk.notes) == 4


def test_notes_from_many_threads_keep_the_pace(connect: Callable[..., GitLab], scripted: Scripted, desk: Desk) -> None:
    clock = Clock()
    gitlab = connect(scripted.url, notes_per_second=2.0, monotonic=lambda: 0.0, sleep=clock.sleep)
    threads = [threading.Thread(target=post, args=[gitlab]) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(clock.waits) == [0.5, 1, 1.5, 2]
    assert len(desk.notes) == 5


@pytest.mark.parametrize("marker", ["", "<!-- another -->"])
def test_a_note_without_its_marker_is_a_mistake_of_the_caller(gitlab: GitLab, desk: Desk, marker: str) -> None:
    with pytest.raises(ValueError, match="must hold its marker"):
        gitlab.post_note(KEY, BODY, internal=False, marker=marker)
    assert desk.sent == []


def test_issues_are_linked_across_projects(gitlab: GitLab, desk: Desk) -> None:
    gitlab.relate(KEY, OTHER, "blocks")
    assert desk.sent == [{"target_project_id": "desk/feedback", "target_issue_iid": 3, "link_type": "blocks"}]
    assert gitlab.requests == {"link": 1}


def test_a_link_that_is_there_is_success(gitlab: GitLab, desk: Desk) -> None:
    desk.links = [("desk/feedback", 3)]
    gitlab.relate(KEY, OTHER, "relates_to")
    assert desk.links == [("desk/feedback", 3)]


@pytest.mark.parametrize("lost", LOST)
def test_a_link_whose_answer_was_lost_is_looked_for(gitlab: GitLab, desk: Desk, lost: Answer) -> None:
    desk.trouble = [lost]
    gitlab.relate(KEY, OTHER, "relates_to")
    assert gitlab.requests == {"link": 1, "links": 1}


def test_a_link_that_did_not_arrive_is_made_again(gitlab: GitLab, desk: Desk) -> None:
    desk.links = [("desk/star", 3)]
    desk.misses, desk.trouble = True, [Answer(drop=True)]
    gitlab.relate(KEY, OTHER, "relates_to")
    assert desk.links == [("desk/star", 3), ("desk/feedback", 3)]


def test_a_link_to_nowhere_is_an_error(gitlab: GitLab, desk: Desk) -> None:
    desk.misses, desk.trouble = True, [Answer({"message": "404 Not found"}, 404)]
    with pytest.raises(ConnectorError, match="linking desk/star#7 to desk/feedback#3: answered 404"):
        gitlab.relate(KEY, OTHER, "relates_to")
