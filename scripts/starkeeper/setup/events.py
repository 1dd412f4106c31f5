"""Takes what is wanted and what is there; gives the trigger token and the webhooks by which issue events start a
pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from starkeeper.model.setup import (
    MARK,
    TOKEN_KEY,
    TRIGGER,
    Does,
    Found,
    FoundHook,
    FoundTrigger,
    SetupFinding,
    SetupStep,
    Wanted,
    WantedTracker,
)

HEARD = frozenset({"issues_events", "confidential_issues_events", "note_events", "confidential_note_events"})


def trigger_steps(wanted: Wanted, found: Found, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    """The token, where events are wanted and nobody has made one."""
    triggers, pipelines = found.pipelines.triggers, wanted.pipelines
    if triggers is None or pipelines is None:
        return
    ours = [each for each in triggers if each.description == TRIGGER]
    if not any(each.hears for each in wanted.trackers):
        for each in ours:
            yield from _unwanted_trigger(wanted, each, prune)
    elif not ours:
        why = "webhooks start a pipeline with it"
        fields: dict[str, str | bool] = {"description": TRIGGER}
        yield SetupStep(kind="trigger", does="make", place=pipelines.place, name=TRIGGER, why=why, fields=fields)


def hook_steps(wanted: Wanted, tracker: WantedTracker, found: Found, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    """The webhook of one tracker: made, put right, or made anew where the token that it carries is gone."""
    there = found.trackers[tracker.name]
    if there.hooks is None or wanted.pipelines is None or not found.pipelines.number:
        return
    # By its path, for one GitLab can have several addresses.
    path = f"/api/v4/projects/{found.pipelines.number}/ref/{quote(wanted.pipelines.ref, safe='')}/trigger/pipeline"
    hook = next((each for each in there.hooks if each.target.endswith(path)), None) if tracker.hears else None
    if tracker.hears:
        yield from _one_hook(tracker, hook, found, hook.target if hook else found.url + path)
    for other in there.hooks:
        if other is not hook and other.name == MARK:
            yield from _unwanted_hook(tracker, other, prune)


def _one_hook(
    tracker: WantedTracker, hook: FoundHook | None, found: Found, target: str
) -> Iterator[SetupStep | SetupFinding]:
    triggers = found.pipelines.triggers
    if triggers is None:
        return
    ours = [each for each in triggers if each.description == TRIGGER]
    if hook is not None and ours:
        yield from _put_right(tracker, hook, target)
    elif ours and not any(each.owner == found.me for each in ours):
        owner = ours[0].owner
        what = f"the webhook is missing, and the token for it is known to @{owner} alone"
        advice = f"@{owner}: run starkeeper bootstrap; or delete the trigger"
        yield SetupFinding("error", tracker.place.path, what, advice)
    elif hook is None:
        yield _step(tracker, "make", "a change of an issue is seen to at once", target)
    else:
        yield _step(tracker, "replace", "the token that it carries is gone", target, hook.id)


def _put_right(tracker: WantedTracker, hook: FoundHook, target: str) -> Iterator[SetupStep | SetupFinding]:
    if not hook.hides:
        what = "the address of the webhook shows the trigger token"
        advice = "a Maintainer: delete it under Settings > Webhooks, and run starkeeper bootstrap"
        yield SetupFinding("warning", tracker.place.path, what, advice)
    elif not hook.events >= HEARD:
        yield _step(tracker, "change", "it does not hear all that rules wait for", target, hook.id)
    elif not hook.checks_tls:
        yield _step(tracker, "change", "it does not check who answers (TLS)", target, hook.id)


def _step(tracker: WantedTracker, does: Does, why: str, target: str, id: int | str = "") -> SetupStep:
    fields: dict[str, str | bool] = {"url": f"{target}?token={{{TOKEN_KEY}}}"}
    if does != "change":
        fields |= {"name": MARK, "description": "Issue events start the desk's pipeline", "push_events": False}
    fields |= dict.fromkeys(sorted(HEARD), True) | {"enable_ssl_verification": True}
    return SetupStep(kind="webhook", does=does, place=tracker.place, name=MARK, why=why, id=id, fields=fields)


def _unwanted_hook(tracker: WantedTracker, hook: FoundHook, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    why = "it starts no pipeline of this desk"
    if prune:
        yield SetupStep(kind="webhook", does="remove", place=tracker.place, name=MARK, why=why, id=hook.id)
    else:
        yield SetupFinding("note", tracker.place.path, f"webhook '{MARK}' is not wanted any more", "--prune removes it")


def _unwanted_trigger(wanted: Wanted, trigger: FoundTrigger, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    assert wanted.pipelines is not None
    place = wanted.pipelines.place
    if prune:
        why = "no tracker has rules for issues"
        yield SetupStep(kind="trigger", does="remove", place=place, name=TRIGGER, why=why, id=trigger.id)
    else:
        yield SetupFinding("note", place.path, f"trigger '{TRIGGER}' is not wanted any more", "--prune removes it")
