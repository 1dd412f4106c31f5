"""The names that the words of a digest see beyond those of every template, for the run and for the check before it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starkeeper.render.check import EACH
from starkeeper.render.names import HELPERS, known_names
from starkeeper.render.values import PERSON_ATTRIBUTES, RESOURCE_ATTRIBUTES

SHIFT_NAMES = frozenset({"starts_at", "ends_at", "region", "region_before"})
ITEM_NAMES = frozenset({"is_new", "is_overdue", "due_at", "due_in_shift", "last_word_by", "last_word_at"})
"""What each issue of a list has beyond what it has in a rule."""
PAGE_NAMES = frozenset({"number", "ticket", "title", "is_acknowledged", "created_at", "people", "web_url"})
DIGEST_NAMES = HELPERS | {
    *("now", "lists", "pages", "closed", "unread", "shift", "incoming", "outgoing", "next_on_call", "next_at"),
    *("fallback", "is_draft", "is_weekend", "is_quiet", "issue_url", "list_urls"),
    *("last_sweep_at", "last_whole_sweep_at", "sweeps_run", "sweeps_stopped"),
}


def digest_names(lists: Mapping[str, Iterable[str]], pages: Iterable[str]) -> Mapping[str, frozenset[str] | None]:
    """Each name with the attributes that it has (None: any), as `check_template` takes them; `lists` with the names
    that the conditions of each bring along."""
    names = frozenset(lists)
    of_some = {"lists": names, "list_urls": names, "pages": frozenset(pages), "shift": SHIFT_NAMES}
    of_some |= dict.fromkeys(("incoming", "outgoing", "next_on_call"), PERSON_ATTRIBUTES)
    of_some[f"closed{EACH}"] = RESOURCE_ATTRIBUTES
    of_some |= {f"pages.{name}{EACH}": PAGE_NAMES for name in of_some["pages"]}
    of_some |= {
        f"lists.{name}{EACH}": frozenset({*known_names(extra=more), *ITEM_NAMES}) for name, more in lists.items()
    }
    return {**dict.fromkeys(DIGEST_NAMES), **of_some}
