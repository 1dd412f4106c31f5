"""Takes a tree of nodes and the way to one of them; gives the place there, for what a record does not keep its own."""

from __future__ import annotations

from starkeeper.errors import Where
from starkeeper.policies.nodes import ListNode, MapNode, Node, ScalarNode


def node_at(node: Node, *way: str | int) -> Node:
    """The node at the end of the way, by keys and numbers; where it ends before, the last one that is there."""
    for step in way:
        below = node.get(step) if isinstance(node, MapNode) and isinstance(step, str) else None
        if isinstance(node, ListNode) and isinstance(step, int):
            below = node.items[step]
        if below is None:
            return node
        node = below
    return node


def place_at(node: Node, *way: str | int) -> Where:
    """Where that node begins; of a scalar its text, behind a quote."""
    found = node_at(node, *way)
    return found.content if isinstance(found, ScalarNode) else found.where


def key_at(node: Node, key: str) -> Where:
    """The place of a key of a mapping."""
    pair = node.pair(key) if isinstance(node, MapNode) else None
    return pair.where if pair else node.where
