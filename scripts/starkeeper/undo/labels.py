"""Takes the labels that a run set and took off; gives those that nobody has touched since back as they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from starkeeper.model.journal import Snapshot
from starkeeper.model.plan import LabelsStep
from starkeeper.model.resources import LabelEvent
from starkeeper.undo.doings import Doing, Moved
from starkeeper.undo.parts import Back, Case, Left


def undo_labels(doing: Doing, case: Case) -> tuple[Back | Left, ...]:
    """Those that the run set come off first, for one of the same scope may come back in their place.

    Raises FacetNeeded where the label events of the resource were not read yet.
    """
    moved = doing.moved("labels")
    if not moved:
        return ()
    events = case.facts.label_events(case.resource)
    off = [part for each in moved if each.on for part in _undo(each, events, case)]
    taken = {label for part in off if isinstance(part, Back) for label in _removed(part)}
    on = [part for each in moved if not each.on for part in _set_again(each, taken, events, case)]
    return (*off, *on)


def _undo(moved: Moved, events: Sequence[LabelEvent], case: Case) -> Iterator[Back | Left]:
    """Nothing where an earlier undo has done it."""
    since = _since(moved, events, case)
    is_on = moved.name in case.resource.labels
    if since:
        last = since[-1]
        if is_on is moved.on or last.user != case.facts.bot or not case.is_back("labels"):
            did = "set it again" if last.action == "add" else "took it off"
            yield _left(moved, f"{case.who(last.user)} {did} {case.when(last.created_at)}")
    elif is_on is not moved.on:
        yield _left(moved, "it is not as the run left it, and nobody is known to have changed it")
    else:
        change = {"remove": (moved.name,)} if moved.on else {"add": (moved.name,)}
        yield Back(LabelsStep(rule=case.rule, **change), (moved.entry,))


def _set_again(moved: Moved, taken: set[str], events: Sequence[LabelEvent], case: Case) -> Iterator[Back | Left]:
    """One of a scope only where no other one has come into its place, which it would push out."""
    scope = scope_of(moved.name)
    was = _before(moved).labels
    others = [each for each in case.resource.labels if scope and scope_of(each) == scope]
    other = next((each for each in others if each not in taken and each not in was), None)
    if other is None or moved.name in case.resource.labels:
        yield from _undo(moved, events, case)
        return
    added = [each for each in events if each.label == other and each.action == "add"]
    by = f"{case.who(added[-1].user)} set '{other}' {case.when(added[-1].created_at)}" if added else f"'{other}' is set"
    yield _left(moved, by)


def _since(moved: Moved, events: Iterable[LabelEvent], case: Case) -> list[LabelEvent]:
    """What happened to the label after the run's own event: the account's first of that kind since the run looked.

    Where that is not among them (GitLab forgets the name of a label that was deleted) the time of the write counts.
    """
    action = "add" if moved.on else "remove"
    of_label = [each for each in events if each.label == moved.name]
    looked_at, bot = _before(moved).updated_at, case.facts.bot
    for place, event in enumerate(of_label):
        if event.action == action and event.user == bot and event.created_at >= looked_at:
            return of_label[place + 1 :]
    after = moved.entry.after
    return [each for each in of_label if after and each.created_at > after.updated_at]


def scope_of(label: str) -> str:
    """All before the last `::`, "" for a label without one."""
    scope, separator, value = label.rpartition("::")
    return scope if separator and value else ""


def _before(moved: Moved) -> Snapshot:
    assert moved.entry.before is not None, "doings_of keeps only entries that have it"
    return moved.entry.before


def _removed(part: Back) -> tuple[str, ...]:
    return part.step.remove if isinstance(part.step, LabelsStep) else ()


def _left(moved: Moved, why: str) -> Left:
    return Left(f"label '{moved.name}'", why)
