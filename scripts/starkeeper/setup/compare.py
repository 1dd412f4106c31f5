"""Takes what is wanted and what is there; gives the steps between them, and what only a person can do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from starkeeper.model.setup import Found, Level, SetupFinding, SetupPlan, SetupStep, Wanted
from starkeeper.setup.events import hook_steps, trigger_steps
from starkeeper.setup.labels import compare_labels
from starkeeper.setup.project import compare_order, compare_schedules, compare_variables
from starkeeper.setup.templates import compare_template

_LEVELS: tuple[Level, ...] = ("error", "unread", "hidden", "warning", "note")


def compare(wanted: Wanted, found: Found, environment: Collection[str], *, prune: bool) -> SetupPlan:
    """What is to be done. `environment` names the secrets that are at hand; only with `prune` is anything removed.

    What could not be read is left as it is.
    """
    items = (*_of_pipelines(wanted, found, environment, prune), *_of_trackers(wanted, found, prune))
    steps = tuple(each for each in items if isinstance(each, SetupStep))
    findings = {each for each in items if isinstance(each, SetupFinding)} | set(found.unread)
    return SetupPlan(steps=steps, findings=in_order(findings, wanted))


def in_order(findings: Iterable[SetupFinding], wanted: Wanted) -> tuple[SetupFinding, ...]:
    """What must be corrected comes first; then by place, in the order of desk.yml."""
    paths = [wanted.pipelines.place.path] if wanted.pipelines else []
    places = {path: at for at, path in enumerate([*paths, *(each.place.path for each in wanted.trackers)])}
    return tuple(
        sorted(set(findings), key=lambda each: (_LEVELS.index(each.level), places.get(each.where, len(places)), each))
    )


def _of_pipelines(
    wanted: Wanted, found: Found, environment: Collection[str], prune: bool
) -> Iterator[SetupStep | SetupFinding]:
    if wanted.pipelines is None:
        advice = "write 'pipelines' into desk.yml, and run it again"
        yield SetupFinding("warning", "desk.yml", "it does not say which project runs the desk", advice)
        return
    # The variables first: a schedule that starts meanwhile must find them.
    yield from compare_variables(wanted.pipelines, found, environment)
    yield from compare_schedules(wanted.pipelines, found, prune)
    yield from compare_order(wanted.pipelines, found)
    yield from trigger_steps(wanted, found, prune)


def _of_trackers(wanted: Wanted, found: Found, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    for tracker in wanted.trackers:
        if there := found.trackers.get(tracker.name):
            yield from compare_labels(tracker, there)
            yield from compare_template(tracker, there, prune)
            yield from hook_steps(wanted, tracker, found, prune)
