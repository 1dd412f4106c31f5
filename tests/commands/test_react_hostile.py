"""What anybody can send to a pipeline's trigger: it changes nothing, stops nothing, and stands in no log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from starkeeper.facts.payloads import Unclear, event_in
from starkeeper.model.events import EVENTS, Event
from starkeeper.sandbox.forms import HOSTILE_LINES
from tests.commands.shift_desk import Desk
from tests.commands.test_react import STAR, Reacting

CANARY = "kanarienvogel"
TEXTS = (
    *HOSTILE_LINES,
    "$GITLAB_TOKEN and ${SLACK_BOT_TOKEN}",
    "`id` $(id) ; id | id && id",
    "../../../../etc/passwd",
    "' OR 1=1 --",
    "%s%n%d {0} {x.__class__}",
    "\x1b[31mred\x1b[0m\r\n::error::",
    "\x00\x07\ufeff",
    "section_start:1:x\r\x1b[0K",
    "a" * 20_000,
    '"}], "object_kind": "issue"',
)
"""Of each many a place in the payload is filled in."""
NUMBERS: tuple[Any, ...] = (0, -1, 2**31, 2**63, 10**30, 1.5, True, None, "", "1; drop", "1e3", [1], {"id": 1}, "../1")
BROKEN = (
    b"",
    b"null",
    b"[]",
    b'"text"',
    b"{",
    b"[" * 100_000,
    b'{"object_kind":' * 50_000,
    b'{"object_kind": "issue", "object_attributes": {"title": "$NAME"',
    b'{"object_kind": "issue", "object_attributes": {"title": ${ text}}',
    b'\xff\xfe{"object_kind": "issue"}',
    b'{"object_kind": "issue", "object_attributes": NaN}',
    b'{"object_kind": "issue", "object_kind": "note"}',
    b"object_kind=issue&project_id=1",
    b"<?xml version='1.0'?><issue/>",
    b"\x00" * 1000,
)


def hostile(reacting: Reacting, iid: int) -> Iterator[dict[str, Any] | bytes]:
    """Some 250 payloads; what is well-formed is about an issue on which nothing is to do."""
    yield from BROKEN
    for text in TEXTS:
        said = f"{CANARY} {text} {CANARY}"
        whole = reacting.payload(iid, "update")
        about = {**whole["object_attributes"], "title": said, "description": said, "url": said, "labels": [said]}
        yield {**whole, "object_attributes": about, "labels": [{"title": said}], "changes": {said: {"current": said}}}
        yield {**whole, "user": {"id": 3, "name": said, "username": said}, "repository": {"url": said}, said: said}
        yield {**whole, "object_kind": said}
        yield {**whole, "object_attributes": {**about, "action": said}}
        yield {**whole, "object_attributes": {**about, "iid": said}}
        yield {**whole, "object_attributes": {**about, "project_id": said}, "project_id": said}
        yield {**whole, "object_attributes": said}
        yield {**whole, "project": said, "changes": said}
        yield {**whole, "id": said, "ref": said, "variables": {said: said}}
        yield {**reacting.note(iid, by="dana"), "object_attributes": {**about, "note": said, "noteable_type": said}}
        yield {**reacting.note(iid, by="dana"), "issue": {"iid": said, "title": said}}
    for number in NUMBERS:
        whole = reacting.payload(iid, "update", secret=CANARY)
        yield {**whole, "object_attributes": {**whole["object_attributes"], "iid": number}}
        yield {**whole, "object_attributes": {**whole["object_attributes"], "project_id": number}}
        yield {**whole, "user": {"id": number, "name": CANARY}}
        yield {**whole, "object_attributes": {"iid": iid}, "project_id": number, "project": {"id": number}}
    for kind in ("push", "tag_push", "merge_request", "pipeline", "build", "wiki_page", "emoji", "access_token", ""):
        yield {**reacting.payload(iid, secret=CANARY), "object_kind": kind}


def test_two_hundred_hostile_payloads_change_nothing_and_are_not_repeated(
    desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reacting = Reacting(desk, tmp_path)
    iid = reacting.star()
    reacting.react(reacting.payload(iid))
    tried = 0
    for payload in hostile(reacting, iid):
        caplog.clear()
        status, out, err = reacting.react(payload)
        tried += 1
        shown = payload[:200] if isinstance(payload, bytes) else json.dumps(payload)[:500]
        assert (status, reacting.writes) == (0, []), (shown, out, err)
        assert CANARY not in out + err + caplog.text, shown
        assert (out + err).count("\n") <= 4
    assert tried >= 200


def test_twenty_five_megabytes_are_read_and_not_repeated(desk: Desk, tmp_path: Path) -> None:
    reacting = Reacting(desk, tmp_path)
    iid = reacting.star()
    whole = reacting.payload(iid)
    whole["object_attributes"]["description"] = CANARY * (25_000_000 // len(CANARY))
    status, out, err = reacting.react(whole)
    assert (status, CANARY in out + err) == (0, False)
    assert "star::new" in reacting.world.issue(STAR, iid).labels


def test_what_is_longer_than_any_webhook_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    reacting = Reacting(desk, tmp_path)
    status, _, err = reacting.react(b" " * (64 * 1024 * 1024) + b'{"object_kind": "issue"}')
    assert (status, reacting.sent) == (0, [])
    assert err.startswith("Nothing to do: the payload is longer than any that GitLab sends.")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
KEYS = st.sampled_from(["object_kind", "project", "project_id", "user", "object_attributes", "issue", "changes"])
INNER = st.sampled_from(["id", "iid", "project_id", "action", "noteable_type", "labels"])
PAYLOADS = st.dictionaries(KEYS, JSON | st.dictionaries(INNER, JSON, max_size=5), max_size=7)
KINDS = st.sampled_from(["issue", "work_item", "note"])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(PAYLOADS, KINDS | st.text(max_size=10))
def test_of_whatever_comes_there_are_numbers_or_nothing(payload: dict[str, Any], kind: str) -> None:
    try:
        event = event_in(json.dumps({**payload, "object_kind": kind}).encode())
    except Unclear:
        return
    assert event.project_id > 0 < event.iid
    assert event.names and event.names <= set(EVENTS)


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_understood_or_left_alone(content: bytes) -> None:
    try:
        event_in(content)
    except Unclear as why:
        assert str(why) == "the payload is not the JSON of an issue or a note"


@pytest.mark.parametrize(
    ("payload", "event"),
    [
        (
            {
                "object_kind": "issue",
                "user": {"id": 9},
                "object_attributes": {"iid": 3, "project_id": 7, "action": "open"},
            },
            Event(project_id=7, iid=3, names=frozenset({"issue.opened"}), actor=9),
        ),
        (
            {
                "object_kind": "work_item",
                "project": {"id": 7},
                "object_attributes": {"iid": 3, "action": "update"},
                "changes": {"labels": {"previous": [], "current": []}},
            },
            Event(project_id=7, iid=3, names=frozenset({"issue.updated", "issue.labelled"})),
        ),
        (
            {
                "object_kind": "note",
                "event_type": "confidential_note",
                "user": {"id": 9},
                "object_attributes": {"project_id": 7, "noteable_type": "Issue"},
                "issue": {"id": 100, "iid": 3},
            },
            Event(project_id=7, iid=3, names=frozenset({"note.created"}), actor=9),
        ),
        (
            {"object_kind": "issue", "project_id": 7, "object_attributes": {"iid": 3, "action": "constructor"}},
            Event(project_id=7, iid=3, names=frozenset(each for each in EVENTS if each.startswith("issue."))),
        ),
    ],
)
def test_shapes_of_gitlab_are_understood(payload: dict[str, Any], event: Event) -> None:
    assert event_in(json.dumps(payload).encode()) == event
    assert event_in(json.dumps({**payload, "id": "7", "ref": "main", "variables": {}}).encode()) == event


SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "specs" / "gitlab-webhooks"


@pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="needs the samples of GitLab's webhooks, which lie outside the project"
)
def test_samples_of_webhooks_are_understood_or_left_alone() -> None:
    understood: dict[str, Event] = {}
    for file in sorted(SAMPLES.glob("*.json")):
        try:
            understood[file.stem] = event_in(file.read_bytes())
        except Unclear:
            continue
    assert set(understood) == {
        "gitlab4j-issue-event",
        "gitlab4j-note-issue-event",
        "go-gitlab-issue",
        "go-gitlab-note_issue",
    }
    assert understood["go-gitlab-issue"].names == {"issue.opened", "issue.labelled"}
    assert understood["go-gitlab-note_issue"].actor == 42
