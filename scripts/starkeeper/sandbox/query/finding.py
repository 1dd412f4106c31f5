"""How every list is found: kept until the world changes, over the projects that the user can see, in an order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from starkeeper.sandbox.params import Values, one_of
from starkeeper.sandbox.records import Kind, Place, Project, User
from starkeeper.sandbox.state import State

NOT_FILTERS = {"page", "per_page", "private_token", "pagination", "cursor", "with_labels_details", "id"}
MOST_KEPT = 32
T = TypeVar("T")


def kept(
    state: State, user: User | None, kind: Kind, place: Place | None, params: Values, find: Callable[[], list[T]]
) -> list[T]:
    """What `find` finds; asked for again, the same list without looking, until the world or its day changes."""
    asked = tuple(sorted((key, repr(value)) for key, value in params.items() if key not in NOT_FILTERS))
    key = (user.id if user else 0, kind, id(place), asked)
    now = (state.version, state.clock().date())
    known = state.cache.get(key)
    if known is not None and known[0] == now:
        return list(known[1])
    found = find()
    if len(state.cache) > MOST_KEPT:
        state.cache.clear()
    state.cache[key] = (now, found)
    return found


def in_order(found: list[T], params: Values, orders: Mapping[str, Callable[[T], Any]]) -> list[T]:
    order = orders[one_of(params, "order_by", tuple(orders), "created_at")]
    return sorted(found, key=order, reverse=one_of(params, "sort", ("asc", "desc"), "desc") == "desc")


def projects_of(state: State, user: User | None, place: Place | None, archived: bool) -> Iterable[Project]:
    """The project itself, those below a group, or all; archived ones only where they were asked for."""
    if isinstance(place, Project):
        return [place]
    inside = place.path.lower() + "/" if place else ""
    return [
        each
        for path, each in state.projects.items()
        if path.startswith(inside) and (archived or not each.archived) and state.can_see(user, each)
    ]
