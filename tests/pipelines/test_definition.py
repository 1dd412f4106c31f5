"""What .gitlab-ci.yml says, without running it: valid for GitLab, true to the command line, and safe."""

from __future__ import annotations

import importlib
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from starkeeper.commands.main import COMMANDS
from starkeeper.model.setup import RESOURCE_GROUP
from starkeeper.policies.load import load_policies

ROOT = Path(__file__).resolve().parents[2]
BY_HAND = {"import", "undo", "explain", "bootstrap", "sandbox", "demo"}
WRITERS = {"sweep", "react", "digest", "open"}
LEFT_OUT = {"customer", "message"}
"""Of the forms' fields; the header of .gitlab-ci.yml says why."""
NOT_JOBS = {"stages", "workflow", "variables", "default", "include"}
INPUT = re.compile(r"\$\[\[ inputs\.(\w+) \]\]")


@cache
def documents() -> tuple[dict[str, Any], dict[str, Any]]:
    """The header with its inputs, and the pipelines themselves."""
    header, body = yaml.safe_load_all((ROOT / ".gitlab-ci.yml").read_text("utf-8"))
    return header, body


def inputs() -> dict[str, Any]:
    found: dict[str, Any] = documents()[0]["spec"]["inputs"]
    return found


def jobs() -> dict[str, dict[str, Any]]:
    """Each job with what it extends."""
    body = documents()[1]
    return {name: extended(name, body) for name in body if name not in NOT_JOBS and not name.startswith(".")}


def extended(name: str, body: dict[str, Any]) -> dict[str, Any]:
    own = body[name]
    base = extended(own["extends"], body) if "extends" in own else {}
    return {**base, **own, "variables": {**base.get("variables", {}), **own.get("variables", {})}}


def calls(job: dict[str, Any]) -> Iterator[list[str]]:
    """What a job says to the command line, word by word; what an input has chosen is its first choice here."""
    chosen = INPUT.sub(lambda match: str(inputs()[match[1]]["options"][-1]), "\n".join(job["script"]))
    for line in chosen.splitlines():
        _, command, after = line.partition("scripts/environment starkeeper ")
        if command:
            yield shlex.split(after)


ALL_CALLS = [(name, call) for name, job in jobs().items() for call in calls(job)]


def test_both_documents_are_valid_for_gitlab(tmp_path: Path) -> None:
    for name, document in zip(("header.yml", "body.yml"), documents(), strict=True):
        (tmp_path / name).write_text(yaml.safe_dump(document), "utf-8")
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    command = [sys.executable, "-m", "check_jsonschema", *schema, *map(str, sorted(tmp_path.iterdir()))]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


def test_every_command_has_its_job_or_is_run_by_hand() -> None:
    assert {call[0] for _, call in ALL_CALLS} == set(COMMANDS) - BY_HAND


@pytest.mark.parametrize("call", [pytest.param(call, id=job) for job, call in ALL_CALLS])
def test_every_job_runs_a_command_with_options_that_it_has(call: list[str]) -> None:
    command: click.Command = importlib.import_module(f"starkeeper.commands.{call[0]}").command
    known = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in call if word.startswith("--")} - known == set()


def test_what_writes_takes_turns_and_is_a_dry_run_until_it_is_told() -> None:
    writers = {name: job for name, job in jobs().items() if "resource_group" in job}
    assert writers.keys() == WRITERS
    for name, job in writers.items():
        assert [call[-1] for call in calls(job)] == ["$dry_run"], name
        assert "interruptible" not in job, name
        assert job["resource_group"] == f"{RESOURCE_GROUP}-$SHARD", "the group that `bootstrap` sets up"


def test_no_other_job_uses_the_token_that_writes() -> None:
    for name in jobs().keys() - WRITERS:
        script = "\n".join(jobs()[name]["script"])
        used = re.findall(r"GITLAB_TOKEN=?\S*", script)
        assert used in ([], ['GITLAB_TOKEN="$STARKEEPER_READ_TOKEN"']), name
        changing = [call for call in calls(jobs()[name]) if call[0] in WRITERS and "--dry-run" not in call]
        assert changing == [], name


def filled_in(typed: dict[str, str]) -> dict[str, Any]:
    """The pipelines as GitLab reads them: the text with the inputs put in as they are, and only then the YAML.

    https://docs.gitlab.com/ci/inputs/ tells only that inputs are put in first; that they are put into the text, with
    no regard to quotation marks, its TextTemplate shows.
    """
    _, body = (ROOT / ".gitlab-ci.yml").read_text("utf-8").split("\n---\n")
    found: dict[str, Any] = yaml.safe_load(INPUT.sub(lambda match: typed[match[1]], body))
    return found


def accepts(name: str, typed: str) -> bool:
    """Whether an input takes this; of a pattern, whether it is found somewhere in it."""
    given = inputs()[name]
    return (
        typed in given["options"] if "options" in given else bool(re.search(given["regex"].replace("$", r"\Z"), typed))
    )


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(sorted(inputs().keys() - {"open"})))
@example('"\n  script: [id]\nx: "', "reason")
@example("a \"word\", 'another' \\ # and: more", "reason")
@example("x\u2028hacked:\u2028  script: [id]", "reason")
@example("   ", "reason")
@example("$[[ inputs.team ]] *x &y !z | > % @ `", "ticket")
def test_nothing_that_people_type_is_ever_more_than_the_value_of_its_field(typed: str, name: str) -> None:
    untouched = {each: given["default"] for each, given in inputs().items()}
    if not accepts(name, typed):
        assert "options" in inputs()[name] or not typed.isprintable()
        return
    expected = filled_in(untouched)
    expected["open"]["variables"][f"STARKEEPER_FIELD_{name.upper()}"]["value"] = typed
    assert filled_in({**untouched, name: typed}) == expected


def test_what_people_type_stands_in_variables_alone_and_is_not_expanded() -> None:
    for name, job in jobs().items():
        typed = {key: value for key, value in job.items() if key != "variables"}
        for found in INPUT.findall(str(typed)):
            assert "options" in inputs()[found], f"{name}: {found}"
        for variable, value in job["variables"].items():
            if INPUT.search(str(value)):
                assert INPUT.fullmatch(value["value"]) and value["expand"] is False, f"{name}: {variable}"


def test_every_input_can_be_left_as_it_is() -> None:
    """A pipeline that starts by itself asks nobody; and GitLab takes no more than twenty."""
    assert len(inputs()) <= 20
    for name, asked in inputs().items():
        assert asked["description"], name
        assert asked["default"] in asked.get("options", [asked["default"]]), name


def test_the_inputs_are_what_the_forms_ask() -> None:
    forms = load_policies([ROOT / "policies"], ROOT / "templates").forms
    assert set(inputs()["open"]["options"]) == {"nothing", *(form.name for form in forms)}
    fields = {name: field for form in forms for name, field in form.fields.items()}
    assert inputs().keys() == fields.keys() - LEFT_OUT | {"open"}
    assert [name for name in LEFT_OUT if fields[name].required or fields[name].required_when] == []
    chosen = {name: tuple(asked["options"][1:]) for name, asked in inputs().items() if "options" in asked}
    assert {name: chosen.get(name, ()) for name in fields.keys() - LEFT_OUT} == {
        name: field.options for name, field in fields.items() if name not in LEFT_OUT
    }


def test_every_input_of_a_form_reaches_its_field() -> None:
    variables = jobs()["open"]["variables"]
    reached = {name: value["value"] for name, value in variables.items() if name.startswith("STARKEEPER_FIELD_")}
    fields = inputs().keys() - {"open"}
    assert reached == {f"STARKEEPER_FIELD_{name.upper()}": f"$[[ inputs.{name} ]]" for name in fields}
