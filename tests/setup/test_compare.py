"""What is wanted against what is there: the steps between them, what is left alone, and in which order things stand."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from starkeeper.model.resources import Place
from starkeeper.model.setup import (
    TRIGGER,
    Found,
    FoundHook,
    FoundLabel,
    FoundPipelines,
    FoundTracker,
    FoundTrigger,
    FoundVariable,
    SetupFinding,
    SetupPlan,
    Wanted,
    WantedLabel,
    WantedPipelines,
    WantedTracker,
    WantedVariable,
)
from starkeeper.setup.compare import compare
from starkeeper.setup.events import HEARD

STAR, DESK = Place("projects", "support/star"), Place("projects", "support/desk")
TARGET = "https://gitlab.example.com/api/v4/projects/7/ref/main/trigger/pipeline"
HOOK = FoundHook(
    id=1,
    target=TARGET,
    name="Starkeeper",
    description="Made by starkeeper bootstrap; trigger 1",
    events=HEARD,
    checks_tls=True,
    hides=True,
    hides_as_ours=True,
    alert="executable",
)
OURS = FoundTrigger(id=1, description=TRIGGER, owner="bot")


def steps(tracker: WantedTracker, there: FoundTracker, prune: bool = False, **pipelines: Any) -> list[tuple[str, str]]:
    """What is done to which kind of thing."""
    return [(each.does, each.kind) for each in plan_of(tracker, there, prune, **pipelines).steps]


def plan_of(tracker: WantedTracker, there: FoundTracker, prune: bool, **pipelines: Any) -> SetupPlan:
    found: dict[str, Any] = {
        "number": 7,
        "triggers": (OURS,),
        "schedules": (),
        "variables": (),
        "orders": {"starkeeper-1": "oldest_first"},
    } | pipelines
    return compare(
        Wanted(trackers=(tracker,), pipelines=WantedPipelines(place=DESK, ref="main")),
        Found(url="https://gitlab.example.com", me="bot", trackers={"star": there}, pipelines=FoundPipelines(**found)),
        (),
        prune=prune,
    )


def star(**more: Any) -> WantedTracker:
    return WantedTracker(name="star", place=STAR, **more)


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        (HOOK, []),
        (structs.replace(HOOK, name="Renamed", events=HEARD | {"push_events"}), []),
        (structs.replace(HOOK, description="Ours, please leave it"), []),
        (structs.replace(HOOK, events=frozenset({"issues_events"})), [("change", "webhook")]),
        (structs.replace(HOOK, events=frozenset(), hides_as_ours=False), [("replace", "webhook")]),
        (structs.replace(HOOK, checks_tls=False), []),
        (structs.replace(HOOK, hides=False), []),
        (structs.replace(HOOK, description="Made by starkeeper bootstrap; trigger 2"), [("replace", "webhook")]),
        (structs.replace(HOOK, name="Amber's", description="Amber's"), [("make", "webhook")]),
        (structs.replace(HOOK, target=TARGET.replace("https://gitlab", "https://evil")), [("make", "webhook")]),
        (structs.replace(HOOK, target=TARGET.replace("/7/", "/8/")), [("make", "webhook")]),
        (structs.replace(HOOK, target=TARGET.replace("main", "dev")), [("make", "webhook")]),
    ],
)
@pytest.mark.parametrize("prune", [False, True])
def test_webhook_is_ours_by_our_mark_and_where_it_leads(
    hook: FoundHook, expected: list[tuple[str, str]], prune: bool
) -> None:
    assert steps(star(hears=True), FoundTracker(hooks=(hook,)), prune) == expected


@pytest.mark.parametrize(
    ("hook", "expected"),
    [
        (HOOK, []),
        (structs.replace(HOOK, hides_as_ours=False), [("make", "webhook")]),
        (structs.replace(HOOK, target=TARGET.replace("/7/", "/8/")), [("make", "webhook")]),
    ],
)
def test_webhook_of_which_an_old_gitlab_tells_little_is_ours_as_far_as_its_address_is(
    hook: FoundHook, expected: list[tuple[str, str]]
) -> None:
    silent = structs.replace(hook, name=None, description=None)
    second = structs.replace(OURS, id=2)
    there = FoundTracker(hooks=(silent,))
    assert steps(star(hears=True), there, True, triggers=(OURS, second)) == expected


def test_webhook_follows_the_address_that_gitlab_gives_itself() -> None:
    tunnelled = structs.replace(HOOK, target=TARGET.replace("https://gitlab.example.com", "http://localhost:8080"))
    under = structs.replace(HOOK, target=TARGET.replace("example.com", "example.com/gitlab"))
    there = FoundTracker(hooks=(tunnelled, structs.replace(under, id=2)))
    assert steps(star(hears=True), there, True, server="https://gitlab.example.com/gitlab") == []


def test_of_several_webhooks_the_one_with_the_right_token_stays_then_the_newest() -> None:
    old, right, newest = (structs.replace(HOOK, id=number) for number in (1, 2, 3))
    wrong = structs.replace(HOOK, id=4, description="Made by starkeeper bootstrap; trigger 9")
    theirs = FoundTrigger(id=9, description="Amber's", owner="amber")
    there = FoundTracker(hooks=(old, wrong, newest, right))
    assert removed(there, (OURS, theirs)) == {"webhook": [2, 1, 4]}
    assert removed(there, (OURS, theirs), prune=False) == {}


def test_what_a_replacement_left_over_goes_with_prune_and_nothing_else() -> None:
    gone = structs.replace(HOOK, id=4, description="Made by starkeeper bootstrap; trigger 9")
    foreign = structs.replace(gone, id=5, target=TARGET.replace("gitlab", "evil"))
    there = FoundTracker(hooks=(HOOK, gone, foreign))
    assert removed(there, (OURS,)) == {"webhook": [4]}
    assert removed(there, (OURS,), prune=False) == {}


def test_trigger_whose_token_no_webhook_carries_goes_with_prune_only() -> None:
    doubles = (structs.replace(OURS, id=2), structs.replace(OURS, id=3, owner="amber"))
    there = FoundTracker(hooks=(HOOK,))
    assert removed(there, (OURS, *doubles)) == {"trigger": [2]}
    assert removed(there, (OURS, *doubles), prune=False) == {}
    assert removed(FoundTracker(hooks=None), (OURS, *doubles)) == {}
    edited = structs.replace(HOOK, description="Whose token it carries is not said any more")
    assert removed(FoundTracker(hooks=(edited,)), (OURS, *doubles)) == {}


def removed(there: FoundTracker, triggers: tuple[FoundTrigger, ...], prune: bool = True) -> dict[str, list[int]]:
    """The numbers of what is removed, by kind, where nothing else is done."""
    found: dict[str, list[int]] = {}
    for each in plan_of(star(hears=True), there, prune, triggers=triggers).steps:
        assert each.does == "remove"
        found.setdefault(each.kind, []).append(int(each.id))
    return found


def test_trigger_and_webhook_go_with_the_last_rule_for_issues() -> None:
    there = FoundTracker(hooks=(HOOK,))
    assert steps(star(), there) == []
    assert steps(star(), there, prune=True) == [("remove", "trigger"), ("remove", "webhook")]


def test_webhook_whose_token_somebody_else_made_is_as_good() -> None:
    theirs = structs.replace(OURS, owner="amber")
    assert steps(star(hears=True), FoundTracker(hooks=(HOOK,)), triggers=(theirs,)) == []


@pytest.mark.parametrize(
    "unread",
    [
        {"labels": None, "hooks": (), "template": None},
        {"labels": None, "hooks": None, "template": None},
    ],
)
def test_what_could_not_be_read_is_left_as_it_is(unread: dict[str, Any]) -> None:
    tracker = star(labels=(WantedLabel(name="new"),), template="### Ticket", hears=True)
    nothing = {"triggers": None, "schedules": None, "variables": None, "orders": None}
    assert steps(tracker, FoundTracker(**unread), prune=True, **nothing) == []


def test_label_of_the_project_counts_before_one_of_the_group() -> None:
    wanted = star(labels=(WantedLabel(name="new", color="#111111"),))
    above = FoundLabel(id=1, name="new", color="#222222", description="", own=False)
    own = FoundLabel(id=2, name="new", color="#111111", description="", own=True)
    assert steps(wanted, FoundTracker(labels=(own, above))) == []


def test_colour_is_the_same_in_big_and_small_letters() -> None:
    wanted = star(labels=(WantedLabel(name="new", color="#abcdef"),))
    there = FoundLabel(id=1, name="new", color="#ABCDEF", description="Ours", own=True)
    assert steps(wanted, FoundTracker(labels=(there,))) == []


@pytest.mark.parametrize(
    ("masked", "protected", "expected"),
    [
        (True, True, None),
        (False, True, {"masked": True, "protected": True}),
        (True, False, {"masked": True, "protected": True}),
    ],
)
def test_variable_that_others_could_see_is_put_right(
    masked: bool, protected: bool, expected: dict[str, bool] | None
) -> None:
    token = WantedVariable(key="TOKEN", masked=True, protected=True, why="")
    there = FoundVariable(key="TOKEN", masked=masked, protected=protected, scope="*")
    assert flags_set(token, there) == expected


def test_variable_for_merge_requests_is_opened_to_their_branches_and_stays_masked() -> None:
    token = WantedVariable(key="READ", masked=False, protected=False, why="")
    there = FoundVariable(key="READ", masked=True, protected=True, scope="*")
    assert flags_set(token, there) == {"masked": True, "protected": False}


def test_variable_of_a_group_is_left_alone() -> None:
    token = WantedVariable(key="TOKEN", masked=True, protected=True, why="")
    there = FoundVariable(key="TOKEN", masked=False, protected=False, scope="*", group="support")
    assert flags_set(token, there) is None


def flags_set(variable: WantedVariable, there: FoundVariable) -> dict[str, bool] | None:
    """To what the flags are set, None where they are left alone."""
    plan = compare(
        Wanted(trackers=(), pipelines=WantedPipelines(place=DESK, ref="main", variables=(variable,))),
        Found(url="", me="bot", trackers={}, pipelines=FoundPipelines(number=7, variables=(there,))),
        (),
        prune=False,
    )
    if not plan.steps:
        return None
    (step,) = plan.steps
    return {name: bool(step.fields[name]) for name in ("masked", "protected")}


def test_errors_stand_first_then_places_as_desk_yml_has_them() -> None:
    unread = [
        SetupFinding("note", "support/desk", "a"),
        SetupFinding("warning", "support/star", "b"),
        SetupFinding("error", "support/star", "c"),
        SetupFinding("error", "support/desk", "d"),
        SetupFinding("unread", "support/desk", "e"),
    ]
    wanted = Wanted(trackers=(star(),), pipelines=WantedPipelines(place=DESK, ref="main"))
    found = Found(url="", me="bot", trackers={}, pipelines=FoundPipelines(), unread=tuple(unread))
    assert [each.what for each in compare(wanted, found, (), prune=False).findings] == ["d", "c", "e", "b", "a"]
