"""Takes Ruby; gives the tree of its one expression, or says that it is none. Nothing is run."""

from __future__ import annotations

from starkeeper.policies.ruby.tokens import Token, read_tokens
from starkeeper.policies.ruby.tree import (
    NIL,
    And,
    Block,
    Call,
    Choice,
    Field,
    Literal,
    Many,
    Name,
    Node,
    Not,
    Or,
    Regex,
    Unreadable,
)

_COMPARISONS = ("==", "!=", "=~", "!~", "===", "!==")
_LEVELS = (_COMPARISONS, (">", "<", ">=", "<="), ("|",), ("&",), ("<<", ">>"), ("+", "-"), ("*", "/", "%"))
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "nil": None, "null": None}
# What the context of gitlab-triage answers without `resource`.
_CONTEXT = {
    "author": ("author", "username"),
    "state": ("state",),
    "milestone": ("milestone",),
    "labels": ("labels",),
    "labels_with_details": ("labels",),
    "merge_requests_count": ("merge_requests_count",),
    "related_merge_requests": ("related_merge_requests",),
    "closes_issues": ("closes_issues",),
    "due_date": ("due_date",),
}
_MILESTONE = frozenset({"title", "state", "start_date", "due_date", "iid", "id"})
MOST_TOKENS = 2_000
MOST_DEPTH = 60


def parse(code: str) -> Node:
    """The tree; raises Unreadable where it is not a single expression, or one too long to be meant for a person."""
    tokens = read_tokens(code)
    if len(tokens) > MOST_TOKENS:
        raise Unreadable
    parser = _Parser(tokens)
    node = parser.sentence()
    if parser.rest():
        raise Unreadable
    return node


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def rest(self) -> bool:
        return self._at < len(self._tokens)

    def sentence(self) -> Node:
        """`and` and `or` bind alike, from the left, and less than anything else."""
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise Unreadable
        node = self._negation()
        while word := self._take("and", "or"):
            right = self._negation()
            node = And(node, right) if word == "and" else Or(node, right)
        self._depth -= 1
        return node

    def _negation(self) -> Node:
        return Not(self._negation()) if self._take("not") else self._choice()

    def _choice(self) -> Node:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise Unreadable
        node = self._either()
        if self._take("?"):
            yes = self._choice()
            self._expect(":")
            node = Choice(node, yes, self._choice())
        self._depth -= 1
        return node

    def _either(self) -> Node:
        node = self._both()
        while self._take("||"):
            node = Or(node, self._both())
        return node

    def _both(self) -> Node:
        node = self._operation(0)
        while self._take("&&"):
            node = And(node, self._operation(0))
        return node

    def _operation(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._unary()
        node = self._operation(level + 1)
        while sign := self._take(*_LEVELS[level]):
            node = _operated(node, sign, self._operation(level + 1))
        return node

    def _unary(self) -> Node:
        if self._take("!"):
            return Not(self._unary())
        if self._take("-"):
            number = self._unary()
            if isinstance(number, Literal) and isinstance(number.value, (int, float)):
                return Literal(-number.value)
            raise Unreadable
        return self._postfix(self._primary())

    def _postfix(self, node: Node) -> Node:
        while sign := self._take(".", "&.", "?.", "["):
            if sign == "[" or self._take("["):
                node = _indexed(node, self._until("]"))
                continue
            name = self._name()
            arguments = self._until(")") if self._take("(") else ()
            passed = [each for each in arguments if isinstance(each, Block)]
            block = passed[0] if passed else self._block()
            node = _called(node, name, tuple(each for each in arguments if not isinstance(each, Block)), block)
        return node

    def _primary(self) -> Node:
        if not self.rest():
            raise Unreadable
        token = self._tokens[self._at]
        self._at += 1
        match token.kind:
            case "number":
                return Literal(float(token.text) if "." in token.text else int(token.text))
            case "text" | "symbol":
                return Literal(token.text)
            case "regex":
                return Regex(token.text, token.extra)
            case "name":
                return self._named(token.text)
        if token.text == "(":
            inner = self.sentence()
            self._expect(")")
            return inner
        if token.text == "[":
            return Many(tuple(_no_block(each) for each in self._until("]")))
        raise Unreadable

    def _named(self, name: str) -> Node:
        if name in _WORDS:
            return Literal(_WORDS[name])
        if self._take("("):
            return Call(None, name, tuple(_no_block(each) for each in self._until(")")))
        return Field(_CONTEXT[name]) if name in _CONTEXT else Name(name)

    def _until(self, end: str) -> tuple[Node | Block, ...]:
        found: list[Node | Block] = []
        while not self._take(end):
            if self._take("&"):
                found.append(Block(method=self._symbol()))
            else:
                found.append(self._choice())
            if not self._take(","):
                self._expect(end)
                break
        return tuple(found)

    def _block(self) -> Block | None:
        opened = self._take("{", "do")
        if not opened:
            return None
        self._expect("|")
        names = [self._name()]
        while self._take(","):
            names.append(self._name())
        self._expect("|")
        self._skip_line()
        body = self.sentence()
        if self._take("if"):
            body = Choice(self.sentence(), body, NIL)
        self._skip_line()
        self._expect("}" if opened == "{" else "end")
        return Block(tuple(names), body)

    def _take(self, *signs: str) -> str:
        """The next token where it is one of these signs, else ""."""
        token = self._tokens[self._at] if self.rest() else None
        if token is None or token.kind != "sign" or token.text not in signs:
            return ""
        self._at += 1
        return token.text

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise Unreadable

    def _skip_line(self) -> None:
        if self.rest() and self._tokens[self._at].kind == "line":
            self._at += 1

    def _name(self) -> str:
        return self._word("name")

    def _symbol(self) -> str:
        return self._word("symbol")

    def _word(self, kind: str) -> str:
        token = self._tokens[self._at] if self.rest() else None
        if token is None or token.kind != kind:
            raise Unreadable
        self._at += 1
        return token.text


def _operated(left: Node, sign: str, right: Node) -> Node:
    if sign in ("!=", "!==", "!~"):
        return Not(Call(left, "=~" if sign == "!~" else "==", (right,)))
    return Call(left, "==" if sign == "===" else sign, (right,))


def _indexed(node: Node, arguments: tuple[Node | Block, ...]) -> Node:
    match node, arguments:
        case Name("resource"), (Literal(str() as key),):
            return Field((key,))
        case Field(path), (Literal(str() as key),):
            return Field((*path, key))
    return Call(node, "[]", tuple(_no_block(each) for each in arguments))


def _called(node: Node, name: str, arguments: tuple[Node | Block, ...], block: Block | None) -> Node:
    plain = tuple(_no_block(each) for each in arguments)
    keys = [each.value for each in plain if isinstance(each, Literal) and isinstance(each.value, str)]
    if name in ("dig", "fetch") and len(keys) == len(plain) and keys and isinstance(node, (Field, Name)):
        for key in keys:
            node = _indexed(node, (Literal(key),))
        return node
    if isinstance(node, Field) and node.path == ("milestone",) and name in _MILESTONE and not plain:
        return Field(("milestone", name))
    return Call(node, name, plain, block)


def _no_block(node: Node | Block) -> Node:
    if isinstance(node, Block):
        raise Unreadable
    return node
