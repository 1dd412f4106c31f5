"""Takes questions about texts and single values of an issue; gives the conditions that ask the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct

from starkeeper.policies.ruby.amounts import states, tasks_are, weight_is
from starkeeper.policies.ruby.formula import Code, Formula, Leaf, States, either, negated
from starkeeper.policies.ruby.moments import due
from starkeeper.policies.ruby.patterns import as_globs, finding, for_python
from starkeeper.policies.ruby.quoting import jinja_text
from starkeeper.policies.ruby.tree import Call, Field, Literal, Many, Node, Regex

_SEARCHES = ("=~", "match?", "match")
_PARTS = ("include?", "start_with?", "end_with?")
_MILESTONE_WORDS = ("none", "any", "started", "upcoming")


class _Test(Struct, frozen=True):
    """A question to one text: the sign or method, and what it is compared with; `folded` takes any case for one."""

    path: tuple[str, ...]
    how: str
    what: str | Regex
    folded: bool = False


def said(node: Node) -> Formula | None:
    """What a question about a text or a single value says, or None where it is none that can be asked here."""
    if isinstance(node, Field):
        return _is_there(node.path)
    match node:
        case Call(Field(path), "nil?", ()) | Call(Field(path), "==", (Literal(None),)):
            return _is_nil(path)
        case Call(Call(Field(path), "to_s", ()), "empty?", ()) | Call(Field(path), "blank?", ()):
            return _is_blank(path)
        case Call(Field(path), "present?", ()):
            blank = _is_blank(path)
            return negated(blank) if blank else None
        case Call(Field(path), "empty?", ()) if path in _TEXTS:
            return _texts_states(path, "empty")
        case Call(Field(("milestone",)), name, ()) if name in _MILESTONE_STATES:
            return _state_of_milestone(_MILESTONE_STATES[name])
        case Call(Field(path), "==", (Literal(bool() as value),)):
            there = _is_there(path)
            return there if value else negated(there) if there else None
        case Call(None, "active?", (_, _, Literal(int() as days))):
            return _active(days)
    return _one_of(node) or _tested(node)


def _active(days: int) -> Leaf:
    """The helper that several projects share: a person said something in so many days."""
    interval = f"{days} day" if days == 1 else f"{days} days"
    return Leaf({"human_activity": {"within": interval}}, {"human_activity": {"none_within": interval}})


def _one_of(node: Node) -> Formula | None:
    match node:
        case Call(Many(items), "include?", (thing,)) if items:
            tests = [said(Call(thing, "==", (each,))) for each in items]
            known = [each for each in tests if each is not None]
            return either(known) if len(known) == len(tests) else None
    return None


def _tested(node: Node) -> Formula | None:
    test = _read_test(node)
    if test is None:
        return None
    ask = _ASKED.get(test.path)
    return ask(test) if ask else None


def _read_test(node: Node) -> _Test | None:
    match node:
        case Call(Regex() as regex, how, (thing,)) if how in _SEARCHES:
            return _read_test(Call(thing, how, (regex,)))
        case Call(Literal(str()) as text, "==", (thing,)):
            return _read_test(Call(thing, "==", (text,)))
        case Call(Call(Field() as field, "to_s", ()), how, arguments):
            return _read_test(Call(field, how, arguments))
        case Call(Call(inner, ("downcase" | "upcase") as fold, ()), how, (Literal(str() as text),)):
            plain = _read_test(Call(inner, how, (Literal(text),)))
            fits = text == (text.lower() if fold == "downcase" else text.upper())
            return _Test(plain.path, plain.how, text, True) if plain and fits and text.isascii() else None
        case Call(Field(path), how, (Regex() as regex,)) if how in _SEARCHES:
            return _Test(path, "=~", regex)
        case Call(Field(path), how, (Literal(str() as text),)) if how in (*_PARTS, "=="):
            return _Test(path, how, text)
    return None


def _is_there(path: tuple[str, ...]) -> Formula | None:
    """Whether the value is neither nil nor false."""
    if path in _FLAGS:
        return _FLAGS[path]
    nil = _is_nil(path)
    return negated(nil) if nil else None


def _is_nil(path: tuple[str, ...]) -> Formula | None:
    if path == ("description",):
        return _texts_states(path, "nil")
    return _ABSENT.get(path)


def _is_blank(path: tuple[str, ...]) -> Formula | None:
    return _texts_states(path, "nil empty") if path == ("description",) else _ABSENT.get(path)


def _texts_states(path: tuple[str, ...], meant: str) -> States:
    """GitLab says null of a description that was never written; here both are empty."""
    name = path[0]
    nothing, something = {name: {"empty": True}}, {name: {"empty": False}}
    every = frozenset({"nil", "empty", "filled"})
    written = {frozenset({"nil", "empty"}): nothing, frozenset({"filled"}): something}
    if name == "title":
        every, written = every - {"nil"}, {frozenset({"empty"}): nothing, frozenset({"filled"}): something}
    return States(name, frozenset(meant.split()) & every, every, written)


def _in_text(test: _Test) -> Formula | None:
    """Title and description, with a pattern."""
    name = test.path[0]
    if test.how == "==" and test.what == "":
        return _texts_states(test.path, "empty")
    pattern = _pattern(test, many_lines=name == "description")
    if pattern is None:
        return None
    return Leaf({name: pattern}, {name: {"lacks": pattern}}, _texts_states(test.path, "filled"))


def _pattern(test: _Test, *, many_lines: bool) -> str | None:
    if isinstance(test.what, Regex):
        return for_python(test.what, many_lines=many_lines) if not _finds_nothing(test.what) else None
    if not test.what:
        return None
    before = r"\A" if test.how in ("start_with?", "==") else ""
    after = r"\Z" if test.how in ("end_with?", "==") else ""
    found = finding(test.what)
    return f"{'(?i)' if test.folded else ''}{before}{found}{after}"


def _finds_nothing(regex: Regex) -> bool:
    """Whether it is found in an empty text too: that GitLab's null is none, and ours is one, would then count."""
    made = for_python(regex, many_lines=False)
    return made is not None and re.search(made, "") is not None


def _in_name(key: str) -> Callable[[_Test], Formula | None]:
    """A branch's name, where `*` stands for any run of characters."""

    def ask(test: _Test) -> Formula | None:
        globs = as_globs(test.what) if isinstance(test.what, Regex) else [_glob(test)]
        if test.folded or not globs or (not isinstance(test.what, Regex) and ("*" in test.what or not test.what)):
            return None
        return either(Leaf({key: glob}) for glob in globs)

    return ask


def _glob(test: _Test) -> str:
    before = "*" if test.how in ("include?", "end_with?") else ""
    after = "*" if test.how in ("include?", "start_with?") else ""
    return f"{before}{test.what if isinstance(test.what, str) else ''}{after}"


def _branch(test: _Test) -> Formula | None:
    return _in_code("name", test) if isinstance(test.what, str) else None


def _only(key: str, *words: str) -> Callable[[_Test], Formula | None]:
    """A value that is one of a few words."""

    def ask(test: _Test) -> Formula | None:
        if test.how != "==" or test.folded or test.what not in words:
            return None
        return Leaf({key: test.what})

    return ask


def _author(test: _Test) -> Formula | None:
    if not isinstance(test.what, str):
        return None
    if test.how == "==":
        return Leaf({"author_username": test.what})
    return _in_code("author", test)


def _milestone(test: _Test) -> Formula | None:
    if not isinstance(test.what, str):
        return None
    if test.how == "==" and not test.folded and test.what.casefold() not in _MILESTONE_WORDS:
        return Leaf({"milestone": test.what}, needs=_milestone_is("present"))
    return _in_code("milestone", test)


def _in_code(name: str, test: _Test) -> Code | None:
    """Of a thing that may be absent, what an expression can ask of its name."""
    assert isinstance(test.what, str)
    text, value = jinja_text(test.what), f"({name} | {'lower' if test.folded else 'string'})"
    asked = {
        "==": f"{value} == {text}",
        "start_with?": f"{value}.startswith({text})",
        "end_with?": f"{value}.endswith({text})",
        "include?": f"{text} in {value}",
    }.get(test.how)
    needs = _milestone_is("present") if name == "milestone" else None
    return Code(f"{name} is not none and {asked}", f"{name} is none or not ({asked})", needs) if asked else None


def _milestone_state(test: _Test) -> Formula | None:
    if test.how != "==" or not isinstance(test.what, str):
        return None
    return _state_of_milestone(test.what)


def _state_of_milestone(state: str) -> Code:
    said = f"milestone.state == {jinja_text(state)}"
    return Code(f"milestone is not none and {said}", f"milestone is none or not ({said})", _milestone_is("present"))


def _milestone_is(meant: str) -> States:
    return states("milestone", meant, {"absent": {"milestone": "none"}, "present": {"milestone": "any"}})


def _flag(key: str) -> Leaf:
    return Leaf({key: True}, {key: False})


def _nothing(key: str, absent: str = "None", present: str = "Any") -> States:
    return states(key, "absent", {"absent": {key: absent}, "present": {key: present}})


_MILESTONE_STATES: Mapping[str, str] = {"active?": "active", "closed?": "closed"}
_TEXTS = (("title",), ("description",))
_FLAGS: Mapping[tuple[str, ...], Formula] = {
    ("work_in_progress",): _flag("draft"),
    ("draft",): _flag("draft"),
    ("protected",): _flag("protected"),
    ("merged",): _flag("merged"),
    ("has_tasks",): tasks_are("done open"),
    ("confidential",): Code("confidential"),
}
_ABSENT: Mapping[tuple[str, ...], Formula] = {
    ("due_date",): due("absent"),
    ("milestone",): _milestone_is("absent"),
    ("assignee",): _nothing("assignees"),
    ("weight",): weight_is("absent"),
    ("health_status",): _nothing("health_status"),
    ("iteration",): _nothing("iteration", "none", "any"),
    ("milestone", "due_date"): Code("milestone is none or milestone.due_date is none"),
    ("milestone", "start_date"): Code("milestone is none or milestone.start_date is none"),
    **{
        (name,): States(
            name,
            frozenset({"absent"}),
            frozenset({"absent", "present"}),
            {
                frozenset({"absent"}): {"expr": f"{name} is none"},
                frozenset({"present"}): {"expr": f"{name} is not none"},
            },
        )
        for name in ("closed_at", "merged_at")
    },
}
_ASKED: Mapping[tuple[str, ...], Callable[[_Test], Formula | None]] = {
    ("title",): _in_text,
    ("description",): _in_text,
    ("source_branch",): _in_name("source_branch"),
    ("target_branch",): _in_name("target_branch"),
    ("name",): _branch,
    ("state",): _only("state", "opened", "closed", "merged", "locked"),
    ("issue_type",): _only("issue_type", "issue", "incident", "test_case", "task"),
    ("health_status",): _only("health_status", "on_track", "needs_attention", "at_risk"),
    ("author", "username"): _author,
    ("milestone", "title"): _milestone,
    ("milestone", "state"): _milestone_state,
}
