"""What is to be done, as data: the plan file of version 1, which other programs read, is exactly these records."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from starkeeper.model.resources import ResourceKey, ResourceType


class LabelsStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="labels"):
    """Labels set and taken off, by delta; what a scoped label pushes out stands in `remove` too."""

    rule: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class StatusStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="status"):
    """The resource is closed or opened again."""

    rule: str
    state: Literal["opened", "closed"]


class AssignStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="assign"):
    """User names added to and taken from the assignees."""

    rule: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


class ConfidentialStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="confidential"):
    """The resource is hidden from, or shown to, people outside the project."""

    rule: str
    confidential: bool


class DueDateStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="due_date"):
    """The day on which the issue falls due is set, or with None taken away."""

    rule: str
    due_date: dt.date | None


class LockStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="lock"):
    """The discussion is closed to people outside the project, or opened to them again."""

    rule: str
    locked: bool


class MoveStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="move"):
    """The issue moves to another project; what follows there is that project's business."""

    rule: str
    to: str


class DeleteStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="delete"):
    """The branch is deleted, as long as its last commit is this one."""

    rule: str
    commit: str


class CommentStep(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="action", tag="comment"):
    """One note, its text final; `key` is what its hidden marker carries, so that it is never said twice.

    With `thread` it begins a thread that people can resolve. One that `is_answer` says that a command was done, so it
    is written when all else is.
    """

    rule: str
    internal: bool
    body: str
    key: str
    thread: bool = False
    is_answer: bool = False


class RelateStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="relate"):
    """A link to another issue, named in full (`group/project#12`)."""

    rule: str
    to: str
    link_type: Literal["relates_to", "blocks", "is_blocked_by"] = "relates_to"


class IssueStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="issue"):
    """A new issue about this resource in another project or this one; `key` is what its hidden marker carries."""

    rule: str
    destination: str
    title: str
    description: str
    key: str


class SummaryComment(Struct, frozen=True, kw_only=True):
    """One note on a summary, about one of the resources that it lists."""

    body: str
    key: str


class SummarizeStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="summarize"):
    """A summary is opened (its change has the number 0), brought up to date, or closed when nothing is left in it.

    It is opened with these labels and assignees, and `confidential` from its first moment; later they are people's.
    """

    rule: str
    title: str
    description: str
    key: str
    close: bool = False
    comments: tuple[SummaryComment, ...] = ()
    confidential: bool = False
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()


class SlackStep(Struct, frozen=True, kw_only=True, omit_defaults=False, tag_field="action", tag="slack"):
    """Something said or done in a Slack channel, named as in desk.yml. `text` is final, in Slack's own markup.

    `does` says what: a message is posted (in a thread with `reply_to`: the role of a message about the same resource,
    such as `announcement`, or a time stamp), one of our own gets another text, or the bot sets the emoji `text`. `to`
    is the time stamp of the message that is replied to, updated or reacted to, where it is known by now. `key` is what
    the message's metadata carries, so that it is never said twice; `about` and `role` are how it is found again. `note`
    is the small line beneath it.
    """

    rule: str
    channel: str
    reply_to: str | None = None
    text: str = ""
    does: Literal["post", "update", "react"] = "post"
    to: str = ""
    key: str = ""
    about: str = ""
    role: str = ""
    note: str = ""

    @property
    def is_reply(self) -> bool:
        """Whether it is to stand in the thread of a message that is not known by now."""
        return self.does == "post" and self.reply_to is not None and not self.to

    @property
    def content(self) -> str:
        """A digest of the text, by which it is seen later whether the message still says the same."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


class OverrideStep(Struct, frozen=True, kw_only=True, tag_field="action", tag="override"):
    """Somebody, by user name, stands in for somebody else wherever the PagerDuty schedules of a rotation have that
    one on call.

    `key` is what the journal knows it by, so that what people took back there is not done again.
    """

    rule: str
    rotation: str
    person: str
    instead_of: str
    starts: dt.datetime
    ends: dt.datetime
    key: str


FieldStep = LabelsStep | StatusStep | AssignStep | ConfidentialStep | DueDateStep | LockStep
"""What is changed together, in one request for the fields of a resource."""
Beside = SlackStep | OverrideStep
"""What is done in Slack or PagerDuty."""
Step = FieldStep | CommentStep | RelateStep | MoveStep | DeleteStep | IssueStep | SummarizeStep | Beside


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that one run wants done to one resource, in order; a branch goes by its `name`, its `iid` is 0."""

    tracker: str
    project: str
    type: ResourceType
    iid: int
    name: str = ""
    title: str
    web_url: str
    steps: tuple[Step, ...]

    @property
    def key(self) -> ResourceKey:
        return ResourceKey(self.project, self.iid, self.type, self.name)


class Conflict(Struct, frozen=True, kw_only=True):
    """Two rules that pull one thing of one resource both ways; neither was planned."""

    tracker: str
    project: str
    type: ResourceType
    iid: int
    rules: tuple[str, str]
    over: str

    @property
    def key(self) -> ResourceKey:
        return ResourceKey(self.project, self.iid, self.type)


class Skipped(Struct, frozen=True):
    """A rule that took no part in the run, and why."""

    rule: str
    why: str


class Failure(Struct, frozen=True, kw_only=True):
    """Something that went wrong before the first write; `must_correct` says that a person must change a policy."""

    where: str
    what: str
    must_correct: bool = False


class Notice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that people should know although nothing went wrong, said once in a run.

    What is `left` stays as it is although the run was to take it back.
    """

    where: str
    what: str
    kind: Literal["note", "left"] = "note"


class Cost(Struct, frozen=True, kw_only=True):
    """What a run took: how many resources it read, its requests by kind, and the seconds of its steps."""

    resources: int
    requests: Mapping[str, int]
    seconds: Mapping[str, float]


class Plan(Struct, frozen=True, kw_only=True):
    """The intended writes of one run. Nothing has been done yet; a dry run ends here.

    `summary` is added once the run is over; all else is the same for the same facts and policies.
    """

    version: Literal[1] = 1
    now: str
    policies: str
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    errors: tuple[Failure, ...] = ()
    notices: tuple[Notice, ...] = ()
    summary: Cost | None = None


Result = Literal["applied", "skipped", "failed"]


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of one step: `result` says which, `why` is empty where it was applied."""

    tracker: str
    project: str
    type: ResourceType
    iid: int
    name: str = ""
    rule: str
    action: str
    result: Result
    why: str = ""

    @property
    def key(self) -> ResourceKey:
        return ResourceKey(self.project, self.iid, self.type, self.name)
