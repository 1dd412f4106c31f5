"""What of the desk the measures of a week are taken from, as the entry of a digest says."""

from __future__ import annotations

from msgspec import Struct

from starkeeper.model.values import LabelPattern


class FeedbackMeasures(Struct, frozen=True, kw_only=True):
    """A tracker of feedback: the field that says which kind it is, the label of what asks for contact and the clock
    that runs on it, the label of what is good, and those of trends."""

    tracker: str
    kind: str
    asked: LabelPattern
    clock: str
    good: LabelPattern
    trends: LabelPattern


class WeekMeasures(Struct, frozen=True, kw_only=True):
    """A tracker of STARs: the clock of their answer, the calendar whose open time counts, the rotation whose shifts
    tell the regions apart, the labels of what was acknowledged and what was unstarred, and those of trends."""

    tracker: str
    clock: str
    calendar: str
    rotation: str
    acknowledged: LabelPattern
    unstarred: LabelPattern
    trends: LabelPattern
    feedback: FeedbackMeasures | None = None
