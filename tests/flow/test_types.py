"""Merge requests, epics and branches in the world, alone and side by side with issues of the same numbers."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from starkeeper.commands.watching import Watching
from starkeeper.model.desk import Tracker
from starkeeper.report import exit_status
from tests.flow.conftest import BOT, NOW, PROJECT, Place
from tests.flow.sweeps import ON_GROUP, ON_PROJECT, errors, results, settled, sweep_file

OTHER = "group/other"
LONG_AGO = NOW - dt.timedelta(days=90)
GREET = """  {type}:
    rules:
      - name: Greet
        conditions: {{state: opened}}
        actions: {{labels: [seen], comment: "Hello {{{{ author }}}}."}}
      - name: Close
        conditions: {{labels: [over]}}
        actions: {{status: close}}
"""
STALE_BRANCHES = """  branches:
    rules:
      - name: Old and merged
        conditions:
          merged: true
          date: {attribute: committed_date, condition: older_than, interval_type: days, interval: 30}
        actions: {delete: true}
"""


@pytest.fixture
def group(place: Place) -> Place:
    place.world.add_project(OTHER)
    place.world.add_member("group", BOT)
    for label in ("seen", "over"):
        place.world.add_label("group", label)
    return place


def test_merge_requests(group: Place) -> None:
    group.world.open_merge_request(PROJECT, author="ivy")
    group.world.open_merge_request(PROJECT, author="ivy", labels=["over"])
    group.world.open_merge_request(PROJECT, author="ivy", state="merged", labels=["over"])
    settled(group, GREET.format(type="merge_requests"))
    seen = [(each.state, each.labels) for each in group.world.merge_requests(PROJECT)]
    assert seen == [("opened", ("seen",)), ("closed", ("over", "seen")), ("merged", ("over",))]
    notes = [len(group.world.notes(PROJECT, iid, kind="merge_requests")) for iid in (1, 2, 3)]
    assert notes == [1, 1, 0]


def test_epics_of_a_group(group: Place) -> None:
    group.world.open_epic("group", author="ivy")
    group.world.open_epic("group", author="ivy", labels=["over"])
    settled(group, GREET.format(type="epics"), tracker=ON_GROUP)
    assert [(each.state, each.labels) for each in group.world.epics("group")] == [
        ("opened", ("seen",)),
        ("closed", ("over", "seen")),
    ]
    assert [len(group.world.notes("group", iid, kind="epics")) for iid in (1, 2)] == [1, 1]


@pytest.mark.parametrize("tracker", [ON_PROJECT, ON_GROUP])
def test_stale_merged_branches_go_and_all_others_stay(group: Place, tracker: Tracker) -> None:
    for project in (PROJECT, OTHER):
        group.world.add_branch(project, "main", default=True, merged=True, committed_at=LONG_AGO)
        group.world.add_branch(project, "18-stable", protected=True, merged=True, committed_at=LONG_AGO)
        group.world.add_branch(project, "fresh", merged=True, committed_at=NOW)
        group.world.add_branch(project, "open", committed_at=LONG_AGO)
        group.world.add_branch(project, "feature/ä b", merged=True, committed_at=LONG_AGO)
    settled(group, STALE_BRANCHES, tracker=tracker)
    left = ["18-stable", "fresh", "main", "open"]
    assert [each.name for each in group.world.branches(PROJECT)] == left
    others = left if tracker is ON_GROUP else ["18-stable", "feature/ä b", *left[1:]]
    assert sorted(each.name for each in group.world.branches(OTHER)) == sorted(others)


class Meanwhile(Watching):
    """Lets somebody do something between the plan and the writes."""

    def __init__(self, place: Place, does: str) -> None:
        super().__init__()
        self.place, self.does = place, does

    def planned(self, plan: object) -> None:
        world = self.place.world
        if self.does == "commits":
            world.projects[PROJECT].branches["old"].sha = "c" * 40
        elif self.does == "deletes":
            del world.projects[PROJECT].branches["old"]
        else:
            world.projects[PROJECT].branches["old"].protected = True


@pytest.mark.parametrize(
    ("does", "result", "words"),
    [
        ("commits", "failed", "committed"),
        ("protects", "failed", "protected"),
        ("deletes", "applied", ""),
    ],
)
def test_branch_that_changed_between_plan_and_write(group: Place, does: str, result: str, words: str) -> None:
    group.world.add_branch(PROJECT, "main", default=True)
    for name in ("old", "older"):
        group.world.add_branch(PROJECT, name, merged=True, committed_at=LONG_AGO)
    run = sweep_file(group, STALE_BRANCHES, watch=Meanwhile(group, does))
    assert results(run) == [("project old", "delete", result), ("project older", "delete", "applied")]
    assert words in run.outcomes[0].why
    assert exit_status(run.plan, run.outcomes) == (3 if result == "failed" else 0)
    assert [each.name for each in group.world.branches(PROJECT)] == (["main", "old"] if words else ["main"])


def test_group_with_issues_merge_requests_and_epics_of_several_projects(group: Place) -> None:
    for project in (PROJECT, OTHER):
        group.world.open_issue(project, author="ivy")
        group.world.open_merge_request(project, author="ivy")
    group.world.open_epic("group", author="ivy")
    rules = "".join(GREET.format(type=type) for type in ("issues", "merge_requests", "epics"))
    settled(group, rules, tracker=ON_GROUP)
    seen = [*group.world.issues(PROJECT), *group.world.issues(OTHER), *group.world.epics("group")]
    seen += [*group.world.merge_requests(PROJECT), *group.world.merge_requests(OTHER)]
    assert [each.labels for each in seen] == [("seen",)] * 5
    notes = [
        group.world.notes(project, 1, kind=kind)
        for project in (PROJECT, OTHER)
        for kind in ("issues", "merge_requests")
    ]
    assert [len(each) for each in [*notes, group.world.notes("group", 1, kind="epics")]] == [1] * 5


def test_rule_of_one_name_and_number_speaks_on_the_issue_and_on_the_merge_request(group: Place) -> None:
    group.world.open_issue(PROJECT, author="ivy")
    group.world.open_merge_request(PROJECT, author="kim")
    settled(group, GREET.format(type="issues"))
    settled(group, GREET.format(type="issues") + GREET.format(type="merge_requests"))
    (issue_note,), (note,) = group.world.notes(PROJECT, 1), group.world.notes(PROJECT, 1, kind="merge_requests")
    assert ("ivy" in issue_note.body, "kim" in note.body) == (True, True)


def test_conflict_on_an_issue_leaves_the_merge_request_of_its_number_alone(group: Place) -> None:
    group.world.open_issue(PROJECT, author="ivy", labels=["over"])
    group.world.open_merge_request(PROJECT, author="ivy")
    both = """  {type}:
    rules:
      - {{name: On, conditions: {{forbidden_labels: [seen]}}, actions: {{labels: [seen]}}}}
      - {{name: Off, conditions: {{labels: [over]}}, actions: {{remove_labels: ["see*", seen]}}}}
"""
    run = sweep_file(group, both.format(type="issues") + both.format(type="merge_requests"))
    assert [(each.type, each.iid) for each in run.plan.conflicts] == [("issues", 1)]
    assert group.world.issue(PROJECT, 1).labels == ("over",)
    assert group.world.merge_request(PROJECT, 1).labels == ("seen",)
    assert exit_status(run.plan, run.outcomes) == 1


def test_summary_of_branches_and_issue_with_the_same_marker_do_not_mix(group: Place) -> None:
    group.world.add_branch(PROJECT, "main", default=True)
    group.world.add_branch(PROJECT, "old", merged=True, committed_at=LONG_AGO)
    group.world.open_issue(PROJECT, author="ivy")
    listing = (
        "  {type}:\n    rules: [{{name: List, conditions: {{{asked}}}, actions: {{summarize: {{title: '{type}'}}}}}}]\n"
    )
    rules = listing.format(type="branches", asked="name: old") + listing.format(type="issues", asked="state: opened")
    settled(group, rules)
    assert sorted(each.title for each in group.world.issues(PROJECT)) == ["An issue", "branches", "issues"]


def test_types_whose_list_fails_are_said_and_the_others_go_on(group: Place) -> None:
    from starkeeper.sandbox.faults import Fault

    group.world.open_issue(PROJECT, author="ivy")
    group.world.open_epic("group", author="ivy")
    group.world.faults.append(
        Fault(method="GET", path="epics$", status=403, body='{"message":"403 Forbidden"}', times=9)
    )
    run = sweep_file(group, GREET.format(type="issues") + GREET.format(type="epics"), tracker=ON_GROUP)
    assert group.world.issue(PROJECT, 1).labels == ("seen",)
    assert group.world.epic("group", 1).labels == ()
    assert len(errors(run)) == 1 and "Premium" in errors(run)[0]
    assert exit_status(run.plan, run.outcomes) == 3


MEMBER = """  issues:
    rules:
      - name: Member
        conditions:
          author_member: {{source: {source}, condition: {condition}, source_id: {id}}}
        actions: {{labels: [seen]}}
"""


@pytest.mark.parametrize("condition", ["member_of", "not_member_of"])
@pytest.mark.parametrize("place_of", ["group", "project", "number"])
def test_members_of_a_group_or_a_project_by_path_or_number(group: Place, place_of: str, condition: str) -> None:
    group.world.add_group("team")
    number = group.world.add_project("tools/team").id
    for where in ("team", "tools/team"):
        group.world.add_member(where, "ivy")
        group.world.add_member(where, BOT, "guest")
    for author in ("ivy", "lou", "kim"):
        group.world.open_issue(PROJECT, author=author)
    source, id = {"group": ("group", "team"), "project": ("project", "tools/team"), "number": ("project", number)}[
        place_of
    ]
    settled(group, MEMBER.format(source=source, condition=condition, id=id))
    labelled = [each.author for each in group.world.issues(PROJECT) if each.labels]
    assert labelled == (["ivy"] if condition == "member_of" else ["lou", "kim"])
    asked = [each.path for each in group.world.requests if each.path.endswith("/members")]
    assert len(asked) == 3, "once in each of three runs"


def test_group_that_is_not_there_is_said_once_for_the_rule_and_the_others_go_on(group: Place) -> None:
    for _ in range(3):
        group.world.open_issue(PROJECT, author="ivy")
    rules = MEMBER.format(source="group", condition="not_member_of", id="nowhere")
    run = sweep_file(group, rules + "      - {name: Over, actions: {labels: [over]}}\n")
    (said,) = errors(run)
    assert re.search(r"\.yml:\d+:\d+: rule 'Member'", said) and "nowhere" in said
    assert [each.labels for each in group.world.issues(PROJECT)] == [("over",)] * 3
    assert exit_status(run.plan, run.outcomes) == 1


def test_label_that_is_not_there_yet_is_said_once_made_and_set(group: Place) -> None:
    group.world.add_label("group", "star::new")
    for _ in range(3):
        group.world.open_issue(PROJECT, author="ivy", labels=["star::new"])
    rules = """  issues:
    rules:
      - name: Misspelt
        actions: {labels: [sen, "star::don", seen], comment: Hello.}
      - name: Once more
        actions: {labels: [sen]}
      - name: After it
        conditions: {labels: [sen]}
        actions: {labels: [over]}
"""
    run = settled(group, rules)
    assert [each.where for each in run.plan.notices] == ["label 'sen'", "label 'star::don'"]
    assert all(PROJECT in each.what for each in run.plan.notices)
    assert {each.labels for each in group.world.issues(PROJECT)} == {("over", "seen", "sen", "star::don")}
    assert exit_status(run.plan, run.outcomes) == 0
    assert sweep_file(group, rules).plan.notices == ()


def test_label_that_nothing_carries_yet_is_set_after_one_request_for_each_project(group: Place) -> None:
    for project in (PROJECT, OTHER):
        for _ in range(3):
            group.world.open_issue(project, author="ivy")
    rules = "  issues:\n    rules: [{name: A, actions: {labels: [seen]}}, {name: B, actions: {labels: [over]}}]\n"
    sweep_file(group, rules, tracker=ON_GROUP)
    assert {each.labels for each in group.world.issues(PROJECT)} == {("over", "seen")}
    assert len([each for each in group.world.requests if each.path.endswith("/labels")]) == 2


def test_label_of_a_project_is_new_to_an_epic_of_its_group(group: Place) -> None:
    group.world.open_issue(PROJECT, author="ivy", labels=["of-the-project"])
    group.world.open_epic("group", author="ivy")
    rules = "  epics:\n    rules: [{name: A, actions: {labels: [of-the-project]}}]\n  issues:\n    rules: [{name: B}]\n"
    run = settled(group, rules, tracker=ON_GROUP)
    assert [each.where for each in run.plan.notices] == ["label 'of-the-project'"]
    assert group.world.epic("group", 1).labels == ("of-the-project",)


@pytest.mark.parametrize(
    ("type", "limits", "conditions", "acted"),
    [
        ("issues", "{oldest: 2}", "{labels: ['{a, b, c}']}", [1, 2]),
        ("issues", "{most_recent: 2}", "{labels: ['{a, b, c}']}", [3, 4]),
        ("issues", "{oldest: 3}", "{labels: ['v{1..3}']}", [1, 2, 3]),
        ("merge_requests", "{oldest: 2, most_recent: 1}", "{labels: ['{a, b, c}']}", [4]),
    ],
)
def test_limit_counts_each_once_however_many_of_the_labels_it_has(
    group: Place, type: str, limits: str, conditions: str, acted: list[int]
) -> None:
    opens = group.world.open_issue if type == "issues" else group.world.open_merge_request
    for day in range(1, 5):
        opens(PROJECT, author="ivy", labels=["a", "b", "v1", "v2"], created_at=LONG_AGO + dt.timedelta(days=day))
    rule = f"{{name: A, conditions: {conditions}, limits: {limits}, actions: {{comment: Hello.}}}}"
    run = settled(group, f"  {type}:\n    rules: [{rule}]\n")
    assert [each.iid for each in run.outcomes] == acted


@pytest.mark.parametrize(("limits", "left"), [("oldest: 1", ["b2", "b3"]), ("most_recent: 2", ["b1"])])
def test_limits_choose_branches_by_the_age_of_their_last_commit(group: Place, limits: str, left: list[str]) -> None:
    group.world.add_branch(PROJECT, "main", default=True)
    for number in (3, 1, 2):
        group.world.add_branch(PROJECT, f"b{number}", merged=True, committed_at=LONG_AGO + dt.timedelta(days=number))
    sweep_file(group, STALE_BRANCHES.replace("actions:", f"limits: {{{limits}}}\n        actions:"))
    assert [each.name for each in group.world.branches(PROJECT)] == [*left, "main"]
