"""Issues that rules open about something, and issues that they move: once, related, and in the right place."""

from __future__ import annotations

import datetime as dt

import pytest

from starkeeper.commands.watching import Watching
from starkeeper.report import exit_status
from starkeeper.sandbox.faults import Fault
from tests.flow.conftest import BOT, NOW, PROJECT, Place
from tests.flow.sweeps import ON_GROUP, errors, results, settled, sweep_file, writes

REVIEWS = "group/reviews"
REVIEW = """  {type}:
    rules:
      - name: Review
        conditions: {conditions}
        actions:
          issue:
            title: "Review of {{{{ title }}}}"
            destination: group/reviews
            description: "{{{{ full_reference }}}}: {{{{ title }}}}"
            {more}
"""
MOVE = """  issues:
    rules:
      - name: Away
        conditions: {labels: [away]}
        actions: {move: group/reviews, comment: It moves.}
      - name: After it
        conditions: {state: opened}
        actions: {labels: [seen]}
"""


def review(type: str = "issues", conditions: str = "{labels: [look]}", more: str = "") -> str:
    return REVIEW.format(type=type, conditions=conditions, more=more)


@pytest.fixture
def reviews(place: Place) -> Place:
    place.world.add_project(REVIEWS)
    place.world.add_member(REVIEWS, BOT)
    for label in ("look", "seen", "away"):
        place.world.add_label("group", label)
    return place


def opened(place: Place) -> list[str]:
    return [each.title for each in place.world.issues(REVIEWS)]


def test_issue_is_opened_once_for_each_and_related(reviews: Place) -> None:
    for title in ("One", "Two"):
        reviews.world.open_issue(PROJECT, title=title, author="ivy", labels=["look"])
    settled(reviews, review())
    assert opened(reviews) == ["Review of One", "Review of Two"]
    assert [reviews.world.issue(REVIEWS, iid).related for iid in (1, 2)] == [(f"{PROJECT}#1",), (f"{PROJECT}#2",)]
    reviews.world.close(REVIEWS, 1, by="ivy")
    reviews.world.open_issue(PROJECT, title="Three", author="ivy", labels=["look"])
    settled(reviews, review())
    assert opened(reviews) == ["Review of One", "Review of Two", "Review of Three"]


def test_issue_is_opened_anew_at_each_run_where_the_rule_says_so(reviews: Place) -> None:
    reviews.world.open_issue(PROJECT, title="One", author="ivy", labels=["look"])
    for _ in range(3):
        sweep_file(reviews, review(more="new_each_run: true"))
    assert opened(reviews) == ["Review of One"] * 3


@pytest.mark.parametrize("more", ["", ", new_each_run: true"])
def test_no_issue_is_opened_about_an_issue_that_the_rule_opened(reviews: Place, more: str) -> None:
    reviews.world.open_issue(PROJECT, title="One", author="ivy")
    rules = (
        "  issues:\n    rules: [{name: Child, conditions: {state: opened}, actions: {issue: {title: C" + more + "}}}]\n"
    )
    for _ in range(3):
        sweep_file(reviews, rules)
    assert len(reviews.world.issues(PROJECT)) == (4 if more else 2)


def test_confidential_issue_keeps_its_words_unless_the_rule_says_otherwise(reviews: Place) -> None:
    reviews.world.open_issue(PROJECT, title="Secret", author="ivy", labels=["look"], confidential=True)
    settled(reviews, review())
    (made,) = reviews.world.issues(REVIEWS)
    assert "Secret" not in made.title + made.description and f"{PROJECT}#1" in made.description
    reviews.world.open_issue(PROJECT, title="Open secret", author="ivy", labels=["look"], confidential=True)
    settled(reviews, review(more="redact_confidential_resources: false"))
    assert opened(reviews)[1] == "Review of Open secret"
    reviews.world.open_issue(PROJECT, title="Told", author="ivy", labels=["look"], confidential=True)
    settled(reviews, review() + "          redact_confidential_resources: false\n")
    assert opened(reviews)[2] == "Review of Told"


def test_strangers_issue_with_a_copied_marker_is_not_taken_for_ours(reviews: Place) -> None:
    reviews.world.open_issue(PROJECT, title="One", author="ivy", labels=["look"])
    dry = sweep_file(reviews, review(), dry_run=True)
    description = dry.plan.changes[0].steps[0].description  # type: ignore[union-attr]
    reviews.world.open_issue(REVIEWS, title="Mine", author="kim", description=description)
    settled(reviews, review())
    assert opened(reviews) == ["Mine", "Review of One"]


def test_lost_answer_while_opening_opens_it_once_and_relates_it(reviews: Place) -> None:
    reviews.world.open_issue(PROJECT, title="One", author="ivy", labels=["look"])
    reviews.world.faults.append(Fault(method="POST", path="issues$", drop=True, after_effect=True))
    settled(reviews, review())
    assert [(each.title, each.related) for each in reviews.world.issues(REVIEWS)] == [
        ("Review of One", (f"{PROJECT}#1",))
    ]


def test_run_that_died_before_the_two_were_related_relates_them_next_time(reviews: Place) -> None:
    reviews.world.open_issue(PROJECT, title="One", author="ivy", labels=["look"])
    reviews.world.faults.append(Fault(method="POST", path="links$", status=400, body='{"message":"no"}'))
    assert results(sweep_file(reviews, review())) == [("project#1", "issue", "failed")]
    settled(reviews, review())
    assert [each.related for each in reviews.world.issues(REVIEWS)] == [(f"{PROJECT}#1",)]


def test_issue_about_a_merge_request_a_branch_and_an_epic(reviews: Place) -> None:
    reviews.world.open_merge_request(PROJECT, title="Change", author="ivy", labels=["look"])
    reviews.world.open_epic("group", title="Plan", author="ivy", labels=["look"])
    reviews.world.add_branch(PROJECT, "feature/x", author="Ivy")
    rules = review("merge_requests") + review("epics")
    rules += review("branches", "{name: feature}").replace("{{ title }}", "{{ name }}")
    settled(reviews, rules, tracker=ON_GROUP)
    assert sorted(opened(reviews)) == ["Review of Change", "Review of Plan", "Review of feature/x"]
    said = "\n".join(each.description for each in reviews.world.issues(REVIEWS))
    assert f"{PROJECT}!1" in said and "group&1" in said


def test_destination_that_is_not_there_is_said_once_for_the_rule(reviews: Place) -> None:
    for _ in range(3):
        reviews.world.open_issue(PROJECT, author="ivy", labels=["look"])
    rules = review().replace(REVIEWS, "group/nowhere") + "      - {name: Label, actions: {labels: [seen]}}\n"
    run = sweep_file(reviews, rules)
    assert len(errors(run)) == 1 and "group/nowhere" in errors(run)[0] and "rule 'Review'" in errors(run)[0]
    assert [each.labels for each in reviews.world.issues(PROJECT)] == [("look", "seen")] * 3
    assert exit_status(run.plan, run.outcomes) == 1


def test_moved_with_its_labels_and_notes_and_left_alone_from_then_on(reviews: Place) -> None:
    reviews.world.open_issue(PROJECT, title="One", author="ivy", labels=["away"])
    reviews.world.comment(PROJECT, 1, "ivy", "Look at this.")
    settled(reviews, MOVE)
    assert reviews.world.issue(PROJECT, 1).moved_to == f"{REVIEWS}#1"
    assert reviews.world.issue(REVIEWS, 1).labels == ("away",)
    bodies = [note.body for note in reviews.world.notes(REVIEWS, 1)]
    assert len(bodies) == 2 and bodies[0] == "Look at this." and bodies[1].startswith("It moves.")


def test_moved_within_a_group_is_moved_once_and_not_told_again(reviews: Place) -> None:
    reviews.world.open_issue(PROJECT, title="One", author="ivy", labels=["away"])
    sweep_file(reviews, MOVE, tracker=ON_GROUP)
    settled(reviews, MOVE, tracker=ON_GROUP)
    moved = reviews.world.issue(REVIEWS, 1)
    assert (moved.moved_to, moved.labels) == (None, ("away", "seen"))
    assert len(reviews.world.notes(REVIEWS, 1)) == 1
    assert len(reviews.world.issues(REVIEWS)) == len(reviews.world.issues(PROJECT)) == 1


def test_lost_answer_while_moving_moves_it_once(reviews: Place) -> None:
    reviews.world.open_issue(PROJECT, title="One", author="ivy", labels=["away"])
    reviews.world.faults.append(Fault(method="POST", path="move$", status=500, after_effect=True))
    settled(reviews, MOVE)
    assert len(reviews.world.issues(REVIEWS)) == 1


@pytest.mark.parametrize("level", ["guest", None])
def test_move_without_rights_fails_and_the_others_go_on(reviews: Place, level: str | None) -> None:
    reviews.world.add_project("closed/project")
    if level:
        reviews.world.add_member("closed/project", BOT, level)
    reviews.world.open_issue(PROJECT, author="ivy", labels=["away"])
    reviews.world.open_issue(PROJECT, author="ivy")
    run = sweep_file(reviews, MOVE.replace(REVIEWS, "closed/project"))
    assert results(run) == [
        ("project#1", "comment", "applied"),
        ("project#1", "move", "failed"),
        ("project#2", "labels", "applied"),
    ]
    assert "closed/project" in run.outcomes[1].why and "the token may not" in run.outcomes[1].why
    assert exit_status(run.plan, run.outcomes) == 3
    assert reviews.world.issue(PROJECT, 1).state == "opened"
    again = sweep_file(reviews, MOVE.replace(REVIEWS, "closed/project"))
    assert results(again) == [("project#1", "move", "failed")]


def test_closed_issue_stays_where_it_is(reviews: Place) -> None:
    reviews.world.open_issue(PROJECT, author="ivy", labels=["away"])
    reviews.world.close(PROJECT, 1, by="ivy")
    assert sweep_file(reviews, MOVE.replace("comment: It moves.", "lock: false")).plan.changes == ()
    assert writes(reviews) == []


def test_issue_that_a_person_changed_between_plan_and_move_waits(reviews: Place) -> None:
    class Person(Watching):
        """Writes between the plan and the writes."""

        def planned(self, plan: object) -> None:
            reviews.world.comment(PROJECT, 1, "ivy", "Stop.", at=NOW + dt.timedelta(seconds=5))

    reviews.world.open_issue(PROJECT, author="ivy", labels=["away"])
    run = sweep_file(reviews, MOVE, watch=Person())
    assert {each.result for each in run.outcomes} == {"skipped"}
    assert reviews.world.issue(PROJECT, 1).moved_to is None
    assert exit_status(run.plan, run.outcomes) == 0
