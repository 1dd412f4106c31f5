"""The sandbox's page in a real browser: a person plays manager on it, and whoever looks on sees it at once."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from starkeeper.sandbox.seeds import STAR
from starkeeper.sandbox.world import World

pytest.importorskip("playwright.sync_api", reason="there is no playwright here")
from playwright.sync_api import Page, expect

expect.set_options(timeout=20_000)
Opened = Callable[..., Page]
CHANNEL = "support_ticket-attention-requests"
HOSTILE = "</title></textarea><img src=x onerror=alert(1)><script>alert(2)</script>"


def test_eyes_on_a_message_are_seen_on_a_second_page_without_loading_it_again(world: World, opened: Opened) -> None:
    ts = world.slack.post(CHANNEL, "lee", "A STAR for ZD#1, please.")
    mine, other = opened(f"/?as=emil&channel={CHANNEL}"), opened(f"/?as=aoi&channel={CHANNEL}")
    message = mine.locator(".message", has_text="A STAR for ZD#1")
    message.hover()
    message.get_by_role("button", name="React with eyes").click()
    seen = other.get_by_role("button", name="eyes, 1: emil")
    expect(seen).to_have_attribute("aria-pressed", "false")
    assert world.slack.reactions(CHANNEL, ts) == {"eyes": ["emil"]}
    pill = mine.get_by_role("button", name="eyes, 1: emil")
    expect(pill).to_have_attribute("aria-pressed", "true")
    pill.click()
    expect(seen).to_have_count(0)
    assert world.slack.reactions(CHANNEL, ts) == {}


def test_any_other_emoji_is_given_by_its_name(world: World, opened: Opened) -> None:
    ts = world.slack.post(CHANNEL, "lee", "Solved!")
    page = opened(f"/?as=emil&channel={CHANNEL}")
    page.locator(".message", has_text="Solved!").hover()
    page.get_by_role("button", name="React with another emoji").click()
    page.get_by_role("combobox", name="Another emoji").fill("tada")
    page.get_by_role("button", name="React", exact=True).click()
    expect(page.get_by_role("button", name="tada, 1: emil")).to_be_visible()
    assert world.slack.reactions(CHANNEL, ts) == {"tada": ["emil"]}


def test_what_is_typed_and_opened_survives_an_update(world: World, opened: Opened) -> None:
    first = world.slack.post(CHANNEL, "lee", "The first")
    world.slack.post(CHANNEL, "kim", "An answer", first)
    page = opened(f"/{STAR}/-/issues/6?as=emil&channel={CHANNEL}")
    page.get_by_text("1 reply").click()
    page.get_by_label("Reply in this thread").fill("half a rep")
    page.get_by_label("Comment as emil").fill("half a comm")
    world.slack.post(CHANNEL, "kim", "Another answer", first)
    world.comment(STAR, 6, "amber", "From elsewhere")
    expect(page.get_by_text("Another answer")).to_be_visible()
    expect(page.get_by_text("From elsewhere")).to_be_visible()
    expect(page.get_by_label("Reply in this thread")).to_have_value("half a rep")
    expect(page.get_by_label("Comment as emil")).to_have_value("half a comm")
    expect(page.get_by_label("Comment as emil")).to_be_focused()


def test_who_reads_an_older_message_stays_there_and_who_reads_the_newest_follows(world: World, opened: Opened) -> None:
    for number in range(40):
        world.slack.post(CHANNEL, "lee", f"Message {number}.")
    page = opened(f"/?as=emil&channel={CHANNEL}")
    expect(page.get_by_text("Message 39.")).to_be_in_viewport()
    world.slack.post(CHANNEL, "lee", "The newest.")
    expect(page.get_by_text("The newest.")).to_be_in_viewport()
    page.get_by_text("Message 3.").scroll_into_view_if_needed()
    world.slack.post(CHANNEL, "lee", "One more.")
    expect(page.get_by_text("One more.")).to_have_count(1)
    expect(page.get_by_text("Message 3.")).to_be_in_viewport()
    expect(page.get_by_text("One more.")).not_to_be_in_viewport()


def test_a_person_writes_in_a_channel_and_answers_in_a_thread_with_the_keyboard(world: World, opened: Opened) -> None:
    page = opened(f"/?as=emil&channel={CHANNEL}")
    page.get_by_label(f"Message to #{CHANNEL}").fill("Who takes it?")
    page.keyboard.press("Enter")
    expect(page.locator(".message", has_text="Who takes it?")).to_be_visible()
    expect(page.get_by_label(f"Message to #{CHANNEL}")).to_have_value("")
    page.get_by_text("Reply", exact=True).click()
    page.get_by_label("Reply in this thread").fill("I do.")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 reply")).to_be_visible()
    (message,) = world.slack.messages(CHANNEL)
    assert [each.text for each in world.slack.thread(CHANNEL, message.ts)] == ["Who takes it?", "I do."]


def test_a_manager_comments_labels_and_closes_an_issue(world: World, opened: Opened) -> None:
    page = opened(f"/{STAR}?as=emil")
    page.get_by_role("link", name="STAR for ZD#218702").click()
    page.get_by_label("Comment as emil").fill("Noor drives it.\n/assign @noor")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".note", has_text="Noor drives it.")).to_be_visible()
    page.get_by_label("Label to add").fill("star::in-progress")
    page.get_by_role("button", name="Add label").click()
    expect(page.get_by_role("button", name="Remove the label star::in-progress")).to_be_visible()
    page.get_by_role("button", name="Remove the label urgency::urgent").click()
    expect(page.get_by_role("button", name="Remove the label urgency::urgent")).to_have_count(0)
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".state")).to_have_text("Closed")
    issue = world.issue(STAR, 6)
    assert (issue.state, issue.labels, issue.assignees) == ("closed", ("star::in-progress",), ("emil", "noor"))
    assert {each[2] for each in world.label_events(STAR, 6)[-2:]} == {"emil"}


def test_an_engineer_opens_a_star_with_the_form(world: World, opened: Opened) -> None:
    page = opened(f"/{STAR}?as=dana")
    page.get_by_text("New issue").click()
    expect(page.get_by_label("Text")).to_have_value(re.compile("### Urgency"))
    page.get_by_label("Title").fill("STAR for ZD#300001")
    page.get_by_role("button", name="Open as dana").click()
    expect(page.get_by_role("heading", name="STAR for ZD#300001")).to_be_visible()
    assert world.issues(STAR)[-1].title == "STAR for ZD#300001"


def test_who_plays_is_chosen_and_stays_from_page_to_page(opened: Opened) -> None:
    page = opened(f"/{STAR}")
    page.get_by_label("You are").select_option("dana")
    page.get_by_role("link", name="STAR for ZD#218702").click()
    expect(page.get_by_label("Comment as dana")).to_be_visible()
    expect(page.get_by_label("You are")).to_have_value("dana")


def test_the_clock_is_moved_and_the_next_shift_is_on_call(world: World, opened: Opened) -> None:
    page = opened("/?as=emil")
    expect(page.locator(".pager")).to_contain_text("EMEA Emil Brandt")
    page.get_by_role("button", name="+1 h").click()
    expect(page.locator("#clock")).to_have_text("Mon 30 Nov 10:30 UTC")
    page.get_by_label("Move the clock to this time").fill("2026-11-30T16:05")
    page.get_by_role("button", name="Go to").click()
    expect(page.locator("#clock")).to_have_text("Mon 30 Nov 16:05 UTC")
    expect(page.locator(".pager")).to_contain_text("AMER Amber Vale")
    assert f"{world.clock():%H:%M}" == "16:05"


def test_a_sweep_takes_in_a_new_star_before_the_players_eyes(world: World, opened: Opened) -> None:
    page = opened(f"/{STAR}?as=emil")
    row = page.locator(".row", has_text="STAR for ZD#218804")
    expect(row.locator(".pill")).to_have_count(0)
    page.get_by_role("button", name="Run a sweep").click()
    expect(row).to_contain_text("urgency", timeout=60_000)
    expect(row).to_contain_text("timely")
    expect(page.locator(".report")).to_contain_text("star#2", timeout=60_000)
    assert {"star::new", "urgency::timely"} <= set(world.issue(STAR, 2).labels)


def test_hostile_text_is_shown_as_text(world: World, opened: Opened) -> None:
    iid = world.open_issue(STAR, title=HOSTILE, description=HOSTILE, author="dana")
    world.comment(STAR, iid, "dana", HOSTILE)
    world.slack.post(CHANNEL, "dana", HOSTILE)
    world.add_user("mallory", HOSTILE)
    page = opened(f"/{STAR}/-/issues/{iid}?as=emil&channel={CHANNEL}")
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(page.locator(".note .text")).to_have_text(HOSTILE)
    expect(page.locator("#messages .mrkdwn")).to_have_text(HOSTILE)
    world.edit(STAR, iid, by="dana", title=f"Again {HOSTILE}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Again {HOSTILE}")
    expect(page).to_have_title(re.compile(re.escape(HOSTILE)))
    expect(page.locator("img")).to_have_count(0)


@pytest.mark.parametrize("width", [600, 1280])
def test_nothing_is_cut_off(world: World, opened: Opened, width: int) -> None:
    world.slack.post(CHANNEL, "kim", "x" * 400)
    world.comment(STAR, 6, "kim", "y" * 400)
    page = opened(f"/{STAR}/-/issues/6?as=emil&channel={CHANNEL}", width=width)
    expect(page.get_by_label(f"Message to #{CHANNEL}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    left, right = page.locator(".tracker").bounding_box(), page.locator(".slack").bounding_box()
    assert left and right
    if width == 600:
        assert right["y"] >= left["y"] + left["height"]
    else:
        assert right["x"] >= left["x"] + left["width"]
