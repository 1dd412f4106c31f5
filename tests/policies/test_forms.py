"""What `check` says of forms that nobody could fill in, or whose issues the desk would not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from starkeeper.errors import PolicyError
from starkeeper.model.policies import Policies
from starkeeper.policies.load import load_policies
from tests.builders import PEOPLE_YML

DESK = """
trackers:
  star:
    project: support/star
    title: 'ZD#(?P<ticket>[0-9]+)'
    form: {Ticket: ticket, Urgency: urgency}
    values: {urgency: {Not Urgent: not-urgent, Urgent: urgent}}
  all: {group: support}
calendars: {office_hours: {open: {weekdays: "09:00-17:00"}}}
managers: [amber]
"""
FORM = """
forms:
  - name: star
    tracker: star
    title: "STAR for ZD#{{ fields.ticket }}"
    within: {calendar: office_hours, otherwise: wait}
    fields:
      ticket: {about: the ticket, kind: ticket, required: true}
      urgency: {about: how soon, options: [Not Urgent, Urgent], refused: {Now: wait}}
      code: {about: a code, pattern: "[A-Z]+", such_as: ABC, required_when: {urgency: Urgent}}
      starts: {about: from when, kind: time, after: now}
      ends: {about: until when, kind: time, after: starts, at_most: 2 days}
      name: {about: a name, forbidden_when: {urgency: [Urgent]}, why: it is secret}
      rest: {about: all else, kind: text, max_length: 4000}
"""


def read_policies(folder: Path, form: str = FORM, desk: str = DESK) -> Policies:
    for name, text in (("desk", desk), ("people", PEOPLE_YML), ("forms", form)):
        (folder / f"{name}.yml").write_text(text, "utf-8")
    return load_policies([folder], folder)


def problems(folder: Path, form: str = FORM, desk: str = DESK) -> list[str]:
    try:
        read_policies(folder, form, desk)
    except PolicyError as error:
        return [f"{Path(each.where.file).name}:{each.where.line}: {each.message}" for each in error.problems]
    return []


def test_form_needs_no_rules_beside_it_and_its_headings_are_those_that_the_tracker_reads(tmp_path: Path) -> None:
    (form,) = read_policies(tmp_path).forms
    headings = [each.heading for each in form.fields.values()]
    assert headings == ["Ticket", "Urgency", "Code", "Starts", "Ends", "Name", "Rest"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("tracker: star", "tracker: stars", "4: there is no tracker 'stars' in desk.yml"),
        ("tracker: star", "tracker: all", "4: tracker 'all' is a group, which has no issues"),
        ("office_hours", "office", "6: there is no calendar 'office' in desk.yml"),
        ("name: star", "name: A STAR", "3: 'A STAR' is no name of a form"),
        ("fields.ticket", "fields.tickets", "5: 'fields' has no 'tickets'"),
        ("{{ fields.ticket }}", "{{ ticket }}", "5: unknown name 'ticket'"),
        ("    within", "    template: form.md\n    within", "6: there is no template 'form.md'"),
        ("ticket: {about", "Ticket: {about", None),
        ("code: {about", "now: {about", "10: 'now' is no name for a field"),
        (
            "code: {about: a code",
            "code: {about: a code, heading: Name",
            "13: 'name' stands below the heading of",
        ),
        ("code: {about: a code", "code: {about: a code, heading: Ticket", None),
        ("code: {about: a code", "code: {about: a code, heading: '# x'", "10: the heading of 'code' has signs"),
        (
            "kind: ticket",
            "kind: ticket, heading: Number",
            "8: 'ticket' stands below 'Number', and tracker",
        ),
        ("options: [Not Urgent, Urgent], ", "", "9: 'urgency': 'refused' without 'options' refuses nothing"),
        ("{Now: wait}", "{Urgent: wait}", "9: 'urgency': 'Urgent' can be chosen and is refused"),
        (
            "kind: text",
            "kind: text, pattern: x, such_as: x",
            "14: 'rest': 'pattern' is for a line or a link, and this",
        ),
        ("kind: text, ", "", "14: 'rest': a line has at most 300 characters"),
        ("such_as: ABC", "such_as: abc", "10: 'code': 'such_as' is no example of 'pattern'"),
        ('"[A-Z]+"', '"[A-Z"', "10: 'pattern': '[A-Z' is no regular expression"),
        ("{urgency: Urgent}", "{urgency: Soon}", "10: 'code': 'Soon' is no option of 'urgency'"),
        ("{urgency: Urgent}", "{haste: Urgent}", "10: 'code': it depends on 'haste', which is no other field"),
        ("after: now", "after: code", "11: 'starts': 'after' names 'code', which is no time of this form"),
        ("after: starts, ", "", "12: 'ends': 'at_most' says how long after what: that is missing"),
        ("2 days", "2 months", "12: 'ends': 'at_most' counts minutes, hours, days or weeks"),
        (", why: it is secret", "", "13: 'name': 'forbidden_when' and 'why' belong together"),
        ("about: a name, ", "", "13: 'name' lacks 'about'"),
    ],
)
def test_each_mistake_is_said_at_its_line(tmp_path: Path, before: str, after: str, said: str | None) -> None:
    assert before in FORM
    found = problems(tmp_path, FORM.replace(before, after, 1))
    assert any(each.startswith(f"forms.yml:{said or ''}") for each in found), found
    assert len(found) == 1 or said is None


def test_heading_that_nobody_can_fill_in_is_an_error(tmp_path: Path) -> None:
    desk = DESK.replace("Urgency: urgency", "Urgency: urgency, Plan: plan")
    assert problems(tmp_path, desk=desk) == [
        "forms.yml:3: tracker 'star' reads 'Plan', and nobody can fill it in: there is no field 'plan'"
    ]


def test_answer_that_rules_know_and_nobody_can_choose_is_an_error(tmp_path: Path) -> None:
    desk = DESK.replace("Urgent: urgent}", "Urgent: urgent, Timely: timely, in time: timely}")
    assert problems(tmp_path, desk=desk) == [
        "forms.yml:9: no option of 'urgency' is what tracker 'star' knows as 'timely'"
    ]


def test_two_forms_of_one_name_are_an_error(tmp_path: Path) -> None:
    second = FORM.replace("\nforms:\n", "")
    (found,) = problems(tmp_path, FORM + second)
    assert found.startswith("forms.yml:15: the name 'star' is taken by the form at ")


def test_words_of_a_form_are_part_of_what_the_policies_say(tmp_path: Path) -> None:
    before = read_policies(tmp_path).digest
    form = FORM.replace("    within", "    template: form.md\n    within")
    (tmp_path / "form.md").write_text("### Ticket\n\n{{ fields.ticket }}", "utf-8")
    one = read_policies(tmp_path, form).digest
    (tmp_path / "form.md").write_text("### Ticket\n\nNumber {{ fields.ticket }}", "utf-8")
    assert len({before, one, read_policies(tmp_path, form).digest}) == 3
