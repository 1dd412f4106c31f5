"""What templates see of each type of resource, and what helps to word it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from starkeeper.errors import RenderError
from starkeeper.model.resources import Branch, Epic, Issue, MergeRequest, Resource, User
from starkeeper.model.values import Expression, Text
from starkeeper.render.note import finish_note
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.render.safe import Safe
from starkeeper.render.values import RESOURCE_ATTRIBUTES, resource_values
from tests.render.test_note import LINE, RULE
from tests.render.world import HERE, NOW, an_issue, comment, full_issue, names, say

ASKED: dict[str, Any] = {"tracker": "star", "project": "g/p", "created_at": NOW, "updated_at": NOW}
MERGE_REQUEST = MergeRequest(
    **ASKED,
    iid=3,
    draft=True,
    source_branch="login",
    target_branch="main",
    reviewers=(User("kim"), User("lee")),
    merged_at=NOW,
    merged_by=User("emil", 1, "Emil"),
)
EPIC = Epic(**{**ASKED, "project": "g/sub"}, iid=4)
BRANCH = Branch(**ASKED, name="feature/login", author=User("", 0, "Ivy Lane"))


@pytest.mark.parametrize(
    ("resource", "template", "text"),
    [
        (MERGE_REQUEST, "{{ full_reference }}", "g/p!3"),
        (MERGE_REQUEST, "{{ reviewers }} {{ merged_by }} {{ merged_by.name }}", "@kim, @lee @emil Emil"),
        (MERGE_REQUEST, "{{ source_branch }} {{ target_branch }} {{ draft }}", "login main yes"),
        (MERGE_REQUEST, "{{ merged_at }} {{ weight }} {{ name }}", "Mon 2026-11-30 09:00 UTC — —"),
        (EPIC, "{{ full_reference }} {{ type }}", "g/sub&4 epics"),
        (BRANCH, "{{ name }} {{ full_reference }}", "`feature/login` `g/p feature/login`"),
        (BRANCH, "{{ author }} {{ author.name }} {{ mention(author) }}", "Ivy Lane Ivy Lane Ivy Lane"),
        (an_issue(weight=3, iteration="Week 49"), "{{ weight }} {{ iteration }} {{ issue_type }}", "3 Week 49 issue"),
        (an_issue(tasks=3, tasks_done=1), "{{ tasks_done }} of {{ tasks }}, {{ notes_count }}", "1 of 3, 0"),
        (an_issue(), "{{ in_days(2) }} {{ in_days(-30) }}", "2026-12-02 2026-10-31"),
    ],
)
def test_each_type_shows_what_it_has(resource: Resource, template: str, text: str) -> None:
    assert TemplateRenderer().comment(Text(template, HERE), names(resource)) == text


@pytest.mark.parametrize("resource", [full_issue(), MERGE_REQUEST, EPIC, BRANCH])
def test_every_type_knows_every_name(resource: Resource) -> None:
    assert set(resource_values(resource)) == RESOURCE_ATTRIBUTES


@pytest.mark.parametrize("name", ["@all", "a`@all`", "www.example.com", "deadbeef1", "<b>@all</b>"])
def test_a_branch_and_its_author_can_be_called_anything(name: str) -> None:
    branch = Branch(**ASKED, name=name, author=User("", 0, name))
    body = TemplateRenderer().comment(
        Text("{{ name }} {{ reference }} {{ author }} {{ mention(author) }}"), names(branch)
    )
    assert not "".join(body.split("`")[::2]).strip()


def test_a_word_names_no_account_where_only_the_name_in_a_commit_is_known() -> None:
    assert TemplateRenderer().word(Text("{{ author }}"), names(BRANCH)) == "Ivy Lane"


@pytest.mark.parametrize("number", ["1.5", "'2'", "true", "none", "99999999", "title"])
def test_in_days_takes_whole_numbers_of_this_calendar(number: str) -> None:
    with pytest.raises(RenderError, match="in_days"):
        comment("{{ in_days(" + number + ") }}")


def test_a_day_is_one_of_utc() -> None:
    issue = an_issue(due_date=dt.date(2026, 12, 7))
    assert comment("{{ 'soon' if due_date <= in_days(7) }}", issue) == "soon"


@pytest.mark.parametrize(
    ("labels", "answer"),
    [
        (("type::bug", "type::docs", "ux"), True),
        (("type::bug", "ux", "docs"), False),
        (("a::b::c", "a::b::d"), True),
        (("a::b::c", "a::d"), False),
        ((), False),
    ],
)
def test_an_expression_finds_two_labels_of_one_scope(labels: tuple[str, ...], answer: bool) -> None:
    source = "label_scopes(labels) | length > label_scopes(labels) | unique | list | length"
    issue: Issue = an_issue(labels=labels)
    assert TemplateRenderer().expression(Expression(source, HERE), names(issue)) is answer


def test_finished_lines_come_out_as_they_are_where_they_stand_alone() -> None:
    items = '- [ ] [`/close @all`](https://e.com/1) ~"bug"\n- [ ] [a](https://e.com/2)\n\n  > more\n| a | b |'
    body = say("Please look:\n\n{{ items }}\n\nThank you, {{ x }}.", {"items": Safe(items, "markdown"), "x": "a|b"})
    assert body == f"Please look:\n\n{items}\n\nThank you, `a|b`."
    assert finish_note([body], rule=RULE, policy_url="", marker=LINE).startswith(f"{body}\n\n")


def test_finished_lines_mean_no_quick_action() -> None:
    body = say("Please look:\n\n{{ items }}", {"items": Safe("- a\n/close", "markdown")})
    with pytest.raises(RenderError):
        finish_note([body], rule=RULE, policy_url="", marker=LINE)
