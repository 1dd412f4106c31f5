"""Real issues, as GitLab's API returned them, loaded into the sandbox and swept with the real policies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from starkeeper.sandbox.load import load_issues
from starkeeper.sandbox.seeds import add_labels
from tests.scenarios.desk import BOT, PROJECTS, Desk

RECORDED = Path(__file__).resolve().parents[2].parent / "shared" / "specs" / "gitlab-recorded"


def _recorded() -> Iterator[tuple[str, list[Any]]]:
    for name in ("issue_page_1", "issue_page_2"):
        yield f"perceval/{name}", json.loads((RECORDED / "perceval" / f"{name}.json").read_text("utf-8"))
    for name in ("project_issues", "issues", "group_issues"):
        yield f"narkoz/{name}", json.loads((RECORDED / "narkoz" / f"{name}.json").read_text("utf-8"))
    for name in ("test_get_issue_list", "test_issue_list_labels"):
        exchanges = json.loads((RECORDED / "ogr" / f"{name}.json").read_text("utf-8"))
        rows = [
            row
            for each in exchanges
            if each["status"] == 200 and isinstance(each["body"], list)
            for row in each["body"]
        ]
        yield f"ogr/{name}", list({row["iid"]: row for row in rows if "iid" in row}.values())


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded answers are not beside this checkout")
@pytest.mark.parametrize("tracker", ["feedback", "star"])
def test_recorded_issues_are_swept_and_then_at_rest(desk: Desk, tracker: str) -> None:
    for source, rows in _recorded():
        desk.world.add_project(PROJECTS[tracker])
        add_labels(desk.world, PROJECTS[tracker])
        taken = {issue.iid for issue in desk.world.issues(PROJECTS[tracker])}
        load_issues(desk.world, [row for row in rows if row.get("iid", 0) not in taken], PROJECTS[tracker], source)
    before = len(desk.world.issues(PROJECTS[tracker]))
    assert before > 50
    swept = desk.command("--tracker", tracker)
    assert {outcome["result"] for outcome in swept["outcomes"]} == {"applied"}
    assert desk.command("--tracker", tracker)["changes"] == []
    opened = [issue for issue in desk.world.issues(PROJECTS[tracker]) if issue.state == "opened"]
    assert {change["iid"] for change in swept["changes"]} == {issue.iid for issue in opened}
    assert [each.who for each in desk.world.mentions if each.by == BOT] == []


def test_issue_of_which_hardly_anything_is_known_is_taken_in(desk: Desk) -> None:
    bare = {"iid": 7, "title": "STAR for ZD#1", "author": None, "description": None}
    load_issues(desk.world, [{**bare, "created_at": "2026-11-30T08:00:00Z"}], PROJECTS["star"])
    desk.command()
    assert desk.see("star#7").labels == ("needs-human", "star::new")
    assert "| Asked by | an account that is gone |" in desk.see("star#7").own[0]
