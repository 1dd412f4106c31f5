"""Links and moves: done once, whatever becomes of the answers."""

from __future__ import annotations

import pytest

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from tests.connectors.conftest import Answer, Asked, Scripted
from tests.connectors.desk import KEY, LOST, OTHER, Desk


@pytest.fixture
def desk(scripted: Scripted) -> Desk:
    scripted.script = found = Desk()
    return found


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


@pytest.fixture
def moving(scripted: Scripted, desk: Desk) -> Desk:
    """As `desk`, with a project desk/archive beside it whose number is 12."""

    def answer(asked: Asked) -> Answer:
        return Answer({"id": 12}) if asked.path == "/api/v4/projects/desk/archive" else desk(asked)

    scripted.script = answer
    return desk


def test_issues_are_moved_by_the_number_of_the_project(gitlab: GitLab, moving: Desk) -> None:
    for _ in range(2):
        gitlab.move_issue(KEY, "desk/archive")
    assert moving.sent == [{"to_project_id": 12}] * 2
    assert gitlab.requests == {"move": 1 + 2}


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize(("misses", "sent"), [(False, 1), (True, 2)])
def test_a_move_whose_answer_was_lost_is_looked_for(
    gitlab: GitLab, moving: Desk, lost: Answer, misses: bool, sent: int
) -> None:
    moving.misses, moving.trouble = misses, [lost]
    gitlab.move_issue(KEY, "desk/archive")
    assert (moving.issue["moved_to_id"], len(moving.sent)) == (99, sent)


@pytest.mark.parametrize("status", [400, 403])
def test_a_move_that_is_refused_says_what_it_needs(gitlab: GitLab, moving: Desk, status: int) -> None:
    moving.misses = True
    moving.trouble = [Answer({"message": "Cannot move issue due to insufficient permissions!"}, status)]
    with pytest.raises(ConnectorError) as caught:
        gitlab.move_issue(KEY, "desk/archive")
    assert str(caught.value) == (
        f"GitLab: moving desk/star#7 to desk/archive: answered {status}: the token may not move the issue there, or it "
        "is there already; it needs at least the Planner role in both projects"
    )
    assert caught.value.status == status


def test_a_move_to_nowhere_is_an_error(gitlab: GitLab, desk: Desk, scripted: Scripted) -> None:
    gone = Answer({"message": "404 Project Not Found"}, 404)
    scripted.script = lambda asked: gone if asked.path.endswith("/nowhere") else desk(asked)
    with pytest.raises(ConnectorError, match="looking up project desk/nowhere: answered 404"):
        gitlab.move_issue(KEY, "desk/nowhere")
    assert desk.sent == []
