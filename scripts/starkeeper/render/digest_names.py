"""The names that the words of a digest see beyond those of every template, for the run and for the check before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starkeeper.render.names import HELPERS

SHIFT_NAMES = frozenset({"starts_at", "ends_at", "region", "region_before"})
ITEM_NAMES = frozenset({"is_new", "is_overdue", "due_at", "due_in_shift", "last_word_by", "last_word_at"})
"""What each issue of a list has beyond what it has in a rule."""
DIGEST_NAMES = HELPERS | {
    *("now", "lists", "pages", "closed", "unread", "shift", "incoming", "outgoing", "next_on_call", "next_at"),
    *("fallback", "is_draft", "is_weekend", "is_quiet", "last_sweep_at", "sweeps_stopped", "issue_url"),
}


def digest_names(lists: Iterable[str], pages: Iterable[str]) -> Mapping[str, frozenset[str] | None]:
    """Each name with the attributes that it has (None: any), as `check_template` takes them."""
    of_some = {"lists": frozenset(lists), "pages": frozenset(pages), "shift": SHIFT_NAMES}
    return {**dict.fromkeys(DIGEST_NAMES), **of_some}
