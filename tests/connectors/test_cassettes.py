"""The wire format of each call, kept in cassettes that replay anywhere.

To record them anew: `STARKEEPER_RECORD=1 python -m pytest -n 0 tests/connectors/test_cassettes.py`. This asks the
sandbox, or with GITLAB_URL, GITLAB_TOKEN (scope api, at least the Planner role) and STARKEEPER_RECORD_PROJECT any other
GitLab; three issues are opened in that project and changed. Tokens, cookies and e-mail addresses are not kept, and the
host becomes a name that exists nowhere.

What needs a merge request, a branch or an epic is recorded from the sandbox only, which has one of each.
"""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gitlab as python_gitlab
import pytest
from msgspec import Struct

from starkeeper.connectors.gitlab import GitLab
from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Tracker
from starkeeper.model.facets import Facet
from starkeeper.model.requests import Update
from starkeeper.model.resources import Branch, ResourceKey
from starkeeper.model.resources import Place as PlaceOf
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.connectors.conftest import TOKEN

# It comes without types.
vcr: Any = importlib.import_module("vcr")
CASSETTES = Path(__file__).parent / "cassettes"
FACETS_OF_MERGE_REQUESTS: tuple[Facet, ...] = ("notes", "label_events", "threads", "closes_issues")
RECORDING = os.environ.get("STARKEEPER_RECORD") == "1"
NOWHERE = "http://gitlab.test"
LABEL, MARKER = "starkeeper-recording", "<!-- starkeeper recording -->"


class Place(Struct, frozen=True):
    """Where the cassettes are from: a project, three issues in it, and the user of the token."""

    project: str
    iids: list[int]
    bot: str
    url: str = NOWHERE
    token: str = TOKEN

    def key(self, number: int) -> ResourceKey:
        return ResourceKey(self.project, self.iids[number])


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    notes = CASSETTES / "place.json"
    if not RECORDING:
        yield Place(**json.loads(notes.read_text()))
        return
    with somewhere() as (url, token, project):
        made = prepare(url, token, project)
        notes.write_text(json.dumps({"project": made.project, "iids": made.iids, "bot": made.bot}) + "\n")
        yield made


@contextmanager
def somewhere() -> Iterator[tuple[str, str, str]]:
    if os.environ.get("GITLAB_URL"):
        yield os.environ["GITLAB_URL"], os.environ["GITLAB_TOKEN"], os.environ["STARKEEPER_RECORD_PROJECT"]
        return
    world = World()
    world.add_token(TOKEN, "star-bot")
    world.add_project("desk/star")
    world.add_member("desk", "star-bot", "maintainer")
    world.open_merge_request("desk/star", title="Recording", source_branch="recording", closes=[])
    world.open_epic("desk", title="Recording", labels=["recorded"])
    world.add_branch("desk/star", "recording")
    with serve(world) as served:
        yield served.url, TOKEN, "desk/star"


def prepare(url: str, token: str, project: str) -> Place:
    with python_gitlab.Gitlab(url, private_token=token) as client:
        issues = client.projects.get(project, lazy=True).issues
        iids = [issues.create({"title": f"Recording {number}", "labels": LABEL}).iid for number in (1, 2, 3)]
        client.auth()
        assert client.user
        return Place(project, iids, client.user.username, url, token)


@pytest.fixture
def recorded(request: pytest.FixtureRequest, place: Place, connect: Callable[..., GitLab]) -> Iterator[GitLab]:
    """A connector whose requests go into, or come out of, the cassette of the test's name."""
    path = CASSETTES / f"{request.node.name.removeprefix('test_')}.yaml"
    if RECORDING:
        path.unlink(missing_ok=True)
    tape = vcr.VCR(
        record_mode=vcr.mode.ALL if RECORDING else vcr.mode.NONE,
        match_on=("method", "uri", "body"),
        decode_compressed_response=True,
        filter_headers=["PRIVATE-TOKEN", "Authorization", "Cookie", "User-Agent"],
        before_record_request=lambda sent: without_host(sent, place.url),
        before_record_response=lambda answer: without_secrets(answer, place),
    )
    with tape.use_cassette(str(path)):
        yield connect(place.url, token=place.token, workers=1, timeout_seconds=30.0)


def without_host(sent: Any, url: str) -> Any:
    sent.uri = sent.uri.replace(url, NOWHERE)
    return sent


def without_secrets(answer: dict[str, Any], place: Place) -> dict[str, Any]:
    kept = {"content-type", "date", "link", "retry-after"}
    headers = {name: value for name, value in answer["headers"].items() if name.lower() in kept or is_counter(name)}
    body = answer["body"]["string"].replace(place.url.encode(), NOWHERE.encode())
    body = re.sub(rb'("\w*email":\s*)"[^"]*"', rb'\1"redacted"', body)
    shown = {name: [each.replace(place.url, NOWHERE) for each in value] for name, value in headers.items()}
    return {**answer, "headers": shown, "body": {"string": body}}


def is_counter(name: str) -> bool:
    return re.match("x-(total|next|page|per|prev)|ratelimit", name.lower()) is not None


def test_a_list_of_pages(recorded: GitLab, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("starkeeper.connectors.gitlab.lists.PER_PAGE", 2)
    found = recorded.list_resources(
        Tracker(name="star", path=place.project), "issues", {"state": "opened", "labels": LABEL}
    )
    assert {issue.iid for issue in found} >= set(place.iids)
    assert {(issue.project, issue.state) for issue in found} == {(place.project, "opened")}
    assert recorded.requests["list"] >= 2


def test_one_issue(recorded: GitLab, place: Place) -> None:
    issue = recorded.read_resource("star", place.key(0))
    assert (issue.key, issue.title, issue.labels, issue.author) == (
        place.key(0),
        "Recording 1",
        (LABEL,),
        recorded.find_user(place.bot),
    )
    assert issue.web_url.startswith(NOWHERE if not RECORDING else place.url)


def test_an_update_and_its_way_back(recorded: GitLab, place: Place) -> None:
    there = Update(add_labels=("recorded",), state="closed", assignees=(place.bot,), confidential=True)
    changed = recorded.update_resource("star", place.key(1), there)
    assert (changed.labels, changed.state, changed.confidential) == (("recorded", LABEL), "closed", True)
    assert [each.username for each in changed.assignees] == [place.bot]
    back = Update(remove_labels=("recorded",), state="opened", assignees=(), confidential=False)
    assert recorded.update_resource("star", place.key(1), back).labels == (LABEL,)


def test_label_events(recorded: GitLab, place: Place) -> None:
    recorded.update_resource("star", place.key(2), Update(add_labels=("seen",)))
    [events] = recorded.read_facet("label_events", [place.key(2)]).found.values()
    assert [(each.action, each.label, each.user) for each in events][-1] == ("add", "seen", place.bot)


def test_notes_in_bulk_and_one_by_one(recorded: GitLab, place: Place) -> None:
    recorded.post_note(place.key(0), f"Recorded. {MARKER}", internal=True, marker=MARKER)
    bulk = recorded.read_facet("notes", [place.key(number) for number in (0, 1, 2)])
    single = recorded.read_facet("notes", [place.key(0)])
    assert bulk.found[place.key(0)] == single.found[place.key(0)]
    assert [(each.author, each.body, each.internal) for each in single.found[place.key(0)]] == [
        (place.bot, f"Recorded. {MARKER}", True)
    ]
    assert recorded.requests["notes"] == 2


def test_a_note_of_commands_only(recorded: GitLab, place: Place) -> None:
    recorded.post_note(place.key(1), "/due 2030-01-01", internal=False, marker="/due")
    assert str(recorded.read_resource("star", place.key(1)).due_date) == "2030-01-01"


def test_a_link_new_and_there_already(recorded: GitLab, place: Place) -> None:
    for _ in range(2):
        recorded.relate(place.key(0), place.key(2), "relates_to")
    assert recorded.requests == {"link": 2}


def test_other_types(recorded: GitLab, place: Place) -> None:
    tracker, group = Tracker(name="star", path=place.project), place.project.rpartition("/")[0]
    [merge_request] = recorded.list_resources(tracker, "merge_requests", {"state": "opened"})
    [branch] = recorded.list_resources(tracker, "branches", {"search": "^recording$"})
    [epic] = recorded.list_resources(Tracker(name="all", path=group, source="groups"), "epics", {})
    assert [each.title for each in (merge_request, branch, epic)] == ["Recording", "recording", "Recording"]
    assert recorded.read_resource("star", merge_request.key) == merge_request
    for facet in FACETS_OF_MERGE_REQUESTS:
        assert not recorded.read_facet(facet, [merge_request.key]).failed
    recorded.post_note(epic.key, f"Recorded. {MARKER}", internal=False, marker=MARKER, thread=True)
    assert recorded.read_facet("threads", [epic.key]).found == {epic.key: 1}
    recorded.delete_branch(branch.key, branch.commit if isinstance(branch, Branch) else "")
    assert recorded.list_resources(tracker, "branches", {"search": "^recording$"}) == ()


def test_an_issue_opened_and_moved(recorded: GitLab, place: Place) -> None:
    key = recorded.open_issue(place.project, "Recorded", f"One line.\n\n{MARKER}", marker=MARKER)
    [own] = recorded.read_facet("own_issues", [PlaceOf("projects", place.project)]).found.values()
    assert own[-1].key == key
    with pytest.raises(ConnectorError, match="the token may not move the issue there, or it is there already"):
        recorded.move_issue(key, place.project)


def test_members_and_labels(recorded: GitLab, place: Place) -> None:
    group = PlaceOf("groups", place.project.rpartition("/")[0])
    assert place.bot in recorded.read_facet("members", [group]).found[group]
    project = PlaceOf("projects", place.project)
    assert LABEL in recorded.read_facet("labels", [project]).found[project]


def test_users(recorded: GitLab, place: Place) -> None:
    assert recorded.whoami() == recorded.find_user(place.bot.upper())
    with pytest.raises(ConnectorError, match="there is no such user"):
        recorded.find_user("nobody-of-this-name")


def test_refusals(recorded: GitLab, place: Place) -> None:
    with pytest.raises(ConnectorError) as caught:
        recorded.read_resource("star", ResourceKey(place.project, 999_999))
    assert (caught.value.status, caught.value.found.lower()) == (404, "answered 404 (not found)")
    with pytest.raises(ConnectorError, match="answered 404"):
        recorded.list_resources(Tracker(name="x", path=f"{place.project}/nothing-here"), "issues", {})
    assert recorded.read_facet("notes", [ResourceKey(place.project, 999_999)]).failed


@pytest.mark.usefixtures("recorded")
def test_a_refused_token(place: Place, connect: Callable[..., GitLab]) -> None:
    with pytest.raises(ConnectorError, match=r"answered 401 \(Unauthorized\); GITLAB_TOKEN was refused"):
        connect(place.url, token="glpat-of-nobody").whoami()


def test_no_cassette_holds_a_token_or_a_real_host() -> None:
    texts = [path.read_text() for path in CASSETTES.iterdir()]
    assert len(texts) == 14
    for text in texts:
        assert TOKEN not in text and "glpat-" not in text and "127.0.0.1" not in text and "PRIVATE-TOKEN" not in text
