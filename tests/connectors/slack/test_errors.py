"""Each thing that a person must correct is told in one line with its remedy; what is secret or said stays out of it."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from starkeeper.errors import ConnectorError
from starkeeper.model.plan import SlackStep
from starkeeper.model.resources import Place
from starkeeper.sandbox.faults import dropped, html_page
from starkeeper.sandbox.slack import faults
from starkeeper.sandbox.world.slack import ALL_SCOPES
from tests.connectors.slack.conftest import POST, REPLY, SINCE, STAR, TOKEN, Office, like

TOKEN_REFUSED = "is SLACK_BOT_TOKEN the bot token of an app that is still installed?"


def refused(office: Office, step: SlackStep) -> str:
    with pytest.raises(ConnectorError) as caught:
        office.slack.tell(step)
    return f"{caught.value.status} {caught.value}"


@pytest.mark.parametrize(
    ("channel", "line"),
    [
        ("unheard", "404 Slack: looking for channel 'unheard': desk.yml has no such channel; add it under channels"),
        (
            "gone",
            "404 Slack: looking for channel 'gone': the bot is in no channel of the name renamed; "
            "invite it there with /invite @starkeeper, or correct 'gone' under channels in desk.yml",
        ),
        (
            "foreign",
            "403 Slack: reading channel 'foreign': the bot is not in the channel (not_in_channel); "
            "invite the bot there with /invite @starkeeper, or correct 'foreign' under channels in desk.yml",
        ),
    ],
)
def test_a_channel_that_is_not_the_bots_is_told_by_its_name_in_desk_yml(
    office: Office, channel: str, line: str
) -> None:
    assert office.error(Place("channels", channel)) == line


def test_a_private_channel_without_the_bot_is_told_as_one_that_is_not_there(office: Office) -> None:
    office.world.slack.leave("plain", "starkeeper")
    assert office.error(Place("channels", "plain")) == (
        "404 Slack: reading channel 'plain': there is no such channel, or the bot is not in it (channel_not_found); "
        "invite the bot there with /invite @starkeeper, or correct 'plain' under channels in desk.yml"
    )


def test_a_scope_that_is_missing_is_named(office: Office) -> None:
    office.world.slack.add_token("xoxb-poor", scopes=set(ALL_SCOPES) - {"channels:history"})
    office.slack = office.connect("xoxb-poor")
    assert office.error() == (
        "403 Slack: reading channel 'star': the token lacks the scope channels:history (missing_scope); "
        "add it to the app and install it again"
    )


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "token_expired", "account_inactive"])
def test_a_token_that_is_refused_is_told_without_it(office: Office, code: str) -> None:
    office.world.faults.append(faults.refused("auth.test", code))
    line = f"401 Slack: asking who the token stands for: the token was refused ({code}); {TOKEN_REFUSED}"
    assert office.error() == line


def test_a_missing_token_is_told(office: Office) -> None:
    office.slack = office.connect("")
    assert office.error() == (
        "401 Slack: asking who the token stands for: no token was sent (not_authed); "
        "set SLACK_BOT_TOKEN to the bot token of the app (xoxb-…)"
    )


def test_an_archived_channel_is_told(office: Office) -> None:
    office.world.slack.archive("stars")
    assert refused(office, POST) == (
        "403 Slack: posting in channel 'star': the channel is archived (is_archived); "
        "unarchive it, or correct 'star' in desk.yml"
    )


def test_a_reply_before_there_is_an_announcement_waits_for_the_next_sweep(office: Office) -> None:
    assert refused(office, REPLY) == (
        "None Slack: looking in channel 'star': there is no announcement yet; it comes with the next sweep"
    )
    assert office.stored() == ()


def test_a_message_that_is_gone_is_told(office: Office) -> None:
    office.slack.tell(POST)
    office.world.slack.delete("stars", office.stored()[0].ts)
    assert refused(office, like(POST, does="update")) == (
        "404 Slack: editing a message in channel 'star': the message is not there any more (message_not_found); "
        "the next sweep looks anew"
    )


def test_a_message_of_somebody_else_is_not_edited(office: Office) -> None:
    ts = office.world.slack.post("stars", "emil", "hello")
    assert refused(office, like(POST, does="update", to=ts)) == (
        "403 Slack: editing a message in channel 'star': another app or person wrote the message "
        "(cant_update_message); only who wrote it can edit it"
    )
    assert [each.text for each in office.stored()] == ["hello"]


def test_an_emoji_that_slack_does_not_have_is_told(office: Office) -> None:
    office.slack.tell(POST)
    assert refused(office, like(REPLY, does="react", text="no-such-thing")) == (
        "400 Slack: setting the emoji 'no-such-thing' in channel 'star': there is no such emoji (invalid_name); "
        "add it to Slack, or correct it under emoji in desk.yml"
    )


def test_a_refusal_that_we_do_not_know_is_told_with_slacks_own_word(office: Office) -> None:
    office.world.faults.append(faults.refused("chat.postMessage", "as_user_not_supported"))
    assert refused(office, POST) == ("400 Slack: posting in channel 'star': Slack refused it (as_user_not_supported)")


def test_a_word_that_is_none_of_slacks_is_not_repeated(office: Office) -> None:
    office.world.faults.append(faults.refused("auth.test", "<b>ZD#7 of Example Inc.</b>"))
    assert "ZD#7" not in office.error()


def test_neither_tokens_nor_what_people_wrote_get_into_logs_and_errors(
    office: Office, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG, logger="starkeeper")
    told = [office.error(Place("channels", "foreign"))]
    office.world.slack.post("stars", "emil", "a secret of Example Inc.")
    office.world.faults.append(html_page("*", "/slack/api/conversations.history$"))
    told.append(office.error())
    office.world.faults.append(dropped("*", "/slack/api/chat.postMessage$"))
    office.slack.tell(like(POST, text="a secret of Example Inc."))
    office.world.faults.append(faults.refused("chat.update", "edit_window_closed"))
    office.slack.tell(like(REPLY, text="a secret of Example Inc."))
    office.slack = office.connect(f"{TOKEN}\nx")
    told.append(office.error())
    office.world.faults.clear()
    everything = "\n".join((caplog.text, *capfd.readouterr(), *told))
    assert "chat.postMessage: 200 ok" in everything
    assert "could not be noted" in everything
    assert not [each for each in ("secret", "Example", TOKEN, "Bearer", "<html") if each in everything]
    assert "check SLACK_API_URL and SLACK_BOT_TOKEN for stray characters" in everything


def test_slacks_client_is_not_loaded_before_slack_is_asked() -> None:
    code = "import sys, starkeeper.connectors.slack; sys.exit('slack_sdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_no_facet_of_slack_is_a_mistake_of_ours(office: Office) -> None:
    with pytest.raises(ValueError, match="no notes"):
        office.slack.read_facet("notes", {STAR}, SINCE)
