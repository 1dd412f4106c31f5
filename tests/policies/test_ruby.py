"""What Ruby in a policy becomes: conditions that hold on exactly the resources for which the Ruby is true."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from starkeeper.evaluate.holding import rule_holds
from starkeeper.model.facts import Facts
from starkeeper.model.resources import Resource
from starkeeper.model.rules import Rule
from starkeeper.policies.nodes import ScalarNode
from starkeeper.policies.ruby import interpolations, ruby_remedy, translate, translate_text
from starkeeper.policies.ruby.quoting import flow
from starkeeper.policies.source import parse_source
from tests.builders import NOW, make_facts, make_resource
from tests.policies.helpers import plain, plain_rules

Raw = Mapping[str, Any]
Oracle = Callable[[Raw], object]
TODAY = NOW.date()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def midnight(text: str) -> dt.datetime:
    return dt.datetime.combine(day(text), dt.time(), dt.UTC)


def labels(raw: Raw) -> list[str]:
    return list(raw["labels"])


def scopes(raw: Raw) -> list[str]:
    return [each.split("::", 1)[0] for each in labels(raw) if "::" in each]


def has_scope(raw: Raw, scope: str) -> bool:
    return any(each.startswith(f"{scope}::") for each in labels(raw))


def shares_scope(raw: Raw) -> bool:
    return len(set(scopes(raw))) < len(scopes(raw))


def months_ago(months: int) -> dt.date:
    year, month = divmod(TODAY.year * 12 + TODAY.month - 1 - months, 12)
    return dt.date(year, month + 1, TODAY.day)


def invalid_labels(raw: Raw) -> bool:
    return not has_scope(raw, "type") or (has_scope(raw, "deadline") and raw["due_date"] is None) or shares_scope(raw)


INVALID_LABELS = """\
!resource["labels"].any? { |label| label.start_with?("type::") } ||
(resource["labels"].any? { |label| label.start_with?("deadline::") } ? !resource["due_date"] : false) ||
!(resource["labels"].map {
  |tag| tag.split("::", 2).first if tag.include?("::")
}.compact.group_by(&:itself).select { |_, v| v.size > 1 }.keys).empty?
"""
VALID_LABELS = """\
resource["labels"].any? { |label| label.start_with?("type::") } &&
(resource["labels"].any? { |label| label.start_with?("deadline::") } ? !!resource["due_date"] : true) &&
(resource["labels"].map {
  |tag| tag.split("::", 2).first if tag.include?("::")
}.compact.group_by(&:itself).select { |_, v| v.size > 1 }.keys).empty?
"""
TASKS = 'resource["task_completion_status"]["count"]'
DONE = 'resource["task_completion_status"]["completed_count"]'

ISSUES: dict[str, Oracle] = {
    # Who is assigned.
    'resource["assignees"].length > 0': lambda raw: raw["assignees"],
    'resource["assignees"].length == 0': lambda raw: not raw["assignees"],
    'resource["assignees"].count != 0': lambda raw: raw["assignees"],
    'resource["assignees"].empty?': lambda raw: not raw["assignees"],
    "!resource[:assignees].any?": lambda raw: not raw["assignees"],
    'resource["assignees"].size >= 2': lambda raw: len(raw["assignees"]) >= 2,
    'resource["assignees"].size < 2': lambda raw: len(raw["assignees"]) < 2,
    "0 < resource['assignees'].length": lambda raw: raw["assignees"],
    # Names and scopes of labels.
    INVALID_LABELS: invalid_labels,
    VALID_LABELS: lambda raw: not invalid_labels(raw),
    'resource["labels"].include?("bug")': lambda raw: "bug" in labels(raw),
    'resource["labels"].include?("bug") && !resource["labels"].include?("ux")': lambda raw: (
        "bug" in labels(raw) and "ux" not in labels(raw)
    ),
    'resource["labels"].none? { |l| l.start_with?("type::", "kind::") }': lambda raw: (
        not has_scope(raw, "type") and not has_scope(raw, "kind")
    ),
    'resource["labels"].any? { |l| l =~ /^(type|kind)::/ }': lambda raw: (
        has_scope(raw, "type") or has_scope(raw, "kind")
    ),
    'resource["labels"].grep(/::bug$/).empty?': lambda raw: not any(each.endswith("::bug") for each in labels(raw)),
    'resource["labels"].any? { |l| l == "ux" || l.end_with?("bug") }': lambda raw: any(
        each == "ux" or each.endswith("bug") for each in labels(raw)
    ),
    '(resource["labels"] & ["bug", "ux"]).any?': lambda raw: {"bug", "ux"} & {*labels(raw)},
    '(resource["labels"] & ["bug", "ux"]).empty?': lambda raw: not {"bug", "ux"} & {*labels(raw)},
    '(["bug", "ux"] - resource["labels"]).empty?': lambda raw: {"bug", "ux"} <= {*labels(raw)},
    'resource["labels"].select { |l| l.start_with?("type::") }.size > 1': lambda raw: (
        sum(each.startswith("type::") for each in labels(raw)) > 1
    ),
    'resource["labels"].size > 2': lambda raw: len(labels(raw)) > 2,
    'resource["labels"].empty?': lambda raw: not labels(raw),
    'resource["labels"].include?("{odd}*")': lambda raw: "{odd}*" in labels(raw),
    # The title.
    'resource["title"] =~ /^Draft:/': lambda raw: re.search("^Draft:", raw["title"]),
    'resource["title"] !~ /fix\\z/': lambda raw: not raw["title"].endswith("fix"),
    'resource["title"].match?(/\\[(bug|feat)\\]\\s/i)': lambda raw: re.search(r"(?i)\[(bug|feat)\][ \t]", raw["title"]),
    '!(resource["title"] =~ /^(feat|fix)(\\(.+\\))?: /)': lambda raw: (
        not re.search(r"^(feat|fix)(\(.+\))?: ", raw["title"])
    ),
    '/a\\.b/.match?(resource["title"])': lambda raw: "a.b" in raw["title"],
    'resource["title"].start_with?("Draft:") || resource["title"].downcase.include?("wip")': lambda raw: (
        raw["title"].startswith("Draft:") or "wip" in raw["title"].lower()
    ),
    'resource["title"].length > 10': lambda raw: len(raw["title"]) > 10,
    # The description.
    'not resource["description"] or resource["description"] == ""': lambda raw: not raw["description"],
    'resource["description"].to_s.empty?': lambda raw: not raw["description"],
    'resource["description"] && resource["description"].include?("a.b")': lambda raw: (
        "a.b" in (raw["description"] or "")
    ),
    '!resource["description"] || !resource["description"].include?("a.b")': lambda raw: (
        "a.b" not in (raw["description"] or "")
    ),
    'resource["description"] =~ /^wip$/': lambda raw: "wip" in (raw["description"] or "").split("\n"),
    'resource["description"] =~ /\\Awip$/': lambda raw: (raw["description"] or "").split("\n")[0] == "wip",
    # The day on which it falls due.
    'resource["due_date"] and DateTime.now + 7 >= resource["due_date"]': lambda raw: (
        raw["due_date"] and NOW + dt.timedelta(7) >= midnight(raw["due_date"])
    ),
    'resource["due_date"] and DateTime.now + 3 >= resource["due_date"]': lambda raw: (
        raw["due_date"] and NOW + dt.timedelta(3) >= midnight(raw["due_date"])
    ),
    'resource["due_date"] and DateTime.now >= resource["due_date"]': lambda raw: (
        raw["due_date"] and midnight(raw["due_date"]) <= NOW
    ),
    'resource["due_date"] && DateTime.now - 2 >= resource["due_date"]': lambda raw: (
        raw["due_date"] and midnight(raw["due_date"]) <= NOW - dt.timedelta(2)
    ),
    'resource["due_date"] && Date.parse(resource["due_date"]) < Date.today': lambda raw: (
        raw["due_date"] and day(raw["due_date"]) < TODAY
    ),
    'resource["due_date"] && Date.parse(resource["due_date"]) > Date.today + 5': lambda raw: (
        raw["due_date"] and day(raw["due_date"]) > TODAY + dt.timedelta(5)
    ),
    'resource["due_date"] && (Date.parse(resource["due_date"]) - Date.today).to_i < 3': lambda raw: (
        raw["due_date"] and (day(raw["due_date"]) - TODAY).days < 3
    ),
    'resource["due_date"].nil?': lambda raw: raw["due_date"] is None,
    # Time.
    'resource["time_stats"]["time_estimate"] == 0': lambda raw: raw["time_stats"]["time_estimate"] == 0,
    'resource["time_stats"]["time_estimate"] != 0': lambda raw: raw["time_stats"]["time_estimate"] != 0,
    'resource.dig("time_stats", "total_time_spent").zero?': lambda raw: raw["time_stats"]["total_time_spent"] == 0,
    # Tasks.
    f"{TASKS} > 0": lambda raw: raw["task_completion_status"]["count"] > 0,
    f"{TASKS} > 0 && {TASKS} == {DONE}": lambda raw: (
        0 < raw["task_completion_status"]["count"] == raw["task_completion_status"]["completed_count"]
    ),
    f"{DONE} < {TASKS}": lambda raw: (
        raw["task_completion_status"]["completed_count"] < raw["task_completion_status"]["count"]
    ),
    f"{TASKS} == {DONE}": lambda raw: (
        raw["task_completion_status"]["completed_count"] == raw["task_completion_status"]["count"]
    ),
    f"{DONE} == 0": lambda raw: raw["task_completion_status"]["completed_count"] == 0,
    f"({TASKS} - {DONE}) > 0": lambda raw: (
        raw["task_completion_status"]["count"] - raw["task_completion_status"]["completed_count"] > 0
    ),
    # The milestone.
    'resource["milestone"].nil?': lambda raw: raw["milestone"] is None,
    'resource["milestone"] && resource["milestone"]["title"] == "18.7"': lambda raw: (
        raw["milestone"] and raw["milestone"]["title"] == "18.7"
    ),
    'resource["milestone"] && resource["milestone"]["title"].start_with?("18.")': lambda raw: (
        raw["milestone"] and raw["milestone"]["title"].startswith("18.")
    ),
    'resource["milestone"] && resource["milestone"]["state"] == "closed"': lambda raw: (
        raw["milestone"] and raw["milestone"]["state"] == "closed"
    ),
    # What belongs to it.
    "resource[:merge_requests_count] > 0": lambda raw: raw["merge_requests_count"] > 0,
    "resource[:merge_requests_count] == 0": lambda raw: raw["merge_requests_count"] == 0,
    'resource["upvotes"] > 2': lambda raw: raw["upvotes"] > 2,
    'resource["upvotes"] >= 2 and resource["downvotes"] == 0': lambda raw: (
        raw["upvotes"] >= 2 and raw["downvotes"] == 0
    ),
    'resource["upvotes"] == 2': lambda raw: raw["upvotes"] == 2,
    'resource["user_notes_count"] == 0': lambda raw: raw["user_notes_count"] == 0,
    'resource["weight"].nil? || resource["weight"] == 3': lambda raw: raw["weight"] in (None, 3),
    'resource["confidential"]': lambda raw: raw["confidential"],
    'resource["state"] != "closed"': lambda raw: raw["state"] != "closed",
    # Who opened it, and when.
    'resource["author"]["username"] == "ivy" && Date.parse(resource["created_at"]) < Date.today - 30': lambda raw: (
        raw["author"]["username"] == "ivy" and day(raw["created_at"]) < TODAY - dt.timedelta(30)
    ),
    '["ivy", "kim"].include?(resource["author"]["username"])': lambda raw: raw["author"]["username"] in ("ivy", "kim"),
    'resource["author"]["username"].end_with?("_bot")': lambda raw: raw["author"]["username"].endswith("_bot"),
    'DateTime.parse(resource["created_at"]) < DateTime.now - 30': lambda raw: (
        at(raw["created_at"]) < NOW - dt.timedelta(30)
    ),
    'Date.parse(resource["created_at"]) >= Date.today - 30': lambda raw: (
        day(raw["created_at"]) >= TODAY - dt.timedelta(30)
    ),
    'Date.parse(resource["created_at"]) <= Date.today - 30': lambda raw: (
        day(raw["created_at"]) <= TODAY - dt.timedelta(30)
    ),
    '(Date.today - Date.parse(resource["updated_at"])).to_i > 30': lambda raw: (
        (TODAY - day(raw["updated_at"])).days > 30
    ),
    '(Time.now - Time.parse(resource["updated_at"])) / 86400 > 14.5': lambda raw: (
        (NOW - at(raw["updated_at"])).total_seconds() / 86400 > 14.5
    ),
    '((Time.now - Time.parse(resource["updated_at"])) / (60 * 60 * 24)).to_i > 14': lambda raw: (
        int((NOW - at(raw["updated_at"])).total_seconds() / 86400) > 14
    ),
    'resource["updated_at"] < 14.days.ago': lambda raw: at(raw["updated_at"]) < NOW - dt.timedelta(14),
    'Date.parse(resource["updated_at"]) < 2.months.ago.to_date': lambda raw: day(raw["updated_at"]) < months_ago(2),
    'DateTime.parse(resource["created_at"]) > DateTime.parse("2026-11-20")': lambda raw: (
        at(raw["created_at"]) > midnight("2026-11-20")
    ),
    # Bindings of `and`, `or`, `not` and the others.
    'resource["upvotes"] > 2 or resource["confidential"] and resource["weight"].nil?': lambda raw: (
        (raw["upvotes"] > 2 or raw["confidential"]) and raw["weight"] is None
    ),
    'resource["upvotes"] > 2 || resource["confidential"] && resource["weight"].nil?': lambda raw: (
        raw["upvotes"] > 2 or (raw["confidential"] and raw["weight"] is None)
    ),
    'not resource["confidential"] && resource["weight"].nil?': lambda raw: (
        not (raw["confidential"] and raw["weight"] is None)
    ),
    '!resource["confidential"] && resource["weight"].nil?': lambda raw: (
        not raw["confidential"] and raw["weight"] is None
    ),
    'resource["confidential"] ? resource["upvotes"] > 2 : resource["due_date"].nil?': lambda raw: (
        raw["upvotes"] > 2 if raw["confidential"] else raw["due_date"] is None
    ),
    '!(resource["confidential"] || (resource["upvotes"] > 2 && !resource["due_date"]))': lambda raw: (
        not (raw["confidential"] or (raw["upvotes"] > 2 and not raw["due_date"]))
    ),
}
MERGE_REQUESTS: dict[str, Oracle] = {
    "closes_issues.size > 0": lambda raw: raw["closes"] > 0,
    "closes_issues.empty?": lambda raw: raw["closes"] == 0,
    """DateTime.now >= (DateTime.parse(
  resource["updated_at"]
) + 3.0) and not resource["work_in_progress"]
""": lambda raw: at(raw["updated_at"]) + dt.timedelta(3) <= NOW and not raw["work_in_progress"],
    'resource["draft"] == false': lambda raw: not raw["work_in_progress"],
    'resource["source_branch"].start_with?("renovate/")': lambda raw: raw["source_branch"].startswith("renovate/"),
    'resource["source_branch"] =~ /^renovate\\/|-fix$/': lambda raw: re.search(
        "^renovate/|-fix$", raw["source_branch"]
    ),
    '!resource["source_branch"].include?("fix")': lambda raw: "fix" not in raw["source_branch"],
    'resource["target_branch"] == "main"': lambda raw: raw["target_branch"] == "main",
    'resource["reviewers"].empty?': lambda raw: not raw["reviewers"],
    'resource["state"] == "merged"': lambda raw: raw["state"] == "merged",
    'resource["time_stats"]["total_time_spent"] != 0': lambda raw: raw["time_stats"]["total_time_spent"] != 0,
}

_LABELS = ("bug", "ux", "type::bug", "type::docs", "type::a::b", "kind::bug", "deadline::soft", "{odd}*", "odd")
_TITLES = ("Draft: x", "WIP y", "a.b", "aXb", "feat(ui): z", "fix: q", "[Bug] w", "[feat]\tw", "quick fix", "", "plain")
_TEXTS = (None, "", "a.b", "aXb", "wip", "x\nwip", "wip\ny", "wip ")
_BRANCHES = ("main", "renovate/all", "old/renovate/x", "quick-fix", "quick-fixes")
# Seven seconds past a minute, so that no time is a border itself.
_TIMES = st.integers(0, 90 * 24 * 60).map(lambda ago: (NOW - dt.timedelta(minutes=ago, seconds=7)).isoformat())
_MILESTONES = st.none() | st.fixed_dictionaries(
    {"title": st.sampled_from(["18.7", "18.8", "Backlog"]), "state": st.sampled_from(["active", "closed"])}
)
_COMMON = {
    "labels": st.lists(st.sampled_from(_LABELS), max_size=4, unique=True),
    "title": st.sampled_from(_TITLES),
    "description": st.sampled_from(_TEXTS),
    "time_stats": st.fixed_dictionaries(
        {"time_estimate": st.sampled_from([0, 60]), "total_time_spent": st.sampled_from([0, 60])}
    ),
    "author": st.sampled_from(["ivy", "kim", "lou_bot"]).map(lambda name: {"username": name}),
    "created_at": _TIMES,
    "updated_at": _TIMES,
}
_ISSUES = st.fixed_dictionaries(
    {
        **_COMMON,
        "assignees": st.lists(st.sampled_from(["ivy", "kim", "lou"]), max_size=3, unique=True),
        "due_date": st.none() | st.integers(-8, 12).map(lambda days: str(TODAY + dt.timedelta(days))),
        "milestone": _MILESTONES,
        "merge_requests_count": st.integers(0, 2),
        "upvotes": st.integers(0, 4),
        "downvotes": st.integers(0, 1),
        "user_notes_count": st.integers(0, 1),
        "weight": st.none() | st.integers(2, 4),
        "confidential": st.booleans(),
        "state": st.sampled_from(["opened", "closed"]),
        "task_completion_status": st.tuples(st.integers(0, 2), st.integers(0, 2)).map(
            lambda both: {"count": max(both), "completed_count": min(both)}
        ),
    }
)
_REQUESTS = st.fixed_dictionaries(
    {
        **_COMMON,
        "work_in_progress": st.booleans(),
        "closes": st.integers(0, 2),
        "source_branch": st.sampled_from(_BRANCHES),
        "target_branch": st.sampled_from(_BRANCHES),
        "reviewers": st.lists(st.sampled_from(["ivy", "kim"]), max_size=1),
        "state": st.sampled_from(["opened", "closed", "merged"]),
    }
)


class Told(Struct, frozen=True):
    """A resource as GitLab's JSON has it, and what the house makes of that."""

    raw: Raw
    resource: Resource
    facts: Facts


def as_read(raw: Raw, type: str) -> Told:
    stats, tasks = raw["time_stats"], raw.get("task_completion_status", {"count": 0, "completed_count": 0})
    same = {"labels", "title", "created_at", "updated_at", "assignees", "due_date", "milestone", "merge_requests_count"}
    same |= {"upvotes", "downvotes", "weight", "confidential", "state", "source_branch", "target_branch", "reviewers"}
    resource = make_resource(
        type=type,
        **{name: value for name, value in raw.items() if name in same},
        description=raw["description"] or "",
        author=raw["author"]["username"],
        time_estimate=stats["time_estimate"],
        time_spent=stats["total_time_spent"],
        tasks=tasks["count"],
        tasks_done=tasks["completed_count"],
        notes_count=raw.get("user_notes_count", 0),
        **({"draft": raw["work_in_progress"]} if type == "merge_requests" else {}),
    )
    said = [{"author": "kim", "body": "x", "created_at": NOW}] * raw.get("user_notes_count", 0)
    closes = {resource.iid: [f"support/star#{number}" for number in range(1, raw.get("closes", 0) + 1)]}
    return Told(raw, resource, make_facts(resource, notes={resource.iid: said}, closes_issues=closes))


@cache
def rule_for(code: str, type: str) -> Rule:
    """The rule that has the translation for its conditions, as the loader reads it."""
    assert translate(code).conditions
    conditions = flow(translate(code).conditions)
    text = (
        f"resource_rules: {{{type}: {{rules: [{{name: A, conditions: {conditions}, actions: {{labels: [seen]}}}}]}}}}"
    )
    with tempfile.TemporaryDirectory() as folder:
        return plain_rules(Path(folder), text).rules[0]


@pytest.mark.parametrize("code", ISSUES)
@settings(max_examples=30)
@given(raw=_ISSUES)
def test_conditions_say_of_an_issue_what_the_ruby_says(code: str, raw: Raw) -> None:
    told = as_read(raw, "issues")
    assert rule_holds(rule_for(code, "issues"), told.resource, told.facts) is bool(ISSUES[code](raw))


@pytest.mark.parametrize("code", MERGE_REQUESTS)
@settings(max_examples=30)
@given(raw=_REQUESTS)
def test_conditions_say_of_a_merge_request_what_the_ruby_says(code: str, raw: Raw) -> None:
    told = as_read(raw, "merge_requests")
    assert rule_holds(rule_for(code, "merge_requests"), told.resource, told.facts) is bool(MERGE_REQUESTS[code](raw))


@given(
    st.lists(st.tuples(st.sampled_from(["kim", "desk-bot"]), st.integers(0, 20 * 24 * 60)), max_size=3),
    st.integers(0, 20 * 24 * 60),
)
def test_helper_for_activity_asks_for_what_people_did(notes: list[tuple[str, int]], age: int) -> None:
    opened = NOW - dt.timedelta(minutes=age, seconds=7)
    times = [(who, NOW - dt.timedelta(minutes=ago, seconds=7)) for who, ago in notes]
    issue = make_resource(created_at=opened, updated_at=opened)
    facts = make_facts(issue, notes={12: [{"author": who, "body": "x", "created_at": when} for who, when in times]})
    border = NOW - dt.timedelta(7)
    is_active = opened >= border or any(who == "kim" and when >= border for who, when in times)
    code = "active?(resource[:project_id], resource[:iid], 7)"
    assert rule_holds(rule_for(code, "issues"), issue, facts) is is_active
    assert rule_holds(rule_for(f"!{code}", "issues"), issue, facts) is not is_active


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ('resource["assignees"].length === 0', {"assignees": "None"}),
        (
            '!(resource["assignees"].length > 0) && resource["labels"].length !== 0',
            {"assignees": "None", "labels": ["Any"]},
        ),
        # In JavaScript 0 is false.
        ('resource["assignees"].length', {}),
        ('resource["milestone"]', {}),
    ],
)
def test_only_javascript_that_compares_is_read(code: str, written: dict[str, Any]) -> None:
    assert translate(code, "js").conditions == written


@pytest.mark.parametrize(
    "code",
    [
        'system("rm -rf /")',
        "`ls`",
        'resource["title"] = "x"',
        "unknown_helper(resource)",
        'resource["labels"].each { |l| puts l }',
        "first_contribution?",
        '"#{`ls`}" == ""',
        "true",
        "",
        "(" * 5000,
        "!" * 3000 + "true",
        'resource["a"]' + '["a"]' * 3000,
        'resource["title"] =~ /(?<!x)y\\p{L}/',
        'resource["created_at"] < 3.months.ago',
        'resource["assignees"].length > 0; exit',
    ],
)
def test_what_no_condition_says_exactly_is_not_translated(code: str) -> None:
    assert translate(code).conditions == {}


@given(
    st.text(
        alphabet=st.sampled_from('resource["labels"].any? { |l| == } && || ! not and or ( ) ? : /x/ 1 :a nil\n'),
        max_size=60,
    )
)
def test_no_code_breaks_it(code: str) -> None:
    ruby_remedy(code)
    translate_text(code)


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ('resource["due_date"] and DateTime.now + 7 >= resource["due_date"]', "write due_date: {within: 7 days}"),
        ('resource["due_date"].foo', "nothing says exactly the same; near is due_date: with within, beyond or overdue"),
    ],
)
def test_remedy_is_what_to_write_or_what_comes_near(code: str, remedy: str) -> None:
    assert ruby_remedy(code) == remedy


@pytest.mark.parametrize(
    ("code", "jinja"),
    [
        ("2.days.from_now.strftime('%Y-%m-%d')", "{{ in_days(2) }}"),
        ("(Date.today + 7).strftime('%d.%m.%Y')", "{{ in_days(7).strftime('%d.%m.%Y') }}"),
        ("1.week.from_now.to_date", "{{ in_days(7) }}"),
        ("Date.today", "{{ in_days(0) }}"),
        ("Time.now.strftime('%H:%M')", "{{ now.strftime('%H:%M') }}"),
        ("resource[:title]", "{{ title }}"),
        ('resource["iid"]', "{{ iid }}"),
        ('resource["references"]["full"]', "{{ full_reference }}"),
        ('closes_issues[0].resource["iid"]', ""),
        ("3.hours.from_now.strftime('%Y-%m-%d')", ""),
        ("1.month.from_now.strftime('%Y-%m-%d')", ""),
        ("resource[:title].upcase", ""),
        ("`ls`", ""),
    ],
)
def test_interpolation_becomes_jinja_with_the_same_words(code: str, jinja: str) -> None:
    assert translate_text(code) == jinja


def test_interpolations_are_said_at_their_place() -> None:
    source = parse_source("a.yml", b"a: |\n  until #{2.days.from_now.strftime('%Y-%m-%d')}, see #{{ x }} and #{y}\n")
    assert source.root is not None
    assert [str(each) for each in interpolations(source.root)] == [
        "a.yml:2:9: '#{…}' is Ruby, which policies cannot run; write Jinja: {{ in_days(2) }}",
        "a.yml:2:67: '#{…}' is Ruby, which policies cannot run; write Jinja: {{ … }}",
    ]


_PLAIN = st.recursive(
    st.text(max_size=12) | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=6,
)


@given(_PLAIN)
def test_values_are_written_so_that_yaml_reads_the_same(value: object) -> None:
    root = parse_source("a.yml", f"x: {flow(value)}\n".encode()).root
    assert root is not None and not isinstance(root, ScalarNode)
    assert plain(root) == {"x": value}
