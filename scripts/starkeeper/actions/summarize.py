"""Takes all resources on which a rule holds; opens the one issue that lists them, keeps it up to date, closes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, Self

from msgspec import Struct, structs

from starkeeper.actions._places import destination_problems
from starkeeper.actions._redaction import asks_words, names_shown
from starkeeper.actions.comment_on_summary import CommentOnSummary
from starkeeper.model.desk import Desk
from starkeeper.model.facts import Facts
from starkeeper.model.plan import Change, Step, SummarizeStep, SummaryComment
from starkeeper.model.resources import RESOURCE_TYPES, Issue, Place, ResourceType
from starkeeper.model.rules import Action, Kind, Match, Renderer, Rule, Section
from starkeeper.model.values import GatheredText, Text
from starkeeper.registry import ACTIONS, Example
from starkeeper.render.gathered import gathered_names
from starkeeper.render.markers import content_line, find_content, find_marker, make_marker
from starkeeper.render.place import Rendered

EXAMPLES = (
    Example(
        says="a list of what it holds on, in an issue of the same project (of one resource nothing is planned alone)",
        yaml="""
title: "{{ count }} {{ type }} need a look"
item: "- [ ] {{ link(title, web_url) }} {{ labels }}"
summary: |
  Please look at these until {{ in_days(7) }}:

  {{ items }}
""",
        gives=[],
    ),
)
_ITEM = Text("- [ ] {{ link(title, web_url) }} {{ labels }}")
_BRANCH_ITEM = Text("- [ ] {{ link(name, web_url) }}")
# An issue's text may be a million characters long, and nobody reads even this much.
_MOST_CHARACTERS = 100_000
_TICKED = re.compile(r"^([^\S\n]*(?:[-*+]|[0-9]+[.)]) )\[([xX~])\]( .*)$", re.MULTILINE)
_NOTHING = content_line("")


class _Found(Struct, frozen=True):
    """The newest summary of the rule that is there, and which one it is, counted from 1; none and 0 at first."""

    issue: Issue | None
    occurrence: int


class _List(Struct, frozen=True):
    """The resources of one rule: a text over them, an item each, what to say of the rest where they are too many, and
    how many there are; `is_all` where no other rule is in the summary."""

    summary: GatheredText
    items: tuple[str, ...]
    rest: tuple[str, ...]
    count: int
    is_all: bool


@ACTIONS.register("summarize")
class Summarize(Action, frozen=True, kw_only=True):
    """Lists everything on which the rule holds in one issue of the project `destination` (its own if left out).

    `item` words one resource, a line each; `summary` and `title` are about all of them and see `items`, `count` and
    `type`, the `summary` also the `title`. The issue is found again and brought up to date when something in it
    changes; ticks that people set in its lines stay. Once nothing is left it is closed. One that a person closed stays
    closed until there is something new to say; then a new one is opened. `new_each_run: true` opens a new one at every
    run, as gitlab-triage does.

    Values of confidential resources are shown as `(confidential)`, but for their address and reference, unless
    `redact_confidential_resources` is `false`. Under `summaries` the rules need only conditions, limits and
    `summarize: {item, summary}`, and those on nothing are left out.
    """

    gathers: ClassVar[bool] = True
    types: ClassVar[frozenset[ResourceType]] = frozenset(RESOURCE_TYPES)

    title: GatheredText | None = None
    destination: str = ""
    item: Text | None = None
    summary: GatheredText = GatheredText("{{ items }}")
    redact_confidential_resources: bool = True
    new_each_run: bool = False
    _comment: Text | None = None

    def beside(self, others: Mapping[str, Kind]) -> Self:
        comment = others.get("comment_on_summary")
        return structs.replace(
            self,
            _comment=comment.value if isinstance(comment, CommentOnSummary) else None,
            redact_confidential_resources=self.redact_confidential_resources and not asks_words(others),
        )

    def problems(self, desk: Desk, rule: Rule) -> tuple[str, ...]:
        groups = [each for each in rule.trackers if each in desk.trackers and desk.trackers[each].source == "groups"]
        if self.title is None or self.destination or not groups:
            return destination_problems(self.destination)
        return (f"'{groups[0]}' is a group, so the summary has no project; give it 'destination: GROUP/PROJECT'",)

    def plan(self, rule: str, match: Match, render: Renderer) -> tuple[Step, ...]:
        return ()

    def gather(
        self, rule: Rule, tracker: str, sections: Sequence[Section], facts: Facts, render: Renderer
    ) -> tuple[Change, ...]:
        destination = self.destination or facts.desk.trackers[tracker].path
        found = self._found(rule, tracker, destination, facts)
        lists = [self._list(rule, section, render) for section in sections if section.matches]
        if not lists:
            return self._emptied(rule, tracker, destination, found)
        issue, occurrence = found.issue, found.occurrence
        if self.new_each_run or issue is None or (issue.state == "closed" and _is_news(lists, issue.description)):
            issue, occurrence = None, occurrence + 1
        elif issue.state == "closed":
            return ()
        line = self._content(lists)
        same = issue is not None and find_content(issue.description) == line
        comments = self._comments(rule, sections, issue, facts, render)
        if same and not comments:
            return ()
        key, marker = _marker(rule, occurrence, tracker)
        names = gathered_names("", sum(each.count for each in lists), rule.type, tracker, facts)
        title = render.line(self.title or GatheredText(""), names)
        description = render.note([self._text(rule, tracker, title, lists, facts, render), line], rule, marker)
        if issue is not None:
            description = issue.description if same else with_ticks(description, issue.description)
        step = SummarizeStep(rule=rule.name, title=title, description=description, key=key, comments=comments)
        return (_change(tracker, destination, issue, title, step),)

    def _list(self, rule: Rule, section: Section, render: Renderer) -> _List:
        """The resources of one rule, an item each. Under `summaries` a rule may have words of its own for them."""
        own = (act.action for act in section.rule.actions if isinstance(act.action, Summarize))
        words = self if section.rule is rule else next(own, Summarize())
        template = words.item or (_BRANCH_ITEM if rule.type == "branches" else _ITEM)
        items: list[str] = []
        left = _MOST_CHARACTERS
        for each in section.matches:
            names = names_shown(each, redacts=words.redact_confidential_resources)
            items.append(render.comment(template, names))
            left -= len(items[-1])
            if left < 0:
                break
        unsaid = len(section.matches) - len(items)
        rest = (f"… and {unsaid} more",) if unsaid else ()
        return _List(words.summary, tuple(items), rest, len(section.matches), is_all=section.rule is rule)

    def _content(self, lists: Sequence[_List]) -> str:
        """The words and the items, but not what the words say today: a date in them would be news every morning."""
        words = [self.title or GatheredText(""), self.summary, *(each.summary for each in lists)]
        items = [item for each in lists for item in (*each.items, *each.rest)]
        return content_line("\n".join([*(each.source for each in words), *items]))

    def _text(
        self, rule: Rule, tracker: str, title: str, lists: Sequence[_List], facts: Facts, render: Renderer
    ) -> str:
        def put(summary: GatheredText, parts: Sequence[str], between: str, count: int) -> str:
            names = gathered_names(between.join(parts), count, rule.type, tracker, facts, title)
            return with_meant(render.comment(summary, names), parts)

        parts = [put(each.summary, [*each.items, *each.rest], "\n", each.count) for each in lists]
        return parts[0] if lists[0].is_all else put(self.summary, parts, "\n\n", sum(each.count for each in lists))

    def _found(self, rule: Rule, tracker: str, destination: str, facts: Facts) -> _Found:
        newest = _Found(None, 0)
        for issue in facts.own_issues(Place("projects", destination)):
            marker = find_marker(issue.description)
            is_ours = marker and _marker(rule, marker.occurrence, tracker)[0] == marker.key
            if marker and is_ours and marker.occurrence >= newest.occurrence:
                newest = _Found(issue, marker.occurrence)
        return newest

    def _emptied(self, rule: Rule, tracker: str, destination: str, found: _Found) -> tuple[Change, ...]:
        """Closes it, and notes in it that nothing was left: what comes back later is something new."""
        issue = found.issue
        before = find_content(issue.description) if issue else ""
        is_so = issue is not None and issue.state == "closed" and before in ("", _NOTHING)
        if issue is None or self.new_each_run or is_so:
            return ()
        key, _ = _marker(rule, found.occurrence, tracker)
        text = issue.description.replace(before, _NOTHING) if before else issue.description
        step = SummarizeStep(
            rule=rule.name, title=issue.title, description=text, key=key, close=issue.state == "opened"
        )
        return (_change(tracker, destination, issue, issue.title, step),)

    def _comments(
        self, rule: Rule, sections: Sequence[Section], issue: Issue | None, facts: Facts, render: Renderer
    ) -> tuple[SummaryComment, ...]:
        """One for each resource, as far as it does not stand there yet in the words of this run's own account."""
        if self._comment is None:
            return ()
        notes = [note for note in facts.notes(issue) if note.author == facts.bot] if issue else []
        said = {found.key for note in notes if (found := find_marker(note.body))}
        comments: dict[str, SummaryComment] = {}
        for each in (match for section in sections for match in section.matches):
            key, marker = make_marker(rule.name, 1, each.resource.reference)
            if key not in said and key not in comments:
                names = names_shown(each, redacts=self.redact_confidential_resources)
                body = render.note([render.comment(self._comment, names)], rule, marker)
                comments[key] = SummaryComment(body=body, key=key)
        return tuple(comments.values())


def _marker(rule: Rule, occurrence: int, tracker: str) -> tuple[str, str]:
    """Rules of one name may look at issues and at merge requests."""
    return make_marker(rule.name, occurrence, f"{tracker} {rule.type}")


def with_meant(text: str, parts: Iterable[str]) -> str:
    """The text, whose lines that the templates of its parts wrote as quick actions are meant as well."""
    made = Rendered(text)
    made.meant = tuple(line for each in (text, *parts) if isinstance(each, Rendered) for line in each.meant)
    return made


def with_ticks(text: str, before: str) -> str:
    """The text with those of its task lines ticked, or crossed out, that people had ticked or crossed out."""
    marks = {f"{found[1]}[ ]{found[3]}": found[2] for found in _TICKED.finditer(before)}
    lines = (line.replace("[ ]", f"[{marks[line]}]", 1) if line in marks else line for line in text.split("\n"))
    return "\n".join(lines)


def _is_news(lists: Sequence[_List], before: str) -> bool:
    """Whether an item does not stand in a summary that was closed, or nothing was left in it."""
    if find_content(before) == _NOTHING:
        return True
    stands = f"{_bare(before)}\n"
    return any(f"{_bare(item)}\n" not in stands for each in lists for item in each.items)


def _bare(text: str) -> str:
    """Without what people tick, and without blanks that end a line, which do not all survive."""
    return "\n".join(line.rstrip() for line in _TICKED.sub(r"\1[ ]\3", text).split("\n"))


def _change(tracker: str, destination: str, issue: Issue | None, title: str, step: SummarizeStep) -> Change:
    return Change(
        tracker=tracker,
        project=destination,
        type="issues",
        iid=issue.iid if issue else 0,
        title=title,
        web_url=issue.web_url if issue else "",
        steps=(step,),
    )
