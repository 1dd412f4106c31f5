"""What was said in a thread is known again from the metadata of its first message, however often a rule repeats."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from starkeeper.connectors.slack.marks import metadata_of, read_mark
from starkeeper.connectors.slack.said import read_said, written_said
from starkeeper.model.resources import Mark
from tests.connectors.slack.conftest import NOW, POST, REPLY, Office, like

KEYS = st.binary(min_size=8, max_size=8).map(bytes.hex) | st.from_regex(r"[a-z0-9.-]{1,20}", fullmatch=True)
TIMES = st.integers(0, 130_000).map(lambda minutes: NOW - dt.timedelta(minutes=minutes))


def hourly(count: int) -> dict[str, dt.datetime]:
    return {f"{number:016x}": NOW - dt.timedelta(hours=count - number) for number in range(count)}


@given(st.dictionaries(KEYS, TIMES, max_size=100))
def test_every_key_and_its_minute_are_read_back(said: dict[str, dt.datetime]) -> None:
    assert read_said(written_said(said)) == said


def test_the_second_is_left_out() -> None:
    said = {"feed0002": NOW + dt.timedelta(seconds=59, microseconds=7)}
    assert read_said(written_said(said)) == {"feed0002": NOW}


def test_400_repetitions_are_all_remembered() -> None:
    mark = Mark(key="feed0001", about="desk/star#7", at=NOW, said=hourly(400))
    assert read_mark(metadata_of(mark)) == mark


def test_of_more_the_first_and_the_newest_stay(office: Office) -> None:
    said = hourly(1000)
    mark = Mark(key=POST.key, about=POST.about, at=NOW, role=POST.role, said=said)
    ts = office.world.slack.post("stars", "starkeeper", "ZD#7 waits.", metadata=metadata_of(mark))
    office.slack.tell(like(REPLY, to=ts))
    office.slack = office.connect()
    [message] = office.messages()
    assert message.mark is not None
    keys, found = list(said), list(message.mark.said)
    assert len(found) >= 400
    assert found[:100] == keys[:100]
    assert found[100:] == [*keys[-len(found) + 101 :], REPLY.key]
