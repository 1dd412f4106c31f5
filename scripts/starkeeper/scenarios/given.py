"""Takes what is given in a scenario; gives the policies and the desk as they are in it."""

from __future__ import annotations

import datetime as dt

from msgspec import structs

from starkeeper.model.desk import Rotation, Shift
from starkeeper.model.policies import Policies
from starkeeper.scenarios.script import Given


def narrowed_to(given: Given, policies: Policies) -> Policies:
    """Only the policy files that count, and the rotations as they are held all the time."""
    rotations = {name: _held(each, given) for name, each in policies.desk.rotations.items()}
    return structs.replace(
        policies,
        rules=tuple(rule for rule in policies.rules if _is_named(rule.policy, given)),
        summaries=tuple(each for each in policies.summaries if _is_named(each.summarize.policy, given)),
        digests=tuple(each for each in policies.digests if _is_named(each.policy, given)),
        forms=tuple(each for each in policies.forms if _is_named(each.policy, given)),
        desk=structs.replace(policies.desk, rotations=rotations),
    )


def is_file(name: str, file: str) -> bool:
    """Whether a name within the policy folder, such as `star.yml`, is that of a policy file."""
    return file == name or file.endswith(f"/{name}")


def _is_named(file: str, given: Given) -> bool:
    return not given.policies or any(is_file(name, file) for name in given.policies)


def _held(rotation: Rotation, given: Given) -> Rotation:
    if rotation.name not in given.on_call:
        return rotation
    # From midnight to midnight is the whole day.
    whole = Shift(person=given.on_call[rotation.name], starts=dt.time(0), ends=dt.time(0))
    return structs.replace(rotation, shifts=(whole,), schedules=())
