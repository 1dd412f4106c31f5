"""Takes the policies; gives the names that the steps of a scenario may use."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from starkeeper.actions.slack import Slack
from starkeeper.model.desk import Desk
from starkeeper.model.forms import Form
from starkeeper.model.policies import Policies
from starkeeper.model.rules import Act, Rule


class Known:
    """Those of the desk, the roles that messages in Slack are given, the digests, the forms, and what people's messages
    were `called` so far."""

    def __init__(self, desk: Desk, roles: Collection[str], digests: Collection[str], forms: Mapping[str, Form]) -> None:
        self.desk = desk
        self.roles = roles
        self.digests = digests
        self.forms = forms
        self.called: list[str] = []


def known_in(policies: Policies) -> Known:
    """Those of one scenario, before its first step. A digest gives its messages its own name."""
    said = {each for rule in policies.rules for act in _acts(rule) for each in _roles(act)}
    digests = [each.name for each in policies.digests]
    drafts = [f"{each.name}-draft" for each in policies.digests if each.slack and each.slack.draft]
    return Known(policies.desk, {*said, *digests, *drafts}, digests, {each.name: each for each in policies.forms})


def _acts(rule: Rule) -> tuple[Act, ...]:
    return (*rule.actions, *(rule.repeat.then if rule.repeat else ()))


def _roles(act: Act) -> Iterator[str]:
    if isinstance(act.action, Slack):
        yield from (each.role for each in act.action.tellings if each.role)
