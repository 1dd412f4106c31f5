"""The seeded Slack: its people and channels have ids that policies can name, and its bot may do its work."""

from __future__ import annotations

from slack_sdk import WebClient

from starkeeper.sandbox.seeds import MANAGERS, SLACK_CHANNELS, SLACK_TOKEN, SLACK_USERS, seed_desk
from starkeeper.sandbox.server import serve
from starkeeper.sandbox.world import World
from tests.sandbox.conftest import NOON


def test_the_bot_finds_everybody_and_posts_where_the_desk_talks() -> None:
    world = World(lambda: NOON)
    seed_desk(world, NOON)
    with serve(world) as served:
        slack = WebClient(SLACK_TOKEN, base_url=f"{served.url}/slack/api/")
        people = {each["name"]: each["id"] for each in slack.users_list()["members"] if not each["is_bot"]}
        channels = {each["name"]: each for each in slack.conversations_list()["channels"]}
        posted = slack.chat_postMessage(channel="support_ticket-attention-requests", text="A new STAR")
        slack.reactions_add(channel=posted["channel"], timestamp=posted["ts"], name="eyes")
    assert people == {name: id for name, (id, _) in SLACK_USERS.items()}
    assert {name: each["id"] for name, each in channels.items()} == SLACK_CHANNELS
    assert {name for name, each in channels.items() if not each["is_member"]} == {"random"}


def test_people_have_one_name_in_the_tracker_and_in_slack() -> None:
    assert {name: SLACK_USERS[name][1] for name in MANAGERS} == MANAGERS
