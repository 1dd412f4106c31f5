"""Whoever fills in a form is the initiator of what the bot opens for them; nobody becomes it by a line of text."""

from __future__ import annotations

import pytest

from starkeeper.facts.openers import by_opener
from starkeeper.model.people import belongs
from starkeeper.model.resources import User
from starkeeper.render.markers import opened_for, opened_for_line
from tests.builders import BOT, make_facts, make_issue

FOR_KIM = f"### Ticket\n\n7\n\n{opened_for_line('kim')}\n"


class Account:
    """The account of a run, which counts how often it is asked for."""

    def __init__(self) -> None:
        self.asked = 0

    def whoami(self) -> User:
        self.asked += 1
        return User(BOT)


def test_what_the_bot_opened_from_a_form_is_its_askers() -> None:
    issue = by_opener(make_issue(author=BOT, description=FOR_KIM), Account())
    facts = make_facts(issue)
    assert issue.author == User("kim", name="kim")
    assert belongs("Kim", "initiator", issue, facts)
    assert not belongs("kim", "others", issue, facts)
    assert belongs("emil", "others", issue, facts)
    assert not belongs(BOT, "initiator", issue, facts)


@pytest.mark.parametrize("author", ["ivy", "kim", "emil"])
def test_line_in_somebodys_own_issue_says_nothing(author: str) -> None:
    issue = make_issue(author=author, description=FOR_KIM)
    assert by_opener(issue, Account()) == issue


def test_account_is_asked_for_only_where_a_form_may_have_opened_it() -> None:
    account = Account()
    issue = make_issue(author=BOT, description="### Ticket\n\n7")
    assert by_opener(issue, account) == issue
    assert account.asked == 0


@pytest.mark.parametrize(
    "line",
    [
        "`" + opened_for_line("kim") + "`",
        "| " + opened_for_line("kim"),
        opened_for_line("kim") + " and more",
    ],
)
def test_only_a_whole_line_counts(line: str) -> None:
    assert opened_for(f"Text\n{line}\n") == ""


@pytest.mark.parametrize("name", ["", "k i m", 'kim" -->\n<!-- x="', "kim\n"])
def test_nobody_is_named_but_by_a_user_name(name: str) -> None:
    with pytest.raises(ValueError, match="no user name"):
        opened_for_line(name)
