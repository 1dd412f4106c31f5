"""Two runs that fill in one form at the same moment: one issue is left, and both name it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starkeeper.flow import Opening, open_form
from starkeeper.model.requests import NOTHING_MORE, Start
from starkeeper.model.resources import ResourceKey
from starkeeper.scenarios.acts import BOT
from starkeeper.scenarios.engine import Silence
from starkeeper.scenarios.service import Service
from starkeeper.scenarios.world import World
from tests.forms.desk import NOW, STAR, filled_in, policies, renderer


class Shared(Service):
    """A GitLab in which another run opens the same issue right before, or right after, this one does."""

    def __init__(self, world: World, *, before: bool) -> None:
        super().__init__(world, BOT)
        self._before = before

    def open_issue(
        self, project: str, title: str, description: str, *, marker: str, start: Start = NOTHING_MORE
    ) -> ResourceKey:
        args: dict[str, Any] = {"marker": marker, "start": start}
        keys = [super(Shared, self).open_issue(project, title, description, **args) for _ in range(2)]
        return keys[1 if self._before else 0]


def sent(world: World, *, before: bool) -> Opening:
    service = Shared(world, before=before)
    return open_form(policies(), service, renderer(), NOW, Silence(), filled_in("star", STAR))


def states(world: World) -> list[str]:
    return [kept.issue.state for kept in world.kept.values()]


def a_world() -> World:
    return World(("ivy", BOT), NOW - dt.timedelta(days=1))


def test_second_of_two_is_closed_by_whoever_opened_it_and_leads_to_the_first() -> None:
    world = a_world()
    opening = sent(world, before=True)
    assert opening.issue is not None
    assert (opening.issue.iid, opening.is_new) == (1, False)
    assert states(world) == ["opened", "closed"]
    (note,) = world.kept[ResourceKey("support/star", 2)].notes
    assert "Please go on in support/star#1." in note.body


def test_first_of_two_is_left_to_its_run_which_leaves_the_second_alone() -> None:
    world = a_world()
    opening = sent(world, before=False)
    assert opening.issue is not None
    assert (opening.issue.iid, opening.is_new) == (1, True)
    assert states(world) == ["opened", "opened"]


def test_sent_again_afterwards_it_is_the_first() -> None:
    world = a_world()
    sent(world, before=True)
    opening = open_form(policies(), Service(world, BOT), renderer(), NOW, Silence(), filled_in("star", STAR))
    assert opening.issue is not None
    assert (opening.issue.iid, opening.is_new, len(world.kept)) == (1, False, 2)
