"""Takes a resource on which a rule holds; gives the override by which somebody else is on call for a time."""

from __future__ import annotations

from typing import ClassVar

from msgspec import field

from starkeeper.actions._people import user_name
from starkeeper.desk.cover import span_of, stands_in
from starkeeper.desk.on_call import shifts_in
from starkeeper.errors import nearest
from starkeeper.model.desk import Desk
from starkeeper.model.facets import System
from starkeeper.model.plan import OverrideStep, Step
from starkeeper.model.resources import ResourceType
from starkeeper.model.rules import Action, Match, Renderer, Rule
from starkeeper.model.values import Text
from starkeeper.registry import ACTIONS, Example
from starkeeper.render.markers import make_marker

_FIELDS = {"fields": {"ticket": "2026-12-02 13:00", "version": "2026-12-02T16:00+01:00"}}
_DUTIES = {"paged": ({"person": "amber", "starts": "2026-12-02T08:00:00Z", "ends": "2026-12-02T16:00:00Z"},)}
EXAMPLES = (
    Example(
        says="from and to two fields of the form; a time without a zone is in UTC",
        yaml="{rotation: paged, person: emil, for: amber, from: '{{ fields.ticket }}', to: '{{ fields.version }}'}",
        gives=[
            {
                "action": "override",
                "rotation": "paged",
                "person": "emil",
                "instead_of": "amber",
                "starts": "2026-12-02T13:00:00Z",
                "ends": "2026-12-02T15:00:00Z",
            }
        ],
        resource=_FIELDS,
        duties=_DUTIES,
    ),
    Example(
        says="already so, nothing to do",
        yaml="{rotation: paged, person: amber, for: emil, from: '{{ fields.ticket }}', to: '{{ fields.version }}'}",
        gives=[],
        resource=_FIELDS,
        duties=_DUTIES,
    ),
    Example(
        says="what has begun is not changed any more",
        yaml="{rotation: paged, person: emil, for: amber, from: 2026-12-02 09:00, to: 2026-12-02 12:00}",
        gives=[],
        duties=_DUTIES,
    ),
)


@ACTIONS.register("override")
class Override(Action, frozen=True, kw_only=True):
    """Lets `person` stand in `for` somebody, two user names of people.yml, `from` a time `to` another in a rotation: an
    override in PagerDuty.

    A time is `2026-12-01 13:00`, in UTC, or an ISO time. Nothing is done where one cannot be read, where that time has
    begun, ends before it begins or is longer than seven days: ask for it with the condition `cover`. Each schedule of
    the rotation gets the part of the time in which it has the one who is stood in for, also by an override. It is done
    once: not where it is so already, and not again where people have taken it back. Where a third person has some of
    the time and neither of them, nothing is done, and the step fails.

    Where it fails other rules go on. So a rule that says who is on call asks first whether that one is: with `cover`.

    PagerDuty wants to know in whose name, by PAGERDUTY_FROM. It is off without PAGERDUTY_API_KEY: a rule then does only
    its other actions.
    """

    types: ClassVar[frozenset[ResourceType]] = frozenset({"issues"})
    system: ClassVar[System] = "pagerduty"

    rotation: str
    person: Text
    instead_of: Text = field(name="for")
    starts: Text = field(name="from")
    ends: Text = field(name="to")

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        span = span_of(render.plain(self.starts, match.names), render.plain(self.ends, match.names))
        if span is None or span.starts <= match.facts.now:
            return ()
        person, other = (user_name(each, match, render) for each in (self.person, self.instead_of))
        key, _ = make_marker(rule, 1, f"override {self.rotation} {person} {span}")
        shifts = shifts_in(self.rotation, match.facts, span.starts, span.ends) or ()
        if key in match.facts.said.get(match.resource.key, {}) or stands_in(person, other, span, shifts):
            return ()
        step = OverrideStep(
            rule=rule,
            rotation=self.rotation,
            person=person,
            instead_of=other,
            starts=span.starts,
            ends=span.ends,
            key=key,
        )
        return (step,)

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        rotation = desk.rotations.get(self.rotation)
        if rotation is None:
            remedy = nearest(self.rotation, desk.rotations) or "define it there under 'rotations'"
            return (f"there is no rotation '{self.rotation}' in desk.yml; {remedy}",)
        if not rotation.schedules:
            return (f"rotation '{self.rotation}' has no schedules of PagerDuty to override; give it some in desk.yml",)
        return ()
