"""Takes Ruby that nothing says exactly, or a piece of it in a text; gives what is near, in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from starkeeper.errors import Problem
from starkeeper.policies.nodes import Node, scalars
from starkeeper.policies.ruby.interpolate import INTERPOLATION, translate_text
from starkeeper.policies.ruby.translate import Language, translate
from starkeeper.policies.syntax import place_at

_CONDITIONS = (
    (r"assignee", "assignees: with None, Any or {at_least: 1}"),
    (r"labels", "labels: with patterns such as type::*, or forbidden_labels:"),
    (r"time_(stats|estimate|spent)|total_time", "time_tracking: with estimate or spent"),
    (r"due_date", "due_date: with within, beyond or overdue"),
    (r"(merge_requests_count|closes_issues|related_merge)", "linked_merge_requests: or closes_issues:"),
    (r"task|\[x\]|\[ \]", "tasks: with None, Any, done or open"),
    (r"description", "description: with a regular expression"),
    (r"title", "title: with a regular expression"),
    (r"milestone", "milestone: with a title, none, any, started or upcoming"),
    (r"active\?|notes|comment", "human_activity: {within: 7 days}, or commented: {by: people}"),
    (r"(updated|created|closed|merged)_at|Date", "date: with attribute, condition, interval_type and interval"),
    (r"author", "author_username: with the user name"),
    (r"votes", "votes: with attribute, condition and threshold"),
    (r"state", "state: with a state such as opened"),
)
_WORDS = (
    (r"closes_issues|related_merge", ""),
    (r"author", "{{ author }}"),
    (r"assignee", "{{ assignees }}"),
    (r"label", "{{ labels }}"),
    (r"title", "{{ title }}"),
    (r"milestone", "{{ milestone }}"),
    (r"web_url|url", "{{ web_url }}"),
    (r"reference|iid", "{{ full_reference }}"),
    (r"due_date", "{{ due_date }}"),
    (r"Date|Time|now", "{{ now }}"),
)
_NO_WORDS = "no template can name this: write the comment without it"


def ruby_remedy(code: str, language: Language = "ruby") -> str:
    """The condition that replaces an expression under `ruby:` (or `js:`), else what comes near."""
    if yaml := translate(code, language).yaml:
        return f"write {yaml}"
    near = [condition for pattern, condition in _CONDITIONS if re.search(pattern, code)]
    if near:
        return f"nothing says exactly the same; near is {near[0]}"
    return "say it with conditions such as title, description, assignees and date, or with expr: (a Jinja expression)"


def interpolations(node: Node) -> Iterator[Problem]:
    """A problem for each `#{…}` below a node. `#{{ … }}` is Jinja behind a `#`, and `#{2}` belongs to a pattern."""
    for scalar in scalars(node):
        text = scalar.raw or scalar.text
        for start in INTERPOLATION.finditer(text):
            yield Problem(
                place_at(scalar, start.start()),
                "'#{…}' is Ruby, which policies cannot run",
                _words_for(text[start.end() :].partition("}")[0]),
            )


def _words_for(code: str) -> str:
    if exact := translate_text(code):
        return f"write Jinja: {exact}"
    near = next((each for pattern, each in _WORDS if re.search(pattern, code)), None)
    if near == "":
        return _NO_WORDS
    return f"write Jinja: {near or '{{ … }}'}"
