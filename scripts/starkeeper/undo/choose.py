"""Takes a journal and what the command names of it; gives that part of it, once it is known to be of this desk."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import structs

from starkeeper.errors import NOWHERE, PolicyError, Problem, nearest
from starkeeper.model.desk import Desk, Tracker
from starkeeper.model.journal import Entry, Journal
from starkeeper.undo.doings import doings_of


def chosen(journal: Journal, trackers: tuple[str, ...], rules: tuple[str, ...]) -> Journal:
    """The journal with only these trackers and rules; raises PolicyError for a name that is not in it."""
    problems = [*_unknown("tracker", trackers, (each.tracker for each in journal.entries), journal)]
    problems += _unknown("rule", rules, (each.rule for each in journal.entries), journal)
    if problems:
        raise PolicyError(problems)
    kept = tuple(
        each
        for each in journal.entries
        if (not trackers or each.tracker in trackers) and (not rules or each.rule in rules or each.action == "move")
    )
    return structs.replace(journal, entries=kept)


def check_account(journal: Journal, username: str) -> None:
    """Raises PolicyError where another account made the run: its sweeps would not know the notes of this one for their
    own, and do again all that is undone."""
    made_by = journal.header.account
    if made_by and made_by != username:
        message = (
            f"run {journal.header.run} was made by the account '{made_by}', and GITLAB_TOKEN is that of '{username}'"
        )
        raise PolicyError([Problem(NOWHERE, message, "use the token that the sweeps use")])


def check_places(journal: Journal, desk: Desk) -> None:
    """Raises PolicyError where it tells of a place that is none of the desk's: a journal must not reach beyond that."""
    strange = {each.key.project for each in doings_of(journal) if not _is_of(each.entries[-1], desk)}
    if strange:
        run = journal.header.run
        what = (f"the journal of run {run} names '{place}', which is no tracker of desk.yml" for place in strange)
        remedy = "undo it by the --policies, --project or --group of that run, or only what is the desk's, by --tracker"
        raise PolicyError([Problem(NOWHERE, each, remedy) for each in what])


def _is_of(entry: Entry, desk: Desk) -> bool:
    return any(_holds(tracker, entry) for tracker in desk.trackers.values())


def _holds(tracker: Tracker, entry: Entry) -> bool:
    path, project = tracker.path.casefold(), entry.project.casefold()
    if path.isdigit():
        # Where it is named by its number the journal has the path all the same.
        return tracker.name == entry.tracker
    within = tracker.source == "groups" and project.startswith(f"{path}/")
    return within or project == path


def _unknown(what: str, names: tuple[str, ...], known: Iterable[str], journal: Journal) -> list[Problem]:
    there = set(known)
    message = f"run {journal.header.run} did nothing {'by the' if what == 'rule' else 'in the'} {what}"
    return [Problem(NOWHERE, f"{message} '{name}'", nearest(name, there)) for name in names if name not in there]
