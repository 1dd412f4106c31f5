"""Takes the explanation of a resource; writes rule by rule which conditions hold and what each saw."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from starkeeper.desk.words import instant_in
from starkeeper.model.explanations import Explanation
from starkeeper.model.resources import Resource
from starkeeper.render.clean import shown
from starkeeper.report.words import step_in_words


def show_explanations(
    console: Console, resource: Resource, explanations: Sequence[Explanation], zone: str = "UTC"
) -> None:
    """One paragraph a rule; its title stays out of it. What is to come is told in UTC and on the clock of `zone`."""
    labels = ", ".join(resource.labels) or "no label"
    console.print(Text(shown(f"{resource.reference} ({resource.state}; {labels})"), style="bold"), soft_wrap=True)
    for line in _to_come(explanations, zone):
        console.print(Text(shown(line), style="cyan"), soft_wrap=True)
    for each in explanations:
        mark, colour = ("holds", "green") if each.holds else ("does not hold", "yellow")
        console.print()
        console.print(Text.assemble((shown(each.rule), "bold"), f" ({each.where}) ", (mark, colour)), soft_wrap=True)
        for reason in each.reasons:
            word, tint = ("yes", "green") if reason.holds else ("no ", "red")
            begins = f"; holds from {instant_in(reason.from_at, zone)}" if reason.from_at else ""
            seen = shown(f"  {reason.condition}: {reason.seen}{begins}")
            console.print(Text.assemble("  ", (word, tint), seen), soft_wrap=True)
        if each.from_at:
            begins = f"  -> from {instant_in(each.from_at, zone)} on, if nothing happens"
            console.print(Text(begins, style="cyan"), soft_wrap=True)
        for line in _doings(each):
            console.print(Text(shown(f"  -> {line}")), soft_wrap=True)
    if not explanations:
        console.print(f"No rule looks at the {resource.type.replace('_', ' ')} of this tracker.")


def _to_come(explanations: Sequence[Explanation], zone: str) -> list[str]:
    """What the rules will do if nobody does anything, soonest first."""
    now = [f"  at the next sweep: {each.rule}" for each in explanations if each.steps or each.elsewhere]
    later = sorted((each.from_at, each.rule) for each in explanations if each.from_at)
    lines = [*now, *(f"  {instant_in(at, zone)}: {rule}" for at, rule in later)]
    return ["If nobody does anything:", *(lines or ["  nothing more happens by itself"])] if explanations else []


def _doings(each: Explanation) -> list[str]:
    if not each.holds:
        return []
    done = ["listed in its summary"] if each.listed else []
    done += [step_in_words(step) for step in each.steps]
    done += [f"on {where}: {step_in_words(step)}" for where, step in each.elsewhere]
    return done or ["nothing left to do"]
