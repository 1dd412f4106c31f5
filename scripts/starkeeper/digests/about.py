"""Takes the facts; says which shift a digest is about, who has it, and who had the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct, structs

from starkeeper.desk.rotations import duties_of
from starkeeper.measures.weeks import weeks_until
from starkeeper.model.digests import Digest
from starkeeper.model.facts import Facts
from starkeeper.model.resources import ResourceKey, ShiftOnCall

_USUAL = dt.timedelta(hours=8)
_HALF = dt.timedelta(minutes=30)
_FRESH = dt.timedelta(hours=2)


class About(Struct, frozen=True, kw_only=True):
    """A shift. People are user names in GitLab, "" where nobody knows: never the last known person.

    `began_before` is when the shift before it began, `next_at` when the one after it does, where that is known.
    """

    reference: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    began_before: dt.datetime
    region: str = ""
    region_before: str = ""
    incoming: str = ""
    outgoing: str = ""
    next_on_call: str = ""
    next_at: dt.datetime | None = None
    is_draft: bool = False


def about_of(digest: Digest, facts: Facts) -> About:
    """The shift that is on, or the next one where it begins as soon as `draft_before` says and the other is not fresh.

    A digest of a week is about that week, whichever shift it is run in.
    """
    about = _about_shift(digest, facts)
    if digest.week is None:
        return about
    week = weeks_until(facts.now)[0]
    return structs.replace(about, reference=f"{digest.rotation} week {week.starts_at.date()}")


def _about_shift(digest: Digest, facts: Facts) -> About:
    shifts = _known(digest, facts) or _of_table(digest, facts)
    shift = _chosen(digest, shifts, facts)
    if shift is None:
        return _unknown(digest, facts)
    place = shifts.index(shift)
    before = shifts[place - 1] if place else None
    after = shifts[place + 1] if place + 1 < len(shifts) else None
    return About(
        reference=shift.reference,
        starts_at=shift.created_at,
        ends_at=shift.ends_at,
        began_before=before.created_at if before else shift.created_at - (shift.ends_at - shift.created_at),
        region=shift.region,
        region_before=shift.region_before,
        incoming=shift.assignees[0].username if shift.assignees else "",
        outgoing=shift.author.username if shift.author else "",
        next_on_call=after.assignees[0].username if after and after.assignees else "",
        next_at=after.created_at if after else None,
        is_draft=shift.created_at > facts.now,
    )


def _known(digest: Digest, facts: Facts) -> list[ShiftOnCall]:
    found = (each for each in facts.resources if isinstance(each, ShiftOnCall) and each.project == digest.rotation)
    return sorted(found, key=lambda each: each.created_at)


def _of_table(digest: Digest, facts: Facts) -> list[ShiftOnCall]:
    """When shifts begin and where, as desk.yml has it, but nobody in them: it is not known who stands in for whom."""
    duties = duties_of(facts.desk.rotations[digest.rotation], facts.now)
    regions = ["", *(each.region for each in duties)]
    return [
        _shift(digest.rotation, duty.starts, duty.ends, before, duty.region)
        for before, duty in zip(regions, duties, strict=False)
    ]


def _chosen(digest: Digest, shifts: Sequence[ShiftOnCall], facts: Facts) -> ShiftOnCall | None:
    began = [each for each in shifts if each.created_at <= facts.now < each.ends_at]
    on = began[-1] if began else None
    if digest.draft_before is None or (on and _is_fresh(on, facts.now)):
        return on
    coming = [each for each in shifts if facts.now < each.created_at <= facts.now + digest.draft_before.length]
    return coming[0] if coming else on


def _is_fresh(shift: ShiftOnCall, now: dt.datetime) -> bool:
    """Whether it began so lately that it is still to be handed over, however soon the next one comes."""
    return now - shift.created_at < min(_FRESH, (shift.ends_at - shift.created_at) / 2)


def _unknown(digest: Digest, facts: Facts) -> About:
    """Without any table a digest is run when a shift begins, or some time before: so it is the nearest full hour."""
    starts = (facts.now + (_HALF if digest.draft_before else dt.timedelta(0))).replace(
        minute=0, second=0, microsecond=0
    )
    shift = _shift(digest.rotation, starts, starts + _USUAL, "", "")
    return About(
        reference=shift.reference,
        starts_at=starts,
        ends_at=shift.ends_at,
        began_before=starts - _USUAL,
        is_draft=starts > facts.now,
    )


def _shift(rotation: str, starts: dt.datetime, ends: dt.datetime, region_before: str, region: str) -> ShiftOnCall:
    key = ResourceKey(rotation, 0, "shifts", starts.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%MZ"))
    return ShiftOnCall(
        tracker=rotation,
        project=rotation,
        name=key.name,
        created_at=starts,
        updated_at=starts,
        ends_at=ends,
        region=region,
        region_before=region_before,
    )
