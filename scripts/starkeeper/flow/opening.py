"""A form that was filled in becomes an issue, planned, applied and reported as the changes of a sweep are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct, structs

from starkeeper.apply import apply_plan
from starkeeper.apply.entries import Record
from starkeeper.flow.runs import Connector, Run, Watch
from starkeeper.model.decisions import Evaluation
from starkeeper.model.facts import Facts
from starkeeper.model.forms import Entered
from starkeeper.model.journal import Entry
from starkeeper.model.plan import Change, Plan
from starkeeper.model.policies import Policies
from starkeeper.model.resources import Issue, Place
from starkeeper.model.rules import Renderer
from starkeeper.plan import make_plan


class Opening(Struct, frozen=True):
    """The run, and the issue: None where it was not opened. `is_new` says that this run has opened it."""

    run: Run
    issue: Issue | None = None
    is_new: bool = False


def open_form(
    policies: Policies,
    connector: Connector,
    render: Renderer,
    now: dt.datetime,
    watch: Watch,
    entered: Entered,
    key: str = "",
    *,
    dry_run: bool = False,
    record: Record | None = None,
) -> Opening:
    """Opens the issue of a form, unless one with that key was opened before, whatever became of it since.

    Without a key who asks and the answers are it. Where two runs ask at once GitLab opens both issues: whoever opened
    the second closes it, or the next run that finds both. Raises ConnectorError where GitLab cannot be read.
    """
    from starkeeper.forms import double_changes, key_from, opening_of, same_as

    form, known = entered.form, key_from(entered, key)
    project = policies.desk.trackers[form.tracker].path
    facts = Facts(now=now, desk=policies.desk, bot=connector.whoami().username)
    watch.began("listing")
    same = same_as(form, known, _own_issues(connector, project))
    wanted = () if same else (opening_of(entered, known, policies.desk, now, render),)
    plan = _plan_of(wanted, facts, policies)
    watch.planned(plan)
    watch.began("applying")
    if dry_run:
        return Opening(Run(plan), same[0] if same else None)
    opened: list[str] = []
    outcomes = apply_plan(plan, facts, connector, watch.applying, _noting(opened, record))
    if not same and not opened:
        return Opening(Run(plan, outcomes))
    if opened:
        same = same_as(form, known, _own_issues(connector, project))
    doubles = _plan_of(double_changes(form, same, opened[0] if opened else None, render), facts, policies)
    outcomes += apply_plan(doubles, facts, connector, None, record)
    plan = structs.replace(plan, changes=plan.changes + doubles.changes)
    return Opening(Run(plan, outcomes), same[0] if same else None, is_new=bool(opened) and not doubles.changes)


def _noting(opened: list[str], record: Record | None) -> Record:
    """Keeps which issue was opened, and tells the journal as well."""

    def tell(entries: Sequence[Entry]) -> None:
        opened.extend(each.opened for each in entries if each.opened)
        if record is not None:
            record(entries)

    return tell


def _own_issues(connector: Connector, project: str) -> tuple[Issue, ...]:
    place = Place("projects", project)
    reading = connector.read_facet("own_issues", [place])
    if place in reading.failed:
        raise reading.failed[place]
    found: tuple[Issue, ...] = reading.found[place]
    return found


def _plan_of(changes: tuple[Change, ...], facts: Facts, policies: Policies) -> Plan:
    """One issue, whatever a fuse of the desk says: it counts what rules would change."""
    desk = structs.replace(policies.desk, max_changes=None)
    return make_plan(Evaluation(gathered=changes), facts, structs.replace(policies, desk=desk, skipped=()))
