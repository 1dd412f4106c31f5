"""Takes facts; gives the numbers of a week: pure, and nothing is read here. What is missing, `needs_of` says."""

from starkeeper.measures.names import WEEK_NAMES, week_names
from starkeeper.measures.week import Week, needs_of, read_since, week_of

__all__ = ["WEEK_NAMES", "Week", "needs_of", "read_since", "week_names", "week_of"]
