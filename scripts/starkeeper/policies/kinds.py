"""Takes a key under `conditions` or `actions`; gives its kind, or the problem that says what was probably meant."""

from __future__ import annotations

from starkeeper.errors import Problem, nearest
from starkeeper.model.rules import Act, Action, Clause, Condition
from starkeeper.policies.grammar import LATER_ACTIONS, LATER_CONDITIONS
from starkeeper.policies.nodes import Pair, ScalarNode
from starkeeper.registry import ACTIONS, CONDITIONS

_LEVEL = frozenset({"actions", "conditions", "limits", "events", "repeat", "tracker", "max_changes", "once"})


def find_condition(key: str) -> type[Condition] | None:
    return CONDITIONS.kind(key) if key in CONDITIONS.keys else None


def find_action(key: str) -> type[Action] | None:
    return ACTIONS.kind(key) if key in ACTIONS.keys else None


def clause_problem(pair: Pair, holder: type[Clause] | type[Act]) -> Problem:
    """What to say of a key that is no condition, or no action."""
    is_condition = holder is Clause
    word, level, known = (
        ("condition", "conditions", CONDITIONS.keys) if is_condition else ("action", "actions", ACTIONS.keys)
    )
    if is_condition and pair.key in ("ruby", "js"):
        # Most files hold none, and to read Ruby takes a parser.
        from starkeeper.policies.ruby import ruby_remedy

        return Problem(pair.where, f"'{pair.key}:' would run code, which policies cannot", ruby_remedy(_text(pair)))
    if pair.key in _LEVEL:
        return Problem(pair.where, f"'{pair.key}' stands under '{level}'", f"move it to the left, beside '{level}'")
    if pair.key in (LATER_CONDITIONS if is_condition else LATER_ACTIONS):
        return Problem(pair.where, f"the {word} '{pair.key}' is not supported yet", "take it out of this rule")
    if is_condition and pair.key in ACTIONS.keys:
        return Problem(pair.where, f"'{pair.key}' is an action", "put it under 'actions'")
    if not is_condition and pair.key == "assignees":
        return Problem(pair.where, "'assignees' is a condition", "write 'assign' for the action")
    if not is_condition and pair.key in CONDITIONS.keys:
        return Problem(pair.where, f"'{pair.key}' is a condition", "put it under 'conditions'")
    return Problem(pair.where, f"unknown {word} '{pair.key}'", nearest(pair.key, known))


def stray_remedy(key: str) -> str:
    """What to do with a condition or an action that stands in the rule itself; "" where it is neither."""
    levels = [level for level, keys in (("conditions", CONDITIONS.keys), ("actions", ACTIONS.keys)) if key in keys]
    return "put it under " + " or ".join(f"'{level}'" for level in levels) if levels else ""


def _text(pair: Pair) -> str:
    return pair.node.text if isinstance(pair.node, ScalarNode) else ""
