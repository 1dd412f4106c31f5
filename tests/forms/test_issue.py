"""What a form becomes: an issue in which everything that was entered is text, and reads as it was entered."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from starkeeper.desk.fields import fields_in, is_answer
from starkeeper.errors import RenderError
from starkeeper.forms import key_from
from starkeeper.render.clean import clean_lines, one_line
from starkeeper.render.markers import marker_in, opened_for
from starkeeper.render.place import command_lines
from tests.forms.desk import NOTICE, STAR, filled_in, opened, policies

SIGNS = st.sampled_from(
    [
        *("/close", "/label ~bug", "@all", "#1", "!2", "~bug", "```", "~~~", "`", "### Urgency", "Urgent", "| ", "|"),
        *("<!--", "-->", '<!-- starkeeper opened for="emil" -->', "<details>", "{{ 7*7 }}", "{% raw %}", "\\", "---"),
        *("\n", "\r\n", "\u2028", "\u202e", "\u200b", "\t", "    ", " ", "> ", "- [ ] ", "[[", "$$", "^[", "ok", "12"),
    ]
)
WRITTEN = st.lists(st.one_of(SIGNS, st.text(max_size=8)), max_size=25).map("".join)


def text_of(entered: str) -> str:
    """What is left of it: what hides is gone, and so are blanks around and behind lines."""
    return "\n".join(line.rstrip() for line in clean_lines(entered)).strip()


@settings(deadline=None)
@given(reason=WRITTEN, group=WRITTEN)
def test_desk_reads_back_what_was_entered(reason: str, group: str) -> None:
    reason, group = f"Because {reason}", group[:200]
    step = opened(filled_in("star", {**STAR, "reason": reason, "result": reason, "group": group}))
    found = fields_in(step.title, step.description, policies().desk.trackers["star"])
    wanted = {"ticket": "123456", "urgency": "timely", "form": "Self-Managed"}
    assert found == {**wanted, "reason": text_of(reason), "result": text_of(reason)}


@settings(deadline=None)
@given(reason=WRITTEN, group=WRITTEN)
def test_nothing_that_was_entered_is_a_command_or_anything_but_text(reason: str, group: str) -> None:
    group = group[:200]
    step = opened(filled_in("star", {**STAR, "reason": f"x{reason}", "group": group}))
    assert list(command_lines(step.description)) == []
    assert opened_for(step.description) == "ivy"
    tokens = MarkdownIt().parse(step.description)
    headings = [tokens[place + 1].content for place, each in enumerate(tokens) if each.type == "heading_open"]
    asked = ["Ticket", "Urgency", "Form", "Reason more attention is needed", "Desired result", "Who asks"]
    asked[3:3] = ["GitLab.com group"] if is_answer(one_line(group)) else []
    assert headings == asked
    assert [each.content for each in tokens if each.type == "html_block"] == [
        '<!-- starkeeper opened for="ivy" -->\n',
        f"{step.description.splitlines()[-1]}",
    ]


def test_issue_says_who_asks_and_mentions_nobody() -> None:
    step = opened(filled_in("star", STAR, by="ivy.b-2"))
    assert "Opened from the form star for `ivy.b-2`." in step.description
    assert "@" not in step.description
    assert opened_for(step.description) == "ivy.b-2"


def test_what_was_not_given_has_no_heading() -> None:
    description = opened(filled_in("star", STAR)).description
    assert "Plan" not in description
    assert description.startswith("### Ticket\n\n123456\n\n### Urgency\n\nTimely\n\n### Form\n\nSelf-Managed\n\n")


def test_same_answers_of_a_person_have_one_key_however_they_are_written() -> None:
    first = filled_in("star", STAR)
    second = filled_in("star", {**STAR, "ticket": "ZD#123456", "urgency": "TIMELY", "plan": ""})
    assert key_from(filled_in("star", STAR, by="sam"), "") != key_from(first, "")
    other = filled_in("star", {**STAR, "ticket": "123457"})
    assert key_from(first, "") == key_from(second, "") != key_from(other, "")
    marker = marker_in(opened(first).description)
    assert marker is not None
    assert marker.key == opened(first).key == opened(second).key != opened(other).key


def test_a_key_of_ones_own_is_not_mixed_up_with_answers() -> None:
    first = filled_in("star", STAR)
    assert key_from(first, key_from(first, "")) != key_from(first, "")


@pytest.mark.parametrize(
    ("recipients", "has", "lacks"),
    [
        ("1", "none is needed", "a director of Support has approved it"),
        ("2", "General::Outbound Contact Request", "Support Preparedness"),
        ("3", "a director of Support has approved it", "General::Outbound Contact Request"),
        ("4000", "Support Preparedness issue", "none is needed"),
    ],
)
def test_number_of_recipients_picks_who_approves_a_notice(recipients: str, has: str, lacks: str) -> None:
    step = opened(filled_in("notice", {**NOTICE, "recipients": recipients}))
    assert step.confidential
    assert has in step.description
    assert lacks not in step.description


def test_notice_about_a_security_incident_has_a_checklist_of_its_own() -> None:
    words = "no customer is added to an issue or a channel of the incident"
    assert words not in opened(filled_in("notice", NOTICE)).description
    assert words in opened(filled_in("notice", {**NOTICE, "kind": "Security incident"})).description


def test_form_whose_issue_the_desk_would_not_read_opens_none() -> None:
    from msgspec import structs

    from starkeeper.model.values import Text

    entered = filled_in("star", STAR)
    broken = structs.replace(entered, form=structs.replace(entered.form, title=Text("STAR for ZD#7")))
    with pytest.raises(RenderError, match="what was entered as 'ticket' could not be read in the issue"):
        opened(broken)
