"""What is to be done, as data: the plan file of version 1, which other programs read, is exactly these records."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class LabelsStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="labels"):
    """Labels set and taken off, by delta; what a scoped label pushes out stands in `remove` too."""

    rule: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class StatusStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="status"):
    """The issue is closed or opened again."""

    rule: str
    state: Literal["opened", "closed"]


class AssignStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="assign"):
    """User names added to and taken from the assignees."""

    rule: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class ConfidentialStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="confidential"):
    """The issue is hidden from, or shown to, people outside the project."""

    rule: str
    confidential: bool


class CommentStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="comment"):
    """One note, its text final; `key` is what its hidden marker carries, so that it is never said twice."""

    rule: str
    internal: bool
    body: str
    key: str


class RelateStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="relate"):
    """A link to another issue, named in full (`group/project#12`)."""

    rule: str
    to: str
    link_type: Literal["relates_to", "blocks", "is_blocked_by"] = "relates_to"


Step = LabelsStep | StatusStep | AssignStep | ConfidentialStep | CommentStep | RelateStep


class Change(Struct, frozen=True, kw_only=True):
    """Everything that one run wants done to one issue, in order."""

    tracker: str
    project: str
    type: Literal["issues"] = "issues"
    iid: int
    title: str
    web_url: str
    steps: tuple[Step, ...]


class Conflict(Struct, frozen=True, kw_only=True):
    """Two rules that pull one thing of one issue both ways; neither was planned."""

    tracker: str
    project: str
    iid: int
    rules: tuple[str, str]
    over: str


class Skipped(Struct, frozen=True):
    """A rule that took no part in the run, and why."""

    rule: str
    why: str


class Failure(Struct, frozen=True, kw_only=True):
    """Something that went wrong before the first write; `must_correct` says that a person must change a policy."""

    where: str
    what: str
    must_correct: bool = False


class Plan(Struct, frozen=True, kw_only=True):
    """The intended writes of one run. Nothing has been done yet; a dry run ends here."""

    version: Literal[1] = 1
    now: str
    policies: str
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    errors: tuple[Failure, ...] = ()


Result = Literal["applied", "skipped", "failed"]


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one step: `result` says which, `why` is empty where it was applied."""

    tracker: str
    project: str
    iid: int
    rule: str
    action: str
    result: Result
    why: str = ""
