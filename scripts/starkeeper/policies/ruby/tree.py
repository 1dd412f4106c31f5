"""The tree that Ruby becomes: only what conditions of gitlab-triage are made of."""

from __future__ import annotations

from msgspec import Struct


class Unreadable(Exception):
    """The code is no expression of the kind that can be read here."""


class Literal(Struct, frozen=True):
    """A text, a symbol (a text too: hashes take either), a number, true, false or nil."""

    value: str | int | float | bool | None


class Regex(Struct, frozen=True):
    source: str
    flags: str = ""


class Many(Struct, frozen=True):
    """`["a", "b"]`"""

    items: tuple[Node, ...]


class Name(Struct, frozen=True):
    name: str


class Field(Struct, frozen=True):
    """What GitLab's JSON has at a path: `resource["time_stats"]["time_estimate"]`."""

    path: tuple[str, ...]


class Block(Struct, frozen=True):
    """`{ |label| … }`; `&:name` is a block without a body, and `method` what it calls."""

    names: tuple[str, ...] = ()
    body: Node | None = None
    method: str = ""


class Call(Struct, frozen=True):
    """A method, an operator or an index (`[]`) of a receiver; without one, a helper such as `active?`."""

    receiver: Node | None
    name: str
    arguments: tuple[Node, ...] = ()
    block: Block | None = None


class Not(Struct, frozen=True):
    inner: Node


class And(Struct, frozen=True):
    left: Node
    right: Node


class Or(Struct, frozen=True):
    left: Node
    right: Node


class Choice(Struct, frozen=True):
    """`question ? yes : no`"""

    question: Node
    yes: Node
    no: Node


Node = Literal | Regex | Many | Name | Field | Call | Not | And | Or | Choice

NIL = Literal(None)
