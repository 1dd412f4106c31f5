"""A form, as people fill it in: what it asks, and the issue that it opens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from starkeeper.errors import NOWHERE, Where
from starkeeper.model.rules import Rule
from starkeeper.model.values import Interval, TemplateName, Text

FieldKind = Literal["line", "text", "count", "ticket", "time", "manager", "link"]
"""One line; any number of them; a whole number from 1 up; the number of a ticket; an instant; a manager of the desk; an
address of the web."""
When = Mapping[str, tuple[str, ...]]
"""Other fields of the form, each with the answers that are meant."""
NOW = "now"
"""What `after` calls the moment at which the form is filled in."""


class FormField(Struct, frozen=True, kw_only=True):
    """One question. `heading` is what its answer stands below in the issue; `about` and `such_as` are for whoever fills
    it in.

    `refused` are answers that people think of, each with what to do instead. It must be empty where one of
    `forbidden_when` was answered, and `why` says why. A time comes `after` that of another field, or after NOW, and by
    `at_most` so much.
    """

    name: str
    heading: str
    about: str
    kind: FieldKind = "line"
    required: bool = False
    required_when: When = {}
    forbidden_when: When = {}
    why: str = ""
    options: tuple[str, ...] = ()
    refused: Mapping[str, str] = {}
    pattern: re.Pattern[str] | None = None
    such_as: str = ""
    max_length: int = 0
    after: str = ""
    at_most: Interval | None = None
    where: Where = NOWHERE


class Form(Struct, frozen=True, kw_only=True):
    """What is asked, and the issue of `tracker` that it becomes; without a `template` that is each answer below its
    heading. While the calendar is closed it cannot be filled in, and `otherwise` says what to do."""

    name: str
    policy: str
    tracker: str
    title: Text
    fields: Mapping[str, FormField]
    template: TemplateName | None = None
    confidential: bool = False
    calendar: str = ""
    otherwise: str = ""
    where: Where = NOWHERE

    @property
    def by_line(self) -> Rule:
        """What stands under the issue as what opened it."""
        return Rule(name=f"{self.name} form", policy=self.policy, where=self.where)


class Entered(Struct, frozen=True, kw_only=True):
    """A form that was filled in well: the answers that were given, cleaned; `by` is the GitLab user who asks."""

    form: Form
    answers: Mapping[str, str]
    by: str
