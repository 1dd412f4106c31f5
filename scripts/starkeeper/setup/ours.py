"""Takes the webhooks and triggers that are there; tells which are the desk's own, and which of them is in use."""

from __future__ import annotations

import re
from urllib.parse import quote

from starkeeper.model.setup import HOOK_MADE, MARK, TRIGGER, Found, FoundHook, FoundTrigger, Wanted, WantedTracker

_TRIGGER_OF = re.compile(rf"{HOOK_MADE}; trigger (\d+)\b")


def trigger_address(wanted: Wanted, found: Found) -> str:
    """What our webhooks call, without the token; "" where it is not known. It never comes from a webhook that is there:
    anybody who may make one could have the token sent to themselves."""
    if wanted.pipelines is None or not found.pipelines.number:
        return ""
    path = f"/api/v4/projects/{found.pipelines.number}/ref/{quote(wanted.pipelines.ref, safe='')}/trigger/pipeline"
    return (found.pipelines.server or found.url) + path


def bears_our_mark(hook: FoundHook) -> bool:
    """By its name, or where people have renamed it by its description; an old GitLab tells neither."""
    if hook.name is None and hook.description is None:
        return hook.hides_as_ours
    return hook.name == MARK or (hook.description or "").startswith(HOOK_MADE)


def our_hooks(wanted: Wanted, tracker: WantedTracker, found: Found) -> tuple[FoundHook, ...]:
    """Those that bear our mark and lead where ours must lead, the one in use first."""
    address = trigger_address(wanted, found)
    ours = [each for each in _hooks(tracker, found) if each.target == address and bears_our_mark(each)]
    good = {each.id for each in our_triggers(found)}
    best = trigger_in_use(wanted, found)

    def rank(hook: FoundHook) -> tuple[bool, bool, bool, int]:
        number = carried_by(hook)
        return (best is not None and number == best.id, number in good, not number, hook.id)

    return tuple(sorted(ours, key=rank, reverse=True))


def carried_by(hook: FoundHook) -> int:
    """The number of the trigger whose token a webhook says that it carries, 0 where it says nothing."""
    said = _TRIGGER_OF.match(hook.description or "")
    return int(said[1]) if said else 0


def our_triggers(found: Found) -> tuple[FoundTrigger, ...]:
    """Those that `bootstrap` made, whoever ran it."""
    return tuple(each for each in found.pipelines.triggers or () if each.description == TRIGGER)


def own_triggers(found: Found) -> tuple[FoundTrigger, ...]:
    """Those of them whose token this account knows."""
    return tuple(each for each in our_triggers(found) if each.owner == found.me)


def trigger_in_use(wanted: Wanted, found: Found) -> FoundTrigger | None:
    """The one whose token new webhooks get: one that others carry already; else, as otherwise, the newest."""
    address = trigger_address(wanted, found)
    hooks = [hook for each in wanted.trackers for hook in _hooks(each, found)]
    carried = {carried_by(each) for each in hooks if each.target == address and bears_our_mark(each)}
    return max(own_triggers(found), key=lambda each: (each.id in carried, each.id), default=None)


def idle_triggers(wanted: Wanted, found: Found) -> tuple[FoundTrigger, ...]:
    """Our own that no webhook needs beside the one in use; none where some webhook was not read, or does not say what
    it carries."""
    heard = [each for each in wanted.trackers if each.hears]
    if any(each.name not in found.trackers or found.trackers[each.name].hooks is None for each in heard):
        return ()
    if any(hook.description is None for each in heard for hook in _hooks(each, found)):
        return ()
    carried = {carried_by(hooks[0]) for each in heard if (hooks := our_hooks(wanted, each, found))}
    if 0 in carried:
        return ()
    in_use = trigger_in_use(wanted, found)
    return tuple(each for each in own_triggers(found) if each is not in_use and each.id not in carried)


def _hooks(tracker: WantedTracker, found: Found) -> tuple[FoundHook, ...]:
    there = found.trackers.get(tracker.name)
    return (there.hooks if there else None) or ()
