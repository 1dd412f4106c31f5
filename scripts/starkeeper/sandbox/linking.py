"""References between items: what `#1`, `!1` or `&1` means, how issues relate, what a merge request closes."""

from __future__ import annotations

import datetime as dt
import re

from starkeeper.sandbox.records import Group, Issue, Item, Link, MergeRequest, Note, Project, User
from starkeeper.sandbox.state import State

_CLOSING = re.compile(
    r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?):?\s+"
    r"((?:[\w./-]*#\d+)(?:(?:,\s*(?:and\s+)?|\s+and\s+)[\w./-]*#\d+)*)",
    re.IGNORECASE,
)


def relate(state: State, issue: Issue, other: Issue, user: User, kind: str, at: dt.datetime) -> Link | None:
    """Links two issues; None where they are linked already."""
    if issue is other or any(other in (link.source, link.target) for link in issue.links):
        return None
    link = Link(state.number("link"), issue, other, kind, at)
    for one, two in ((issue, other), (other, issue)):
        one.links.append(link)
        system_note(state, one, user, f"marked this issue as related to {reference(two, one)}", at)
        state.changed(one, at)
    return link


def reference(item: Item, seen_from: Item) -> str:
    return f"{item.sign}{item.iid}" if item.place is seen_from.place else item.reference


def find_reference(state: State, text: str, seen_from: Item) -> Item | None:
    """The item that `#1`, `group/project!1`, `group&1` or a web address means."""
    found = re.fullmatch(
        r"(?:\S*?://[^/]+/)?(?:groups/)?([\w./-]*?)(?:/-/|/)?(issues/|merge_requests/|epics/|#|!|&)(\d+)", text.strip()
    )
    if found is None:
        return None
    path, sign, number = found[1].lower(), found[2], int(found[3])
    if sign in ("&", "epics/"):
        group = state.groups.get(path) if path else _group_of(seen_from)
        return group.epics.get(number) if group else None
    project = state.projects.get(path) if path else seen_from.place
    if not isinstance(project, Project):
        return None
    return project.merge_requests.get(number) if sign in ("!", "merge_requests/") else project.issues.get(number)


def find_issue(state: State, text: str, seen_from: Item) -> Issue | None:
    found = find_reference(state, text, seen_from)
    return found if isinstance(found, Issue) else None


def _group_of(item: Item) -> Group | None:
    return item.place.group if isinstance(item.place, Project) else item.place


def closing_issues(state: State, merge_request: MergeRequest) -> list[Issue]:
    """The issues that the description says it closes, as `Closes #1 and #2`; only into the default branch."""
    if merge_request.target_branch != merge_request.project.default_branch:
        return []
    named = [each for listed in _CLOSING.findall(merge_request.description or "") for each in _references(listed)]
    found = [find_issue(state, each, merge_request) for each in dict.fromkeys(named)]
    return [each for each in found if each is not None]


def _references(text: str) -> list[str]:
    return re.findall(r"[\w./-]*#\d+", text)


def set_closes(state: State, merge_request: MergeRequest, issues: list[Issue]) -> None:
    """Makes these the issues that the merge request closes; each of them knows it, too."""
    for gone in merge_request.closes:
        if gone not in issues:
            gone.merge_requests.remove(merge_request)
            gone.encoded.clear()
    for came in issues:
        if came not in merge_request.closes:
            came.merge_requests.append(merge_request)
            came.encoded.clear()
    merge_request.closes = issues
    state.changed()


def related_merge_requests(state: State, issue: Issue) -> list[MergeRequest]:
    """Those that close the issue, and those that its description or one of its notes refers to; oldest first."""
    texts = [issue.description or "", *(each.body for each in issue.notes)]
    named = [each for text in texts for each in re.findall(r"(?<![\w&/#!-])[\w./-]*!\d+\b", text)]
    found = {each.id: each for each in issue.merge_requests}
    for each in dict.fromkeys(named):
        other = find_reference(state, each, issue)
        if isinstance(other, MergeRequest):
            found[other.id] = other
    return [each for _, each in sorted(found.items())]


def system_note(state: State, item: Item, user: User, body: str, at: dt.datetime) -> None:
    item.notes.append(Note(state.number("note"), item, user, body, at, at, system=True))
