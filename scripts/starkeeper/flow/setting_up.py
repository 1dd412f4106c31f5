"""The story of `bootstrap`: what the desk needs and what GitLab has become steps, and the steps outcomes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from starkeeper.errors import ConnectorError
from starkeeper.model.policies import Policies
from starkeeper.model.setup import Found, SetupOutcome, SetupPlan, SetupStep, Wanted
from starkeeper.settings import Secret
from starkeeper.setup.compare import compare
from starkeeper.setup.templates import template_path
from starkeeper.setup.wanted import wanted_by


class SetUp(Protocol):
    """GitLab, as far as it is set up; connectors.gitlab.setting_up.SettingUp is one."""

    def read(self, wanted: Wanted, template_path: Callable[[str], str]) -> Found:
        """What is there; what cannot be read stands in it."""

    def do(self, step: SetupStep, secret: Secret) -> None:
        """Does one step; raises ConnectorError."""


class SetupRun(Struct, frozen=True):
    """A plan, and what became of each of its steps; none in a dry run."""

    plan: SetupPlan
    outcomes: tuple[SetupOutcome, ...] = ()


def set_up(policies: Policies, gitlab: SetUp, secrets: Mapping[str, Secret], *, dry_run: bool, prune: bool) -> SetupRun:
    """Makes GitLab what the policies need. `secrets` are what the environment has, by the name of the CI variable."""
    wanted = wanted_by(policies)
    found = gitlab.read(wanted, template_path)
    plan = compare(wanted, found, secrets.keys(), prune=prune)
    if dry_run:
        return SetupRun(plan)
    return SetupRun(plan, tuple(_attempt(step, gitlab, secrets.get(step.secret, Secret())) for step in plan.steps))


def _attempt(step: SetupStep, gitlab: SetUp, secret: Secret) -> SetupOutcome:
    """One that fails does not stop the others."""
    try:
        gitlab.do(step, secret)
    except ConnectorError as error:
        why = f"{error.found}" + (f"; {error.advice}" if error.advice else "")
        return SetupOutcome(step=step, result="failed", why=why)
    return SetupOutcome(step=step, result="done")
