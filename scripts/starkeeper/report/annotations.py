"""Takes a plan; gives the annotations report by which GitLab's job page links what the run changes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from starkeeper.model.plan import Change, Plan, Step
from starkeeper.render.clean import short_line

MOST = 50


def annotations_json(plan: Plan) -> bytes:
    """A link for each changed resource that has a page; no title is in it, for a job's page has more readers."""
    links = [_link(each) for each in plan.changes if each.web_url.startswith(("http://", "https://"))]
    return msgspec.json.format(msgspec.json.encode({"changes": links[:MOST]}), indent=2) + b"\n"


def _link(change: Change) -> dict[str, dict[str, str]]:
    place = str(change.key._replace(project=change.tracker))
    return {"external_link": {"label": f"{short_line(place)}: {_done(change.steps)}", "url": change.web_url}}


def _done(steps: Sequence[Step]) -> str:
    """The actions, each once, in the order of the plan."""
    actions = (str(type(step).__struct_config__.tag) for step in steps)
    return ", ".join(dict.fromkeys(actions))
