"""Takes the explanation of a resource; writes rule by rule which conditions hold and what each saw."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from starkeeper.model.explanations import Explanation
from starkeeper.model.resources import Resource
from starkeeper.render.clean import shown
from starkeeper.report.words import step_in_words


def show_explanations(console: Console, resource: Resource, explanations: Sequence[Explanation]) -> None:
    """One paragraph a rule; its title stays out of it."""
    labels = ", ".join(resource.labels) or "no label"
    console.print(Text(shown(f"{resource.reference} ({resource.state}; {labels})"), style="bold"), soft_wrap=True)
    for each in explanations:
        mark, colour = ("holds", "green") if each.holds else ("does not hold", "yellow")
        console.print()
        console.print(Text.assemble((shown(each.rule), "bold"), f" ({each.where}) ", (mark, colour)), soft_wrap=True)
        for reason in each.reasons:
            word, tint = ("yes", "green") if reason.holds else ("no ", "red")
            console.print(
                Text.assemble("  ", (word, tint), shown(f"  {reason.condition}: {reason.seen}")), soft_wrap=True
            )
        for line in _doings(each):
            console.print(Text(shown(f"  -> {line}")), soft_wrap=True)
    if not explanations:
        console.print(f"No rule looks at the {resource.type.replace('_', ' ')} of this tracker.")


def _doings(each: Explanation) -> list[str]:
    if not each.holds:
        return []
    done = ["listed in its summary"] if each.listed else []
    return [*done, *(step_in_words(step) for step in each.steps)] or ["nothing left to do"]
