"""Takes the conditions and actions; gives the JSON Schema of policy files and the desk, by which editors complete."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any, Literal, get_args, get_origin

from msgspec import Meta

from starkeeper.model.rules import Act, Clause
from starkeeper.model.values import Interval
from starkeeper.policies.desk_grammar import DeskEntry, PeopleEntry
from starkeeper.policies.grammar import RULE_TYPES, Ceiling, Grammar, PolicyFile, RuleEntry, Section, SummaryEntry
from starkeeper.policies.nodes import ListNode, MapNode
from starkeeper.policies.scalar import takes_scalar
from starkeeper.policies.shapes import (
    ALONE,
    POSITIONED,
    bare_type,
    fields_of,
    is_bare,
    is_parsed,
    item_type,
    members,
    value_type,
)
from starkeeper.registry import ACTIONS, CONDITIONS

Schema = dict[str, Any]

_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_PLAIN: dict[Any, Schema] = {
    str: _TEXT,
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    dt.date: {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    dt.time: {"type": "string", "pattern": r"^\d{1,2}:\d\d$"},
    Interval: {"type": "string", "pattern": r"^\s*\d{1,6}\s+(minute|hour|day|week|month|year)s?\s*$"},
    Ceiling: {"type": ["integer", "string"], "minimum": 0, "pattern": r"^(\d{1,9}|(100|\d{1,2})%)$"},
    ListNode: {"type": "array"},
    MapNode: {"type": "object"},
    Any: {},
}


def policy_schema() -> str:
    """The schema as JSON text, the same on every machine."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Starkeeper policy",
        **_record(PolicyFile),
        "patternProperties": {r"^\.": {}},
        "$defs": {
            "rule": _record(RuleEntry),
            "summary": _summary(),
            "conditions": _kinds("conditions"),
            "actions": _kinds("actions"),
            "desk": _record(DeskEntry),
            "people": _record(PeopleEntry),
        },
    }
    section = {**_record(Section)}
    for key, item in (("rules", "rule"), ("summaries", "summary")):
        section["properties"] |= {key: {"type": ["array", "null"], "items": {"$ref": f"#/$defs/{item}"}}}
    schema["properties"]["resource_rules"] = {
        "type": "object",
        "description": "The rules, by the type of thing that they look at.",
        "properties": dict.fromkeys(RULE_TYPES, section),
        "patternProperties": {r"^\.": {}},
        "additionalProperties": False,
    }
    schema["type"] = "object"
    schema["anyOf"] = [{"required": [key]} for key in ("resource_rules", "digests", "forms")]
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _summary() -> Schema:
    schema = _record(SummaryEntry)
    schema["properties"] |= {"rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}}}
    return schema


def type_schema(kind: Any) -> Schema:
    """The schema of one field's type."""
    alternatives = [_one(each) for each in members(kind)]
    if not any(takes_scalar(each) for each in members(kind)):
        alternatives += [_one(item) for each in members(kind) if (item := item_type(each)) in ALONE]
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}


def _one(kind: Any) -> Schema:
    inner, meta = bare_type(kind)
    if inner in _PLAIN:
        return {**_PLAIN[inner], **_limits(meta)}
    if inner in POSITIONED or is_parsed(inner) or re.Pattern in (inner, get_origin(inner)):
        return _TEXT
    if get_origin(inner) is Literal:
        return {"enum": list(get_args(inner))}
    if (item := item_type(inner)) is not None:
        refs = {Clause: {"$ref": "#/$defs/conditions"}, Act: {"$ref": "#/$defs/actions"}}
        return refs.get(item) or {"type": "array", "items": type_schema(item)}
    if (value := value_type(inner)) is not None:
        return {"type": "object", "additionalProperties": type_schema(value)}
    return _record(inner)


def _record(cls: Any) -> Schema:
    if is_bare(cls):
        return type_schema(fields_of(cls)["value"].type)
    fields = fields_of(cls)
    required = [name for name, field in fields.items() if field.required]
    properties = {name: type_schema(field.type) for name, field in fields.items()}
    if issubclass(cls, Grammar):
        properties = {name: each if name in required else _or_nothing(each) for name, each in properties.items()}
    return {
        "type": "object" if required else ["object", "null"],
        **({"description": _first_line(cls)} if _first_line(cls) else {}),
        "properties": properties,
        **({"required": required} if required else {}),
        "patternProperties": {r"^(\.|<<$)": {}},
        "additionalProperties": False,
    }


def _or_nothing(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _kinds(level: Literal["conditions", "actions"]) -> Schema:
    registry: Any = CONDITIONS if level == "conditions" else ACTIONS
    properties = {
        key: {**_record(registry.kind(key)), "description": registry.page(key).partition("\n")[0]}
        for key in sorted(registry.keys)
    }
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": {r"^(\.|<<$)": {}},
        "additionalProperties": False,
    }


def _limits(meta: Meta | None) -> Schema:
    if meta is None:
        return {}
    named = {
        "minimum": meta.ge,
        "exclusiveMinimum": meta.gt,
        "maximum": meta.le,
        "exclusiveMaximum": meta.lt,
        "multipleOf": meta.multiple_of,
        "minLength": meta.min_length,
        "maxLength": meta.max_length,
        "pattern": meta.pattern,
    }
    return {name: value for name, value in named.items() if value is not None}


def _first_line(cls: Any) -> str:
    """What a record's docstring says first, for the tip that an editor shows."""
    return (cls.__doc__ or "").strip().partition("\n")[0]
