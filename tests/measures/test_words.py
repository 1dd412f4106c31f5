"""The page and the message that people read on Monday morning, from the templates of the desk itself."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from starkeeper.measures import week_names, week_of
from starkeeper.model.facts import Facts
from starkeeper.model.values import TemplateName
from starkeeper.render.keep import keep, with_kept
from starkeeper.render.names import helpers
from starkeeper.render.renderer import TemplateRenderer
from tests.measures.world import MEASURES, UNTIL, acknowledged, answered, facts_of, feedback, star

RENDER = TemplateRenderer(Path(__file__).parents[2] / "templates")
URL = "https://gitlab.example.com/support/handover/-/issues/1"
SOMEBODY = st.text(st.characters(codec="ascii", categories=["L"]), min_size=6, max_size=12).map("Qx{}".format)


def page(facts: Facts, **more: Any) -> str:
    text = with_kept(RENDER.comment(TemplateName("issues/weekly.md"), names(facts, **more)))
    assert text is not None
    return text


def message(facts: Facts, **more: Any) -> str:
    return RENDER.message(TemplateName("slack/weekly.md"), names(facts, **more))


def names(facts: Facts, **more: Any) -> dict[str, Any]:
    week = week_names(week_of(MEASURES, facts, UNTIL), facts)
    return {**helpers(facts), "week": week, "keep": keep, "unread": (), "issue_url": URL, **more}


def a_busy_desk(**said: Any) -> Facts:
    """Six STARs last week, of which one was answered late, and one or two in the weeks before; some feedback."""
    days = ("11-30", "12-01", "12-02", "12-03", "12-04", "12-04")
    stars = [star(iid, f"{day} 10:00", closed=f"{day} 14:00", **said) for iid, day in enumerate(days, start=1)]
    stars += [star(7, "11-24 10:00", **said), star(8, "11-17 10:00", **said), star(9, "11-03 10:00", **said)]
    stars += [star(10, "12-04 18:00", ticket="1001", labels=["Escalation::License-Issue"], **said)]
    told = [feedback(501, "12-01 10:00", labels=["satisfaction::good"], **said), feedback(502, "11-28 10:00", **said)]
    events = {iid: acknowledged(f"{day} 10:{10 * iid - 5:02}") for iid, day in enumerate(days[:5], start=1)}
    notes = {iid: answered(f"{day} 10:30") for iid, day in enumerate(days[:5], start=1)}
    return facts_of(*stars, *told, notes=notes, events=events)


def rows(text: str) -> list[str]:
    """Those of the first table."""
    table = text.partition("|:--|:--|:--|\n")[2]
    return table.partition("\n\n")[0].splitlines()


def test_the_page_tells_a_week_beside_what_is_usual_in_twelve_rows() -> None:
    assert rows(page(a_busy_desk())) == [
        "| STARs received | 7 | 1 |",
        "| … outside support hours | 1 | 0 |",
        "| Acknowledged after (median) | 25 min, 9 in 10 within 45 min | — |",
        "| Answered within their urgency | 83 % (5 of 6) | — |",
        "| Resolved after (median) | 4 h | — |",
        "| … nights and weekends counted | 4 h | — |",
        "| Unstarred, of those closed | 0 % (0 of 6) | — |",
        "| Same ticket again within 30 days | 1 | 0 |",
        "| Feedback received | 1: 1 positive, 0 negative | 1 |",
        "| … that asks for contact | 0 | 0 |",
        "| … contacted, or closed, in time | — | — |",
        "| … open for more than seven days | 1 | 0 |",
    ]


def test_what_is_to_be_looked_at_is_there_as_links() -> None:
    text = page(a_busy_desk())
    assert "- support/star#6 (EMEA), answered after 4 h. Cause: <!-- starkeeper keep=" in text
    assert "Slowest to be acknowledged:** support/star#5 after 45 min, support/star#4 after 35 min" in text
    assert "Same ticket again:** support/star#10 after support/star#1\n" in text
    assert 'What STARs were about:** ~"Escalation::License-Issue" 1 (usual 0)' in text
    assert "share by Thursday 2026-12-10:** support/feedback#501\n" in text
    assert "more than seven days:** support/feedback#502\n" in text


def test_regions_have_a_row_each() -> None:
    text = page(a_busy_desk())
    assert "| EMEA | 6 (usual 1) | 0 | 25 min, 9 in 10 within 45 min | 83 % (5 of 6) | 4 h | 0 % (0 of 6) | 0 |" in text
    assert "| AMER | 1 (usual 0) | 1 | — | — | — | — | 1 |" in text


def test_a_desk_of_few_has_numbers_and_no_rate() -> None:
    facts = facts_of(star(1, "12-01 10:00"), star(2, "12-01 10:00"), notes={1: answered("12-01 10:30")})
    assert "| Answered within their urgency | 1 of 2 | — |" in page(facts)
    assert "%" not in page(facts) + message(facts)


def test_a_quiet_week_is_told_in_few_words() -> None:
    assert "No STAR was answered late." in page(facts_of())
    assert len(page(facts_of()).splitlines()) < 40


def test_the_message_has_five_lines_and_leads_to_the_page() -> None:
    lines = message(a_busy_desk()).splitlines()
    assert len(lines) == 5
    assert lines[0] == "*The week from 2026-11-30:* 7 STARs (usual 1), 1 of them outside support hours"
    assert lines[4].startswith(f"<{URL}|")
    assert "Whoever had a shift in which a STAR was answered late, please write the cause there." in lines[4]


def test_numbers_that_are_not_whole_are_said_to_be_so_first() -> None:
    for text in (page(a_busy_desk(), unread=("star",)), message(a_busy_desk(), unread=("star",))):
        assert text.splitlines()[0].startswith(("**Not everything could be read", "*Not everything could be read"))
        assert "star" in text.splitlines()[0]


def test_the_cause_that_somebody_wrote_stays_when_the_page_is_written_anew() -> None:
    first = page(a_busy_desk())
    place = re.search(r"(support/star#6 .*?<!-- starkeeper keep[^>]*-->) ?(<!--)", first)
    assert place is not None
    written = first.replace(place[0], f"{place[1]} The engineer was ill. {place[2]}")
    again = with_kept(RENDER.comment(TemplateName("issues/weekly.md"), names(a_busy_desk())), written)
    assert again == written


@given(SOMEBODY)
def test_nothing_that_a_customer_is_called_by_gets_into_the_words(name: str) -> None:
    said: dict[str, Any] = {"title": f"STAR for {name}", "description": f"{name} is angry"}
    texts = page(a_busy_desk(**said, kind=name, fields={"ticket": name, "kind": name})) + message(a_busy_desk(**said))
    assert name not in texts


def test_nobody_of_the_desk_is_named() -> None:
    texts = page(a_busy_desk(assignees=["kim"], author="ivy")) + message(a_busy_desk(assignees=["kim"]))
    assert [each for each in ("kim", "ivy", "emil", "aoi", "amber") if each in texts] == []


def test_a_bad_week_still_fits_a_page() -> None:
    facts = facts_of(*(star(iid, "12-01 10:00") for iid in range(1, 101)))
    assert len(page(facts).splitlines()) < 60
    assert "… and 85 more." in page(facts)
