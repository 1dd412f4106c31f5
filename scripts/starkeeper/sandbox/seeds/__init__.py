"""Worlds to start from: a support desk in the middle of a shift, and busy projects of any size."""

from __future__ import annotations

from starkeeper.sandbox.seeds.busy import seed_many, seed_many_branches, seed_many_merge_requests
from starkeeper.sandbox.seeds.desk import (
    BOT,
    EMERGENCIES,
    ENGINEERS,
    FEEDBACK,
    INITIATORS,
    MANAGERS,
    PIPELINES,
    READ_TOKEN,
    STAR,
    TOKEN,
    add_labels,
    add_tokens,
    seed_desk,
)
from starkeeper.sandbox.seeds.hooks import seed_hooks
from starkeeper.sandbox.seeds.services import (
    PAGERDUTY_FROM,
    PAGERDUTY_TOKEN,
    SCHEDULES,
    SERVICES,
    SLACK_BOT,
    SLACK_CHANNELS,
    SLACK_TOKEN,
    SLACK_USERS,
    seed_services,
)

__all__ = [
    "BOT",
    "EMERGENCIES",
    "ENGINEERS",
    "FEEDBACK",
    "INITIATORS",
    "MANAGERS",
    "PAGERDUTY_FROM",
    "PAGERDUTY_TOKEN",
    "PIPELINES",
    "READ_TOKEN",
    "SCHEDULES",
    "SERVICES",
    "SLACK_BOT",
    "SLACK_CHANNELS",
    "SLACK_TOKEN",
    "SLACK_USERS",
    "STAR",
    "TOKEN",
    "add_labels",
    "add_tokens",
    "seed_desk",
    "seed_hooks",
    "seed_many",
    "seed_many_branches",
    "seed_many_merge_requests",
    "seed_services",
]
