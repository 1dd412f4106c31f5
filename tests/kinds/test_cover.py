"""How a request for cover stands, and when the override for it is planned."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from starkeeper.conditions._cover import asking_for, seen_in
from starkeeper.desk.cover import span_of
from starkeeper.errors import PolicyError
from starkeeper.evaluate.steps import match_of
from starkeeper.model.desk import Person
from starkeeper.model.plan import OverrideStep
from starkeeper.policies.load import load_policies
from starkeeper.render.markers import note_marker
from tests.builders import BOT, NOW, RENDER, make_facts, make_policies, make_resource

EMIL = {"person": "emil", "starts": "2026-12-02T08:00:00Z", "ends": "2026-12-02T16:00:00Z"}
FIELDS = {"from": "2026-12-02 13:00", "to": "2026-12-02 15:00", "asked": "aoi"}


def _asking(minute: int, starts: str = "13:00") -> dict[str, Any]:
    span = span_of(f"2026-12-02 {starts}", FIELDS["to"])
    assert span
    return {"author": BOT, "body": note_marker("Ask", 1, (asking_for(span),))[1], "created_at": _at(minute)}


def _says(by: str, word: str, minute: int) -> dict[str, Any]:
    return {"author": by, "body": f"@{BOT} {word}", "created_at": _at(minute)}


def _at(minute: int) -> dt.datetime:
    return NOW - dt.timedelta(minutes=30 - minute)


def _seen(*notes: dict[str, Any], author: str = "emil", **fields: str) -> tuple[str, str]:
    """How it stands, and who covers."""
    request = make_resource(author=author, fields={**FIELDS, **fields})
    seen = seen_in(request, "paged", make_facts(request, notes={12: notes}, duties={"paged": (EMIL,)}))
    return seen.state, seen.taker


def _override(ends: str) -> str:
    what = f"rotation: paged, person: kim, for: emil, from: 2026-12-02 13:00, to: {ends}"
    return f"- name: R\n  actions: {{override: {{{what}}}}}"


@pytest.mark.parametrize(
    ("notes", "stands"),
    [
        ((), ("asked", "")),
        ((_asking(0), _says("aoi", "Agree.", 5)), ("agreed", "aoi")),
        ((_asking(0), _says("aoi", "decline", 5)), ("open", "")),
        ((_asking(0), _says("amber", "decline", 5)), ("asked", "")),
        ((_asking(0), _says("amber", "take", 5), _says("aoi", "agree", 6)), ("agreed", "amber")),
        ((_asking(0), _says("aoi", "agree", 5), _says("aoi", "decline", 6)), ("open", "")),
        (
            (_asking(0), _says("aoi", "decline", 5), _says("amber", "take", 6), _says("aoi", "take", 7)),
            ("agreed", "amber"),
        ),
        ((_asking(0), _says("aoi", "take", 5), _says("amber", "take", 6), _says("aoi", "take", 7)), ("agreed", "aoi")),
        ((_asking(0), _says("ivy", "take", 5)), ("asked", "")),
        ((_asking(0), _says("emil", "agree", 5)), ("asked", "")),
        ((_asking(0), _says("aoi", "I would agree", 5)), ("asked", "")),
        ((_says("aoi", "agree", 5), _asking(10)), ("asked", "")),
        ((_asking(0, "12:00"), _says("aoi", "agree", 5)), ("asked", "")),
        (({**_asking(0), "author": "ivy"}, _says("aoi", "agree", 5)), ("asked", "")),
    ],
)
def test_answers_of_managers_count_from_when_the_bot_asked_for_that_time(
    notes: tuple[dict[str, Any], ...], stands: tuple[str, str]
) -> None:
    assert _seen(*notes) == stands


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("take it", "agreed"),
        ("take please", "agreed"),
        ("Take, please!", "agreed"),
        ("agree with pleasure", "agreed"),
        ("agree :+1:", "agreed"),
        ("agree:100:", "agreed"),
        ("decline - on leave", "open"),
        ("take 13:00 to 14:00", "asked"),
        ("agree, but only from 2 pm", "asked"),
        ("take-over", "asked"),
        ("taken", "asked"),
    ],
)
def test_first_word_decides_unless_a_number_follows(words: str, state: str) -> None:
    assert _seen(_asking(0), _says("aoi", words, 5))[0] == state


def test_one_who_names_themselves_asks_anybody() -> None:
    assert _seen(asked="emil") == ("open", "")


def test_time_of_the_taker_is_no_reason_to_refuse_it_once_the_override_is_there() -> None:
    notes = (_asking(0, "14:00"), _says("amber", "take", 5))
    request = make_resource(author="emil", fields={**FIELDS, "from": "2026-12-02 14:00"})
    duties = {
        "paged": (
            {"person": "emil", "starts": "2026-12-02T08:00:00Z", "ends": "2026-12-02T14:00:00Z"},
            {"person": "amber", "starts": "2026-12-02T14:00:00Z", "ends": "2026-12-02T15:00:00Z"},
        )
    }
    assert seen_in(request, "paged", make_facts(request, notes={12: notes}, duties=duties)).state == "covered"
    assert seen_in(request, "paged", make_facts(request, notes={12: notes[:1]}, duties=duties)).state == "not_theirs"


@pytest.mark.parametrize(
    ("shifts", "state"),
    [
        ((("emil", 8, 16),), "agreed"),
        ((("emil", 8, 14), ("aoi", 14, 16)), "agreed"),
        ((("emil", 8, 16), ("aoi", 13, 15)), "agreed"),
        ((("emil", 8, 13), ("aoi", 13, 15)), "covered"),
        ((("emil", 8, 13), ("amber", 13, 15)), "not_theirs"),
    ],
)
def test_cover_is_real_once_the_taker_has_all_of_the_time_and_the_asker_none(
    shifts: tuple[tuple[str, int, int], ...], state: str
) -> None:
    request = make_resource(author="emil", fields=FIELDS)
    notes = {12: (_asking(0), _says("aoi", "take", 5))}
    duties = {
        "paged": [
            {"person": person, "starts": f"2026-12-02T{starts:02}:00:00Z", "ends": f"2026-12-02T{ends}:00:00Z"}
            for person, starts, ends in shifts
        ]
    }
    facts = make_facts(request, notes=notes, duties=duties)
    assert seen_in(request, "paged", facts).state == state
    begun = structs.replace(facts, now=dt.datetime(2026, 12, 2, 13, 5, tzinfo=dt.UTC))
    assert seen_in(request, "paged", begun).state == ("covered" if state == "covered" else "past")


@pytest.mark.parametrize(("rotation", "has_duties"), [("support_manager", True), ("paged", False)])
def test_what_cannot_be_set_from_here_is_set_by_hand(rotation: str, has_duties: bool) -> None:
    request = make_resource(author="emil", fields=FIELDS)
    notes = {12: (_asking(0), _says("aoi", "take", 5))}
    facts = make_facts(request, notes=notes, duties={"paged": (EMIL,)} if has_duties else None)
    assert seen_in(request, rotation, facts).state == "by_hand"


def test_override_that_an_earlier_run_set_is_not_set_again(tmp_path: Path) -> None:
    rule = make_policies(tmp_path, _override("2026-12-02 15:00")).rules[0]
    issue = make_resource()
    facts = make_facts(issue, duties={"paged": (EMIL,)})
    action = rule.actions[0].action
    (step,) = action.plan(rule.name, match_of(rule, issue, facts), RENDER)
    assert isinstance(step, OverrideStep)
    known = structs.replace(facts, said={issue.key: {step.key: NOW}})
    assert action.plan(rule.name, match_of(rule, issue, known), RENDER) == ()


@pytest.mark.parametrize("ends", ["2026-12-02 12:00", "soon", "2026-12-12 13:00"])
def test_override_for_a_time_that_cannot_be_is_none(ends: str, tmp_path: Path) -> None:
    rule = make_policies(tmp_path, _override(ends)).rules[0]
    issue = make_resource()
    match = match_of(rule, issue, make_facts(issue, duties={"paged": ()}))
    assert rule.actions[0].action.plan(rule.name, match, RENDER) == ()


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (
            "actions: {override: {rotation: support_manager, person: kim, for: emil, from: x, to: y}}",
            "rotation 'support_manager' has no schedules of PagerDuty to override; give it some in desk.yml",
        ),
        (
            "actions: {override: {rotation: pagd, person: kim, for: emil, from: x, to: y}}",
            "there is no rotation 'pagd' in desk.yml",
        ),
        ("conditions: {cover: {rotation: pagd, is: open}}", "there is no rotation 'pagd' in desk.yml"),
        ("conditions: {cover: {rotation: paged, is: opn}}", "'opn' is not known here"),
    ],
)
def test_use_that_can_never_be_done_is_refused_at_its_line(part: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as caught:
        make_policies(tmp_path, f"- name: R\n  {part}")
    assert message in str(caught.value)
    assert "policy.yml:7:" in str(caught.value)


def test_tracker_whose_form_has_no_times_is_refused(tmp_path: Path) -> None:
    (tmp_path / "people.yml").write_text("people: []\n", "utf-8")
    (tmp_path / "desk.yml").write_text("trackers: {star: {project: a/b}}\nrotations: {r: {schedules: [R]}}\n", "utf-8")
    rule = "{name: R, conditions: {cover: {rotation: r, is: open}}, actions: {labels: [x]}}"
    (tmp_path / "policy.yml").write_text(f"tracker: star\nresource_rules: {{issues: {{rules: [{rule}]}}}}\n", "utf-8")
    with pytest.raises(PolicyError, match="tracker 'star' has no field 'from'"):
        load_policies([tmp_path], tmp_path)


def test_template_can_say_why_pagerduty_cannot_put_the_taker_on_call(tmp_path: Path) -> None:
    text = (
        "- name: R\n  conditions: {cover: {rotation: paged, is: agreed}}\n  actions: {comment: '{{ cover.trouble }}'}"
    )
    rule = make_policies(tmp_path, text).rules[0]
    request = make_resource(author="emil", fields=FIELDS)
    facts = make_facts(request, notes={12: (_asking(0), _says("aoi", "take", 5))}, duties={"paged": (EMIL,)})
    people = {"aoi": Person(gitlab="aoi", name="Aoi")}
    unknown = structs.replace(facts, desk=structs.replace(facts.desk, people=people))
    cover: Any = match_of(rule, request, unknown).names["cover"]
    assert cover["trouble"] == "Aoi has no PagerDuty id or e-mail in people.yml"
