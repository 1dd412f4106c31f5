"""Takes a scenario and a stage; plays it step by step up to the first that goes another way than it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from functools import partial

from starkeeper.apply.changes import STOPPED
from starkeeper.errors import Where, nearest
from starkeeper.model.plan import Change, OverrideStep, SlackStep
from starkeeper.model.scenarios import Difference, Played, Waiting
from starkeeper.report.words import counted, step_in_words
from starkeeper.scenarios.compare import compare
from starkeeper.scenarios.conversation import parting
from starkeeper.scenarios.grammar import DeletesNote, EditsNote, Fails, FillsIn, OnIssue, OnMessage, Works
from starkeeper.scenarios.script import Act, Check, Digest, Expect, MessageAct, Scenario, Step, Sweep
from starkeeper.scenarios.stage import About, Stage, Swept

_SERVICES = {"slack": "Slack", "pagerduty": "PagerDuty"}


def play(scenario: Scenario, stage: Stage, *, only_at: Collection[dt.datetime] | None = None) -> Played:
    """Plays on a stage on which nothing has happened yet.

    Each sweep is a dry run first. Where that plans something the real run must do the same, and a second one right
    afterwards must plan nothing, but for issues on whose account it changed PagerDuty: what that then tells is news.
    What a system that `fails` keeps it from is no difference. `only_at` are the times of a `sweeps` at which to sweep,
    where not all are wanted.
    """
    player = _Player(stage, only_at)
    for step in scenario.steps:
        player.step(step)
        if player.differences:
            break
    return Played(
        name=scenario.name,
        where=scenario.where,
        differences=tuple(player.differences),
        waiting=tuple(player.waiting),
        expectations=player.expectations,
        swept_at=tuple(player.swept_at),
        changed_at=tuple(player.changed_at),
    )


class _Player:
    """How far a scenario is."""

    def __init__(self, stage: Stage, only_at: Collection[dt.datetime] | None) -> None:
        self._stage = stage
        self._only_at = only_at
        self._changes: list[tuple[dt.datetime, Change]] = []
        self._silent: set[str] = set()
        self.differences: list[Difference] = []
        self.waiting: list[Waiting] = []
        self.expectations = 0
        self.swept_at: list[dt.datetime] = []
        self.changed_at: list[dt.datetime] = []

    def step(self, step: Step) -> None:
        """Everything in it, or the mark that it waits."""
        if step.waits_for:
            self.waiting.append(Waiting(step.where, step.waits_for))
            return
        self._stage.at(step.at)
        for deed in step.deeds:
            if isinstance(deed, Sweep):
                self._sweep_all(deed)
            elif isinstance(deed, Digest):
                self._run(deed.where, step.at, partial(self._stage.digest, deed.name), f"digest {deed.name}")
            elif isinstance(deed, Expect):
                self._expect(deed)
            elif isinstance(deed, FillsIn):
                self._fill_in(deed)
            elif self._can(deed):
                self._act(deed)
            if self.differences:
                return

    def _can(self, act: Act) -> bool:
        """Whether what it is done to is there; if not, that differs."""
        if isinstance(act, DeletesNote | EditsNote):
            return self._is_there(act.issue.where, act.issue.text) and self._has_note(act)
        if isinstance(act, OnIssue):
            return self._is_there(act.issue.where, act.issue.text)
        return not isinstance(act, OnMessage) or self._has_message(act)

    def _has_note(self, act: DeletesNote | EditsNote) -> bool:
        own = len(self._stage.see(act.issue.text).own)
        if act.number > own:
            said = f"{act.issue.text} has {counted(own, 'note')} of the bot"
            self._differs(act.where, f"{said}, so there is no number {act.number}")
        return act.number <= own

    def _has_message(self, act: MessageAct) -> bool:
        there = self._stage.has(act)
        if not there:
            about = f"{act.to.text} about {act.issue.text or act.shift.text}"
            self._differs(act.where, f"there is no {act.message.text or about} in Slack yet")
        return there

    def _act(self, act: Act) -> None:
        if isinstance(act, Fails):
            self._silent |= {_SERVICES[each] for each in act.value}
        elif isinstance(act, Works):
            self._silent -= {_SERVICES[each] for each in act.value}
        self._stage.act(act)

    def _fill_in(self, act: FillsIn) -> None:
        """The form is taken, or refused in the words that are expected."""
        said = self._stage.fill_in(act)
        if said and not act.refused:
            self._differs(act.where, f"the form '{act.form.text}' was refused", tuple(said.splitlines()))
        elif act.refused and act.refused not in said:
            found = tuple(said.splitlines()) or ("it was taken",)
            self._differs(act.where, f"the form '{act.form.text}' was not refused as expected", found)

    def _sweep_all(self, sweep: Sweep) -> None:
        for at in sweep.times:
            if sweep.is_series and self._only_at is not None and at not in self._only_at:
                continue
            self._stage.at(at)
            self._sweep(sweep.where, at)
            if self.differences:
                return

    def _sweep(self, where: Where, at: dt.datetime) -> None:
        self.swept_at.append(at)
        if self._run(where, at, self._stage.sweep, "sweep"):
            self.changed_at.append(at)

    def _run(self, where: Where, at: dt.datetime, run: Callable[..., Swept], what: str) -> bool:
        """Runs it; True where it did something. What plans nothing does nothing: the dry run has shown all there is."""
        planned = run(dry_run=True)
        if not self._is_well(where, f"{what} of {_time(at)}", planned) or not planned.changes:
            return False
        done = run(dry_run=False)
        self._changes += ((at, change) for change in done.changes)
        if not self._is_well(where, f"{what} of {_time(at)}", done):
            return True
        if done.changes != planned.changes:
            lines = ("the dry run:", *_lines(planned), f"the {what}:", *_lines(done))
            self._differs(where, f"the {what} of {_time(at)} planned otherwise than its dry run", lines)
            return True
        overridden = {each.key for each in done.changes if any(isinstance(step, OverrideStep) for step in each.steps)}
        again = tuple(each for each in run(dry_run=True).changes if each.key not in overridden)
        if again:
            said = f"a second {what} right after that of {_time(at)} is not at rest"
            self._differs(where, said, tuple(_lines(Swept(again))))
        return True

    def _is_well(self, where: Where, what: str, swept: Swept) -> bool:
        troubles = tuple(each for each in swept.troubles if not self._is_of_silence(each))
        if troubles:
            self._differs(where, f"the {what} did not go well", troubles)
        return not troubles

    def _is_of_silence(self, trouble: str) -> bool:
        """Whether a system that fails is the cause."""
        return any(f"{service}: " in trouble for service in self._silent) or (bool(self._silent) and STOPPED in trouble)

    def _expect(self, expect: Expect) -> None:
        for check in expect.checks:
            self.expectations += 1
            if check.what in ("nothing", "changes"):
                self._expect_rest(check)
            elif check.what == "slack":
                self._compare_conversation(check)
            elif self._is_there(check.where, check.issue):
                self._compare(check)
        self._changes = []

    def _expect_rest(self, check: Check) -> None:
        """Nothing was changed since the last `expect`, on that issue or on any, whatever was said in Slack."""
        found = [each for each in self._changes if not check.issue or self._is_of(each[1], check.issue)]
        lines = tuple(f"{_time(at)} {line}" for at, change in found for line in _steps(change, with_slack=False))
        if lines:
            of = check.issue or "any issue"
            explained = self._stage.explain(check.issue, About(check.what)) if check.issue else None
            said = f"expected that no sweep changes {of}; found {counted(len(lines), 'step')}"
            self.differences.append(Difference(where=check.where, message=said, details=lines, explained=explained))

    def _is_of(self, change: Change, issue: str) -> bool:
        return self._stage.name(change.key) == issue

    def _compare(self, check: Check) -> None:
        unlike = compare(check, self._stage.see(check.issue))
        if unlike:
            explained = self._stage.explain(check.issue, unlike.about)
            self.differences.append(
                Difference(where=check.where, message=unlike.message, details=unlike.details, explained=explained)
            )

    def _compare_conversation(self, check: Check) -> None:
        found = parting(check, self._stage.said())
        if found:
            about = About("slack")
            explained = self._stage.explain(found.issue, about) if found.issue in self._stage.issues() else None
            self.differences.append(
                Difference(where=found.where, message=found.message, details=found.details, explained=explained)
            )

    def _is_there(self, where: Where, issue: str) -> bool:
        there = self._stage.issues()
        if issue not in there:
            self._differs(where, f"there is no issue {issue} yet", (nearest(issue, there),))
        return issue in there

    def _differs(self, where: Where, message: str, details: tuple[str, ...] = ()) -> None:
        self.differences.append(Difference(where=where, message=message, details=tuple(filter(None, details))))


def _lines(swept: Swept) -> Iterator[str]:
    for change in swept.changes:
        yield from _steps(change)


def _steps(change: Change, *, with_slack: bool = True) -> Iterator[str]:
    for step in change.steps:
        if with_slack or not isinstance(step, SlackStep):
            yield f"{change.key}: {step_in_words(step)} (rule '{step.rule}')"


def _time(at: dt.datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M}"
