"""Takes Ruby as gitlab-triage policies hold it; gives what to write here in its place. Nothing is ever run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from starkeeper.errors import Problem
from starkeeper.policies.nodes import Node, scalars
from starkeeper.policies.syntax import place_at

_INTERPOLATION = re.compile(r"#\{(?!\{|%|\s*\d*\s*,?\s*\d*\s*\})")

_CONDITIONS = (
    (r"assignees.{0,12}(length|size|count)?.{0,6}==\s*0|assignees.{0,6}empty|assignee\W+nil", "assignees: None"),
    (r"assignee", "assignees: Any, or assignees: {at_least: 1}"),
    (r"!\s*resource.{0,4}labels.*start_with|labels.*none", 'forbidden_labels: ["type::*"]'),
    (r"labels", 'labels: ["type::*"], where * stands for any text'),
    (r"time_(stats|estimate|spent)|total_time", "time_tracking, once it is supported"),
    (r"due_date", "due_date, once it is supported, or expr: 'due_date is not none'"),
    (r"(merge_requests_count|closes_issues|related_merge)", "linked_merge_requests, once it is supported"),
    (r"task|\[x\]|\[ \]", "description: '- \\[ \\]', which is found while a task is open"),
    (r"(not|!)\s*resource\W+description|description\W+(==\s*\"\"|nil|empty|blank)", "description: {empty: true}"),
    (r"description", "description: with a regular expression"),
    (r"title", "title: with a regular expression"),
    (r"milestone", "milestone: with a title, 'none', 'any', 'started' or 'upcoming'"),
    (r"active\?|notes|comment", "commented: {by: people}"),
    (r"(updated|created|closed)_at|Date", "date: with attribute, condition, interval_type and interval"),
    (r"author", "author_username: with the user name"),
    (r"votes", "expr: 'upvotes > 10'"),
    (r"state", "state: opened"),
)
_EXPRESSIONS = (
    (r"author", "{{ author }}"),
    (r"assignee", "{{ assignees }}"),
    (r"label", "{{ labels }}"),
    (r"title", "{{ title }}"),
    (r"milestone", "{{ milestone }}"),
    (r"web_url|url", "{{ web_url }}"),
    (r"reference|iid", "{{ full_reference }}"),
    (r"Date|Time|now", "{{ now }}"),
    (r"due_date", "{{ due_date }}"),
)


def ruby_remedy(code: str) -> str:
    """The condition that replaces an expression under `ruby:`."""
    meant = next((condition for pattern, condition in _CONDITIONS if re.search(pattern, code)), "")
    if meant:
        return f"write {meant}"
    return "say it with conditions such as title, description, assignees and date, or with expr: (a Jinja expression)"


def interpolations(node: Node) -> Iterator[Problem]:
    """A problem for each `#{…}` below a node. `#{{ … }}` is Jinja behind a `#`, and `#{2}` belongs to a pattern."""
    for scalar in scalars(node):
        for start in _INTERPOLATION.finditer(scalar.raw or scalar.text):
            code = (scalar.raw or scalar.text)[start.end() :].partition("}")[0]
            meant = next((each for pattern, each in _EXPRESSIONS if re.search(pattern, code)), "{{ … }}")
            yield Problem(
                place_at(scalar, start.start()), "'#{…}' is Ruby, which policies cannot run", f"write Jinja: {meant}"
            )
