"""A row of the work items API, whose values lie in features, to the same row as the issues API shows it."""

from __future__ import annotations

from msgspec import structs

from starkeeper.connectors.gitlab.wire_features import (
    WireDates,
    WireDescription,
    WireFeatures,
    WireHealth,
    WireIterations,
    WireLabels,
    WireWeight,
)
from starkeeper.connectors.gitlab.wire_resources import WireIssue

_NO_FEATURES, _NO_DESCRIPTION, _NO_LABELS, _NO_DATES = WireFeatures(), WireDescription(), WireLabels(), WireDates()
_NO_WEIGHT, _NO_HEALTH, _NO_ITERATION = WireWeight(), WireHealth(), WireIterations()


def flat(row: WireIssue) -> WireIssue:
    """The row with what its features hold at the places of the issues API; the row's own values go first.

    A feature that the item cannot have, or that was not asked for, is absent.
    """
    features = row.features or _NO_FEATURES
    description = features.description or _NO_DESCRIPTION
    return structs.replace(
        row,
        description=row.description or description.description,
        task_completion_status=row.task_completion_status or description.task_completion_status,
        labels=row.labels or (features.labels or _NO_LABELS).labels,
        assignees=row.assignees or features.assignees,
        milestone=row.milestone or features.milestone,
        due_date=row.due_date or (features.start_and_due_date or _NO_DATES).due_date,
        time_stats=row.time_stats or features.time_tracking,
        weight=(features.weight or _NO_WEIGHT).weight if row.weight is None else row.weight,
        health_status=row.health_status or (features.health_status or _NO_HEALTH).health_status,
        iteration=row.iteration or (features.iteration or _NO_ITERATION).iteration,
    )
