"""What was played is told as text, as JSON and as the JUnit file that GitLab reads."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from starkeeper.errors import Where
from starkeeper.model.scenarios import Difference, Played, Waiting
from starkeeper.report.scenarios import played_text, scenarios_json, scenarios_junit, summary_text
from tests.scenarios_engine.desk import Bench

OK = Played(name="Good", where=Where("tests/a.yml", 2, 5), expectations=2, seconds=0.25)
PARTLY = Played(
    name="Partly",
    where=Where("tests/a.yml", 9, 5),
    expectations=1,
    waiting=(
        Waiting(Where("tests/a.yml", 12, 9), ("slack", "zendesk")),
        Waiting(Where("tests/a.yml", 14, 9), ("slack",)),
    ),
)
ONLY_WAITING = Played(
    name="Later", where=Where("tests/b.yml", 2, 5), waiting=(Waiting(Where("tests/b.yml", 4, 9), ("pagerduty",)),)
)
FAILED = Played(
    name="Bad \x1b[31m & <b>",
    where=Where("tests/b.yml", 8, 5),
    expectations=1,
    differences=(Difference(where=Where("tests/b.yml", 11, 21), message="star#1 labels: expected a; found b"),),
)
ALL = (OK, PARTLY, ONLY_WAITING, FAILED)


def test_each_scenario_is_a_line_and_a_difference_stands_below_it() -> None:
    assert [played_text(each) for each in ALL] == [
        "ok       Good",
        "ok       Partly  (1 step waiting for slack and zendesk, 1 step waiting for slack)",
        "waiting  Later  (1 step waiting for pagerduty)",
        "FAILED   Bad [31m & <b>\n  tests/b.yml:11:21: star#1 labels: expected a; found b",
    ]
    assert summary_text(ALL) == (
        "4 scenarios: 2 ok, 1 failed, 1 waiting; 3 steps not played, waiting for pagerduty, slack, zendesk; 0.2 s."
    )


def test_rules_are_explained_below_a_difference(bench: Bench) -> None:
    text = played_text(bench.play("        sweep: true\n        expect: {star#1: {has: [asked]}}\n"))
    assert "why, at the sweep of Mon 2026-11-30 09:00 UTC:\n        support/star#1 (opened; no label)\n" in text
    assert "Ask again (" in text
    assert "no   labels: " in text


def test_junit_has_a_suite_for_each_file_and_skips_what_only_waits() -> None:
    root = ElementTree.fromstring(scenarios_junit(ALL))
    suites = [(each.get("name"), each.get("tests"), each.get("failures"), each.get("skipped")) for each in root]
    assert suites == [("tests/a.yml", "2", "0", "0"), ("tests/b.yml", "2", "1", "1")]
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert cases["Good"].get("time") == "0.250"
    assert (cases["Partly"].findtext("system-out") or "").splitlines() == [
        "tests/a.yml:12:9: not played, waiting for slack and zendesk",
        "tests/a.yml:14:9: not played, waiting for slack",
    ]
    assert cases["Later"].find("skipped") is not None
    assert (cases["Bad [31m & <b>"].findtext("failure") or "").startswith("tests/b.yml:11:21: star#1 labels")


def test_json_tells_the_same() -> None:
    told = json.loads(scenarios_json(ALL))["scenarios"]
    assert [each["status"] for each in told] == ["ok", "ok", "waiting", "failed"]
    assert told[3]["differences"][0]["line"] == 11
