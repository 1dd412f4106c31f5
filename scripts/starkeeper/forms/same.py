"""Takes what tells one filling in of a form from another; gives the issue that it opened before, or what closes two."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from starkeeper.model.forms import Entered, Form
from starkeeper.model.plan import Change, SummarizeStep, SummaryComment
from starkeeper.model.resources import Issue
from starkeeper.model.rules import Renderer
from starkeeper.render.markers import make_marker, marker_in


def key_from(entered: Entered, key: str) -> str:
    """What the same issue is known by: the key that was given, else who asks and all that was entered."""
    if key:
        return f"key {key}"
    told = [entered.by.casefold(), sorted(entered.answers.items())]
    return f"fields {msgspec.json.encode(told).decode()}"


def marker_of(form: Form, key: str) -> tuple[str, str]:
    """The key of the issue's hidden marker, and the line that carries it."""
    return make_marker(form.by_line.name, 1, key)


def same_as(form: Form, key: str, own: Iterable[Issue]) -> tuple[Issue, ...]:
    """Those of the account's own issues that were opened with that key, of any state, the first one first."""
    wanted, _ = marker_of(form, key)
    marked = ((each, marker_in(each.description)) for each in own)
    found = (each for each, marker in marked if marker is not None and marker.key == wanted)
    return tuple(sorted(found, key=lambda each: each.iid))


def double_changes(form: Form, same: tuple[Issue, ...], ours: str | None, render: Renderer) -> tuple[Change, ...]:
    """What closes the issue that this run opened, by its reference, where another run was first with the same.

    With None all later ones that are still open: the run that opened one was cut short before it could close it.
    """
    later = (each for each in same[1:] if each.state == "opened" and ours in (None, each.reference))
    return tuple(_closing(form, same[0], each, render) for each in later)


def _closing(form: Form, first: Issue, second: Issue, render: Renderer) -> Change:
    key, marker = make_marker(form.by_line.name, 1, f"double {first.reference}")
    words = f"The form was sent twice at once. Please go on in {first.reference}."
    step = SummarizeStep(
        rule=form.by_line.name,
        title=second.title,
        description=second.description,
        key=key,
        close=True,
        comments=(SummaryComment(body=render.note([words], form.by_line, marker), key=key),),
    )
    return Change(
        tracker=form.tracker,
        project=second.project,
        type="issues",
        iid=second.iid,
        title=second.title,
        web_url=second.web_url,
        steps=(step,),
    )
