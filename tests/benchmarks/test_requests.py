"""What a sweep costs in requests; seconds are measured by `python -m tests.benchmarks.speed`, not asserted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from starkeeper.sandbox.seeds import TOKEN, seed_many
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.benchmarks.clients import bare, sequential
from tests.benchmarks.rules import make_rules, policy
from tests.benchmarks.server import NOW, PROJECT
from tests.running import starkeeper


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    world = World(clock=lambda: NOW)
    seed_many(world, 450, project=PROJECT)
    with serve(world) as sandbox:
        monkeypatch.setenv("GITLAB_URL", sandbox.url)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        yield sandbox.url


def test_a_sweep_of_many_rules_asks_for_no_more_pages_than_a_bare_listing(url: str, tmp_path: Path) -> None:
    listed = bare(url, "")["requests"]
    assert listed > 2
    for count in (1, 50):
        file = tmp_path / f"{count}.yml"
        file.write_text(policy(make_rules(count)), "utf-8")
        _, printed, _ = starkeeper(
            "sweep", "--dry-run", "--project", PROJECT, "--policies", str(file), "--output", "json"
        )
        assert json.loads(printed)["summary"]["requests"]["list"] <= listed
    assert sequential(url, str(tmp_path / "50.yml"))["requests"] > 10 * listed
