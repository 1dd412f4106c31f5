"""Who is who in Slack: found by handle or e-mail only where that is certain, and told in one harmless line."""

from __future__ import annotations

import pytest

from starkeeper.model.resources import Place
from starkeeper.sandbox.slack import faults
from starkeeper.sandbox.world import World
from tests.connectors.slack.conftest import SINCE, Office


def person(name: str) -> Place:
    return Place("people", name)


def id_of(world: World, name: str) -> str:
    return world.slack.add_user(name).id


def test_people_are_found_by_handle_id_and_email(office: Office) -> None:
    office.world.slack.add_user("kwest", "Kim West", display_name="kim w")
    found = {name: office.account(person(name)) for name in ("emil", "amber", "kim", "rosa")}
    assert found == {
        "emil": id_of(office.world, "emil"),
        "amber": id_of(office.world, "amber"),
        "kim": id_of(office.world, "kwest"),
        "rosa": "UROSA0001",
    }
    assert office.asked("users.list") == 1


def test_people_beyond_the_first_page_are_found(office: Office) -> None:
    for number in range(1000):
        office.world.slack.add_user(f"user{number}")
    office.world.slack.add_user("kwest")
    assert office.account(person("kim")) == id_of(office.world, "kwest")
    assert office.asked("users.list") == 2


@pytest.mark.parametrize("name", ["nobody", "unknown", "not in people.yml"])
def test_whom_slack_does_not_know_is_nobody(office: Office, name: str) -> None:
    assert office.account(person(name)) == ""


def test_a_stranger_who_takes_somebodys_handle_for_a_name_is_not_taken_for_them(office: Office) -> None:
    office.world.slack.add_user("mallory", "kwest", display_name="kwest")
    assert office.account(person("kim")) == ""
    office.world.slack.add_user("kwest")
    office.slack = office.connect()
    assert office.account(person("kim")) == id_of(office.world, "kwest")


def test_two_of_one_handle_are_nobody(office: Office) -> None:
    office.world.slack.add_user("kwest")
    office.world.slack.add_user("guest").name = "kwest"
    assert office.account(person("kim")) == ""


def test_the_bot_is_told_its_own_account_without_a_request_more(office: Office) -> None:
    office.messages()
    asked = len(office.world.requests)
    assert office.account(Place("accounts", "")) == id_of(office.world, "starkeeper")
    assert len(office.world.requests) == asked


def test_bots_and_who_is_gone_are_nobody(office: Office) -> None:
    office.world.slack.add_user("kwest", deleted=True)
    office.world.slack.add_user("emil").is_bot = True
    assert [office.account(person(each)) for each in ("kim", "emil")] == ["", ""]


def test_an_account_is_told_by_its_display_name(office: Office) -> None:
    found = office.world.slack.add_user("zoe", "Zoe Q. Public", display_name="zoe (she)")
    assert office.account(Place("accounts", found.id)) == "zoe (she)"


def test_an_account_without_one_is_told_by_its_real_name(office: Office) -> None:
    found = office.world.slack.add_user("zoe", "Zoe Q. Public")
    found.display_name = ""
    assert office.account(Place("accounts", found.id)) == "Zoe Q. Public"


def test_a_name_is_one_line_of_no_great_length(office: Office) -> None:
    found = office.world.slack.add_user("zoe")
    found.display_name = "a\n# b\u202e\tc" + "d" * 200
    assert office.account(Place("accounts", found.id)) == "a # b c" + "d" * 73


@pytest.mark.parametrize("account", ["U0NOWHERE", "../x", "<!channel>"])
def test_an_account_that_is_not_there_has_no_name(office: Office, account: str) -> None:
    assert office.account(Place("accounts", account)) == ""


def test_an_email_stays_out_of_the_error(office: Office) -> None:
    office.world.faults.append(faults.refused("users.lookupByEmail", "missing_scope"))
    error = office.slack.read_facet("slack_account", {person("amber")}, SINCE).failed[person("amber")]
    assert str(error) == (
        "Slack: looking for the Slack account of amber: the token lacks the scope that this needs (missing_scope); "
        "add it to the app and install it again"
    )
