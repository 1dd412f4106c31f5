"""Takes drafts of what a rule says in Slack; gives those that are still to be said, each with the key of its memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from msgspec import structs

from starkeeper.evaluate.speech import Turn, late_line, turn_after
from starkeeper.model.facts import Facts
from starkeeper.model.plan import SlackStep
from starkeeper.model.resources import Resource, SlackMessage
from starkeeper.model.rules import Renderer, Rule
from starkeeper.render.markers import make_marker, note_marker
from starkeeper.render.slack import NOBODY_KNOWN, mention_of_group

_LIVING = "living message"


Words = Callable[[int], str]
"""What puts the nth of the outlined steps into words."""


def told(
    rule: Rule,
    outlined: Sequence[SlackStep],
    words: Words,
    about: tuple[str, ...],
    resource: Resource,
    facts: Facts,
    render: Renderer,
) -> Iterator[tuple[SlackStep | None, Turn]]:
    """Each step as it is to be sent, None where it was said before, with whose turn it is.

    What stands in the channel is the memory, and beside it what is known of earlier runs. Raises FacetNeeded where the
    channel was not read yet.
    """
    for place, step in enumerate(outlined):
        if step.does == "react":
            yield _reaction(structs.replace(step, text=words(place)), resource, facts), Turn(None)
        elif step.role:
            yield _living(structs.replace(step, text=words(place)), rule, facts, render), Turn(None)
        else:
            yield _once(rule, step, place, words, about, resource, facts, render)


def _living(step: SlackStep, rule: Rule, facts: Facts, render: Renderer) -> SlackStep | None:
    """The one message of its role: posted where it is not there, edited where it says something else by now."""
    there = facts.own_message(step.channel, step.about, step.role)
    key, _ = make_marker(_LIVING, 1, f"{step.role} {step.about}")
    finished = structs.replace(step, key=key, note=render.reason(rule))
    if there is not None and _tells_instead(step.text, facts):
        # It would say so for one sweep, and the contrary at the next.
        return None
    if there is None:
        return finished if step.does == "post" else None
    assert there.mark is not None
    if there.mark.content == step.content:
        return None
    return structs.replace(finished, does="update", to=there.name)


def _tells_instead(text: str, facts: Facts) -> bool:
    """Whether it tells the group of a rotation only because nobody can say who is on call just now."""
    groups = (mention_of_group(facts.desk.rotations[name].fallback, facts) for name in facts.rotations_unread())
    return any((group or NOBODY_KNOWN) in text for group in groups)


def _reaction(step: SlackStep, resource: Resource, facts: Facts) -> SlackStep | None:
    """An emoji of the bot's own that is not there yet; without the message there is nothing to set it on."""
    there = resource if isinstance(resource, SlackMessage) else None
    there = there or facts.own_message(step.channel, step.about, step.reply_to or "")
    if there is None or any(each.name == step.text and facts.slack_bot in each.users for each in there.reactions):
        return None
    return structs.replace(step, to=there.name)


def _once(
    rule: Rule,
    step: SlackStep,
    place: int,
    words: Words,
    about: tuple[str, ...],
    resource: Resource,
    facts: Facts,
    render: Renderer,
) -> tuple[SlackStep | None, Turn]:
    parts = (f"slack {place}", step.about, *about)
    keys = (note_marker(rule.name, number, parts)[0] for number in range(1, 10_000))
    turn = turn_after(rule, keys, _said(step, resource, facts), facts)
    if turn.number is None or _is_forgotten(resource, facts):
        return None, turn
    key, _ = note_marker(rule.name, turn.number, parts)
    late = late_line(rule, resource, facts) if turn.number == 1 else ""
    text = f"{words(place)}\n{late}" if late else words(place)
    there = facts.own_message(step.channel, step.about, step.reply_to) if step.reply_to and not step.to else None
    to = there.name if there else step.to
    return structs.replace(step, key=key, text=text, note=render.reason(rule), to=to), turn


def _is_forgotten(resource: Resource, facts: Facts) -> bool:
    """Whether it was closed so long ago that Slack was not read back to its beginning: what was said is not known."""
    return resource.state != "opened" and resource.created_at < facts.slack_since


def _said(step: SlackStep, resource: Resource, facts: Facts) -> dict[str, dt.datetime]:
    """By key, what was said about the resource where the step is to be said."""
    known = dict(facts.said.get(resource.key, {}))
    if not isinstance(resource, SlackMessage):
        return {**known, **facts.said_in_slack(step.channel, step.about)}
    if known or not resource.may_be_answered:
        return known
    return {each.mark.key: each.at for each in facts.replies(resource) if each.is_own and each.mark}
