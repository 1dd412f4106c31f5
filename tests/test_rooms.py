"""Network clients, the environment, the clock, YAML and templates each have the rooms that may touch them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "scripts" / "starkeeper"

CLOCK = {"commands"}
NETWORK = {"connectors", "sandbox"}
SERVER = {"sandbox", "commands"}

# What a file may name only in these rooms: a module, or an attribute of one, by its full name.
ROOMS = {
    "os.environ": {"commands"},
    "os.getenv": {"commands"},
    "datetime.datetime.now": CLOCK,
    "datetime.datetime.utcnow": CLOCK,
    "datetime.datetime.today": CLOCK,
    "datetime.date.today": CLOCK,
    "time.time": CLOCK,
    "time.time_ns": CLOCK,
    "yaml": {"policies", "sandbox"},
    "jinja2": {"render", "sandbox"},
    "markupsafe": {"render", "sandbox"},
    "gitlab": {"connectors"},
    "requests": {"connectors"},
    "urllib3": {"connectors"},
    "slack_sdk": {"connectors"},
    "urllib.request": NETWORK,
    "http.client": NETWORK,
    "http.server": NETWORK,
    "socket": NETWORK,
    "starlette": SERVER,
    "uvicorn": SERVER,
    "graphql": SERVER,
    "click": {"commands"},
    "rich": {"commands", "report"},
    "holidays": {"desk"},
}


def test_every_file_stays_out_of_the_rooms_of_others() -> None:
    trespasses = [
        f"{path.relative_to(PACKAGE.parent)}:{line}: {name} belongs to {', '.join(sorted(ROOMS[owned]))}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line, name, owned in owned_names(path.read_text(encoding="utf-8"))
        if room_of(path) not in ROOMS[owned]
    ]
    assert trespasses == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\nos.environ['HOME']", "os.environ"),
        ("from os import environ", "os.environ"),
        ("import datetime as dt\ndt.datetime.now(dt.UTC)", "datetime.datetime.now"),
        ("from datetime import datetime\ndatetime.now()", "datetime.datetime.now"),
        ("from datetime import date\ndef f(today=date.today): ...", "datetime.date.today"),
        ("import time\nclock = time.time", "time.time"),
        ("def f():\n    from requests.adapters import HTTPAdapter", "requests"),
        ("from urllib import request", "urllib.request"),
        ("import http.client as c", "http.client"),
    ],
)
def test_a_name_is_found_however_it_is_imported(source: str, found: str) -> None:
    assert [owned for _, _, owned in owned_names(source)] == [found]


@pytest.mark.parametrize("source", ["import time\ntime.monotonic()", "self.requests.time", "from .yaml import read"])
def test_other_names_are_left_alone(source: str) -> None:
    assert list(owned_names(source)) == []


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def owned_names(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, full name and the entry of ROOMS of each name in a source that has one."""
    tree = ast.parse(source)
    imported: dict[str, str] = {}
    for node in ast.walk(tree):
        for alias, name in imports_of(node):
            imported[alias] = name
            yield from entry_for(node, name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (name := full_name(node, imported)) in ROOMS:
            yield node.lineno, name, name


def imports_of(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for each in node.names:
            yield (each.asname, each.name) if each.asname else (each.name.partition(".")[0],) * 2
            if "." in each.name and not each.asname:
                yield each.name, each.name
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        for each in node.names:
            yield each.asname or each.name, f"{node.module}.{each.name}"


def entry_for(node: ast.AST, name: str) -> Iterator[tuple[int, str, str]]:
    """The entry that an imported name falls under: itself, or a module above it."""
    parts = name.split(".")
    above = (".".join(parts[:length]) for length in range(1, len(parts) + 1))
    yield from ((getattr(node, "lineno", 1), name, owned) for owned in above if owned in ROOMS)


def full_name(node: ast.expr, imported: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute) and (before := full_name(node.value, imported)):
        return f"{before}.{node.attr}"
    return imported.get(node.id, "") if isinstance(node, ast.Name) else ""
