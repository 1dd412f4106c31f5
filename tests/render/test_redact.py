"""Names whose values are hidden: nothing of a confidential resource is told, and no template breaks."""

from __future__ import annotations

import pytest
from msgspec import structs

from starkeeper.model.values import Expression, Text
from starkeeper.render.names import HELPERS
from starkeeper.render.redact import redacted, redacted_others
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.render.safe import Target
from tests.builders import make_issue
from tests.render.world import HERE, full_issue, names

SECRETS = ("Printer", "emil", "kim", "lee", "bug", "star::new", "17.1", "Timely")
SHOWN = {"confidential", "state", "web_url", "full_reference", "reference", "type", "now", "tracker"}


def hidden(template: str, target: Target = "markdown") -> str:
    return TemplateRenderer().text(Text(template, HERE), redacted(names(full_issue())), target)


def test_every_value_is_hidden_but_for_what_names_the_resource() -> None:
    given = names(full_issue())
    for name in sorted(set(given) - SHOWN - HELPERS):
        assert hidden("{{ " + name + " }}") == "(confidential)", name
    for name in SHOWN:
        assert redacted(given)[name] == given[name], name


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ full_reference }} {{ type }} {{ web_url }}", "g/p#12 issues https://gitlab.com/g/p/-/issues/12"),
        (
            "{{ author.name }} {{ fields.urgency }} {{ fields['ticket'] }} {{ labels[0] }}",
            " ".join(["(confidential)"] * 4),
        ),
        ("{% for each in labels %}{{ each }};{% endfor %}", "(confidential);"),
        ("{{ labels | first }} {{ assignees | join(', ') }}", "(confidential) `(confidential)`"),
        ("{{ created_at.strftime('%Y') }} {{ (now - created_at).days }}", "(confidential) (confidential)"),
        ("{{ mention(author) }} {{ title[:3] }}", "(confidential) (confidential)"),
        ("{{ link(title, web_url) }}", "[`(confidential)`](https://gitlab.com/g/p/-/issues/12)"),
        ("{{ description | quote }}", "```\n| (confidential)\n```"),
        ("{% if upvotes > 3 or upvotes < 3 or labels == 'opened' %}a{% else %}b{% endif %}", "b"),
        ("{{ original.title }} {{ earlier }}", "(confidential) (confidential)"),
    ],
)
def test_a_template_goes_on_working(template: str, text: str) -> None:
    assert hidden(template) == text


@pytest.mark.parametrize(
    "template",
    [
        "{{ title | upper }} {{ title ~ author }} {{ labels | list | join }} {{ author.username | reverse }}",
        "{% set a = title %}{{ a }} {{ [title, labels] }} {{ milestone.due_date }} {{ fields.urgency | default('x') }}",
        "{{ labels | length }} {{ label_scopes(labels) }} {{ title | truncate(5) }} {{ labels | map('upper') | list }}",
    ],
)
def test_no_filter_brings_a_value_back(template: str) -> None:
    targets: tuple[Target, ...] = ("markdown", "slack", "plain", "html")
    for target in targets:
        text = hidden(template, target)
        assert not any(secret.lower() in text.lower() for secret in SECRETS), target


def test_a_hidden_value_is_compared_as_its_text() -> None:
    renderer, given = TemplateRenderer(), redacted(names(full_issue()))
    assert renderer.expression(Expression('title == "(confidential)" and author == title', HERE), given) is True


@pytest.mark.parametrize("template", ["{{ original.title }} {{ original.author.name }} {{ original.labels | join }}"])
@pytest.mark.parametrize("confidential", [True, False])
def test_another_resource_that_is_confidential_is_hidden_in_the_words_of_one_that_is_not(
    template: str, confidential: bool
) -> None:
    other = structs.replace(full_issue(), confidential=confidential)
    open_one = {**names(make_issue(title="Open")), "original": other, "earlier": (other,)}
    every = template + " {{ original }} {% for each in earlier %}{{ each.title }} {{ each }}{% endfor %} {{ title }}"
    text = TemplateRenderer().text(Text(every, HERE), redacted_others(open_one), "plain")
    assert text.endswith("Open") and text.count(other.reference) == 2
    assert any(secret in text for secret in SECRETS) is not confidential
