"""The desk on the sandbox, once on each edition of GitLab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.scenarios.desk import TOKEN, Desk, people

EDITIONS = [("premium", "newest"), ("free", "older")]


@pytest.fixture(params=EDITIONS, ids=["premium, newest scanner", "free, older scanner"])
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    edition, scanner = request.param
    world = World(edition=edition, quick_actions=scanner)
    people(world)
    with serve(world) as sandbox:
        monkeypatch.setenv("GITLAB_URL", sandbox.url)
        monkeypatch.setenv("GITLAB_TOKEN", TOKEN)
        monkeypatch.setenv("STARKEEPER_NOTES_PER_SECOND", "10000")
        yield Desk(world)
