"""What the policies need in GitLab: which labels where, with which looks, and which webhooks, forms and variables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from starkeeper.model.desk import Tracker
from starkeeper.model.forms import Form, FormField
from starkeeper.model.policies import Policies
from starkeeper.model.setup import Wanted, WantedLabel, WantedTracker
from starkeeper.model.values import Pattern, Text
from starkeeper.policies.load import load_policies
from starkeeper.setup.forms import is_ours, is_untouched, issue_template, missing_headings, template_name
from starkeeper.setup.wanted import label_names, wanted_by

DESK = """
trackers:
  star:
    project: support/star
    form: {Urgency: urgency, Region: region}
    values: {urgency: {Very Urgent: urgent, Asap: urgent, Timely: timely}}
  cover: {project: support/cover}
  all: {group: support}
clocks:
  answer: {stops: [closed, {label: answered}], pauses: ["waiting::*", snoozed], length: 2 hours}
"""


def policies_of(folder: Path, rule: str, more: str = "") -> Policies:
    (folder / "desk.yml").write_text(DESK + more, encoding="utf-8")
    text = f"tracker: star\nresource_rules:\n  issues:\n    rules:\n      - name: A rule\n{rule}"
    (folder / "star.yml").write_text(text, encoding="utf-8")
    return load_policies([folder], folder)


def wanted(folder: Path, rule: str, more: str = "") -> Mapping[str, WantedTracker]:
    return {each.name: each for each in wanted_by(policies_of(folder, rule, more)).trackers}


@pytest.mark.parametrize(
    ("rule", "labels"),
    [
        ("        actions: {labels: [new, '{{ fields.region }}']}", {"new"}),
        ("        actions: {labels: ['urgency::{{ fields.urgency }}']}", {"urgency::urgent", "urgency::timely"}),
        ("        actions: {labels: ['{{ title }}::{{ fields.urgency }}']}", set()),
        ("        actions: {remove_labels: ['star::{new, old}', 'sla::*']}", {"star::new", "star::old"}),
        ("        conditions: {labels: [None]}\n        actions: {status: close}", set()),
        (
            "        conditions: {any_of: [{labels: [a]}, {forbidden_labels: [b]}]}\n        actions: {status: close}",
            {"a", "b"},
        ),
        ("        conditions: {label_added: {label: seen, by: bot}}\n        actions: {status: close}", {"seen"}),
        (
            "        conditions: {clock: {name: answer, breached: true}}\n        actions: {status: close}",
            {"answered", "snoozed"},
        ),
        (
            "        repeat: {every: 1 day, at_most: 2, then: {labels: [needs-human]}}\n"
            "        actions: {comment: Hello}",
            {"needs-human"},
        ),
    ],
)
def test_labels_are_those_that_a_rule_names_wherever_it_does(tmp_path: Path, rule: str, labels: set[str]) -> None:
    policies = policies_of(tmp_path, rule)
    assert label_names(policies.desk.trackers["star"], policies) == labels | {"starkeeper:undone"}
    assert label_names(policies.desk.trackers["cover"], policies) == frozenset()


def test_label_that_is_named_looks_so_before_a_pattern_does(tmp_path: Path) -> None:
    more = """
labels:
  "star::*": {color: "#111111", description: Any}
  "star::new": {color: "#ABCDEF"}
  "region::{APAC, EMEA}": {color: "#222222", trackers: [cover]}
"""
    found = wanted(tmp_path, "        actions: {labels: ['star::new', 'star::old', other]}", more)
    assert found["star"].labels == (
        WantedLabel(name="other"),
        WantedLabel(name="star::new", color="#abcdef"),
        WantedLabel(name="star::old", color="#111111", description="Any"),
        WantedLabel(name="starkeeper:undone"),
    )
    assert [each.name for each in found["cover"].labels] == ["region::APAC", "region::EMEA"]


def test_only_trackers_with_rules_for_issues_are_listened_to(tmp_path: Path) -> None:
    found = wanted(tmp_path, "        actions: {labels: [new]}")
    assert {name: each.hears for name, each in found.items()} == {"star": True, "cover": False, "all": False}


def test_variables_are_only_those_of_services_that_the_desk_uses(tmp_path: Path) -> None:
    pipelines = "pipelines: {project: support/desk}\n"
    bare = wanted_by(policies_of(tmp_path, "        actions: {labels: [new]}", pipelines))
    assert keys(bare) == ["GITLAB_TOKEN", "STARKEEPER_APPLY", "STARKEEPER_READ_TOKEN"]
    more = f"{pipelines}channels: {{star: stars}}\nservices: {{emergencies: Emergencies}}\n"
    whole = wanted_by(policies_of(tmp_path, "        actions: {labels: [new]}", more))
    assert keys(whole)[3:] == ["SLACK_BOT_TOKEN", "PAGERDUTY_API_KEY", "PAGERDUTY_FROM"]


def keys(found: Wanted) -> list[str]:
    assert found.pipelines is not None
    return [each.key for each in found.pipelines.variables]


def tracker(title: str = "", **form: str) -> Tracker:
    pattern = Pattern.parse(title).compiled if title else None
    return Tracker(name="star", path="support/star", title=pattern, form=form)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (r"^STAR for ZD#(?P<ticket>\d+)$", "The title: STAR for ZD#<ticket>"),
        (r"^(?P<kind>Good|Bad) feedback (?P<number>[0-9]+)", "The title: <kind> feedback <number>"),
        (r"(?i)^star\b", ""),
        ("", ""),
    ],
)
def test_template_says_a_title_only_as_people_would_write_it(title: str, shown: str) -> None:
    lines = issue_template(tracker(title, Ticket="ticket")).splitlines()
    assert [line for line in lines if line.startswith("The title")] == ([shown] if shown else [])


def test_template_explains_what_the_form_of_the_tracker_asks() -> None:
    fields = {
        "ticket": FormField(name="ticket", heading="Ticket", about="the number of the ticket"),
        "urgency": FormField(name="urgency", heading="Urgency", about="how soon", options=("Urgent", "Timely")),
    }
    form = Form(name="star", policy="", tracker="star", title=Text("STAR"), fields=fields)
    lines = issue_template(tracker(Ticket="ticket", Urgency="urgency", Plan="plan"), form).splitlines()
    assert "Ticket: the number of the ticket" in lines
    assert "Urgency: how soon; one of Urgent, Timely" in lines
    assert not any(line.startswith("Plan") for line in lines)


def test_nothing_stands_below_a_heading_that_could_be_taken_for_an_answer() -> None:
    text = issue_template(tracker(Ticket="ticket", Urgency="urgency"))
    below = text.partition("### Ticket")[2]
    assert below.split() == ["###", "Urgency"]


@pytest.mark.parametrize("edited", ["A word\n", "### Ticket\n"])
def test_edited_template_is_known_from_an_untouched_one(edited: str) -> None:
    text = issue_template(tracker(Ticket="ticket"))
    assert (is_ours(text), is_untouched(text)) == (True, True)
    assert is_untouched(text.replace("\n", "\r\n") + "\n\n")
    assert (is_ours(text + edited), is_untouched(text + edited)) == (True, False)
    assert (is_ours(edited), is_untouched(edited)) == (False, False)


def test_heading_counts_as_there_at_any_depth() -> None:
    assert missing_headings("# Ticket\n\n##   Plan\n\nUrgency", ("Ticket", "Plan", "Urgency")) == ("Urgency",)


def test_template_is_called_after_its_tracker() -> None:
    assert template_name("backup_pool") == "Backup pool"
