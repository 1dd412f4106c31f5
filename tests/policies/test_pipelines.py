"""`pipelines` and `labels` of desk.yml: what they become, and what is wrong with them, at its line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from starkeeper.errors import PolicyError, Where
from starkeeper.model.desk import LabelLook, Pipelines, PipelineSchedule
from starkeeper.model.values import LabelPattern
from starkeeper.policies.cron import cron_mistake, every
from starkeeper.policies.desk import read_desk
from starkeeper.policies.load import load_policies
from tests.policies.helpers import written

TRACKERS = "trackers: {star: {project: support/star}}\n"


def said(folder: Path, more: str) -> list[str]:
    read = read_desk(written(folder, {"desk.yml": TRACKERS + more}))
    return [str(each).replace(f"{folder}/", "") for each in read.problems]


def test_pipelines_and_labels_are_what_the_file_says(tmp_path: Path) -> None:
    text = """pipelines:
  project: support/desk
  schedules:
    - {name: Sweep, cron: "*/10  *  * * *"}
    - {name: Week, cron: "0 9 * * mon", zone: Europe/Amsterdam, digest: weekly}
labels:
  "star::*": {color: "#1F75CB", description: "A  STAR"}
  other: {trackers: [star]}
"""
    desk = read_desk(written(tmp_path, {"desk.yml": TRACKERS + text})).desk
    file = str(tmp_path / "desk.yml")
    assert desk is not None
    assert desk.pipelines == Pipelines(
        project="support/desk",
        schedules=(
            PipelineSchedule(name="Sweep", cron="*/10 * * * *", where=Where(file, 5, 14)),
            PipelineSchedule(
                name="Week", cron="0 9 * * mon", zone="Europe/Amsterdam", digest="weekly", where=Where(file, 6, 73)
            ),
        ),
    )
    assert desk.labels == (
        LabelLook(pattern=LabelPattern.parse("star::*"), color="#1f75cb", description="A STAR"),
        LabelLook(pattern=LabelPattern.parse("other"), trackers=("star",)),
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("pipelines: {project: desk}", "desk.yml:2:22: 'desk' is no path of a project"),
        ("pipelines: {project: a/b, ref: ' '}", "desk.yml:2:"),
        ("pipelines: {project: a/b, ref: -x}", "desk.yml:2:32: '-x' is no branch"),
        (
            "pipelines: {project: a/b, schedules: [{name: S, cron: '0 25 * * *'}]}",
            "desk.yml:2:56: '0 25 * * *' is no cron line: '25' is no hour",
        ),
        (
            "pipelines: {project: a/b, schedules: [{name: S, cron: '0 8 * * *', zone: Amsterdam}]}",
            "desk.yml:2:74: there is no time zone 'Amsterdam'",
        ),
        (
            "pipelines: {project: a/b, schedules: [{name: S, cron: '0 8 * * *'}, {name: s, cron: '0 9 * * *'}]}",
            "desk.yml:2:76: 's' has a schedule already, on line 2",
        ),
        (
            "pipelines: {project: a/b, schedules: [{name: Sweep, cron: '*/5 * * * *'}]}",
            "desk.yml:2:60: schedule 'Sweep' sweeps every 5 minutes, and 'sweep_every' says 10 minutes",
        ),
        ("labels: {a: {color: blue}}", "desk.yml:2:21: 'blue' is no colour; write it like \"#1f75cb\""),
        ("labels: {a: {trackers: [stars]}}", "desk.yml:2:25: there is no tracker 'stars'; did you mean 'star'?"),
        ("labels: {'a::*': {trackers: [star]}}", "desk.yml:2:18: 'a::*' stands for any number of labels"),
        ("labels: {a: {colour: '#111111'}}", "desk.yml:2:14: unknown key 'colour'"),
    ],
)
def test_what_gitlab_could_not_have_is_reported_at_its_place(tmp_path: Path, more: str, expected: str) -> None:
    (problem,) = said(tmp_path, more)
    assert problem.startswith(expected)


@pytest.mark.parametrize(
    "more",
    [
        "pipelines: {project: a/b, schedules: [{name: Sweep, cron: '*/10 * * * *'}]}",
        "sweep_every: 1 hour\npipelines: {project: a/b, schedules: [{name: Sweep, cron: '7 * * * *'}]}",
        "pipelines: {project: a/b, schedules: [{name: Day, cron: '*/20 8-16 * * *'}]}",
        "pipelines: {project: a/b, schedules: [{name: Digest, cron: '*/5 * * * *', digest: hand-over}]}",
    ],
)
def test_schedule_that_fits_is_accepted(tmp_path: Path, more: str) -> None:
    assert said(tmp_path, more) == []


def test_digest_that_no_policy_has_is_an_error_where_a_schedule_names_it(tmp_path: Path) -> None:
    desk = "pipelines: {project: a/b, schedules: [{name: S, cron: '0 8 * * *', digest: handover}]}\n"
    rules = "tracker: star\nresource_rules: {issues: {rules: [{name: A, actions: {labels: [a]}}]}}\n"
    folder = written(tmp_path, {"desk.yml": TRACKERS + desk, "star.yml": rules})
    with pytest.raises(PolicyError, match=r"desk\.yml:2:76: schedule 'S' names the digest 'handover', which no policy"):
        load_policies([folder], folder)


@pytest.mark.parametrize(
    "line",
    ["* * * * *", "*/15 0,12 1-5 * *", "0 9 * * mon-fri", "0 0 1 JAN,jul 0", "30 7,15,23 * * 7", "0-30/10 * * * *"],
)
def test_cron_line_as_gitlab_takes_it_is_right(line: str) -> None:
    assert cron_mistake(line) == ""


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("* * * *", "it has 4 fields"),
        ("@daily", "it has 1 fields"),
        ("60 * * * *", "'60' is no minute"),
        ("* * 0 * *", "'0' is no day of the month"),
        ("* * * 13 *", "'13' is no month"),
        ("* * * * 8", "'8' is no day of the week"),
        ("* * * * mond", "'mond' is no day of the week"),
        ("*/0 * * * *", "'*/0' is no minute"),
        ("5/10 * * * *", "'5/10' is no minute"),
        ("1,,2 * * * *", "'' is no minute"),
        ("-5 * * * *", "'-5' is no minute"),
    ],
)
def test_cron_line_with_a_mistake_is_told_which(line: str, mistake: str) -> None:
    assert cron_mistake(line).startswith(mistake)


@pytest.mark.parametrize(
    ("line", "minutes"),
    [("*/10 * * * *", 10), ("* * * * *", 1), ("0 * * * *", 60), ("*/7 * * * *", None), ("0 8 * * *", None)],
)
def test_how_often_is_known_where_it_is_always_the_same(line: str, minutes: int | None) -> None:
    assert every(line) == (dt.timedelta(minutes=minutes) if minutes else None)
