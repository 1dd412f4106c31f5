"""The page's right half: what stands in a channel is shown as Slack shows it, and text stays text."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
import requests

from starkeeper.sandbox.web.markdown import as_html as markdown
from starkeeper.sandbox.web.mrkdwn import Names, as_html
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON, STAR

NAMES = Names({"U1": "emil"}, {"C1": "random"})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* and _italic_ and ~gone~", "<p><strong>bold</strong> and <em>italic</em> and <s>gone</s></p>"),
        ("*a _b_*", "<p><strong>a <em>b</em></strong></p>"),
        ("2*3*4 and some_snake_case", "<p>2*3*4 and some_snake_case</p>"),
        ("`*code*`", "<p><code>*code*</code></p>"),
        ("before\n```\n*a*\n<b>\n```", "<p>before</p><pre>*a*\n&lt;b&gt;</pre>"),
        ("&gt; one\n> two\nthree", "<blockquote>one<br>two</blockquote><p>three</p>"),
        ("<@U1> <@U9> <#C1>", "@emil @U9 #random"),
        ("<!here> <!subteam^S1|managers>", "@here managers"),
        (
            "<https://a.example/?x=1&amp;y=2|see>",
            '<p><a href="https://a.example/?x=1&amp;y=2" rel="noreferrer">see</a></p>',
        ),
        ("<https://a.example>", '<p><a href="https://a.example" rel="noreferrer">https://a.example</a></p>'),
        ("&lt;!channel&gt; &amp;lt;", "<p>&lt;!channel&gt; &amp;lt;</p>"),
        (":eyes: :unheard-of: 10:30:00", "<p>👀 :unheard-of: 10:30:00</p>"),
    ],
)
def test_a_message_is_shown_as_slack_shows_it(text: str, shown: str) -> None:
    assert shown in as_html(text, NAMES).replace("<span class=mention>", "").replace("</span>", "")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<javascript:alert(1)|click>",
        "<JavaScript:alert(1)>",
        "<data:text/html,x|y>",
        '<https://a.example/"onmouseover="alert(1)|x>',
        '<@U1"><img src=x onerror=alert(1)>',
        "*<img src=x onerror=alert(1)>*",
        "```<img src=x onerror=alert(1)>```",
        "> <img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        '[x](https://a.example/"onmouseover="alert(1))',
        "### <img src=x onerror=alert(1)>",
        "&lt;img src=x onerror=alert(1)&gt;",
        "| <img src=x onerror=alert(1)> |",
        "- [x] <img src=x onerror=alert(1)>",
        "-  <img",
        "<sub><img src=x onerror=alert(1)></sub>",
        "- <img src=x onerror=alert(1)>",
    ],
)
def test_no_text_becomes_an_element_or_a_link_that_runs(text: str) -> None:
    for shown in (str(as_html(text, NAMES)), str(markdown(text))):
        assert "<img" not in shown
        assert "<script" not in shown
        assert '"onmouseover' not in shown
        assert 'href="javascript' not in shown.lower()
        assert 'href="data' not in shown.lower()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("### Ticket\n\n123", "<h4>Ticket</h4><p>123</p>"),
        ("**a** `b`\nc", "<p><strong>a</strong> <code>b</code><br>c</p>"),
        ("- **one**\n- two", "<ul><li><strong>one</strong></li><li>two</li></ul>"),
        ("- [ ] open\n1. [x] done", "<ul><li>☐ open</li><li>☑ done</li></ul>"),
        ("| | |\n|:--|--:|\n| a | **b** |", "<table><tr><td>a</td><td><strong>b</strong></td></tr></table>"),
        (r"\*\*no\*\* &lt;b&gt; \<i>", "<p>**no** &lt;b&gt; &lt;i&gt;</p>"),
        ("<sub>small</sub> <b>", "<p><small>small</small> &lt;b&gt;</p>"),
        ("> said", "<blockquote>said</blockquote>"),
        ("<!-- hidden -->\nshown", "<p>shown</p>"),
        ("```\n/close <b>\n```", "<pre>/close &lt;b&gt;\n</pre>"),
        ("[page](https://a.example)", '<p><a href="https://a.example" rel="noreferrer">page</a></p>'),
    ],
)
def test_notes_are_shown_as_gitlab_shows_them(text: str, shown: str) -> None:
    assert markdown(text) == shown


def page(url: str, path: str) -> str:
    answer = requests.get(url + path, timeout=10)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_a_channel_shows_messages_threads_and_reactions(world: World, url: str) -> None:
    world.slack.add_channel("quiet", ["emil"])
    world.slack.add_channel("requests", ["emil", "amber"])
    first = world.slack.post("requests", "amber", "A *new* one", at=NOON - dt.timedelta(hours=1))
    world.slack.post("requests", "emil", "Mine.", first)
    world.slack.post("requests", "emil", "The last.")
    world.slack.react("requests", first, "emil", "eyes")
    world.slack.edit("requests", first, "A *better* one")
    shown = page(url, "/?channel=requests&as=emil")
    assert "A <strong>better</strong> one" in shown
    assert "(edited)" in shown
    assert "1 reply" in shown
    assert "👀 <b>1</b> <span>emil</span>" in shown
    assert 'value="eyes" class="reaction" aria-pressed="true"' in shown
    assert shown.index("better") < shown.index("Mine.") < shown.index("The last.")
    assert 'aria-pressed="true"' not in page(url, "/?channel=requests&as=amber")
    assert "Nobody has written in #quiet yet." in page(url, "/?channel=quiet")


def test_the_blocks_of_an_app_are_shown_instead_of_its_text(world: World, url: str) -> None:
    world.slack.add_channel("requests", ["emil"])
    world.slack.add_user("starkeeper", is_bot=True)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": "*Not* <b>bold</b>"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*Urgent*"},
            "fields": [{"type": "mrkdwn", "text": "_f_"}],
        },
        {"type": "divider"},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "`small`"}]},
        {"type": "video", "title": {"type": "plain_text", "text": "unseen"}},
    ]
    world.slack.post("requests", "starkeeper", "the fallback", blocks=blocks)
    shown = requests.get(f"{url}/?channel=requests", timeout=10).text
    assert "<h3><p>*Not* &lt;b&gt;bold&lt;/b&gt;</p></h3>" in shown
    assert "<strong>Urgent</strong>" in shown
    assert "<em>f</em>" in shown
    assert "<hr>" in shown
    assert "<code>small</code>" in shown
    assert "A block of the kind video" in shown
    assert "the fallback" not in shown


def test_who_is_on_call_and_what_is_open_stands_above(world: World, url: str) -> None:
    world.pagerduty.add_schedule("Days", [("Emil Brandt", "08:00", "16:00")])
    world.pagerduty.add_schedule("Nights", [("Aoi Nishi", "00:00", "08:00")])
    world.pagerduty.add_service("Emergencies")
    world.pagerduty.trigger("Emergencies", "Nobody can sign in")
    gone = world.pagerduty.trigger("Emergencies", "Over and done")
    world.pagerduty.resolve(gone)
    shown = page(url, "/")
    assert "<b>Emil Brandt</b>" in shown
    assert "<b>nobody now</b>" in shown
    assert "Nobody can sign in" in shown
    assert "Over and done" not in shown


def test_links_lead_on_as_the_same_person_in_the_same_channel(world: World, url: str) -> None:
    world.open_issue(STAR)
    world.slack.add_channel("requests", ["emil"])
    shown = page(url, "/?as=emil&channel=requests")
    assert f'href="/{STAR}/-/issues/1?as=emil&channel=requests"' in shown
    assert '<option value="emil" selected>' in shown
