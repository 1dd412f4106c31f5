"""Takes what desk.yml says of pipelines and labels; gives the schedules and colours that GitLab could not have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from starkeeper.errors import Problem, nearest
from starkeeper.model.desk import Desk
from starkeeper.model.values import Interval, LabelPattern
from starkeeper.policies.cron import cron_mistake, every
from starkeeper.policies.desk_grammar import DeskEntry, LabelEntry, PipelinesEntry, ScheduleEntry
from starkeeper.policies.hours import zone_problems

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")


def pipeline_problems(entry: PipelinesEntry, sweep_every: Interval) -> Iterator[Problem]:
    """Of the branch and of each schedule; one that sweeps must agree with `sweep_every`."""
    if not _REF.fullmatch(entry.ref.text):
        yield Problem(entry.ref.where, f"'{entry.ref.text}' is no branch", "write its name, such as main")
    for each in entry.schedules:
        yield from zone_problems(each.zone)
        if mistake := cron_mistake(each.cron.text):
            remedy = 'write it like "*/10 * * * *" or "0 9 * * mon"'
            yield Problem(each.cron.where, f"'{each.cron.text}' is no cron line: {mistake}", remedy)
        else:
            yield from _disagreement(each, sweep_every)


def label_problems(entry: DeskEntry) -> Iterator[Problem]:
    """Names, colours and trackers of labels."""
    for name, label in entry.labels.items():
        try:
            LabelPattern.parse(name)
        except ValueError as error:
            yield Problem(label.where, str(error), "write the name of a label, or a pattern such as star::*")
        if label.color and not _COLOR.fullmatch(label.color.text):
            yield Problem(label.color.where, f"'{label.color.text}' is no colour", 'write it like "#1f75cb"')
        yield from _tracker_problems(name, label, entry.trackers)


def digest_names(desk: Desk, digests: Iterable[str]) -> Iterator[Problem]:
    """Schedules that name a digest which no policy has."""
    known = sorted(digests)
    for each in desk.pipelines.schedules if desk.pipelines else ():
        if each.digest and each.digest not in known:
            message = f"schedule '{each.name}' names the digest '{each.digest}', which no policy has"
            yield Problem(each.where, message, nearest(each.digest, known) or "write it under 'digests' of a policy")


def _disagreement(schedule: ScheduleEntry, sweep_every: Interval) -> Iterator[Problem]:
    if schedule.digest is not None or sweep_every.unit in ("months", "years"):
        return
    runs_every = every(schedule.cron.text)
    if runs_every is not None and runs_every != sweep_every.length:
        minutes = int(runs_every.total_seconds() // 60)
        message = (
            f"schedule '{schedule.name.text}' sweeps every {minutes} minutes, and 'sweep_every' says {sweep_every}"
        )
        yield Problem(schedule.cron.where, message, "let both say the same")


def _tracker_problems(name: str, label: LabelEntry, trackers: Iterable[str]) -> Iterator[Problem]:
    known = sorted(trackers)
    for each in label.trackers:
        if each.text not in known:
            yield Problem(each.where, f"there is no tracker '{each.text}'", nearest(each.text, known))
    if label.trackers and "*" in name:
        message = f"'{name}' stands for any number of labels, which cannot be made"
        yield Problem(label.where, message, "name each of them: {a, b} stands for both")
