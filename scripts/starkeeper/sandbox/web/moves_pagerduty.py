"""What a person does in PagerDuty: acknowledge an incident, resolve it."""

from __future__ import annotations

from starkeeper.sandbox.web.people import player
from starkeeper.sandbox.web.play import Done, Move, Refused, verb


@verb("incident")
def incident(move: Move) -> Done:
    """Acknowledges or resolves, as the form says; an account is known by the person's full name."""
    pagerduty, id, what = move.world.pagerduty, move.field("incident"), move.field("do")
    found, me = pagerduty.incidents.get(id), player(move.world, move.me)
    if found is None or found.status == "resolved" or me is None:
        raise Refused("This incident is resolved already.")
    change = pagerduty.resolve if what == "resolve" else pagerduty.acknowledge
    change(id, me.name)
    return Done()
