"""The seeded desk on a real port, and Debian's Chromium to look at it; without a browser these tests skip."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from starkeeper.commands.playing import sweep_report
from starkeeper.sandbox.seeds import seed_desk
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.web.desk import Desk
from starkeeper.sandbox.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NOW = dt.datetime(2026, 11, 30, 9, 30, tzinfo=dt.UTC)
MOST_MILLISECONDS = 20_000


@pytest.fixture
def world() -> World:
    world = World(lambda: NOW)
    seed_desk(world, NOW)
    return world


@pytest.fixture
def url(world: World, tmp_path: Path) -> Iterator[str]:
    desk = Desk()
    with serve(world, desk=desk) as served:
        desk.run_sweep = lambda at: sweep_report(served.url, tmp_path, at)
        yield served.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium here: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="there is no playwright here")
    with playwright.sync_playwright() as driver:
        # Chromium's own sandbox wants rights that a container has not; it sees this machine's pages only.
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Opens a page of the sandbox in a window of its own; no script in it may have failed or been kept from running."""
    pages, complaints = list["Page"](), list[str]()

    def open_page(path: str, width: int = 1280, height: int = 900) -> Page:
        page = browser.new_page(viewport={"width": width, "height": height})
        pages.append(page)
        page.set_default_timeout(MOST_MILLISECONDS)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(url + path)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert complaints == []
