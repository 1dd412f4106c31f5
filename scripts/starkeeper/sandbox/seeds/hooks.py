"""What makes events start pipelines: a trigger where the pipelines run, and a webhook in every tracker."""

from __future__ import annotations

from starkeeper.sandbox.records import MAINTAINER
from starkeeper.sandbox.seeds.desk import BOT, EMERGENCIES, HANDOVER, NOTICES, PIPELINES
from starkeeper.sandbox.world import World

# Where the desk's policies have no rules for issues, so that an event there would start a pipeline for nothing.
QUIET = (EMERGENCIES, HANDOVER, NOTICES)
EVENTS = ("issues_events", "confidential_issues_events", "note_events", "confidential_note_events")


def seed_hooks(world: World) -> None:
    """Has each event in each project call the trigger of the pipelines' project, by webhooks as `bootstrap` makes them;
    the world is served."""
    with world.lock:
        home = world.projects.get(PIPELINES) or world.add_project(PIPELINES, description="Where the pipelines run")
        world.add_member(PIPELINES, BOT, MAINTAINER)
        trigger = world.add_trigger(PIPELINES, BOT, "Starkeeper: issue events")
        path = f"/api/v4/projects/{home.id}/ref/{home.default_branch}/trigger/pipeline?token={{trigger_token}}"
        about, variables = f"Made by starkeeper bootstrap; trigger {trigger.id}", {"trigger_token": trigger.token}
        for each in [each for each in world.projects.values() if each is not home and each.path not in QUIET]:
            url = world.url + path
            world.add_hook(each.path, url, EVENTS, name="Starkeeper", description=about, url_variables=variables)
