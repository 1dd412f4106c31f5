"""Takes what is wanted and what is there; gives the trigger token and the webhooks by which issue events start a
pipeline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from starkeeper.model.setup import (
    MARK,
    TOKEN_KEY,
    TRIGGER,
    Does,
    Found,
    FoundHook,
    FoundTrigger,
    Level,
    SetupFinding,
    SetupStep,
    Wanted,
    WantedTracker,
)
from starkeeper.setup.ours import (
    bears_our_mark,
    carried_by,
    idle_triggers,
    our_hooks,
    our_triggers,
    own_triggers,
    trigger_address,
    trigger_in_use,
)

_CALLED = re.compile(r"/api/v4/projects/([^/]+)/ref/([^/]+)/trigger/pipeline$")
HEARD = frozenset({"issues_events", "confidential_issues_events", "note_events", "confidential_note_events"})


def trigger_steps(wanted: Wanted, found: Found, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    """The token, where events are wanted and nobody has made one."""
    if found.pipelines.triggers is None or wanted.pipelines is None:
        return
    if not any(each.hears for each in wanted.trackers):
        for each in own_triggers(found):
            yield _unwanted_trigger(wanted, each, "no tracker has rules for issues", prune)
    elif not our_triggers(found):
        why = "webhooks start a pipeline with it"
        fields: dict[str, str | bool] = {"description": TRIGGER}
        place = wanted.pipelines.place
        yield SetupStep(kind="trigger", does="make", place=place, name=TRIGGER, why=why, fields=fields)
    else:
        for each in idle_triggers(wanted, found):
            yield _unwanted_trigger(wanted, each, "no webhook carries its token", prune)


def hook_steps(wanted: Wanted, tracker: WantedTracker, found: Found, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    """The webhook of one tracker: made, put right, or replaced where it carries the token of another trigger."""
    hooks = found.trackers[tracker.name].hooks
    if hooks is None or not trigger_address(wanted, found):
        return
    ours = our_hooks(wanted, tracker, found)
    if tracker.hears:
        yield from _Hook(wanted, tracker, found).steps(ours[0] if ours else None)
    for each in ours[1:] if tracker.hears else ours:
        yield _unwanted_hook(tracker, each, found, prune)
    for each in hooks:
        if each not in ours and each.name is not None and bears_our_mark(each):
            what = f"webhook {each.id} bears our name, but leads to {_where(each)}; it is left alone"
            yield SetupFinding("note", tracker.place.path, what)


def _where(hook: FoundHook) -> str:
    """Of an address that somebody else wrote, as much as shows that it is not ours."""
    called = _CALLED.search(hook.target)
    host = _host(hook.target)
    return f"project {called[1]}, branch {unquote(called[2])}, on {host}" if called else host


def _host(address: str) -> str:
    """What stands there need not be a web address at all; whoever wrote it may have put a password into it."""
    return address.partition("://")[2].partition("/")[0].rpartition("@")[2]


class _Hook:
    """The webhook that one tracker must have."""

    def __init__(self, wanted: Wanted, tracker: WantedTracker, found: Found) -> None:
        self._tracker, self._found = tracker, found
        self._address = trigger_address(wanted, found)
        self._trigger = trigger_in_use(wanted, found)
        pipelines = wanted.pipelines.place.path if wanted.pipelines else ""
        self._leads = f"{pipelines} on {self._address.partition('/api/')[0]}"

    def steps(self, hook: FoundHook | None) -> Iterator[SetupStep | SetupFinding]:
        if self._found.pipelines.triggers is None:
            return
        wrong = self._wrong_token(hook)
        if hook and not wrong:
            yield from self._put_right(hook)
        elif self._trigger is None and (theirs := our_triggers(self._found)):
            state = "carries the token of another trigger" if hook else "is missing"
            what = f"the webhook {state}, and the token for it is known to @{theirs[0].owner} alone"
            advice = f"@{theirs[0].owner}: run starkeeper bootstrap; or delete the trigger"
            yield SetupFinding("error", self._tracker.place.path, what, advice)
        elif hook is None:
            yield self._step("make", "a change of an issue is seen to at once")
        else:
            yield self._step("replace", wrong, hook)

    def _wrong_token(self, hook: FoundHook | None) -> str:
        """What is wrong with the token that a webhook carries, "" where it will do or nothing is known of it."""
        if hook is None:
            return ""
        ours = our_triggers(self._found)
        if not ours:
            return "the token that it carries is gone"
        number = carried_by(hook)
        is_good = not number or number in {each.id for each in ours}
        return "" if is_good else "it carries the token of another trigger"

    def _put_right(self, hook: FoundHook) -> Iterator[SetupStep | SetupFinding]:
        if not hook.hides:
            what = "the address of the webhook shows the trigger token"
            advice = "a Maintainer: delete it under Settings > Webhooks, and run starkeeper bootstrap"
            yield SetupFinding("warning", self._tracker.place.path, what, advice)
        elif not hook.events >= HEARD:
            why = "it does not hear all that rules wait for"
            # The address cannot be left out of a change, and what stands for the token in another is not known.
            yield self._step("change" if hook.hides_as_ours else "replace", why, hook)

    def _step(self, does: Does, why: str, hook: FoundHook | None = None) -> SetupStep:
        fields: dict[str, str | bool] = {"url": f"{self._address}?token={{{TOKEN_KEY}}}"}
        if does != "change":
            # Who has turned the check of a certificate off had a reason.
            fields |= {"name": MARK, "push_events": False, "enable_ssl_verification": hook is None or hook.checks_tls}
        return SetupStep(
            kind="webhook",
            does=does,
            place=self._tracker.place,
            name=MARK,
            why=why,
            id=hook.id if hook else "",
            fields=fields | dict.fromkeys(sorted(HEARD), True),
            trigger=self._trigger.id if self._trigger else 0,
            leads=self._leads,
        )


def _unwanted_hook(tracker: WantedTracker, hook: FoundHook, found: Found, prune: bool) -> SetupStep | SetupFinding:
    """One beside the one in use; where its token is gone a replacement stopped half way."""
    known = None if found.pipelines.triggers is None else {each.id for each in found.pipelines.triggers}
    is_replaced = tracker.hears and known is not None and carried_by(hook) not in {0, *known}
    why = "there is another one" if tracker.hears else "the tracker has no rules for issues"
    why = "it was replaced, for the token that it carries is gone" if is_replaced else why
    if prune:
        return SetupStep(kind="webhook", does="remove", place=tracker.place, name=MARK, why=why, id=hook.id)
    what = f"webhook {hook.id} ({MARK}) is not wanted any more: {why}"
    level: Level = "warning" if tracker.hears else "note"
    return SetupFinding(level, tracker.place.path, what, "starkeeper bootstrap --prune removes it")


def _unwanted_trigger(wanted: Wanted, trigger: FoundTrigger, why: str, prune: bool) -> SetupStep | SetupFinding:
    assert wanted.pipelines is not None
    place = wanted.pipelines.place
    if prune:
        return SetupStep(kind="trigger", does="remove", place=place, name=TRIGGER, why=why, id=trigger.id)
    what = f"trigger {trigger.id} ({TRIGGER}) is not wanted any more: {why}"
    return SetupFinding("note", place.path, what, "starkeeper bootstrap --prune removes it")
