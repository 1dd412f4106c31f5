"""How all tests run: invented data is the same in every CI run, and free in time everywhere; no journal is left."""

from __future__ import annotations

import os
from itertools import count

import pytest
from hypothesis import settings

from starkeeper.commands import journals

settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

_NUMBERS = count()


@pytest.fixture(autouse=True)
def _own_journal(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep that names no folder keeps its journal where no other test, and nobody's checkout, finds it."""
    monkeypatch.setattr(journals, "FOLDER", tmp_path_factory.getbasetemp() / f"journal-{next(_NUMBERS)}")
