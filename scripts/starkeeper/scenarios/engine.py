"""The stage that `starkeeper test` plays on: the engine itself over GitLab and Slack in memory, without a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from msgspec import Struct

from starkeeper import flow
from starkeeper.errors import PolicyError, StarkeeperError
from starkeeper.forms import enter
from starkeeper.model.desk import Desk
from starkeeper.model.plan import Change, Plan
from starkeeper.model.policies import Policies
from starkeeper.model.resources import ResourceKey, ResourceType
from starkeeper.model.rules import Renderer
from starkeeper.model.scenarios import Explained
from starkeeper.model.services import Services
from starkeeper.scenarios.accounts import reacting
from starkeeper.scenarios.acts import BOT, act_in_slack, act_on, message_of
from starkeeper.scenarios.chat import WorkspaceChat
from starkeeper.scenarios.concerned import concerned, nearest_first
from starkeeper.scenarios.given import narrowed_to
from starkeeper.scenarios.grammar import ByPerson, Fails, FillsIn, OnMessage, Opens, Override, Works, Writes
from starkeeper.scenarios.mentions import notified_by
from starkeeper.scenarios.names import key_of, name_of
from starkeeper.scenarios.pager import StandIn, TablePager
from starkeeper.scenarios.script import Act, Given, MessageAct
from starkeeper.scenarios.service import Service
from starkeeper.scenarios.speaking import in_order, spoken, thread_name
from starkeeper.scenarios.stage import About, Seen, Spoken, Swept, own_words
from starkeeper.scenarios.workspace import Post, Workspace
from starkeeper.scenarios.world import World

_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MOST_EXPLAINED = 3


class _Moment(Struct, frozen=True):
    """What a sweep found, and what it planned."""

    world: World
    services: Services
    changes: tuple[Change, ...]


class EngineStage:
    """A desk in memory, for one scenario. Policies and renderer may be shared by any number of them."""

    def __init__(self, policies: Policies, render: Renderer, given: Given) -> None:
        self._policies = narrowed_to(given, policies)
        self._desk = self._policies.desk
        self._render = render
        self._world = World((*_people_of(self._desk), BOT), _BEGINNING)
        self._workspace = Workspace(self._desk, _BEGINNING)
        self._overrides: list[StandIn] = []
        self._without = given.without
        self._silent: set[str] = set()
        self._moments: list[_Moment] = []
        self._has_moved = True
        self._swept_at: dt.datetime | None = None
        self._whole_at: dt.datetime | None = None

    def at(self, now: dt.datetime) -> None:
        self._world.now = self._workspace.now = now
        self._has_moved = True

    def act(self, act: Act) -> None:
        if isinstance(act, Fails):
            self._silent |= set(act.value)
        elif isinstance(act, Works):
            self._silent -= set(act.value)
        elif isinstance(act, Override):
            self._overrides.append(StandIn(act.rotation.text, act.person.text, act.starts.instant, act.ends.instant))
        elif isinstance(act, OnMessage | Writes):
            act_in_slack(self._workspace, self._desk, act)
        else:
            act_on(self._world, self._desk, act)
            if isinstance(act, Opens | ByPerson):
                self._workspace.account(act.by)
        self._has_moved = True

    def fill_in(self, act: FillsIn) -> str:
        self._workspace.account(act.by)
        form = next(each for each in self._policies.forms if each.name == act.form.text)
        now, service = self._world.now, Service(self._world, BOT)
        try:
            entered = enter(form, act.fields, self._world.person(act.by).username, self._desk, now)
        except PolicyError as error:
            return str(error)
        opening = flow.open_form(self._policies, service, self._render, now, Silence(), entered, act.key)
        self._has_moved = True
        return "\n".join(each.why for each in opening.run.outcomes if each.result != "applied")

    def sweep(self, *, dry_run: bool) -> Swept:
        swept = self._run(flow.sweep, dry_run=dry_run, swept_at=self._whole_at)
        if not dry_run or not swept.changes:
            # One that plans nothing is not run again for it.
            self._swept_at = self._world.now
            self._whole_at = self._whole_at if swept.troubles else self._swept_at
        return swept

    def digest(self, name: str, *, dry_run: bool) -> Swept:
        run_it = partial(flow.digest, heard_at=self._swept_at)
        return self._run(run_it, name, dry_run=dry_run, swept_at=self._whole_at)

    def has(self, act: MessageAct) -> bool:
        return message_of(self._workspace, self._desk, act) is not None

    def said(self) -> tuple[Spoken, ...]:
        return in_order((self._spoken(each) for each in self._workspace.own()), self._desk)

    def issues(self) -> tuple[str, ...]:
        return tuple(self.name(key) for key in self._world.kept)

    def name(self, key: ResourceKey) -> str:
        return name_of(key, self._desk)

    def see(self, issue: str) -> Seen:
        kept = self._world.kept[key_of(issue, self._desk)]
        own = [note for note in kept.notes if note.author == BOT]
        return Seen(
            title=kept.issue.title,
            state=kept.issue.state,
            labels=kept.issue.labels,
            assignees=tuple(each.username for each in kept.issue.assignees),
            confidential=kept.issue.confidential,
            due_date=kept.issue.due_date,
            linked=tuple(sorted(self.name(each) for each in kept.links)),
            notes=len(kept.notes),
            own=tuple(own_words(each.body) for each in own),
            internal=tuple(each.internal for each in own),
            notified=tuple(sorted(set().union(*(notified_by(each.body) for each in own)))),
        )

    def explain(self, issue: str, about: About) -> Explained | None:
        """By the last sweep that touched this part of the issue, else by the last one there was."""
        if not self._moments:
            return None
        key = key_of(issue, self._desk)
        moment, rules = concerned(about, key, [(each, each.changes) for each in self._moments], self._policies)
        world, tracker = moment.world, issue.partition("#")[0]
        service, place = Service(world, BOT), key._replace(project="")
        try:
            resource, found = flow.explain(
                self._policies, service, self._render, world.now, Silence(), tracker, place, services=moment.services
            )
        except StarkeeperError:
            # It was opened by that very sweep.
            return None
        shown = nearest_first([each for each in found if each.rule in rules])
        kept, others = tuple(shown[:_MOST_EXPLAINED]), max(0, len(shown) - _MOST_EXPLAINED)
        return Explained(at=world.now, resource=resource, explanations=kept, others=others)

    def _run(self, run_it: Callable[..., flow.Run], *names: str, dry_run: bool, swept_at: dt.datetime | None) -> Swept:
        before = None
        if self._has_moved:
            before = self._world.copy(), self._services(self._workspace.copy(), [*self._overrides])
        service, services = Service(self._world, BOT), self._services(self._workspace, self._overrides)
        given = (self._policies, service, self._render, self._world.now, Silence(), *names)
        run = run_it(*given, dry_run=dry_run, services=services, swept_at=swept_at)
        if before is not None:
            self._remember(_Moment(*before, run.plan.changes))
        self._has_moved = self._has_moved and dry_run
        failed = [f"{each.key}, {each.action}: {each.why}" for each in run.outcomes if each.result != "applied"]
        return Swept(run.plan.changes, (*troubles_of(run.plan), *failed))

    def _services(self, workspace: Workspace, overrides: list[StandIn]) -> Services:
        """What is connected now, over these, which may be as they were earlier."""
        slack = WorkspaceChat(workspace, self._desk, is_silent="slack" in self._silent)
        pager = TablePager(self._desk, overrides, workspace.now, is_silent="pagerduty" in self._silent)
        return Services(
            slack=None if "slack" in self._without else slack,
            pagerduty=None if "pagerduty" in self._without else pager,
        )

    def _spoken(self, post: Post) -> Spoken:
        first = self._workspace.posts[post.channel, post.thread] if post.thread else None
        names = {place: name for name, place in self._workspace.called.items()}
        return spoken(
            self._desk,
            channel=post.channel,
            thread=thread_name(first.mark, names.get((first.channel, first.ts), "")) if first else "",
            mark=post.mark,
            text=post.text,
            at=post.at,
            edited=post.text != post.posted,
            reactions=reacting(post.reactions, self._workspace.names),
            names=self._workspace.names,
        )

    def _remember(self, moment: _Moment) -> None:
        """All that planned something, and the last one."""
        if self._moments and not self._moments[-1].changes:
            self._moments.pop()
        self._moments.append(moment)


class Silence:
    """A watch that tells nobody."""

    def reading(self, tracker: str, type: ResourceType, pages: int, of: int | None) -> None:
        pass

    def listed(self, tracker: str, type: ResourceType, resources: int) -> None:
        pass

    def began(self, step: str) -> None:
        pass

    def planned(self, plan: Plan) -> None:
        pass

    def applying(self, done: int, total: int) -> None:
        pass


def troubles_of(plan: Plan) -> Iterator[str]:
    """What kept a run from deciding everything."""
    yield from (f"{each.where}: {each.what}" for each in plan.errors)
    for each in plan.conflicts:
        first, second = each.rules
        yield f"{each.key}: the rules '{first}' and '{second}' disagree over {each.over}"


def _people_of(desk: Desk) -> Iterator[str]:
    yield from (*desk.people, *desk.managers)
    yield from (shift.person for rotation in desk.rotations.values() for shift in rotation.shifts)
