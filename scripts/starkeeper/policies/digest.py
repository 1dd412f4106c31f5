"""Takes the nodes of a rule; gives one short name for exactly what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from starkeeper.policies.nodes import ListNode, Node, ScalarNode


def digest_of(node: Node) -> str:
    """The same for the same keys and values, whatever their layout, comments, anchors and the order of keys."""
    return hashlib.sha256("\0".join(_words(node)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _words(node: Node) -> Iterator[str]:
    """Each value after its length or its type, so that no two trees read alike."""
    if isinstance(node, ScalarNode):
        yield f"{type(node.value).__name__} {len(node.text)} {node.text}"
    elif isinstance(node, ListNode):
        yield f"list {len(node.items)}"
        for item in node.items:
            yield from _words(item)
    else:
        yield f"map {len(node.pairs)}"
        for pair in sorted(node.pairs, key=lambda each: each.key):
            yield f"{len(pair.key)} {pair.key}"
            yield from _words(pair.node)
