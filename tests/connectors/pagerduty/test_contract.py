"""What is asked of PagerDuty is what its documents know: paths, parameters and headers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from starkeeper.connectors.pagerduty import PagerDuty
from starkeeper.model.resources import Place
from starkeeper.sandbox.world import World
from tests.connectors.conftest import Scripted
from tests.connectors.pagerduty.conftest import KEY

MANAGERS, BACKUP = Place("rotations", "managers"), Place("rotations", "backup")
SPEC = Path(__file__).resolve().parents[3].parent / "shared" / "specs" / "pagerduty" / "rest-openapiv3.json"


@pytest.fixture
def spec() -> Any:
    if not SPEC.exists():
        pytest.skip("the specification of PagerDuty is not here")
    return json.loads(SPEC.read_text("utf-8"))


@pytest.fixture
def asked(world: World, pagerduty: PagerDuty) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything that is ever asked: paths, and their parameters."""
    world.pagerduty.schedule("PBACKUP").shifts.clear()
    assert pagerduty.read_facet("duties", [MANAGERS, BACKUP]).failed == {}
    assert pagerduty.read_facet("pages", [Place("services", "emergencies")]).failed == {}
    return [(each.path.removeprefix("/pagerduty"), parse_qsl(each.query)) for each in world.requests]


def test_every_parameter_and_every_value_with_a_list_of_its_own_is_a_documented_one(
    spec: Any, asked: list[tuple[str, list[tuple[str, str]]]]
) -> None:
    for path, query in asked:
        documented = path.replace("PBACKUP", "{id}")
        known = {each["name"]: each.get("schema", {}) for each in _parameters(spec, documented)}
        for name, value in query:
            assert name in known, f"{path} {name}"
            assert value in known[name].get("enum", [value]), f"{path} {name} {value}"
    assert {path for path, _ in asked} == {"/schedules", "/schedules/PBACKUP", "/oncalls", "/services", "/incidents"}


def test_requests_show_the_key_and_the_version_as_pagerduty_wants_them(
    scripted: Scripted, connect: Callable[..., PagerDuty]
) -> None:
    connect(scripted.url).read_facet("duties", [BACKUP])
    headers = scripted.asked[0].headers
    assert headers["Authorization"] == f"Token token={KEY}"
    assert headers["Accept"] == "application/vnd.pagerduty+json;version=2"
    assert headers["Content-Type"] == "application/json"


def test_a_netrc_of_the_machine_does_not_take_the_place_of_the_key(
    scripted: Scripted, connect: Callable[..., PagerDuty], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n", "utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    connect(scripted.url).read_facet("duties", [BACKUP])
    assert scripted.asked[0].headers["Authorization"] == f"Token token={KEY}"


def _parameters(spec: Any, path: str) -> list[Any]:
    listed = [*spec["paths"][path].get("parameters", []), *spec["paths"][path]["get"]["parameters"]]
    return [_resolved(spec, each) for each in listed]


def _resolved(spec: Any, node: Any) -> Any:
    for part in node["$ref"].removeprefix("#/").split("/") if "$ref" in node else ():
        spec = spec[part]
    return spec if "$ref" in node else node
