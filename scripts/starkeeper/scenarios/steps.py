"""Takes the steps of one scenario in their order; gives each with its time and its deeds, names looked up."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from starkeeper.errors import Where, nearest
from starkeeper.policies.bind import BAD, Binder
from starkeeper.policies.grammar import Word
from starkeeper.policies.nodes import MapNode, Node, Pair
from starkeeper.scenarios import grammar, script
from starkeeper.scenarios.expected import expectations
from starkeeper.scenarios.grammar import (
    CONNECTED,
    SYSTEMS,
    VERB_OF,
    FillsIn,
    OnIssue,
    OnMessage,
    Opens,
    Override,
    Reacts,
    Unreacts,
    Writes,
)
from starkeeper.scenarios.known import Known
from starkeeper.scenarios.names import check_filled, check_issue, check_known, check_shift
from starkeeper.scenarios.times import Timekeeper


class StepReader:
    """Reads the steps of one scenario, one after the other."""

    def __init__(self, binder: Binder, known: Known) -> None:
        self._binder = binder
        self._desk = known.desk
        self._known = known
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
        elif pair.key == "sweep":
            yield script.Sweep(pair.where, self._time.this_one())
        elif pair.key == "sweeps":
            yield script.Sweep(pair.where, self._time.series(deed, pair.node), is_series=True)
        elif pair.key == "digest":
            check_known("digest", deed, self._known.digests, self._binder)
            yield script.Digest(pair.where, deed.text)
        elif pair.key == "expect":
            for system, where in (found := expectations(deed, self._known, self._binder)).systems:
                self._check_waits(system, system, where, systems)
            yield script.Expect(found.checks)
        elif isinstance(deed, FillsIn):
            self._check_form(deed)
            yield deed
        elif isinstance(deed, script.Act):
            yield self._checked(deed)

    def _checked(self, act: script.Act) -> script.Act:
        """The same, its emoji as Slack calls it; names that are not known are reported."""
        if isinstance(act, Opens):
            self._check_tracker(act.tracker)
        elif isinstance(act, OnIssue):
            check_issue(act.issue, self._desk, self._binder)
        elif isinstance(act, OnMessage):
            self._check_message(act)
        elif isinstance(act, Writes):
            self._check_writing(act)
        elif isinstance(act, Override):
            self._check_override(act)
        if isinstance(act, Reacts | Unreacts):
            return structs.replace(act, emoji=self._desk.emoji.get(act.emoji, act.emoji))
        return act

    def _check_form(self, act: FillsIn) -> None:
        check_known("form", act.form, self._known.forms, self._binder)
        form = self._known.forms.get(act.form.text)
        for name in act.fields if form else ():
            if form and name not in form.fields:
                said = f"the form '{form.name}' has no field '{name}'"
                self._binder.problem(act.where, said, nearest(name, form.fields))

    def _check_tracker(self, word: Word) -> None:
        check_known("tracker", word, self._desk.trackers, self._binder)
        if word.text in self._desk.trackers and self._desk.trackers[word.text].source == "groups":
            said = f"the tracker '{word.text}' is a group, and issues are opened in projects"
            self._binder.problem(word.where, said, "name a tracker that is a project")

    def _check_message(self, act: OnMessage) -> None:
        """It is named in one way, and that is well."""
        named = [each for each in (act.message, act.issue, act.shift) if each.text]
        if len(named) != 1 or bool(act.to.text) is bool(act.message.text):
            remedy = "write 'message: NAME', or 'issue: star#1' with 'to: announcement'"
            self._binder.problem(act.where, "it is not clear which message is meant", remedy)
        elif act.message.text:
            check_known("message", act.message, self._known.called, self._binder)
        else:
            check = check_issue if act.issue.text else check_shift
            check(named[0], self._desk, self._binder)
            check_known("role", act.to, self._known.roles, self._binder)

    def _check_writing(self, act: Writes) -> None:
        check_known("channel", act.channel, self._desk.channels, self._binder)
        if act.called.text in self._known.called:
            self._binder.problem(
                act.called.where, f"another message is called '{act.called.text}'", "call it otherwise"
            )
        elif act.called.text:
            self._known.called.append(act.called.text)

    def _check_override(self, act: Override) -> None:
        rotation, people = self._desk.rotations.get(act.rotation.text), self._desk.people
        check_known("rotation", act.rotation, self._desk.rotations, self._binder)
        if rotation and not rotation.schedules:
            said = f"the rotation '{rotation.name}' has no schedules, and only in these somebody can stand in"
            self._binder.problem(
                act.rotation.where, said, "give it 'schedules' in desk.yml, or use 'given: {on_call: …}'"
            )
        if act.person.text not in people:
            said = f"'{act.person.text}' is not in people.yml"
            self._binder.problem(act.person.where, said, nearest(act.person.text, people))
        if act.ends.instant <= act.starts.instant:
            self._binder.problem(act.where, "this ends before it begins", "write the earlier time under 'from'")

    def _check_waits(self, key: str, system: str, where: Where, systems: tuple[str, ...]) -> None:
        if system not in CONNECTED and system not in systems:
            said = f"'{key}' is for {system}, which is not connected yet"
            self._binder.problem(where, said, f"write 'waits_for: {system}' in this step")
