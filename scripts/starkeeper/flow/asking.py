"""The story of `check --online`: each system is asked what it lacks, and each lack is a line that says who must act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol, TypeVar

from starkeeper.errors import ConnectorError
from starkeeper.flow.setting_up import SetUp
from starkeeper.model.policies import Policies
from starkeeper.model.resources import Place
from starkeeper.model.setup import Found, Level, Project, SetupFinding, TokenFacts, Wanted
from starkeeper.setup import advice
from starkeeper.setup.compare import compare, in_order
from starkeeper.setup.templates import template_path
from starkeeper.setup.wanted import wanted_by

T = TypeVar("T")


class Asked(SetUp, Protocol):
    """GitLab, as it is asked; connectors.gitlab.setting_up.SettingUp is one. All raise ConnectorError."""

    def project(self, place: Place, ref: str = "") -> Project:
        """Of a project or group, and of its branch `ref`."""

    def refused(self, place: Place, ref: str) -> str:
        """Why it starts no pipelines from the .gitlab-ci.yml of a branch, "" where it does."""

    def has_runner(self, place: Place) -> bool:
        """Whether anything takes the jobs of a project."""

    def token(self) -> TokenFacts:
        """Of the token of the run."""

    def has_user(self, username: str) -> bool:
        """Whether there is such an account."""


class Beside(Protocol):
    """Slack or PagerDuty."""

    def check(self) -> tuple[SetupFinding, ...]:
        """What it lacks; raises ConnectorError where it cannot be asked."""


def ask_around(
    policies: Policies, gitlab: Asked, slack: Beside | None, pagerduty: Beside | None, now: dt.datetime
) -> tuple[SetupFinding, ...]:
    """Everything that is missing, what must be corrected first. What is not connected is not asked."""
    wanted = wanted_by(policies)
    found = gitlab.read(wanted, template_path)
    plan = compare(wanted, found, (), prune=False)
    findings = [*plan.findings, *advice.of_steps(plan.steps)]
    findings += _Questions(policies, wanted, found, gitlab).ask(now)
    for name, service in (("Slack", slack), ("PagerDuty", pagerduty)):
        if service is not None:
            findings += _attempt(name, service.check, findings) or ()
    return in_order(advice.of_hidden(findings), wanted)


class _Questions:
    """What GitLab is asked beside what `bootstrap` sets up."""

    def __init__(self, policies: Policies, wanted: Wanted, found: Found, gitlab: Asked) -> None:
        self._desk, self._wanted, self._found, self._gitlab = policies.desk, wanted, found, gitlab
        self._missed: list[SetupFinding] = []
        self._projects: list[Project] = []

    def ask(self, now: dt.datetime) -> Iterator[SetupFinding]:
        yield from self._trackers()
        yield from self._pipelines()
        yield from self._people()
        token = _attempt("GitLab", self._gitlab.token, self._missed)
        yield from advice.of_token(token, self._found.me, now) if token else ()
        yield from self._missed

    def _trackers(self) -> Iterator[SetupFinding]:
        for tracker in self._wanted.trackers:
            there = self._found.trackers[tracker.name]
            if there.is_there and (project := self._project(tracker.place)):
                yield from advice.of_tracker(self._wanted, tracker, project, self._found)
                yield from advice.of_managers(self._desk, project)

    def _pipelines(self) -> Iterator[SetupFinding]:
        wanted = self._wanted.pipelines
        if wanted and self._found.pipelines.number and (project := self._project(wanted.place, wanted.ref)):
            yield from advice.of_pipelines(wanted, project, self._found)
            has_runner = self._of_maintainers(wanted.place, partial(self._gitlab.has_runner, wanted.place))
            yield from advice.of_runners(wanted, has_runner is not False)
            if project.branch:
                refused = partial(self._gitlab.refused, wanted.place, wanted.ref)
                yield from advice.of_file(wanted, self._of_maintainers(wanted.place, refused) or "")

    def _people(self) -> Iterator[SetupFinding]:
        for name in advice.strangers(self._desk, self._projects):
            if _attempt("GitLab", partial(self._gitlab.has_user, name), self._missed) is False:
                yield advice.unknown_person(name)

    def _of_maintainers(self, place: Place, ask: Callable[[], T]) -> T | None:
        return _attempt(place.path, ask, self._missed, refusal="hidden")

    def _project(self, place: Place, ref: str = "") -> Project | None:
        project = _attempt(place.path, partial(self._gitlab.project, place, ref), self._missed)
        self._projects += [project] if project else []
        return project


def _attempt(where: str, ask: Callable[[], T], missed: list[SetupFinding], *, refusal: Level = "unread") -> T | None:
    """The answer, or nothing, and why; `refusal` is what a 403 is."""
    try:
        return ask()
    except ConnectorError as error:
        level: Level = refusal if error.status == 403 else "unread"
        missed.append(SetupFinding(level, where, f"{error.request}: {error.found}", error.advice))
        return None
