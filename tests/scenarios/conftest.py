"""The desk on the sandbox, once on each edition of GitLab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.scenarios.beside import PAGERDUTY_TOKEN, SLACK_TOKEN
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
        monkeypatch.setenv("SLACK_API_URL", f"{sandbox.url}/slack/api/")
        monkeypatch.setenv("SLACK_BOT_TOKEN", SLACK_TOKEN)
        monkeypatch.setenv("STARKEEPER_MESSAGES_PER_SECOND", "10000")
        monkeypatch.setenv("PAGERDUTY_API_URL", f"{sandbox.url}/pagerduty")
        monkeypatch.setenv("PAGERDUTY_API_KEY", PAGERDUTY_TOKEN)
        monkeypatch.setenv("PAGERDUTY_FROM", "starkeeper@example.com")
        yield Desk(world)
