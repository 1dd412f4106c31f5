"""Takes what the project of the pipelines needs and has; gives the steps for its schedules, CI variables and order."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from starkeeper.model.setup import (
    MARK,
    ORDER,
    Found,
    FoundSchedule,
    FoundVariable,
    Level,
    SetupFinding,
    SetupStep,
    WantedPipelines,
    WantedSchedule,
    WantedVariable,
)

_PREFIX = f"{MARK}: "
_EVERYWHERE = "*"


def compare_variables(
    wanted: WantedPipelines, found: Found, environment: Collection[str]
) -> Iterator[SetupStep | SetupFinding]:
    """A value that is there is never changed; one that is missing is taken from the environment, or asked for."""
    if found.pipelines.variables is None:
        return
    for variable in wanted.variables:
        there = [each for each in found.pipelines.variables if each.key == variable.key]
        if there:
            yield from _what_is_there(wanted, variable, there)
        elif variable.value or variable.key in environment:
            yield _set(wanted, variable, found.me)
        else:
            level: Level = "error" if variable.must else "warning"
            advice = f"a Maintainer of {wanted.place.path}: run starkeeper bootstrap with {variable.key} set"
            what = f"CI variable {variable.key} is missing: {variable.why}"
            yield SetupFinding(level, wanted.place.path, what, advice)


def compare_schedules(wanted: WantedPipelines, found: Found, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    """A schedule is found again by its name; who owns it is for `check --online` to say."""
    if found.pipelines.schedules is None:
        return
    # Of two with one name the older one counts.
    there = {each.description: each for each in sorted(found.pipelines.schedules, key=lambda each: -each.id)}
    kept = {_PREFIX + each.name: there.get(_PREFIX + each.name) for each in wanted.schedules}
    for schedule in wanted.schedules:
        yield from _schedule(wanted, schedule, kept[_PREFIX + schedule.name], found.me)
    for each in found.pipelines.schedules:
        if _is_certainly_ours(each, wanted, found.me) and each is not kept.get(each.description):
            yield _unwanted(wanted, each, prune)


def compare_order(wanted: WantedPipelines, found: Found) -> Iterator[SetupStep | SetupFinding]:
    """Runs wait for each other in the order in which they came."""
    orders = found.pipelines.orders
    if orders == {}:
        what = "the resource group of the runs comes to be with the first job; run starkeeper bootstrap again then"
        yield SetupFinding("note", wanted.place.path, what)
    for key, order in sorted((orders or {}).items()):
        if order != ORDER:
            why = "runs that wait must come in their order"
            fields: dict[str, str | bool] = {"process_mode": ORDER}
            yield SetupStep(
                kind="resource group", does="change", place=wanted.place, name=key, why=why, id=key, fields=fields
            )


def _what_is_there(
    wanted: WantedPipelines, variable: WantedVariable, there: list[FoundVariable]
) -> Iterator[SetupStep | SetupFinding]:
    """The project's own have their flags put right. Of the others only the one that counts is looked at: that of the
    nearest group, where the project has none that every job sees."""
    own = [each for each in there if not each.group]
    yield from (_flags(wanted, variable, each) for each in own if not _is_right(variable, each))
    seen = next((each for each in (*own, *there) if each.scope == _EVERYWHERE), None)
    if seen is None:
        scopes = ", ".join(sorted({each.scope for each in there}))
        what = f"CI variable {variable.key} is only for jobs of the environment {scopes}, so that no job here sees it"
        group = there[0].group
        who = f"an Owner of {group}" if group else f"a Maintainer of {wanted.place.path}"
        do = f"{who}: Settings > CI/CD > Variables: choose All for its environments"
        yield SetupFinding("error", wanted.place.path, what, do)
    elif seen.group and not _is_right(variable, seen):
        yield _of_group(wanted, variable, seen)


def _of_group(wanted: WantedPipelines, variable: WantedVariable, found: FoundVariable) -> SetupFinding:
    can_be_seen = found.masked < variable.masked or found.protected < variable.protected
    what = f"CI variable {variable.key} comes from the group {found.group}, where {_must_be(variable)}"
    do = f"an Owner of {found.group}: Settings > CI/CD > Variables"
    return SetupFinding("error" if can_be_seen else "warning", wanted.place.path, what, do)


def _set(wanted: WantedPipelines, variable: WantedVariable, me: str) -> SetupStep:
    fields: dict[str, str | bool] = {"key": variable.key, "masked": variable.masked, "protected": variable.protected}
    # Raw, or a `$` in a token would be taken for another variable.
    fields |= {"raw": True} | ({"value": variable.value} if variable.value else {})
    whose = f"the token of @{me}; " if variable.key == "GITLAB_TOKEN" else ""
    return SetupStep(
        kind="variable",
        does="make",
        place=wanted.place,
        name=variable.key,
        why=whose + variable.why,
        fields=fields,
        secret="" if variable.value else variable.key,
    )


def _is_right(variable: WantedVariable, found: FoundVariable) -> bool:
    """More careful than wanted is right, too, but for what must be seen on branches that are not protected."""
    return found.masked >= variable.masked and found.protected == variable.protected


def _flags(wanted: WantedPipelines, variable: WantedVariable, found: FoundVariable) -> SetupStep:
    fields: dict[str, str | bool] = {"masked": found.masked or variable.masked, "protected": variable.protected}
    return SetupStep(
        kind="variable",
        does="change",
        place=wanted.place,
        name=variable.key,
        why=_must_be(variable),
        id=variable.key,
        fields=fields | {"environment_scope": found.scope},
    )


def _must_be(variable: WantedVariable) -> str:
    return "it must be " + ", ".join(
        ("masked",) * variable.masked + ("protected" if variable.protected else "there for every branch",)
    )


def _schedule(
    wanted: WantedPipelines, schedule: WantedSchedule, found: FoundSchedule | None, me: str
) -> Iterator[SetupStep]:
    name = _PREFIX + schedule.name
    fields: dict[str, str | bool] = {"ref": wanted.ref, "cron": schedule.cron, "cron_timezone": schedule.zone}
    fields |= {"active": True}
    if found is None:
        does = f"it tells the digest '{schedule.digest}'" if schedule.digest else "it sweeps"
        why = f"{does}, as @{me}"
        fields |= {"description": name} | ({"digest": schedule.digest} if schedule.digest else {})
        yield SetupStep(kind="schedule", does="make", place=wanted.place, name=name, why=why, fields=fields)
        return
    now: dict[str, str | bool] = {"ref": found.ref, "cron": found.cron, "cron_timezone": found.zone}
    now |= {"active": found.active}
    other = {key: value for key, value in fields.items() if now[key] != value}
    if found.digest is not None and found.digest != schedule.digest:
        other["digest"] = schedule.digest
    if other:
        why = _differences(other)
        # Only its owner may change it, or see its variables.
        if found.owner != me:
            why += f"; it is taken over from @{found.owner or 'nobody'}"
            other |= {"take_ownership": True, "digest": schedule.digest}
        yield SetupStep(
            kind="schedule", does="change", place=wanted.place, name=name, why=why, id=found.id, fields=other
        )


def _differences(other: Collection[str]) -> str:
    """`it is switched off, and desk.yml has another cron; it will run again`."""
    words = [_WORDS[key] for key in sorted(other) if key != "active"]
    faults = ["it is switched off"] if "active" in other else []
    faults += [f"desk.yml has another {' and '.join(words)}"] if words else []
    return ", and ".join(faults) + ("; it will run again" if "active" in other else "")


_WORDS = {"ref": "branch", "cron": "cron", "cron_timezone": "time zone", "digest": "digest"}


def _is_certainly_ours(found: FoundSchedule, wanted: WantedPipelines, me: str) -> bool:
    """Others may call theirs as they like, and what people have given a variable of their own they have made theirs.
    Another branch may be another desk."""
    is_here = found.ref.removeprefix("refs/heads/") == wanted.ref
    return found.description.startswith(_PREFIX) and found.owner == me and found.plain and is_here


def _unwanted(wanted: WantedPipelines, found: FoundSchedule, prune: bool) -> SetupStep | SetupFinding:
    if prune:
        why = "desk.yml has no such schedule"
        return SetupStep(
            kind="schedule", does="remove", place=wanted.place, name=found.description, why=why, id=found.id
        )
    what = f"schedule '{found.description}' is not wanted any more"
    return SetupFinding("note", wanted.place.path, what, "starkeeper bootstrap --prune removes it")
