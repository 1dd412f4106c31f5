"""A small desk with one digest, and what it plans: no service is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from msgspec import structs

from starkeeper.desk.rotations import duties_of
from starkeeper.digests import Digested, plan_digest
from starkeeper.evaluate import choose
from starkeeper.facts.beside import shifts_of
from starkeeper.model.facts import Facts, TrackerFailure
from starkeeper.model.plan import SlackStep, SummarizeStep
from starkeeper.model.policies import Policies
from starkeeper.model.resources import Issue, Mark, Page, Place, Resource, ShiftOnCall, SlackMessage, User
from starkeeper.policies.load import load_policies
from starkeeper.render.renderer import TemplateRenderer
from tests.builders import DESK_YML, PEOPLE_YML, SLACK_BOT, make_facts, make_resource

SHIFT_AT = dt.datetime(2026, 12, 2, 16, 0, tzinfo=dt.UTC)
HANDOVER = "projects:support/handover"
DIGEST = """
digests:
  - name: hand-over
    rotation: support_manager
    draft_before: 1 hour
    weekend: office_hours
    lists:
      - {name: stars, tracker: star, clocks: answer, conditions: {state: opened}}
    pages: emergencies
    issue: {tracker: handover, title: "Hand-over {{ shift.region }}", template: issue.md, assign: incoming}
    slack: {post: star, template: slack.md, draft: draft.md}
"""


def read_policies(folder: Path, digest: str = DIGEST, **templates: str) -> Policies:
    """`templates` are the texts of slack.md, draft.md and issue.md; each says only that it is there if left out."""
    desk = DESK_YML.replace("managers:", "  handover: {project: support/handover}\nmanagers:", 1)
    (folder / "desk.yml").write_text(f"{desk}services: {{emergencies: Emergencies}}\n", "utf-8")
    (folder / "people.yml").write_text(PEOPLE_YML, "utf-8")
    (folder / "digests.yml").write_text(digest, "utf-8")
    for name in ("slack", "draft", "issue"):
        (folder / f"{name}.md").write_text(templates.get(name, f"The {name}."), "utf-8")
    return load_policies([folder], folder)


def facts_for(
    policies: Policies,
    *issues: Issue,
    now: dt.datetime = SHIFT_AT,
    own: Iterable[Issue] = (),
    message: SlackStep | None = None,
    pages: Iterable[Page] = (),
    swept_at: dt.datetime | None = None,
    notes: Mapping[int, Any] | None = None,
) -> Facts:
    """What a run at that time would have read; `message` is one that was posted before."""
    rotation = policies.desk.rotations["support_manager"]
    shifts: tuple[Resource, ...] = shifts_of(rotation, duties_of(rotation, now), policies.desk, now)
    facts = make_facts(*issues, now=now, desk=policies.desk, own_issues={HANDOVER: own}, notes=notes)
    posted = (_posted(message),) if message else ()
    read = {**facts.read, "messages": {Place("channels", "star"): posted}}
    read["pages"] = {Place("services", "emergencies"): tuple(pages)}
    systems = facts.systems | {"pagerduty"}
    return structs.replace(
        facts, resources=(*facts.resources, *shifts), read=read, systems=systems, swept_at=now, heard_at=swept_at or now
    )


def digested(folder: Path, policies: Policies, facts: Facts) -> Digested:
    (digest,) = policies.digests
    render = TemplateRenderer(folder)
    chosen = choose([each.rule for each in digest.lists], facts, render).chosen
    return plan_digest(digest, chosen, facts, render)


def message_of(found: Digested) -> SlackStep:
    (change,) = found.message
    (step,) = change.steps
    assert isinstance(step, SlackStep)
    return step


def issue_of(found: Digested) -> SummarizeStep:
    (change,) = found.issue
    (step,) = change.steps
    assert isinstance(step, SummarizeStep)
    return step


def with_override(facts: Facts, starts: dt.datetime, ends: dt.datetime) -> Facts:
    """As if Aoi stood in from then to then, within one shift."""
    shifts = [each for each in facts.resources if isinstance(each, ShiftOnCall)]
    (cut,) = (each for each in shifts if each.created_at < starts and ends < each.ends_at)
    middle = structs.replace(cut, created_at=starts, ends_at=ends, name=f"{starts:%Y-%m-%dT%H:%MZ}")
    parts = (
        structs.replace(cut, ends_at=starts),
        structs.replace(middle, assignees=(User("aoi"),)),
        structs.replace(cut, created_at=ends, name=f"{ends:%Y-%m-%dT%H:%MZ}"),
    )
    others = tuple(each for each in facts.resources if each is not cut)
    return structs.replace(facts, resources=(*others, *parts))


def without_star(facts: Facts) -> Facts:
    """As if the list of STARs could not be read to its end."""
    left = tuple(each for each in facts.resources if each.tracker != "star")
    return structs.replace(facts, resources=left, failures=(TrackerFailure("star", "issues", "no answer"),))


def without_shifts(facts: Facts) -> Facts:
    """As if nobody could say who is on call."""
    left = tuple(each for each in facts.resources if each.type != "shifts")
    return structs.replace(facts, resources=left, failures=(TrackerFailure("support_manager", "shifts", "no answer"),))


def _posted(step: SlackStep) -> SlackMessage:
    made: SlackMessage = make_resource(type="slack_messages", user=SLACK_BOT, is_own=True, description=step.text)
    return structs.replace(made, mark=Mark(key=step.key, about=step.about, role=step.role, content="other"))
