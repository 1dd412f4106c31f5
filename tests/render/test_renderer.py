"""Templates, words and expressions rendered over an issue."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from starkeeper.errors import RenderError, Where
from starkeeper.model.facets import FacetNeeded
from starkeeper.model.resources import Issue, Milestone, ResourceKey, User
from starkeeper.model.values import Expression, TemplateName, Text
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.render.safe import Safe
from tests.render.world import HERE, HOSTILE, an_issue, comment, full_issue, names


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{author}}", "@emil"),
        ("{{ author }}", "@emil"),
        ("{{assignee}}", "@kim"),
        ("{{assignees}}", "@kim, @lee"),
        ("{{reviewers}}", ""),
        ("{{labels}}", '~"bug", ~"star::new"'),
        ("{{milestone}}", '%"17.1"'),
        ("{{full_reference}}", "g/p#12"),
        ("{{web_url}}", "https://gitlab.com/g/p/-/issues/12"),
        ("{{title}}", "Printer on fire"),
        ("{{created_at}}", "Mon 2026-11-30 09:00 UTC"),
        ("{{closed_at}}", "—"),
        ("{{state}} {{type}} {{upvotes}} {{iid}}", "opened issues 0 12"),
        ("ZD#{{ 123456 }} {{ confidential }}", "ZD#123456 no"),
        ("{{ fields.urgency }} {{ fields.ticket }}", "Timely —"),
        ("{% if fields.ticket %}a{% else %}b{% endif %}", "b"),
        ('{% if "bug" in labels %}a{% endif %}', "a"),
        ("{% for each in labels %}{{ each }} {% endfor %}", '~"bug" ~"star::new" '),
        ("{{ author.name }} {{ milestone.title }} {{ milestone.due_date }}", "Emil 17.1 —"),
        ("{{ link('a', 'https://e.com/x') }}", "[a](https://e.com/x)"),
        ("{{ mention('kim') }} {{ mention('all') }} {{ mention('a b') }}", "@kim all a b"),
        ("a{{ 'b' if confidential }}c", "ac"),
        ("{{ labels | first }} {{ 'a*b' }}", '~"bug" `a*b`'),
    ],
)
def test_values_take_their_form(template: str, text: str) -> None:
    assert comment(template) == text


@pytest.mark.parametrize(
    "issue",
    [
        an_issue(labels=('a" @all',)),
        an_issue(labels=("a`b\n/close",)),
        an_issue(milestone=Milestone('1" @all')),
        an_issue(author=User("all")),
        an_issue(author=User("a b\n/close")),
        an_issue(web_url="https://e.com/) @all"),
    ],
)
def test_names_that_would_break_out_are_escaped(issue: Issue) -> None:
    body = comment("{{labels}} {{milestone}} {{author}} {{web_url}}", issue)
    assert "\n" not in body
    for piece in body.split("`")[::2]:
        assert "@" not in piece


def test_issues_in_other_names_show_only_what_is_documented() -> None:
    given: dict[str, Any] = {"original": full_issue(), "earlier": (full_issue(),)}
    assert comment("{{ original.reference }} {{ original }} {{ earlier[0].author }}", **given) == "g/p#12 g/p#12 @emil"
    for inside in ("original.tracker", "original.__class__", "earlier[0].__struct_fields__", "title.__class__.__mro__"):
        with pytest.raises(RenderError):
            comment("{{ " + inside + " }}", **given)


def test_hostile_text_is_shown_and_not_obeyed() -> None:
    issue = an_issue(title=HOSTILE, description=HOSTILE)
    body = comment("New: {{ title }}\n\n{{ description | quote }}", issue)
    assert body.meant == ()
    assert "{{ 7*7 }}" in body
    assert "49" not in body
    assert "$CI_JOB_TOKEN" in body


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("It costs $5: {{ x }}", "a$ @all", "It costs $5: <code>a&#36; &#64;all</code>"),
        ("It costs $5: `a {{ x }}`", "b$ @all", "It costs $5: `a b\uff04 \uff20all`"),
        ("${{ x }}$", r"\phantom{a}", "$<code>&#92;phantom&#123;a&#125;</code>$"),
        ("[[{{ x }}]]", "a]] @all", "[[<code>a&#93;&#93; &#64;all</code>]]"),
        ("a ^[{{ x }}]", "b] @all", "a ^[<code>b&#93; &#64;all</code>]"),
        ("It costs $5: {{ x }}", "a lot", "It costs $5: a lot"),
    ],
)
def test_no_value_ends_what_is_stronger_than_code(template: str, value: str, text: str) -> None:
    """GitLab reads `$5 … $` as math, and `[[ … ]]` as a link, even where the end of it is within a code span."""
    assert comment(template, x=value) == text


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        (
            '```json:table\n{"items": [{"a": "{{ x }}"}]}\n```',
            '"}], "markdown": true',
            '```json:table\n{"items": [{"a": "\uff02\uff5d\uff3d\uff0c \uff02markdown\uff02\uff1a true"}]}\n```',
        ),
        (
            '~~~ Mermaid\ngraph TD\n\nA["{{ x }}"]\n~~~',
            '"]; click A "http',
            '~~~ Mermaid\ngraph TD\n\nA["\uff02\uff3d\uff1b click A \uff02http"]\n~~~',
        ),
        ("```mermaid\na\n```\n{{ x }}\n", "a;b", "```mermaid\na\n```\n`a;b`\n"),
        ("```text\nA {{ x }}\n```", "a;b", "```text\nA `a;b`\n```"),
        ("```mermaid\nA[{{ x }}]\n```", "1.5 hours", "```mermaid\nA[1.5 hours]\n```"),
    ],
)
def test_no_value_writes_a_part_of_a_drawing(template: str, value: str, text: str) -> None:
    assert comment(template, x=value) == text


def test_safe_text_passes_only_into_its_own_target() -> None:
    renderer, given = TemplateRenderer(), {"x": Safe("**a**", "markdown"), "y": Markup("<b>")}
    template = Text("{{ x }} {{ x ~ x }} {{ y }}", HERE)
    assert renderer.comment(template, given) == "**a** `**a****a**` `<b>`"
    assert renderer.text(template, given, "html") == "**a** **a****a** &lt;b&gt;"
    assert renderer.text(template, given, "slack").startswith("\u2217\u2217a")


def test_a_template_may_mean_quick_actions() -> None:
    body = comment('Hi\n/assign {{author}}\n  /label ~"x"\n{{title}}')
    assert body.meant == ("/assign @emil", '/label ~"x"')


@pytest.mark.parametrize(
    "source",
    [
        "{% macro a() %}{% endmacro %}",
        "{% call a() %}{% endcall %}",
        "{% call title.upper() %}{% endcall %}",
        "{% filter upper %}{{ title }}{% endfilter %}",
        "{% set a %}{{ title }}{% endset %}",
        "{% autoescape true %}{{ title }}{% endautoescape %}",
        "{% extends 'a' %}",
        "{% block a %}{% endblock %}",
        "{% import 'a' as b %}",
        "{% from 'a' import b %}",
        "{% include title %}",
        "{% include ['a', 'b'] %}",
        "{% for a in labels recursive %}{{ loop(a) }}{% endfor %}",
        "{{ title | safe }}",
        "{{ title | e }}",
        "{{ title | urlize }}",
        "{{ {'a': 1} | xmlattr }}",
        "{{ '%s' | format(title) }}",
        "{{ title | tojson }}",
        "{{ '%s' % title }}",
        "{{ '{}'.format(title) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9999999 }}",
        "{{ range(100000) }}",
        "{% for a in range(1000) %}{% for b in range(1000) %}abc{% endfor %}{% endfor %}",
        "{{ mention }}",
        "{{ fields }}",
        "{{ nothing }}",
        "{% if nothing %}{% endif %}",
        "{{ title",
    ],
)
def test_what_could_put_out_unescaped_text_is_refused(source: str) -> None:
    with pytest.raises(RenderError):
        comment(source)


def test_errors_name_the_place_and_never_the_value() -> None:
    issue = an_issue(title="customer words")
    for source, where in [
        ("a\nb {{ nothing }}", Where("policies/star.yml", 11, 10)),
        ("a\n{{ fields[title] }}", Where("policies/star.yml", 11, 5)),
        ("{{ author[title] }}", Where("policies/star.yml", 10, 5)),
        ("a\n\n{{ title | round }}", Where("policies/star.yml", 12, 5)),
    ]:
        with pytest.raises(RenderError) as caught:
            comment(source, issue)
        assert caught.value.problem.where == where
        assert "customer" not in str(caught.value)


def test_a_missing_facet_passes_through() -> None:
    def on_call() -> str:
        raise FacetNeeded("notes", ResourceKey("g/p", 12))

    with pytest.raises(FacetNeeded):
        comment("{{ on_call() }}", on_call=on_call)


def test_words_are_raw_and_checked() -> None:
    renderer = TemplateRenderer()
    assert renderer.word(Text("urgency::{{ fields.urgency }}"), names(full_issue())) == "urgency::Timely"
    assert renderer.word(Text(" {{ author }} "), names(full_issue())) == "emil"
    assert renderer.word(Text("{{ labels[1] }}"), names(full_issue())) == "star::new"
    for source in ("", "x::{{ fields.ticket }}", "{{ labels }}", "a\nb", "a\u202eb", "x" * 256, "{{ closed_at }}"):
        with pytest.raises(RenderError):
            renderer.word(Text(source, HERE), names(full_issue()))


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ('"bug" in labels and upvotes > 3', False),
        ('author == "emil" and milestone == "17.1"', True),
        ("created_at < now", False),
        ("assignees | length", 2),
        ("fields.ticket", ""),
        ("due_date", None),
    ],
)
def test_expressions_see_plain_values(source: str, answer: object) -> None:
    assert TemplateRenderer().expression(Expression(source, HERE), names(full_issue())) == answer


@pytest.mark.parametrize("source", ["nothing", "1 +", "title.__class__", "fields.nothing", "title | safe"])
def test_bad_expressions_are_refused_where_they_stand(source: str) -> None:
    with pytest.raises(RenderError) as caught:
        TemplateRenderer().expression(Expression(source, HERE), names(full_issue()))
    assert caught.value.problem.where.line == HERE.line


def test_files_include_files_and_nothing_outside(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    (folder / "comments").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("secret")
    (folder / "comments" / "a.md").write_text("A {% include 'comments/b.md' %}\n", "utf-8")
    (folder / "comments" / "b.md").write_text("\n{{ titel }}", "utf-8")
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    renderer = TemplateRenderer(folder)
    assert renderer.comment(TemplateName("comments/a.md"), {"titel": "x y"}) == "A \nx y"
    with pytest.raises(RenderError) as caught:
        renderer.comment(TemplateName("comments/a.md"), {})
    assert caught.value.problem.where == Where("templates/comments/b.md", 2, 4)
    for name in ("../secret.md", "/etc/passwd", "out.md", "comments", "comments/c.md"):
        with pytest.raises(RenderError, match="there is no template"):
            renderer.comment(TemplateName(name, HERE), {})


def test_a_template_holds_no_second_template() -> None:
    assert comment("{{ title }}", an_issue(title="{{ author }}")) == "`{{ author }}`"


def test_dates_and_moments_are_written_out() -> None:
    at = dt.datetime(2026, 12, 1, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert comment("{{ a }} {{ b }}", a=at, b=dt.date(2026, 11, 30)) == "Mon 2026-11-30 23:30 UTC 2026-11-30"
