"""Takes what GitLab tells of projects, people and the token; gives what is missing, and who must do what about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby

from starkeeper.model.desk import Desk
from starkeeper.model.setup import (
    MARK,
    Found,
    FoundHook,
    Level,
    Project,
    SetupFinding,
    SetupStep,
    TokenFacts,
    Wanted,
    WantedPipelines,
    WantedTracker,
)
from starkeeper.setup.ours import our_hooks

_PLANNER = 15
_ROLES = {"developer": 30, "maintainer": 40, "owner": 50, "no_one_allowed": 100}
_SOON = dt.timedelta(days=30)
_MOST_NAMES = 8


def of_steps(steps: Iterable[SetupStep]) -> Iterator[SetupFinding]:
    """What `bootstrap` would do, as what is missing or wrong: one line for all of a kind in a project."""
    for (path, kind, does, fault), group in groupby(sorted(steps, key=_kind_of), key=_kind_of):
        rows = list(group)
        names = ", ".join(each.name for each in rows[:_MOST_NAMES])
        more = f" and {len(rows) - _MOST_NAMES} more" if len(rows) > _MOST_NAMES else ""
        things = "CI variable" if kind == "variable" else kind
        verb, plural = ("are", "s") if len(rows) > 1 else ("is", "")
        state = "missing" if does == "make" else f"left over: {fault}" if does == "remove" else f"not right: {fault}"
        do = f"a Maintainer of {path}: run starkeeper bootstrap"
        yield SetupFinding(_severity(rows), path, f"{things}{plural} {names}{more} {verb} {state}", do)


def _kind_of(step: SetupStep) -> tuple[str, str, str, str]:
    """What is missing is told without why it is wanted."""
    fault = "" if step.does == "make" else step.why.partition(";")[0]
    return step.place.path, step.kind, step.does, fault


def of_tracker(wanted: Wanted, tracker: WantedTracker, project: Project, found: Found) -> Iterator[SetupFinding]:
    """Of one tracker's project or group: whether issues can be written there, and events heard."""
    path, me = tracker.place.path, found.me
    if project.archived:
        yield SetupFinding("error", path, "it is archived", f"an Owner of {path}: unarchive it")
    elif not project.issues:
        do = f"a Maintainer of {path}: turn issues on under Settings > General > Visibility"
        yield SetupFinding("error", path, "issues are turned off", do)
    # An administrator need not be a member: who sees the webhooks has every right.
    if level_of(me, project) < _PLANNER and found.trackers[tracker.name].hooks is None:
        do = f"an Owner of {path}: make it a Maintainer, which bootstrap needs; Planner is enough from then on"
        yield SetupFinding("error", path, f"the token's account @{me} has too small a role to change issues", do)
    ours = our_hooks(wanted, tracker, found) if tracker.hears else ()
    for hook in ours[:1]:
        yield from _of_hook(path, hook)


def of_managers(desk: Desk, project: Project) -> Iterator[SetupFinding]:
    """Managers who cannot see what they are asked to look at."""
    for name in desk.managers:
        do = f"an Owner of {project.path}: add @{name} as Planner or more"
        level = level_of(name, project)
        if not level and not project.public:
            yield SetupFinding("error", project.path, f"manager @{name} cannot see it", do)
        elif level < _PLANNER:
            yield SetupFinding("warning", project.path, f"manager @{name} cannot see confidential issues there", do)


def of_pipelines(wanted: WantedPipelines, project: Project, found: Found) -> Iterator[SetupFinding]:
    """Of the project of the pipelines: what keeps webhooks and schedules from starting one, or from its variables."""
    path = wanted.place.path
    role = project.override_role or "developer"
    if _ROLES.get(role, 0) > max(level_of(found.me, project), _ROLES["developer"]):
        said = "No one allowed" if role == "no_one_allowed" else role.capitalize()
        what = f"'Minimum role to use pipeline variables' is '{said}': a schedule cannot be given its digest, "
        what += "and some versions of GitLab refuse every webhook"
        do = f"a Maintainer of {path}: choose Developer there, under Settings > CI/CD > Variables"
        yield SetupFinding("error", path, what, do)
    yield from _branch(wanted, project, found.me)
    yield from _owners(wanted, found)


def of_file(wanted: WantedPipelines, refused: str) -> Iterator[SetupFinding]:
    """Of .gitlab-ci.yml, where GitLab takes it for invalid: an old one may not know all that stands in it."""
    if refused:
        what = f"GitLab starts no pipeline on branch {wanted.ref}, for it refuses .gitlab-ci.yml: {refused}"
        do = "whoever keeps this repository: correct it, or update GitLab; the forms under 'open' need 18.1"
        yield SetupFinding("error", wanted.place.path, what, do)


def of_runners(wanted: WantedPipelines, has_runner: bool) -> Iterator[SetupFinding]:
    """Whether anything takes the jobs."""
    if not has_runner:
        what = "no runner that is online takes its jobs"
        do = f"a Maintainer of {wanted.place.path}: Settings > CI/CD > Runners"
        yield SetupFinding("warning", wanted.place.path, what, do)


def of_hidden(findings: Iterable[SetupFinding]) -> Iterator[SetupFinding]:
    """One line for all that the role of the token's account does not let it see: a smaller one is enough to run."""
    hidden = 0
    for each in findings:
        if each.level == "hidden":
            hidden += 1
        else:
            yield each
    if hidden:
        things, were = ("1 thing", "was") if hidden == 1 else (f"{hidden} things", "were")
        what = f"{things} that only a Maintainer sees {were} not looked at"
        do = "nobody has to do anything: run it with the token of a Maintainer to have them looked at, too"
        yield SetupFinding("hidden", "GitLab", what, do)


def of_token(token: TokenFacts, me: str, now: dt.datetime) -> Iterator[SetupFinding]:
    """What the token may not do, and when it ends."""
    do = f"whoever has the account @{me}: make a new token, and set the CI variable GITLAB_TOKEN to it"
    if "api" not in token.scopes:
        yield SetupFinding("error", "GitLab", "GITLAB_TOKEN may only read: it lacks the scope api", do)
    if token.ends_on and token.ends_on - now.date() < _SOON:
        yield SetupFinding("warning", "GitLab", f"GITLAB_TOKEN ends on {token.ends_on}", do)


def strangers(desk: Desk, projects: Iterable[Project]) -> tuple[str, ...]:
    """Who of people.yml is no member anywhere, so that GitLab must be asked whether there is such a user."""
    members = {member.username for each in projects for member in each.members}
    return tuple(name for name in desk.people if name.casefold() not in members)


def unknown_person(name: str) -> SetupFinding:
    do = "whoever keeps people.yml: correct 'gitlab' there"
    return SetupFinding("error", "GitLab", f"there is no user '{name}'", do)


def level_of(username: str, project: Project) -> int:
    """The number of somebody's highest role there, 0 for none."""
    return max((each.level for each in project.members if each.username == username.casefold()), default=0)


def _of_hook(path: str, hook: FoundHook) -> Iterator[SetupFinding]:
    if hook.alert != "executable":
        what = f"GitLab has turned the webhook off ({hook.alert.replace('_', ' ')}), since it failed too often"
        do = f"a Maintainer of {path}: Settings > Webhooks > Test > Issues events"
        yield SetupFinding("error" if hook.alert == "disabled" else "warning", path, what, do)
    if not hook.checks_tls:
        what = "the webhook does not check the certificate of GitLab"
        do = f"a Maintainer of {path}: Settings > Webhooks > Enable SSL verification; unless it cannot be checked"
        yield SetupFinding("warning", path, what, do)


def _severity(steps: list[SetupStep]) -> Level:
    """A desk runs without what only looks better with it."""
    first = steps[0]
    only_looks = first.kind in ("template", "resource group") or (first.kind == "label" and first.does == "change")
    # What is left over does no more than fail.
    only_looks = only_looks or first.does == "remove"
    # Without it every run is a dry run, as is meant at first.
    return "warning" if only_looks or all(each.name == "STARKEEPER_APPLY" for each in steps) else "error"


def _branch(wanted: WantedPipelines, project: Project, me: str) -> Iterator[SetupFinding]:
    path, branch = wanted.place.path, project.branch
    do = f"a Maintainer of {path}: Settings > Repository > Protected branches"
    if branch is None:
        yield SetupFinding("error", path, f"there is no branch {wanted.ref}", f"a Maintainer of {path}: push it")
    elif not branch.protected:
        what = f"branch {wanted.ref} is not protected, so that its jobs get no protected CI variable"
        yield SetupFinding("error", path, what, do)
    elif not branch.open_to_us:
        what = (
            f"@{me} may neither push nor merge to branch {wanted.ref}, so that GitLab starts no pipeline for it there"
        )
        yield SetupFinding("error", path, what, f"{do} > Allowed to merge")


def _owners(wanted: WantedPipelines, found: Found) -> Iterator[SetupFinding]:
    """A schedule ends with the account of its owner, and no one is told."""
    names = {f"{MARK}: {each.name}" for each in wanted.schedules}
    for schedule in found.pipelines.schedules or ():
        if schedule.description in names and schedule.owner != found.me:
            what = f"schedule '{schedule.description}' runs as @{schedule.owner or 'nobody'}, not as @{found.me}"
            do = f"@{found.me}: Build > Pipeline schedules > Take ownership"
            yield SetupFinding("warning", wanted.place.path, what, do)
