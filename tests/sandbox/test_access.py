"""Who is let in, and what GitLab says to those who are not; people, members, labels and milestones."""

from __future__ import annotations

import gitlab
import pytest
import requests

from starkeeper.sandbox.world import World
from tests.sandbox.conftest import STAR, as_user


def test_a_token_stands_for_its_user(client: gitlab.Gitlab) -> None:
    client.auth()
    assert client.user is not None
    assert client.user.username == "bot"
    assert client.version()[0] == "18.6.0-ee"


def test_a_bearer_token_is_as_good(url: str) -> None:
    answer = requests.get(f"{url}/api/v4/user", headers={"Authorization": "Bearer bot-token"}, timeout=10)
    assert answer.json()["username"] == "bot"


@pytest.mark.parametrize("headers", [{}, {"PRIVATE-TOKEN": "wrong"}])
def test_without_a_good_token_nobody_is_anyone(url: str, headers: dict[str, str]) -> None:
    answer = requests.get(f"{url}/api/v4/user", headers=headers, timeout=10)
    assert (answer.status_code, answer.json()) == (401, {"message": "401 Unauthorized"})


def test_a_visitor_reads_public_projects_only(world: World, url: str) -> None:
    world.add_project("open/source", visibility="public")
    world.open_issue("open/source", title="Seen")
    world.open_issue("open/source", title="Hidden", confidential=True)
    listed = requests.get(f"{url}/api/v4/projects/open%2Fsource/issues", timeout=10).json()
    assert [each["title"] for each in listed] == ["Seen"]
    private = requests.get(f"{url}/api/v4/projects/support%2Fdesk%2Fstar", timeout=10)
    assert (private.status_code, private.json()) == (404, {"message": "404 Project Not Found"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("projects/99/issues", {"message": "404 Project Not Found"}),
        ("projects/support%2Fnone", {"message": "404 Project Not Found"}),
        ("groups/none/issues", {"message": "404 Group Not Found"}),
        ("projects/1/issues/99", {"message": "404 Not found"}),
        ("projects/1/issues/99/notes", {"message": "404 Issue Not Found"}),
        ("projects/1/issues/1/notes/99", {"message": "404 Not found"}),
        ("users/99", {"message": "404 User Not Found"}),
        ("no/such/thing", {"error": "404 Not Found"}),
    ],
)
def test_what_is_not_there_is_not_found(
    world: World, http: requests.Session, url: str, path: str, body: object
) -> None:
    world.open_issue(STAR)
    answer = http.get(f"{url}/api/v4/{path}")
    assert (answer.status_code, answer.json()) == (404, body)


def test_each_request_is_kept_with_its_query_and_status(http: requests.Session, url: str, world: World) -> None:
    http.get(f"{url}/api/v4/projects/support%2Fdesk%2Fstar/issues?labels=a%2Cb")
    told = world.requests[-1]
    assert (told.method, told.path, told.query, told.status) == (
        "GET",
        "/api/v4/projects/support%2Fdesk%2Fstar/issues",
        "labels=a%2Cb",
        200,
    )


def test_people_are_found_by_name_in_any_case(client: gitlab.Gitlab) -> None:
    (found,) = client.users.list(username="AMBER", get_all=True)
    assert client.users.get(found.id).username == "amber"
    assert client.users.list(username="nobody", get_all=True) == []


def test_members_are_ones_own_or_inherited_too(world: World, client: gitlab.Gitlab) -> None:
    world.add_member(STAR, "pat", "planner")
    project = client.projects.get(STAR)
    assert [each.username for each in project.members.list(get_all=True)] == ["pat"]
    levels = {each.username: each.access_level for each in project.members_all.list(get_all=True)}
    assert levels == {"bot": 40, "amber": 40, "emil": 30, "gus": 10, "pat": 15}
    emil = world.add_user("emil")
    assert project.members_all.get(emil.id).access_level == 30
    with pytest.raises(gitlab.GitlabGetError):
        project.members.get(emil.id)


def test_labels_of_groups_can_be_used_in_their_projects(world: World, client: gitlab.Gitlab) -> None:
    world.add_label("support", "from above", "#FFFFFF", "of the group")
    world.add_label(STAR, "own")
    world.open_issue(STAR, labels=["from above"])
    project = client.projects.get(STAR)
    assert [each.name for each in project.labels.list(get_all=True)] == ["from above", "own"]
    assert [each.name for each in project.labels.list(get_all=True, include_ancestor_groups=False)] == ["own"]
    counted = project.labels.list(get_all=True, with_counts=True, search="above")
    assert [(each.open_issues_count, each.is_project_label) for each in counted] == [(1, False)]
    assert [each.name for each in client.groups.get("support").labels.list(get_all=True)] == ["from above"]


def test_a_label_is_made_once(client: gitlab.Gitlab) -> None:
    project = client.projects.get(STAR)
    made = project.labels.create({"name": "new", "color": "#112233"})
    assert (made.name, made.color, made.text_color) == ("new", "#112233", "#FFFFFF")
    with pytest.raises(gitlab.GitlabCreateError) as error:
        project.labels.create({"name": "new", "color": "#112233"})
    assert error.value.response_code == 409


def test_a_guest_makes_no_labels(url: str) -> None:
    with pytest.raises(gitlab.GitlabCreateError) as error:
        as_user(url, "gus").projects.get(STAR, lazy=True).labels.create({"name": "x", "color": "#112233"})
    assert error.value.response_code == 403


def test_milestones_of_groups_are_shown_on_demand(world: World, client: gitlab.Gitlab) -> None:
    world.add_milestone("support", "group's")
    world.add_milestone(STAR, "own")
    project = client.projects.get(STAR)
    assert [each.title for each in project.milestones.list(get_all=True)] == ["own"]
    assert [each.title for each in project.milestones.list(get_all=True, include_ancestors=True)] == ["own", "group's"]
    assert [each.title for each in client.groups.get("support").milestones.list(get_all=True)] == ["group's"]


def test_members_of_a_group_come_in_pages_and_only_to_those_who_see_it(http: requests.Session, url: str) -> None:
    first = http.get(f"{url}/api/v4/groups/support/members?per_page=3")
    assert [each["username"] for each in first.json()] == ["bot", "amber", "emil"]
    assert (first.headers["X-Total"], first.headers["X-Next-Page"]) == ("4", "2")
    assert http.get(f"{url}/api/v4/groups/support%2Fdesk/members").json() == []
    http.headers["PRIVATE-TOKEN"] = "pat-token"
    for place, kind in (("groups/support", "Group"), ("projects/support%2Fdesk%2Fstar", "Project")):
        for end in ("members", "members/all"):
            answer = http.get(f"{url}/api/v4/{place}/{end}")
            assert (answer.status_code, answer.json()) == (404, {"message": f"404 {kind} Not Found"})


def test_labels_are_searched(world: World, http: requests.Session, url: str) -> None:
    for name in ("star::new", "star::seen", "other"):
        world.add_label("support", name)
    answer = http.get(f"{url}/api/v4/projects/support%2Fdesk%2Fstar/labels?search=STAR&per_page=1")
    assert ([each["name"] for each in answer.json()], answer.headers["X-Total"]) == (["star::new"], "2")
