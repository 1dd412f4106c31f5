"""So many rules of the kinds that real files hold, each on few of the seeded issues."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

Rule = Mapping[str, Any]


def make_rules(count: int) -> list[Rule]:
    """By turns: rules about two labels, old issues, labels that are lacking, milestones, and unassigned issues."""
    return [{"name": f"Rule {number}", **_MAKERS[number % len(_MAKERS)](number)} for number in range(count)]


def policy(rules: list[Rule]) -> str:
    """The rules as a file of gitlab-triage."""
    return yaml.safe_dump({"resource_rules": {"issues": {"rules": rules}}}, sort_keys=False)


def _two_labels(number: int) -> Rule:
    conditions = {"state": "opened", "labels": ["star::new", "feedback::new"], "forbidden_labels": [f"team {number}"]}
    return {"conditions": conditions, "actions": {"remove_labels": ["feedback::new"]}}


def _old(number: int) -> Rule:
    date = {"attribute": "updated_at", "condition": "older_than", "interval_type": "days", "interval": 390}
    conditions = {"state": "opened", "date": date, "forbidden_labels": ["urgency::urgent", f"stale {number}"]}
    return {"conditions": conditions, "limits": {"oldest": 5}, "actions": {"status": "close"}}


def _lacking(number: int) -> Rule:
    conditions = {"state": "opened", "forbidden_labels": ["star::*", "urgency::*", "feedback::*", f"kind {number}"]}
    return {"conditions": conditions, "limits": {"most_recent": 5}, "actions": {"labels": ["urgency::timely"]}}


def _milestone(number: int) -> Rule:
    conditions = {"state": "opened", "milestone": f"18.{number}", "labels": ["star::acknowledged"]}
    return {"conditions": conditions, "actions": {"remove_labels": ["star::new"]}}


def _unassigned(number: int) -> Rule:
    conditions = {"state": "opened", "labels": ["star::in-progress"], "forbidden_labels": [f"done {number}"]}
    return {"conditions": conditions, "limits": {"oldest": 2}, "actions": {"remove_labels": ["star::in-progress"]}}


_MAKERS = (_two_labels, _old, _lacking, _milestone, _unassigned)
