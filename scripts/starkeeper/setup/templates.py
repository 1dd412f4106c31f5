"""Takes the issue template that a tracker needs and the one that is there; gives the step, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator

from starkeeper.model.setup import Does, FoundTracker, SetupFinding, SetupStep, WantedTracker
from starkeeper.setup.forms import is_ours, is_untouched, missing_headings, template_name


def compare_template(tracker: WantedTracker, found: FoundTracker, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    """One that people have written or edited is theirs: it is only looked at."""
    if found.template is None:
        return
    if not found.template:
        if tracker.template:
            yield _step(tracker, found, "make", "people fill in the headings that desk.yml reads")
    elif not tracker.template:
        if is_untouched(found.template):
            yield from _unwanted(tracker, found, prune)
    elif not is_untouched(found.template):
        yield from _of_people(tracker, found.template)
    elif found.template.strip() != tracker.template.strip():
        yield _step(tracker, found, "change", "the form in desk.yml is another one")


def _of_people(tracker: WantedTracker, text: str) -> Iterator[SetupFinding]:
    name = f"template '{template_name(tracker.name)}'"
    if missing := missing_headings(text, tracker.headings):
        what = f"{name} lacks headings that desk.yml reads: {', '.join(missing)}"
        yield SetupFinding("warning", tracker.place.path, what, "add them, or delete the file and run it again")
    if is_ours(text):
        yield SetupFinding("note", tracker.place.path, f"{name} was edited by people, and is left alone")


def _unwanted(tracker: WantedTracker, found: FoundTracker, prune: bool) -> Iterator[SetupStep | SetupFinding]:
    if prune:
        yield _step(tracker, found, "remove", "the tracker has no form any more")
        return
    what = f"template '{template_name(tracker.name)}' is not wanted any more"
    yield SetupFinding("note", tracker.place.path, what, "starkeeper bootstrap --prune removes it")


def _step(tracker: WantedTracker, found: FoundTracker, does: Does, why: str) -> SetupStep:
    name = template_name(tracker.name)
    fields: dict[str, str | bool] = {"branch": found.branch, "commit_message": f"Issue template {name}, by Starkeeper"}
    if does != "remove":
        fields["content"] = tracker.template
    path = template_path(tracker.name)
    return SetupStep(kind="template", does=does, place=tracker.place, name=name, why=why, id=path, fields=fields)


def template_path(tracker: str) -> str:
    """Where GitLab looks for it."""
    return f".gitlab/issue_templates/{template_name(tracker)}.md"
