"""Takes a form and what somebody entered; gives the answers, or all that is to be corrected, and the issue. Pure."""

from __future__ import annotations

from starkeeper.forms.entering import enter
from starkeeper.forms.issue import opening_of
from starkeeper.forms.same import double_changes, key_from, same_as

__all__ = ["double_changes", "enter", "key_from", "opening_of", "same_as"]
