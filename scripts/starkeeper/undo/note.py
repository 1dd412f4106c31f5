"""Takes what is brought back on one resource and what is left; gives the note that says so and keeps the rules off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from starkeeper.model.journal import Header
from starkeeper.model.plan import (
    AssignStep,
    CommentStep,
    ConfidentialStep,
    DueDateStep,
    FieldStep,
    LabelsStep,
    LockStep,
    StatusStep,
)
from starkeeper.render.escape import markdown_inline
from starkeeper.render.markers import make_marker
from starkeeper.render.undone import UNDONE_LABEL, undone_lines
from starkeeper.undo.parts import Left

_ADDRESS = re.compile(r"https?://[\w.:/%-]+", re.ASCII)


def undo_note(
    noun: str, steps: Iterable[FieldStep], left: Iterable[Left], rules: Mapping[str, str], header: Header, rule: str
) -> CommentStep:
    """One internal note. `rules` are the names of those that are to keep off, by digest; the key tells them apart, so
    that what is undone by parts is said by parts."""
    key, marker = make_marker(rule, 1, "\0".join((header.run, *sorted(rules))))
    steps = sorted(steps, key=_place)
    done = [words for step in steps for words in _in_words(step)]
    stays = [f"left as it is: {markdown_inline(f'{each.what}: {each.why}')}" for each in left]
    paragraphs = [
        f"What run {_run(header)} did here is taken back, as far as nobody has touched it since:",
        "\n".join(f"- {words}" for words in (*done, *stays)),
        *_keeps_off(noun, list(rules.values()), steps),
        f"<sub>Starkeeper wrote this: `starkeeper undo {header.run}`</sub>",
        "\n".join(line for line in (undone_lines(rules), marker) if line),
    ]
    return CommentStep(rule=rule, internal=True, body="\n\n".join(paragraphs), key=key)


def _place(step: FieldStep) -> int:
    """What people look for comes first."""
    return 0 if isinstance(step, StatusStep) else 1


def _run(header: Header) -> str:
    """With the job that it ran in, where its address is one of this GitLab's."""
    is_ours = header.job_url.startswith(f"{header.gitlab_url}/") and _ADDRESS.fullmatch(header.job_url)
    return f"[`{header.run}`]({header.job_url})" if is_ours else f"`{header.run}`"


def _keeps_off(noun: str, rules: Sequence[str], steps: Sequence[FieldStep]) -> Iterator[str]:
    if rules:
        names = ", ".join(markdown_inline(name) for name in rules)
        which = "This rule keeps off" if len(rules) == 1 else "These rules keep off"
        whose = "its" if len(rules) == 1 else "their"
        until = f'until {whose} text changes, or until ~"{UNDONE_LABEL}" is taken off'
        yield f"{which} this {noun} {until}: {names}"
    elif any(isinstance(step, LabelsStep) and UNDONE_LABEL in step.remove for step in steps):
        yield f"The rules that kept off this {noun} for that act here again."


def _in_words(step: FieldStep) -> Iterator[str]:
    match step:
        case LabelsStep():
            if step.remove:
                yield f"labels taken off: {_listed(step.remove)}"
            if step.add:
                yield f"labels set again: {_listed(step.add)}"
        case StatusStep():
            yield "opened again" if step.state == "opened" else "closed again"
        case AssignStep():
            yield from [f"assigned again: {_listed(step.add)}"] if step.add else []
            yield from [f"no longer assigned: {_listed(step.remove)}"] if step.remove else []
        case ConfidentialStep():
            yield "confidential again" if step.confidential else "no longer confidential"
        case DueDateStep():
            yield f"due on {step.due_date} again" if step.due_date else "no due date any more"
        case LockStep():
            yield "locked again" if step.locked else "no longer locked"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(markdown_inline(name) for name in names)
