"""Takes the facts; gives what could not be read, each reason once, whatever wanted to know it."""

from __future__ import annotations

from collections.abc import Iterator

from starkeeper.desk.on_call import unknown_on_call
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Failure
from starkeeper.model.resources import RESOURCE_TYPES, Place


def unread(facts: Facts) -> tuple[Failure, ...]:
    """Trackers that were not read to their end, what Slack or PagerDuty did not tell, and whoever is on call and is
    nobody in people.yml."""
    trackers = (each for each in facts.failures if each.type in RESOURCE_TYPES)
    failures = [Failure(where=f"tracker '{each.tracker}'", what=each.why) for each in trackers]
    places: dict[tuple[str, bool], dict[str, None]] = {}
    for place, why, must_correct in _silent(facts):
        places.setdefault((why, must_correct), {})[place] = None
    failures += (
        Failure(where=", ".join(sorted(where)), what=why, must_correct=must_correct)
        for (why, must_correct), where in sorted(places.items())
    )
    failures += (Failure(where="PagerDuty", what=each, must_correct=True) for each in unknown_on_call(facts))
    return tuple(failures)


def _silent(facts: Facts) -> Iterator[tuple[str, str, bool]]:
    """Each channel, rotation and the like, why it is not known, and whether a person must correct something.

    Of a thread that is its channel.
    """
    for (facet, subject), (why, must_correct) in facts.unread.items():
        if isinstance(subject, Place):
            if subject.source not in ("projects", "groups"):
                yield str(subject), why, must_correct
        elif facet == "duties":
            yield f"rotation {subject.project}", why, must_correct
        elif facet == "replies":
            yield f"channel {subject.project}", why, must_correct
