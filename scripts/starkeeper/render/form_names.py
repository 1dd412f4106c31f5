"""The names that the words of a form see, for the run and for the check before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from starkeeper.model.desk import Desk
from starkeeper.model.forms import Entered
from starkeeper.render.names import link
from starkeeper.render.values import Fields, PersonName, Settings


def names_of_form(entered: Entered, desk: Desk, now: dt.datetime) -> dict[str, Any]:
    """`fields` are the answers, "" for one that was not given; `asker` is who asks, and mentions nobody; `form` is its
    name, and `now`, `settings` and `link(text, url)` are as everywhere."""
    return {
        "fields": Fields(entered.answers, frozenset(entered.form.fields)),
        "asker": PersonName(entered.by),
        "form": entered.form.name,
        "now": now,
        "settings": Settings(desk.settings, frozenset(desk.settings)),
        "link": link,
    }


def form_names(fields: frozenset[str], settings: frozenset[str]) -> Mapping[str, frozenset[str] | None]:
    """Each of those with the attributes that it has (None: any), as `check_template` takes them."""
    return {"fields": fields, "settings": settings, **dict.fromkeys(("asker", "form", "now", "link"))}
