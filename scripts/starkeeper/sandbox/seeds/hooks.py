"""What makes events start pipelines: a trigger where the pipelines run, and a webhook in every tracker."""

from __future__ import annotations

from starkeeper.sandbox.records import MAINTAINER
from starkeeper.sandbox.seeds.desk import BOT, PIPELINES
from starkeeper.sandbox.world import World

EVENTS = ("issues_events", "confidential_issues_events", "note_events", "confidential_note_events")


def seed_hooks(world: World) -> None:
    """Has each event in each project there is call the trigger of the pipelines' project; the world is served."""
    with world.lock:
        home = world.projects.get(PIPELINES) or world.add_project(PIPELINES, description="Where the pipelines run")
        world.add_member(PIPELINES, BOT, MAINTAINER)
        trigger = world.add_trigger(PIPELINES, BOT, "Starkeeper: issue events")
        path = f"/api/v4/projects/{home.id}/ref/{home.default_branch}/trigger/pipeline?token={{trigger_token}}"
        for each in [each for each in world.projects.values() if each is not home]:
            variables = {"trigger_token": trigger.token}
            world.add_hook(each.path, world.url + path, EVENTS, name="Starkeeper", url_variables=variables)
