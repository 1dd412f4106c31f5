"""Issues as work items: GitLab's experimental lists of a project and of a group, where this world has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starkeeper.sandbox.answers import Answer, Refusal, no_route
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.params import Values, words
from starkeeper.sandbox.query import find_issues
from starkeeper.sandbox.query.issues import KEYSET_ORDERS
from starkeeper.sandbox.records import Issue
from starkeeper.sandbox.shapes.base import encode
from starkeeper.sandbox.shapes.work_items import FEATURES, FIELDS, TYPES, work_item_shape

ONLY_KEYSET = (
    "Explicitly setting offset pagination is not supported. "
    "Pagination is determined automatically based on the sort parameter."
)
SAME = (
    *("state", "iids", "created_after", "created_before", "updated_after", "updated_before", "search", "in"),
    *("confidential", "order_by", "sort", "author_username"),
)
RENAMED = {
    "label_name": "labels",
    "assignee_usernames": "assignee_username",
    "assignee_wildcard_id": "assignee_id",
    "milestone_title": "milestone",
    "milestone_wildcard_id": "milestone_id",
}


@route("GET", "(?P<place>projects|groups)/:id/-/work_items")
def work_items(call: Call) -> Answer:
    if not call.state.work_items_rest:
        raise no_route()
    user, place = call.who(), call.place()
    if call.params.get("pagination") not in (None, "keyset"):
        raise Refusal(405, {"error": ONLY_KEYSET})
    rows = find_issues(call.state, user, place, _as_issues(call.params))
    if names := [each.lower().replace(" ", "_") for each in words(call.params.get("work_item_type_names"))]:
        rows = [each for each in rows if each.issue_type in names and each.issue_type in TYPES]
    fields, features = _asked(call, "fields", FIELDS), _asked(call, "features", FEATURES)

    def shape(issue: Issue) -> bytes:
        return encode(work_item_shape(call.state, call.base, issue, fields, features))

    order = KEYSET_ORDERS.get(str(call.params.get("order_by") or "created_at"))
    return call.keyset_page(rows, order, shape) if order else call.page_of_bytes(rows, shape)


def _as_issues(params: Values) -> Values:
    """The filters by the names that lists of issues have for them."""
    asked = {name: params[name] for name in SAME if name in params}
    asked |= {name: params[other] for other, name in RENAMED.items() if other in params}
    if isinstance(params.get("not"), dict):
        asked["not"] = _as_issues(params["not"])
    return asked


def _asked(call: Call, name: str, known: Mapping[str, Any]) -> set[str]:
    """The parts that were asked for; unknown ones are passed over."""
    return {each.lower() for each in words(call.params.get(name))} & set(known)
