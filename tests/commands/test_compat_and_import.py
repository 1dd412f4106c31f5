"""`check --compat` and `import` as people use them: what is printed, what is written, and the exit status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.builders import DESK_YML, PEOPLE_YML
from tests.policies.helpers import written
from tests.running import starkeeper

RUNS = "resource_rules: {issues: {rules: [{name: A, conditions: {state: opened}, actions: {labels: [a]}}]}}\n"
RUBY = """\
resource_rules:
  issues:
    rules:
      - name: A
        conditions:
          ruby: resource["assignees"].empty?
        actions: {labels: [a]}
      - name: B
        conditions: {labels: [No Label]}
        actions: {labels: [b]}
"""
IMPORTED = """\
# yaml-language-server: $schema=schema.json
tracker: main

resource_rules:
  issues:
    rules:
      - name: A
        conditions:
          assignees: None
        actions: {labels: [a]}
      - name: B
        # look at this: 'No Label' is a label of that name, not the lack of one: where that is meant write None
        conditions: {labels: [No Label]}
        actions: {labels: [b]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, where no desk is."""
    monkeypatch.chdir(tmp_path)
    return written(tmp_path, {"runs.yml": RUNS, "ruby.yml": RUBY})


@pytest.mark.usefixtures("folder")
def test_compat_says_of_each_rule_whether_it_runs() -> None:
    status, printed, told = starkeeper("check", "--compat", "runs.yml", "ruby.yml")
    assert (status, told) == (1, "")
    assert printed == (
        "runs.yml\n"
        "  runs.yml:1:35: A (issues): runs as it is\n"
        "\n"
        "ruby.yml\n"
        "  ruby.yml:4:9: A (issues): refused\n"
        "      ruby.yml:6:11: 'ruby:' would run code, which policies cannot; write assignees: None\n"
        "  ruby.yml:8:9: B (issues): runs, but is probably mistaken\n"
        "      ruby.yml:9:31: 'No Label' is a label of that name, not the lack of one; write None "
        "(warning: dead-magic)\n"
        "\n"
        "3 rules: 1 runs as it is, 1 refused, 1 probably mistaken.\n"
    )


def test_name_of_a_rule_forges_no_line(folder: Path) -> None:
    (folder / "forged.yml").write_text(
        "resource_rules:\n  issues:\n    rules:\n"
        '      - name: "A\\n  ruby.yml:1:1: B (issues): runs as it is\\e[2J"\n'
        '        conditions: {ruby: "x\\ny"}\n        actions: {labels: [a]}\n',
        "utf-8",
    )
    for command in (["check", "--compat"], ["import"]):
        _, printed, told = starkeeper(*command, "forged.yml")
        lines = (printed + told).splitlines()
        assert any("B (issues): runs as it is" in line for line in lines)
        assert not any(line.lstrip().startswith("ruby.yml") for line in lines)
        assert "\x1b" not in printed + told


@pytest.mark.usefixtures("folder")
def test_compat_is_content_where_nothing_is_refused() -> None:
    assert starkeeper("check", "--compat", "runs.yml")[0] == 0


@pytest.mark.usefixtures("folder")
def test_compat_as_json_says_the_same() -> None:
    status, printed, _ = starkeeper("check", "--compat", "ruby.yml", "--output", "json")
    result = json.loads(printed)
    assert status == 1
    assert result["summary"] == {"runs": 0, "refused": 1, "mistaken": 1}
    assert [(rule["name"], rule["line"], rule["verdict"]) for rule in result["files"][0]["rules"]] == [
        ("A", 4, "refused"),
        ("B", 8, "mistaken"),
    ]
    assert result["files"][0]["rules"][0]["remarks"] == [
        {
            "kind": "refused",
            "file": "ruby.yml",
            "line": 6,
            "column": 11,
            "message": "'ruby:' would run code, which policies cannot",
            "remedy": "write assignees: None",
            "finding": "",
        }
    ]


def test_compat_needs_a_file() -> None:
    status, _, told = starkeeper("check", "--compat")
    assert status == 2
    assert "check --compat FILE" in told


@pytest.mark.usefixtures("folder")
def test_compat_says_which_file_is_not_there() -> None:
    status, printed, _ = starkeeper("check", "--compat", "none.yml")
    assert status == 1
    assert "none.yml:1:1: there is no such file or folder" in printed


@pytest.mark.usefixtures("folder")
def test_import_prints_the_file_and_tells_what_was_done() -> None:
    assert starkeeper("import", "ruby.yml") == (
        0,
        IMPORTED,
        "ruby.yml:1: added: the schema, for editors\n"
        "ruby.yml:1: added: tracker: main\n"
        "ruby.yml:6: replaced: 'ruby:' with assignees: None\n"
        "ruby.yml:9: marked: 'No Label' is a label of that name, not the lack of one: where that is meant write None\n",
    )


def test_import_writes_a_file_that_passes_and_writes_over_none(folder: Path) -> None:
    assert starkeeper("import", "ruby.yml", "--to", "new.yml", "--tracker", "star")[:2] == (0, "")
    assert starkeeper("check", "--project", "a/b", "--policies", "new.yml")[0] == 0
    before = (folder / "new.yml").read_text("utf-8")
    assert before == IMPORTED.replace("tracker: main", "tracker: star")
    status, _, told = starkeeper("import", "runs.yml", "--to", "new.yml")
    assert status == 2
    assert "--force" in told
    assert (folder / "new.yml").read_text("utf-8") == before
    assert starkeeper("import", "runs.yml", "--to", "new.yml", "--force")[0] == 0
    assert (folder / "new.yml").read_text("utf-8") != before


@pytest.mark.parametrize("desk", ["policies", "elsewhere"])
def test_import_takes_the_first_tracker_of_the_desk(folder: Path, desk: str) -> None:
    written(folder / desk, {"desk.yml": DESK_YML, "people.yml": PEOPLE_YML})
    assert starkeeper("import", "ruby.yml", "--to", f"{desk}/new.yml")[0] == 0
    assert "\ntracker: star\n" in (folder / desk / "new.yml").read_text("utf-8")
    assert starkeeper("check", "--policies", desk)[0] == 0


def test_import_of_what_is_no_yaml_writes_nothing(folder: Path) -> None:
    written(folder, {"broken.yml": "a: ["})
    status, printed, told = starkeeper("import", "broken.yml", "--to", "new.yml")
    assert (status, printed) == (1, "")
    assert "broken.yml:1:" in told
    assert not (folder / "new.yml").exists()


@pytest.mark.usefixtures("folder")
def test_import_into_a_folder_that_is_not_there_is_a_wrong_argument() -> None:
    status, _, told = starkeeper("import", "runs.yml", "--to", "none/new.yml")
    assert status == 2
    assert "none/new.yml" in told
