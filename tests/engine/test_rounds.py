"""For any rules: what is decided while facets come in, round after round, is what is decided where all are there."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from starkeeper import flow
from starkeeper.commands.watching import Watching
from starkeeper.errors import ConnectorError
from starkeeper.evaluate import evaluate
from starkeeper.model.desk import Tracker
from starkeeper.model.facets import Facet
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Plan
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Issue, Place, Resource, ResourceType, User
from starkeeper.plan import make_plan
from starkeeper.render.markers import make_marker
from tests.builders import BOT, NOW, RENDER, make_facts, make_issue, make_policies

NOWHERE = Place("groups", "nowhere")
LABELS = ("a", "s::x", "s::y")
PEOPLE = ("ivy", "emil", BOT)
DAYS = ("2026-11-20T09:00:00Z", "2026-12-01T09:00:00Z")


class Known:
    """A service that knows what the facts say, and whose group `nowhere` is not there."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def whoami(self) -> User:
        return User(BOT)

    def list_resources(
        self,
        tracker: Tracker,
        type: ResourceType,
        params: Mapping[str, str],
        on_page: Callable[..., None] | None = None,
    ) -> tuple[Resource, ...]:
        return self.facts.resources

    def read_facet(self, facet: Facet, subjects: Collection[Any]) -> Reading[Any]:
        gone = {each for each in subjects if each == NOWHERE}
        error = ConnectorError("GitLab", "reading", "there is none", "look", status=404)
        return Reading(
            {each: self.facts.read[facet][each] for each in set(subjects) - gone}, dict.fromkeys(gone, error)
        )


labels = st.lists(st.sampled_from(LABELS), unique=True, max_size=3)
some = labels.filter(bool)
costly: dict[str, st.SearchStrategy[Any]] = {
    "human_activity": st.sampled_from(
        [{"within": "7 days"}, {"none_within": "7 days"}, {"within": "3 days", "by": "bot"}]
    ),
    "commented": st.sampled_from([{"by": "people"}, {"by": "managers", "matching": "yes"}]),
    "label_added": st.sampled_from([{"label": "a"}, {"label": "s::x", "by": "people"}]),
    "author_member": st.sampled_from(
        [
            {"source": "group", "condition": "member_of", "source_id": "team"},
            {"source": "group", "condition": "not_member_of", "source_id": "nowhere"},
        ]
    ),
}
cheap: dict[str, st.SearchStrategy[Any]] = {
    "labels": some,
    "forbidden_labels": some,
    "state": st.sampled_from(["opened", "closed"]),
    "duplicate_of": st.just({}),
}
one_of_them = st.one_of([st.fixed_dictionaries({key: value}) for key, value in {**costly, **cheap}.items()])
groups = {key: st.lists(one_of_them, min_size=1, max_size=2) for key in ("any_of", "none_of")}


def some_of(kinds: Mapping[str, st.SearchStrategy[Any]], least: int) -> st.SearchStrategy[dict[str, Any]]:
    """A few of these, with their values."""
    one = st.one_of([st.fixed_dictionaries({key: value}) for key, value in kinds.items()])
    return st.lists(one, min_size=least, max_size=2).map(
        lambda found: {k: v for each in found for k, v in each.items()}
    )


conditions = some_of({**cheap, **costly, **groups}, 0)
actions = some_of(
    {
        "labels": some,
        "remove_labels": some,
        "status": st.sampled_from(["close", "reopen"]),
        "comment": st.just("Hello {{ author }}"),
        "due_date": st.just("2026-12-24"),
        "move": st.just("support/archive"),
        "summarize": st.just({"title": "{{ count }} wait", "item": "- {{ full_reference }}"}),
        "issue": st.just({"title": "About {{ full_reference }}", "destination": "support/reviews"}),
    },
    1,
)
limits = st.sampled_from([{}, {"oldest": 1}, {"most_recent": 2}])
rules = st.lists(st.tuples(conditions, limits, actions), min_size=1, max_size=5)
notes = st.lists(
    st.fixed_dictionaries(
        {
            "author": st.sampled_from(PEOPLE),
            "body": st.sampled_from(["yes", "no", 0, 1, 2]),
            "created_at": st.sampled_from(DAYS),
        }
    ),
    max_size=2,
)
events = st.lists(
    st.fixed_dictionaries(
        {
            "action": st.sampled_from(["add", "remove"]),
            "label": st.sampled_from(LABELS),
            "user": st.sampled_from(PEOPLE),
            "created_at": st.sampled_from(DAYS),
        }
    ),
    max_size=2,
)
issues = st.lists(
    st.fixed_dictionaries(
        {
            "issue": st.fixed_dictionaries(
                {
                    "labels": labels.map(tuple),
                    "state": st.sampled_from(["opened", "closed"]),
                    "author": st.sampled_from(PEOPLE),
                    "created_at": st.sampled_from(DAYS),
                    "fields": st.sampled_from([{}, {"ticket": "7"}]),
                }
            ),
            "notes": notes,
            "events": events,
        }
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=200)
@given(rules, issues)
def test_rounds_decide_as_one_round_does(made: list[tuple[Any, Any, Any]], said: list[dict[str, Any]]) -> None:
    text = "\n".join(
        f"- {{name: R{n}, conditions: {c}, limits: {k}, actions: {a}}}" for n, (c, k, a) in enumerate(made)
    )
    in_rounds, whole = _plans(text, _facts(said))
    assert in_rounds == whole


def test_rule_looks_again_at_what_a_rule_before_it_changed_once_the_notes_were_there() -> None:
    rules = """
- {name: Answered, conditions: {commented: {by: people}}, actions: {labels: [a]}}
- {name: After it, conditions: {labels: [a]}, actions: {status: close}}
"""
    said = [{"issue": {}, "notes": [{"author": "ivy"}], "events": []}]
    in_rounds, whole = _plans(rules, _facts(said))
    assert [step.rule for step in in_rounds.changes[0].steps] == ["Answered", "After it"]
    assert in_rounds == whole


def test_rule_looks_again_at_what_a_rule_in_conflict_did_not_change_after_all() -> None:
    rules = """
- {name: On, actions: {labels: [a]}}
- {name: Off, conditions: {labels: [a]}, actions: {remove_labels: [a]}}
- {name: Without, conditions: {forbidden_labels: [a]}, actions: {labels: ["s::x"]}}
- {name: Answered, conditions: {commented: {by: people}}, actions: {status: close}}
"""
    said = [{"issue": {}, "notes": [{"author": "ivy"}], "events": []}]
    in_rounds, whole = _plans(rules, _facts(said))
    assert [each.rules for each in in_rounds.conflicts] == [("On", "Off")]
    assert [step.rule for step in in_rounds.changes[0].steps] == ["Without", "Answered"]
    assert in_rounds == whole


def test_what_the_run_itself_opened_is_nobodys_activity_from_the_first_round_on() -> None:
    rules = "- {name: Quiet, conditions: {human_activity: {none_within: 7 days}}, actions: {status: close}}"
    said = [{"issue": {"author": BOT}, "notes": [], "events": []}]
    in_rounds, whole = _plans(rules, _facts(said))
    assert len(in_rounds.changes) == 1 and in_rounds == whole


def _plans(rules: str, facts: Facts) -> tuple[Plan, Plan]:
    """The plan of a sweep, and that of one evaluation to which nothing is missing."""
    with tempfile.TemporaryDirectory() as folder:
        policies = make_policies(Path(folder), rules)
    # The fields stand in the issues already.
    tracker = structs.replace(policies.desk.trackers["star"], form={})
    policies = structs.replace(policies, desk=structs.replace(policies.desk, trackers={"star": tracker}))
    full = structs.replace(facts, desk=policies.desk)
    service = cast(flow.Connector, Known(full))
    run = flow.sweep(policies, service, RENDER, NOW, Watching(), dry_run=True)
    return run.plan, make_plan(evaluate(policies, full, RENDER), full, policies)


def _facts(said: list[dict[str, Any]]) -> Facts:
    opened: list[Issue] = [make_issue(iid=number, **each["issue"]) for number, each in enumerate(said, start=1)]

    def of_each(key: str) -> dict[int, Any]:
        return {number: each[key] for number, each in enumerate(said, start=1)}

    facts = make_facts(
        *opened,
        notes={iid: [_note(each) for each in found] for iid, found in of_each("notes").items()},
        label_events=of_each("events"),
        members={"groups:team": ("ivy",)},
    )
    error = ConnectorError("GitLab", "reading", "there is none", "look", status=404)
    return structs.replace(facts, unread={("members", NOWHERE): (str(error), True)})


def _note(said: Mapping[str, Any]) -> dict[str, Any]:
    """A number as the words stands for what that rule said."""
    body = said.get("body", "")
    return {**said, "body": f"Hello\n\n{make_marker(f'R{body}', 1)[1]}" if isinstance(body, int) else body}
