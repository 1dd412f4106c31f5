"""Takes the steps of one scenario in their order; gives each with its time and its deeds, names looked up."""

from __future__ import annotations

from collections.abc import Iterator

from starkeeper.errors import Where, nearest
from starkeeper.model.desk import Desk
from starkeeper.policies.bind import BAD, Binder
from starkeeper.policies.nodes import MapNode, Node, Pair
from starkeeper.scenarios import grammar, script
from starkeeper.scenarios.expected import expectations
from starkeeper.scenarios.grammar import CONNECTED, SYSTEMS, VERB_OF, OnIssue, Opens
from starkeeper.scenarios.names import check_filled, check_issue
from starkeeper.scenarios.times import Timekeeper


class StepReader:
    """Reads the steps of one scenario, one after the other."""

    def __init__(self, binder: Binder, desk: Desk) -> None:
        self._binder = binder
        self._desk = desk
        self._time = Timekeeper(binder)

    def step(self, node: Node) -> script.Step | None:
        """The next step, None where it has a problem."""
        before = len(self._binder.problems)
        entry = self._binder.bind(node, grammar.Step, "a step")
        if entry is BAD or not isinstance(node, MapNode):
            return None
        for pair in node.pairs:
            check_filled(pair, self._binder)
        at = self._time.move(entry, node)
        systems = tuple(self._systems(entry, node))
        deeds = tuple(deed for pair in node.pairs for deed in self._deeds(entry, pair, systems))
        if at is None or len(self._binder.problems) > before:
            return None
        return script.Step(where=entry.where, at=at, deeds=deeds, waits_for=systems)

    def _systems(self, entry: grammar.Step, node: MapNode) -> Iterator[str]:
        words = entry.waits_for if isinstance(entry.waits_for, tuple) else (entry.waits_for,)
        for word in words:
            if word.text not in SYSTEMS:
                self._binder.problem(word.where, f"there is no system '{word.text}'", nearest(word.text, SYSTEMS))
            elif word.text in CONNECTED:
                self._binder.problem(word.where, f"{word.text} is connected", "take the mark off")
            else:
                yield word.text

    def _deeds(self, entry: grammar.Step, pair: Pair, systems: tuple[str, ...]) -> Iterator[script.Deed]:
        """What a key of the step makes happen."""
        deed = getattr(entry, pair.key)
        if deed is None:
            return
        if system := VERB_OF.get(pair.key):
            self._check_waits(pair.key, system, pair.where, systems)
            if isinstance(deed, OnIssue):
                check_issue(deed.issue, self._desk, self._binder)
        elif pair.key == "sweep":
            yield script.Sweep(pair.where, self._time.this_one())
        elif pair.key == "sweeps":
            yield script.Sweep(pair.where, self._time.series(deed, pair.node), is_series=True)
        elif pair.key == "expect":
            for system, where in (found := expectations(deed, self._desk, self._binder)).systems:
                self._check_waits(system, system, where, systems)
            yield script.Expect(found.checks)
        elif isinstance(deed, script.Act):
            self._check_names(deed)
            yield deed

    def _check_names(self, act: script.Act) -> None:
        if not isinstance(act, Opens):
            check_issue(act.issue, self._desk, self._binder)
            return
        word, tracker = act.tracker, self._desk.trackers.get(act.tracker.text)
        if tracker is None:
            remedy = nearest(word.text, self._desk.trackers)
            self._binder.problem(word.where, f"there is no tracker '{word.text}'", remedy)
        elif tracker.source == "groups":
            said = f"the tracker '{word.text}' is a group, and issues are opened in projects"
            self._binder.problem(word.where, said, "name a tracker that is a project")

    def _check_waits(self, key: str, system: str, where: Where, systems: tuple[str, ...]) -> None:
        if system not in CONNECTED and system not in systems:
            said = f"'{key}' is for {system}, which is not connected yet"
            self._binder.problem(where, said, f"write 'waits_for: {system}' in this step")
