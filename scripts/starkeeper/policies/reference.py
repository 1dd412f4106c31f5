"""Takes the conditions and actions; gives the reference of the policy language as Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any, get_args

from msgspec import NODEFAULT

from starkeeper.model.events import EVENTS
from starkeeper.model.resources import EVERY_TYPE, RESOURCE_TYPES
from starkeeper.model.rules import Condition
from starkeeper.model.values import Text
from starkeeper.policies.desk_grammar import (
    CalendarEntry,
    ClockEntry,
    DeskEntry,
    LabelEntry,
    PersonEntry,
    PipelinesEntry,
    RotationEntry,
    ScheduleEntry,
    ShiftEntry,
    StartEntry,
    StopEntry,
    TrackerEntry,
    WeekEntry,
)
from starkeeper.policies.grammar import (
    DigestEntry,
    DigestIssueEntry,
    DigestListEntry,
    DigestMessageEntry,
    FeedbackMeasuresEntry,
    FindingName,
    FormEntry,
    FormFieldEntry,
    FormHoursEntry,
    WeekMeasuresEntry,
    Word,
)
from starkeeper.policies.shapes import bare_type, fields_of, in_words, is_bare, is_record, item_type, members
from starkeeper.registry import ACTIONS, CONDITIONS, Example, Registry

_CONTENTS = """
- [A policy file](#a-policy-file)
- [A rule](#a-rule)
- [Summaries](#summaries)
- [Digests](#digests)
- [Forms](#forms)
- [Conditions](#conditions): {conditions}
- [Actions](#actions): {actions}
- [Intervals, patterns, labels](#intervals-patterns-labels)
- [Templates](#templates)
- [Once, and again](#once-and-again)
- [Limits and fuses](#limits-and-fuses)
- [What goes wrong, and what then](#what-goes-wrong-and-what-then)
- [Probable mistakes](#probable-mistakes)
- [The desk](#the-desk)
- [What is set up in GitLab](#what-is-set-up-in-gitlab)
- [Coming from gitlab-triage](#coming-from-gitlab-triage)
"""

_NOUNS = {
    "issues": "an issue",
    "merge_requests": "a merge request",
    "epics": "an epic",
    "branches": "a branch",
    "slack_messages": "a Slack message",
    "shifts": "a shift",
}
_DESK = {
    "desk.yml": DeskEntry,
    "trackers: NAME": TrackerEntry,
    "calendars: NAME": CalendarEntry,
    "calendars: NAME: open": WeekEntry,
    "clocks: NAME": ClockEntry,
    "clocks: NAME: starts": StartEntry,
    "clocks: NAME: stops": StopEntry,
    "rotations: NAME": RotationEntry,
    "rotations: NAME: shifts": ShiftEntry,
    "pipelines": PipelinesEntry,
    "pipelines: schedules": ScheduleEntry,
    "labels: NAME": LabelEntry,
    "people.yml: people": PersonEntry,
}

_DIGESTS = {
    "digests": DigestEntry,
    "digests: lists": DigestListEntry,
    "digests: issue": DigestIssueEntry,
    "digests: slack": DigestMessageEntry,
    "digests: measures: week": WeekMeasuresEntry,
    "digests: measures: week: feedback": FeedbackMeasuresEntry,
}

_FORMS = {
    "forms": FormEntry,
    "forms: within": FormHoursEntry,
    "forms: fields: NAME": FormFieldEntry,
}


def policy_reference() -> str:
    """The whole page. Its fixed parts stand in reference_text.md beside this module."""
    fixed = (resources.files(__package__) / "reference_text.md").read_text(encoding="utf-8")
    contents = _CONTENTS.format(
        conditions=_links(CONDITIONS.keys, "condition"), actions=_links(ACTIONS.keys, "action")
    ).strip()
    parts = {
        "contents": contents,
        "events": ", ".join(f"`{each}`" for each in EVENTS),
        "conditions": "\n\n".join(_kind(CONDITIONS, key, "condition") for key in sorted(CONDITIONS.keys)),
        "actions": "\n\n".join(_kind(ACTIONS, key, "action") for key in sorted(ACTIONS.keys)),
        "digests": "\n\n".join(_level(name, record) for name, record in _DIGESTS.items()),
        "forms": "\n\n".join(_level(name, record) for name, record in _FORMS.items()),
        "desk": "\n\n".join(_level(name, record) for name, record in _DESK.items()),
        "findings": ", ".join(f"`{each}`" for each in get_args(FindingName)),
    }
    return re.sub(r"<!-- (\w+) -->", lambda found: parts[found[1]], fixed)


def _links(keys: Iterable[str], level: str) -> str:
    return ", ".join(f"[`{key}`](#{level}-{key})" for key in sorted(keys))


def _kind(registry: Registry[Any], key: str, level: str) -> str:
    kind = registry.kind(key)
    parts = [
        f'<a id="{level}-{key}"></a>\n\n### `{key}`',
        _types(kind),
        registry.page(key),
        "\n".join(_fields(kind)),
        _cost(kind),
        _examples(registry.examples(key), key),
    ]
    return "\n\n".join(part for part in parts if part)


def _types(kind: Any) -> str:
    named = [each.replace("_", " ") for each in EVERY_TYPE if each in kind.types]
    everywhere = kind.types in (frozenset(RESOURCE_TYPES), frozenset(EVERY_TYPE))
    return "" if everywhere else f"*For {', '.join(named)}.*".replace("slack ", "Slack ")


def _fields(kind: Any) -> Iterator[str]:
    """A table of the fields, or for a bare kind what its value is, records inside it included."""
    if is_bare(kind):
        value = fields_of(kind)["value"].type
        yield f"Value: {_in_words(value)}."
        for record in _records(value):
            yield from ("", inspect.cleandoc(record.__doc__ or ""), "", *_table(record))
    elif fields_of(kind):
        yield from _table(kind)


def _level(name: str, record: Any) -> str:
    return "\n".join((f"**`{name}`** {inspect.cleandoc(record.__doc__ or '')}", "", *_table(record)))


def _table(record: Any) -> Iterator[str]:
    yield "| key | value | if left out |"
    yield "| --- | --- | --- |"
    for name, field in fields_of(record).items():
        yield f"| `{name}` | {_in_words(field.type)} | {_default(field)} |"


def _records(kind: Any) -> Iterator[Any]:
    for each in members(kind):
        inner, _ = bare_type(each)
        if is_record(inner):
            yield inner
        elif (item := item_type(inner)) is not None:
            yield from (record for record in _records(item) if record.__module__ != "starkeeper.model.rules")


def _in_words(kind: Any) -> str:
    return re.sub(r"'([^']*)'", r"`\1`", in_words(kind)).replace("|", "\\|")


def _default(field: Any) -> str:
    if field.required:
        return "must be there"
    default = field.default_factory() if field.default is NODEFAULT else field.default
    if isinstance(default, Word):
        return f"`{default.text}`"
    if isinstance(default, Text):
        return f"`{default.source}`"
    if default is None or default in ((), "", {}):
        return "nothing"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _cost(kind: Any) -> str:
    bound = sorted(kind.bound) if issubclass(kind, Condition) else []
    return f"Adds for the templates of the rule: {', '.join(f'`{each}`' for each in bound)}." if bound else ""


def _examples(examples: tuple[Example, ...], key: str) -> str:
    return "```yaml\n" + "\n\n".join(_example(example, key) for example in examples) + "\n```"


def _example(example: Example, key: str) -> str:
    seen = "".join(f"# on {thing}\n" for thing in _world(example))
    return f"# {example.says}: {_outcome(example.gives)}\n{seen}{_use(example, key)}"


def _world(example: Example) -> Iterator[str]:
    """The resource of the example as far as it is unlike an open, empty one, and what is beside it."""
    said = dict(example.resource)
    noun = _NOUNS[said.pop("type", "issues")]
    if said or noun != "an issue":
        yield f"{noun} with {_told(said)}" if said else noun
    beside = (("a note", example.notes), ("a label event", example.label_events))
    for what, entries in (*beside, ("a state event", example.state_events)):
        yield from (f"{what}: {_told(entry)}" for entry in entries)
    yield from (f"a link to {link}" for link in example.links)
    yield from (f"another issue with {_told(other)}" for other in example.others)
    if example.announcement is not None:
        yield f"an announcement with {_told(example.announcement)}"
    yield from (f"a reply: {_told(reply)}" for reply in example.replies)
    for rotation, duties in example.duties.items():
        yield from (f"a shift of {rotation} in PagerDuty: {_told(duty)}" for duty in duties)


def _told(said: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_value(value)}" for name, value in said.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"({_told(value)})"
    return "nobody" if value is None else f'"{value}"' if value == "" else _shown(value)


def _use(example: Example, key: str) -> str:
    if "\n" not in example.yaml.strip():
        return f"{key}: {example.yaml.strip()}"
    return f"{key}:\n" + "\n".join(f"  {line}".rstrip() for line in example.yaml.strip("\n").split("\n"))


def _outcome(gives: Any) -> str:
    if isinstance(gives, bool):
        return "holds" if gives else "does not hold"
    return "; ".join(_step(step) for step in gives) or "no change"


def _step(step: dict[str, Any]) -> str:
    if step.get("action") == "slack":
        thread = f", in the thread of the {step['reply_to']}" if step["reply_to"] else ""
        return f"says “{_shown(step['text'])}” in {step['channel']}{thread}"
    words = {
        "add": "adds {}",
        "remove": "removes {}",
        "state": "makes it {}",
        "body": "says “{}”",
        "to": "links it to {}",
        "confidential": "sets confidential to {}",
    }
    said = (words[name].format(_shown(value)) for name, value in step.items() if name in words and value != [])
    return ", ".join(said) + (" (internal)" if step.get("internal") else "")


def _shown(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())
