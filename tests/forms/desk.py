"""The forms of the desk itself, filled in without a service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from starkeeper.forms import enter, key_from, opening_of
from starkeeper.model.forms import Entered, Form
from starkeeper.model.plan import SummarizeStep
from starkeeper.model.policies import Policies
from starkeeper.policies.load import load_policies
from starkeeper.render.renderer import TemplateRenderer

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
STAR = {
    "ticket": "123456",
    "urgency": "Timely",
    "form": "Self-Managed",
    "reason": "Renewal is due this week.",
    "result": "An engineer today.",
}
NOTICE = {
    "kind": "Notice",
    "subject": "Rotate your tokens",
    "team": "SIRT",
    "contact": "lee",
    "recipients": "2",
    "audience": "users 1 and 2",
    "reason": "Tokens of theirs lie open.",
}


@cache
def policies() -> Policies:
    return load_policies([ROOT / "policies"], ROOT / "templates")


@cache
def renderer() -> TemplateRenderer:
    return TemplateRenderer(ROOT / "templates")


def the_form(name: str) -> Form:
    return next(each for each in policies().forms if each.name == name)


def filled_in(name: str, given: Mapping[str, str], *, by: str = "ivy", now: dt.datetime = NOW) -> Entered:
    return enter(the_form(name), given, by, policies().desk, now)


def opened(entered: Entered, now: dt.datetime = NOW) -> SummarizeStep:
    """The issue that it becomes."""
    change = opening_of(entered, key_from(entered, ""), policies().desk, now, renderer())
    (step,) = change.steps
    assert isinstance(step, SummarizeStep)
    return step
