"""Takes questions about labels; gives the conditions that ask the same."""

from __future__ import annotations

from starkeeper.policies.ruby.amounts import NONE, SOME, Range, read_range
from starkeeper.policies.ruby.formula import Always, Code, Formula, Leaf, States, either, negated
from starkeeper.policies.ruby.patterns import as_globs, is_plain_label
from starkeeper.policies.ruby.quoting import jinja_text
from starkeeper.policies.ruby.tree import NIL, Block, Call, Choice, Field, Literal, Many, Name, Node, Not, Or, Regex

_LABELS = Field(("labels",))
_PICKS = ("select", "filter", "find_all", "grep")
_FINDS = ("any?", "find", "detect")


def labelled(node: Node) -> Formula | None:
    """What a question about labels says, or None where it is no such question, or one that cannot be asked here."""
    match node:
        case Call(labels, "include?", (Literal(str() as name),)) if _is_labels(labels):
            return one_label(name)
        case Call(labels, name, (), Block(names=(one,), body=body)) if _is_labels(labels) and body is not None:
            return _over_each(name, one, body)
    return _scopes(node) or _counted(node)


def one_label(name: str) -> Formula:
    if not is_plain_label(name):
        return Code(f"{jinja_text(name)} in labels")
    return _pattern(name)


def _pattern(pattern: str) -> Leaf:
    some = States("labels", frozenset({"present"}), frozenset({"absent", "present"}), {})
    return Leaf({"labels": [pattern]}, {"forbidden_labels": [pattern]}, some)


def _is_labels(node: Node | None) -> bool:
    match node:
        case Call(inner, "map", (), Block(method=method, names=names, body=body)):
            named = method == "name" or (len(names) == 1 and body is not None and _is_name(body, names[0]))
            return named and inner == _LABELS
    return node == _LABELS


def _over_each(name: str, one: str, body: Node) -> Formula | None:
    if name in _FINDS:
        return _any(one, body)
    if name == "none?":
        found = _any(one, body)
        return negated(found) if found else None
    if name == "all?":
        found = _any(one, Not(body))
        return negated(found) if found else None
    return None


def _any(one: str, body: Node) -> Formula | None:
    """That some label is as the body asks."""
    match body:
        case Or(left, right):
            return _all_known(_any(one, left), _any(one, right))
        case Not(Not(inner)):
            return _any(one, inner)
        case Call(Many(items), "include?", (label,)) if _is_name(label, one):
            return _named(items)
        case Call(label, "==", (Literal(str() as text),)) if _is_name(label, one):
            return one_label(text)
        case Call(Literal(str() as text), "==", (label,)) if _is_name(label, one):
            return one_label(text)
        case Call(label, ("start_with?" | "end_with?" | "include?") as name, texts) if _is_name(label, one):
            return _parts(name, texts)
        case Call(label, "=~" | "match?" | "match", (Regex() as regex,)) if _is_name(label, one):
            return _globs(regex)
        case Call(Regex() as regex, "=~" | "match?" | "match", (label,)) if _is_name(label, one):
            return _globs(regex)
    return None


def _all_known(*parts: Formula | None) -> Formula | None:
    known = [each for each in parts if each is not None]
    return either(known) if len(known) == len(parts) else None


def _is_name(node: Node | None, one: str) -> bool:
    """The label itself, or its `name` where the labels come with details."""
    match node:
        case Call(Name(name), "name", ()) | Call(Name(name), "[]", (Literal("name"),)) | Name(name):
            return name == one
    return False


def _named(items: tuple[Node, ...]) -> Formula | None:
    names = [each.value for each in items if isinstance(each, Literal) and isinstance(each.value, str)]
    return either(one_label(name) for name in names) if len(names) == len(items) and names else None


def _parts(name: str, texts: tuple[Node, ...]) -> Formula | None:
    parts = [each.value for each in texts if isinstance(each, Literal) and isinstance(each.value, str)]
    if (
        len(parts) != len(texts)
        or not parts
        or not all(is_plain_label(part) or part in ("None", "Any") for part in parts)
    ):
        return None
    before, after = ("" if name == "start_with?" else "*"), ("" if name == "end_with?" else "*")
    return either(_pattern(f"{before}{part}{after}") for part in parts)


def _globs(regex: Regex) -> Formula | None:
    globs = as_globs(regex)
    return either(one_label(glob) if "*" not in glob else _pattern(glob) for glob in globs) if globs else None


def _counted(node: Node) -> Formula | None:
    """How many labels are left of those that are picked, shared with a list, or not in it."""
    asked = read_range(node)
    if asked is None or not isinstance(asked[0], Call):
        return None
    thing, wanted = asked
    match thing:
        case Call(labels, name, (), Block(names=(one,), body=body)) if _picks(labels, name) and body is not None:
            return _as_many(_any(one, body), wanted) or _of_scope(one, body, wanted)
        case Call(labels, "grep", (Regex() as regex,)) if _is_labels(labels):
            return _as_many(_globs(regex), wanted)
        case Call(labels, "&", (Many(items),)) | Call(Many(items), "&", (labels,)) if _is_labels(labels):
            return _as_many(_named(items), wanted)
        case Call(Many(items), "-", (labels,)) if _is_labels(labels):
            named = [_named((each,)) for each in items]
            missing = [negated(each) for each in named if each is not None]
            return _as_many(either(missing) if len(missing) == len(items) else None, wanted)
    return None


def _picks(labels: Node | None, name: str) -> bool:
    return _is_labels(labels) and name in _PICKS


def _as_many(some: Formula | None, wanted: Range | None) -> Formula | None:
    if some is None:
        return None
    if wanted is None:
        return Always(True)
    return some if wanted == SOME else negated(some) if wanted == NONE else None


def _of_scope(one: str, body: Node, wanted: Range | None) -> Formula | None:
    """More than one label that begins with `scope::`."""
    match body:
        case Call(label, "start_with?", (Literal(str() as text),)) if _is_name(label, one):
            scope, parted, rest = text.partition("::")
            if parted and scope and not rest and wanted and wanted[1] is None:
                named = jinja_text(scope)
                return Code(f"{_SCOPES} | select('eq', {named}) | list | length >= {wanted[0]}")
    return None


def _scopes(node: Node) -> Formula | None:
    """Whether two labels share what stands before their first `::`."""
    match node:
        case Call(shared, "empty?" | "none?", (), None) if shared is not None and _shared_scopes(shared):
            return negated(_TWO_OF_A_SCOPE)
        case Call(shared, "any?" | "present?", (), None) if shared is not None and _shared_scopes(shared):
            return _TWO_OF_A_SCOPE
        case Call(Call(Call(first, "uniq", ()), length, ()), sign, (Call(second, other, ()),)):
            if first == second and first is not None and _is_scopes(first) and length in _SIZES and other in _SIZES:
                return {"==": negated(_TWO_OF_A_SCOPE), "<": _TWO_OF_A_SCOPE}.get(sign)
        case Call(Call(second, other, ()), sign, (Call(Call(first, "uniq", ()), length, ()),)):
            if first == second and first is not None and _is_scopes(first) and length in _SIZES and other in _SIZES:
                return {"==": negated(_TWO_OF_A_SCOPE), ">": _TWO_OF_A_SCOPE}.get(sign)
    return None


_SIZES = ("size", "length", "count")
_SCOPES = "label_scopes(labels, nested=false)"
_EACH_ONCE, _ALL = f"{_SCOPES} | unique(true) | list | length", f"{_SCOPES} | length"
_TWO_OF_A_SCOPE = Code(f"{_EACH_ONCE} < {_ALL}", f"{_EACH_ONCE} == {_ALL}")


def _shared_scopes(node: Node) -> bool:
    match node:
        case Call(inner, "keys" | "values" | "to_a", ()):
            return inner is not None and _shared_scopes(inner)
        case Call(Call(scopes, "group_by", (), Block(method="itself")), "select" | "filter", (), Block() as block):
            return scopes is not None and _is_scopes(scopes) and _more_than_one(block, counted=False)
        case Call(Call(scopes, "tally", ()), "select" | "filter", (), Block() as block):
            return scopes is not None and _is_scopes(scopes) and _more_than_one(block, counted=True)
    return False


def _more_than_one(block: Block, *, counted: bool) -> bool:
    if len(block.names) != 2 or not isinstance(block.body, Call):
        return False
    body, value = block.body, Name(block.names[1])
    sizes = [value] if counted else [Call(value, name) for name in _SIZES]
    return (body.name, body.arguments) in ((">", (Literal(1),)), (">=", (Literal(2),))) and body.receiver in sizes


def _is_scopes(node: Node) -> bool:
    """The scope of each label that has one: what stands before its first `::`."""
    match node:
        case Call(Call(labels, "map", (), Block() as block), "compact", ()):
            return _is_labels(labels) and _is_scope_of(block)
        case Call(labels, "filter_map", (), Block() as block):
            return _is_labels(labels) and _is_scope_of(block)
    return False


def _is_scope_of(block: Block) -> bool:
    if len(block.names) != 1:
        return False
    label = Name(block.names[0])
    split = [Call(label, "split", arguments) for arguments in ((Literal("::"), Literal(2)), (Literal("::"),))]
    scopes = [Call(each, "first") for each in split] + [Call(each, "[]", (Literal(0),)) for each in split]
    match block.body:
        case Choice(question, yes, no):
            return question == Call(label, "include?", (Literal("::"),)) and yes in scopes and no == NIL
    return False
