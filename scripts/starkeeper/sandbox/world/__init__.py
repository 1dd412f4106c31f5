"""The look-alike world as tests, seeds and the sandbox command use it: fill it, change it, see what became of it."""

from __future__ import annotations

from starkeeper.sandbox.world.branches import Branches
from starkeeper.sandbox.world.epics import Epics
from starkeeper.sandbox.world.issues import Issues
from starkeeper.sandbox.world.merge_requests import MergeRequests
from starkeeper.sandbox.world.pagerduty import PagerDutyWorld
from starkeeper.sandbox.world.pipelines import Pipelines
from starkeeper.sandbox.world.slack import SlackWorld


class World(Issues, MergeRequests, Epics, Branches, Pipelines):
    """A GitLab of one's own: projects, people, issues and more in memory, each method one complete change.

    `clock` gives the world's time (fixed at 2026-11-30 09:00 UTC unless told). `edition` is `free` or `premium`: only
    the latter has exclusive scoped labels, several assignees, weights and epics. `quick_actions` chooses the
    generation of GitLab's scanner, `older` or `newest`. `graphql=False` takes that interface away, and so does
    `keyset_issues=False` paging of issues by cursor; `work_items_rest=True` adds the experimental lists of work items.
    `notes_per_minute` limits each user's notes; `latency_seconds` delays each answer. `faults` may be appended to at
    any time; `requests`, `mentions` and `commands` tell what happened. All methods may be called from any thread.
    `pipelines_per_minute` limits the pipelines of each user in a project. Webhooks that lead to this machine are called
    in the background, and `on_pipeline` (None: nobody) then runs what they trigger; `deliver_hooks` waits for both.
    `slack` and `pagerduty` are its Slack and its PagerDuty, on the same clock.
    """

    slack: SlackWorld
    pagerduty: PagerDutyWorld

    def new_slack(self) -> SlackWorld:
        return SlackWorld(self)

    def new_pagerduty(self) -> PagerDutyWorld:
        return PagerDutyWorld(self)
