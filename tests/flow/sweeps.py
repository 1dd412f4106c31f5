"""Sweeps of whole policy files over a world: each planned, done, and planned once more to be at rest."""

from __future__ import annotations

import datetime as dt

from starkeeper import flow
from starkeeper.commands.watching import Watching
from starkeeper.connectors.gitlab import GitLab
from starkeeper.flow import Run
from starkeeper.model.desk import Tracker
from starkeeper.model.plan import Outcome
from starkeeper.policies.load import load_policies
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.report import plan_file
from tests.flow.conftest import NOW, PROJECT, Place

ON_PROJECT = Tracker(name=PROJECT, path=PROJECT)
ON_GROUP = Tracker(name="group", path="group", source="groups")


def sweep_file(
    place: Place,
    text: str,
    *,
    dry_run: bool = False,
    tracker: Tracker = ON_PROJECT,
    now: dt.datetime = NOW,
    gitlab: GitLab | None = None,
    watch: Watching | None = None,
) -> Run:
    """One run of a plain policy file, at that time of the world; labels are not made."""
    place.world.at(now)
    file = place.folder / "policy.yml"
    file.write_text(f"resource_rules:\n{text}", "utf-8")
    policies = load_policies([file], place.folder, plain=tracker)
    own = gitlab or place.gitlab()
    try:
        return flow.sweep(policies, own, TemplateRenderer(), now, watch or Watching(), dry_run=dry_run)
    finally:
        own.close()


def settled(place: Place, text: str, *, tracker: Tracker = ON_PROJECT, now: dt.datetime = NOW) -> Run:
    """The real run; the dry run before it plans the same and writes nothing, the next one plans nothing."""
    before = len(writes(place))
    dry = sweep_file(place, text, dry_run=True, tracker=tracker, now=now)
    assert len(writes(place)) == before
    real = sweep_file(place, text, tracker=tracker, now=now)
    assert plan_file(real.plan) == plan_file(dry.plan)
    assert sweep_file(place, text, dry_run=True, tracker=tracker, now=now).plan.changes == ()
    return real


def writes(place: Place) -> list[str]:
    """What was sent that changes something."""
    return [
        f"{each.method} {each.path}"
        for each in place.world.requests
        if each.method != "GET" and "graphql" not in each.path
    ]


def results(run: Run) -> list[tuple[str, str, str]]:
    """Of each outcome: on what, which action, and what became of it."""
    return [(_short(each), each.action, each.result) for each in run.outcomes]


def errors(run: Run) -> list[str]:
    return [f"{each.where}: {each.what}" for each in run.plan.errors]


def _short(outcome: Outcome) -> str:
    return str(outcome.key).removeprefix("group/")
