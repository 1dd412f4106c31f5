"""Mistakes in templates and expressions, found before any run, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from starkeeper.model.values import Expression, TemplateName, Text
from starkeeper.render.check import check_expression, check_template
from starkeeper.render.names import known_names
from tests.render.world import HERE, full_issue, names

KNOWN = known_names(frozenset({"urgency", "ticket"}), ("original", "on_call"))


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("a\n{{ titel }}", "11:8: unknown name 'titel'; did you mean 'title'?"),
        ("{{ fields.urgncy }}", "10:15: 'fields' has no 'urgncy'; did you mean 'urgency'?"),
        ("{{ fields['tickt'] }}", "10:16: 'fields' has no 'tickt'; did you mean 'ticket'?"),
        ("{{ author.nme }}", "10:15: 'author' has no 'nme'; did you mean 'name'?"),
        ("{{ title | uper }}", "10:16: unknown filter 'uper'; did you mean 'upper'?"),
        ("{{ title | safe }}", "10:16: unknown filter 'safe'; leave it out: every value is escaped"),
        ("{{ title is defind }}", "10:17: unknown test 'defind'; did you mean 'defined'?"),
        ("{% macro a() %}{% endmacro %}", "10:5: 'macro' is not allowed in a template; use {% include %} instead"),
        (
            "{% autoescape 1 %}{% endautoescape %}",
            "10:5: 'autoescape' is not allowed in a template; use {% include %} instead",
        ),
        ("a\n\\{{ title }}", "11:5: a backslash stands right before a value; put a space between them"),
        ("{% include 'a.md' %}", "10:17: there is no template 'a.md'"),
        ("{% set a = 1 %}{{ titel }}", "10:23: unknown name 'titel'; did you mean 'title'?"),
        ("{{ self }}", "10:8: unknown name 'self'"),
        ("{% set a = 1 %}{{ self }}", "10:23: unknown name 'self'"),
        (
            "{% for loop in labels %}{{ loop }}{% endfor %}",
            "10:5: the template cannot be read: Can't assign to special loop variable in for-loop target",
        ),
    ],
)
def test_a_mistake_is_shown_at_its_place_with_the_nearest_name(source: str, problem: str) -> None:
    assert [str(each) for each in check_template(Text(source, HERE), KNOWN)] == [f"policies/star.yml:{problem}"]


@pytest.mark.parametrize(
    "source",
    [
        "{{author}}, {{ labels }} {{ description | quote }}",
        "{% for each in labels %}{{ loop.index }} {{ each }}{% endfor %}",
        "{% set a = title %}{{ a }} {% with b = a %}{{ b }}{% endwith %}",
        "{{ link(title, web_url) }} {{ mention(on_call('x')) }} {{ original.reference }}",
        "`{{ title }}` {% if due_date is none %}x{% endif %}",
    ],
)
def test_a_good_template_has_no_problems(source: str) -> None:
    assert check_template(Text(source, HERE), KNOWN) == []


def test_includes_are_followed_and_cycles_found(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "a.md").write_text("{% for x in labels %}{% include 'b.md' %}{% endfor %}{% include 'c.md' %}")
    (folder / "b.md").write_text("{{ x }}\n{{ y }}{% include 'a.md' %}")
    found = [str(each) for each in check_template(TemplateName("a.md", HERE), KNOWN, folder)]
    assert found == [
        "templates/a.md:1:66: there is no template 'c.md'; did you mean 'b.md'?",
        "templates/b.md:2:4: unknown name 'y'",
        "templates/b.md:2:20: the template 'a.md' includes itself; take the include out",
    ]
    missing = check_template(TemplateName("aa.md", HERE), KNOWN, folder)
    assert [str(each) for each in missing] == [f"{HERE}: there is no template 'aa.md'; did you mean 'a.md'?"]


def test_expressions_are_checked_alike() -> None:
    assert check_expression(Expression('"x" in labels and upvotes > 3', HERE), KNOWN) == []
    for source in ("titel == 1", "1 +", "a }}{{ b", "title | foo", "fields.nothing"):
        assert [each.where.line for each in check_expression(Expression(source, HERE), KNOWN)] == [10]


def test_every_name_that_a_template_gets_is_known_to_the_check() -> None:
    assert set(names(full_issue())) == set(known_names(None))
