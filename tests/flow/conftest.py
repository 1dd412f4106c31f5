"""A small GitLab on the sandbox with one project, and sweeps over it through the real connector."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from starkeeper import flow
from starkeeper.commands.watching import watching
from starkeeper.connectors.gitlab import GitLab
from starkeeper.flow import Run
from starkeeper.model.desk import Tracker
from starkeeper.model.policies import Policies
from starkeeper.model.values import Text, values_in
from starkeeper.policies.load import load_policies
from starkeeper.render.renderer import TemplateRenderer
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from starkeeper.settings import Secret

NOW = dt.datetime(2026, 12, 2, 9, 30, tzinfo=dt.UTC)
PROJECT = "group/project"
BOT = "desk-bot"


class Place:
    """A world, its address, and what is needed to sweep it."""

    def __init__(self, world: World, url: str, folder: Path) -> None:
        self.world = world
        self.url = url
        self.folder = folder

    def policies(self, rules: str, top: str = "", type: str = "issues") -> Policies:
        """One file of rules for one type, read as a plain gitlab-triage file over the project."""
        file = self.folder / "policy.yml"
        indented = "\n".join(f"      {line}" for line in rules.strip("\n").splitlines())
        file.write_text(f"{top}\nresource_rules:\n  {type}:\n    rules:\n{indented}\n", "utf-8")
        policies = load_policies([file], self.folder, plain=Tracker(name=PROJECT, path=PROJECT))
        for label in labels_set(policies):
            self.world.add_label(PROJECT, label)
        return policies

    def gitlab(self, token: str = "token") -> GitLab:
        return GitLab(self.url, Secret(token), notes_per_second=10_000, sleep=lambda _: None)

    def sweep(self, rules: str, *, dry_run: bool = False, top: str = "", type: str = "issues") -> Run:
        gitlab = self.gitlab()
        try:
            with watching(quiet=True) as watch:
                policies = self.policies(rules, top, type)
                return flow.sweep(policies, gitlab, TemplateRenderer(), NOW, watch, dry_run=dry_run)
        finally:
            gitlab.close()


def labels_set(policies: Policies) -> set[str]:
    """The labels that rules set by name: GitLab must have them."""
    acts = (act for rule in policies.rules for act in rule.actions if act.key == "labels")
    texts = (text.source for act in acts for text in values_in(act, Text))
    return {text for text in texts if "{" not in text and "\n" not in text and text.strip()}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    world = make_world()
    with serve(world) as sandbox:
        yield Place(world, sandbox.url, tmp_path)


def make_world() -> World:
    world = World(clock=lambda: NOW)
    world.add_project(PROJECT)
    for name in (BOT, "ivy", "kim", "lou"):
        world.add_user(name)
        world.add_member(PROJECT, name, "developer")
    world.add_token("token", BOT)
    return world
