"""Takes what a run did to one resource and how that is now; gives the change that brings it back, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from starkeeper.model.facts import Facts
from starkeeper.model.journal import Header
from starkeeper.model.plan import Change, FieldStep, LabelsStep, Notice, StatusStep, Step
from starkeeper.model.resources import Resource
from starkeeper.render.markers import marker_in
from starkeeper.render.undone import UNDONE_LABEL
from starkeeper.undo.doings import Doing
from starkeeper.undo.fields import undo_fields
from starkeeper.undo.labels import undo_labels
from starkeeper.undo.note import undo_note
from starkeeper.undo.parts import Back, Case, Earlier, Left


class Undone(Struct, frozen=True):
    """What is done to one resource, None where nothing can be, and what is said of the rest."""

    change: Change | None
    left: tuple[Notice, ...] = ()


def undo_doing(doing: Doing, resource: Resource, facts: Facts, header: Header, earlier: Earlier) -> Undone:
    """Brings back what nobody has touched since. Raises FacetNeeded where a facet was not read yet."""
    if doing.went:
        why = f"the run {doing.went}, and nothing can be brought back on what it left behind"
        return Undone(None, (Notice(where=resource.reference, what=why, kind="left"),))
    if getattr(resource, "moved", False):
        why = "it was moved elsewhere since, and nothing is brought back on what it left behind"
        return Undone(None, (Notice(where=resource.reference, what=why, kind="left"),))
    case = Case(resource, facts, f"undo {header.run}", earlier)
    parts = [*undo_labels(doing, case), *undo_fields(doing, case)]
    back = [part for part in parts if isinstance(part, Back)]
    left = [part for part in parts if isinstance(part, Left)]
    notices = tuple(Notice(where=f"{each.what} on {resource.reference}", what=each.why, kind="left") for each in left)
    return Undone(_change(back, left, case, header) if back else None, notices)


def _change(back: Sequence[Back], left: Sequence[Left], case: Case, header: Header) -> Change:
    resource = case.resource
    rules = {each.digest: each.rule for part in back for each in part.entries if each.digest}
    fields = _fields(back, case.rule)
    note = undo_note(resource.type.removesuffix("s").replace("_", " "), fields, left, rules, header, case.rule)
    own = (marker_in(each.body) for each in case.facts.notes(resource) if each.author == case.facts.bot)
    is_said = any(marker is not None and marker.key == note.key for marker in own)
    if rules and UNDONE_LABEL not in resource.labels:
        fields = _fields([*back, Back(LabelsStep(rule=case.rule, add=(UNDONE_LABEL,)), ())], case.rule)
    steps: tuple[Step, ...] = fields if is_said else (note, *fields)
    return Change(
        tracker=resource.tracker,
        project=resource.project,
        type=resource.type,
        iid=resource.iid,
        title=resource.title,
        web_url=resource.web_url,
        steps=steps,
    )


def _fields(back: Iterable[Back], rule: str) -> tuple[FieldStep, ...]:
    """All labels in one step; the state last, as in every plan."""
    steps = [part.step for part in back]
    labels = [step for step in steps if isinstance(step, LabelsStep)]
    others = sorted((step for step in steps if not isinstance(step, LabelsStep)), key=_is_state)
    if not labels:
        return tuple(others)
    add = tuple(name for step in labels for name in step.add)
    remove = tuple(name for step in labels for name in step.remove)
    return (LabelsStep(rule=rule, add=add, remove=remove), *others)


def _is_state(step: FieldStep) -> bool:
    return isinstance(step, StatusStep)
