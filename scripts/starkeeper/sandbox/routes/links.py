"""Relations between issues: listing, making and ending them."""

from __future__ import annotations

from starkeeper.sandbox.answers import Answer, bad_parameter, conflict, forbidden, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.changes import may_edit_details
from starkeeper.sandbox.linking import relate
from starkeeper.sandbox.params import one_of
from starkeeper.sandbox.records import Issue
from starkeeper.sandbox.routes.issues import full
from starkeeper.sandbox.shapes.issues import linked_issue


@route("GET", "projects/:id/issues/:iid/links")
def links(call: Call) -> Answer:
    issue = call.issue()
    return json_answer([linked_issue(call.state, call.base, issue, each) for each in issue.links])


@route("POST", "projects/:id/issues/:iid/links")
def create_link(call: Call) -> Answer:
    issue, user = call.issue(), call.who()
    for name in ("target_project_id", "target_issue_iid"):
        if not call.params.get(name):
            raise bad_parameter(f"{name} is missing")
    kind = one_of(call.params, "link_type", ("relates_to", "blocks", "is_blocked_by"), "relates_to")
    if not may_edit_details(call.state, issue, user):
        raise forbidden()
    target = _target(call)
    if relate(call.state, issue, target, user, kind, call.state.clock()) is None:
        raise conflict("Issue(s) already assigned")
    both = {"source_issue": full(call, issue), "target_issue": full(call, target), "link_type": kind}
    return json_answer(both, 201)


@route("DELETE", "projects/:id/issues/:iid/links/:link")
def delete_link(call: Call) -> Answer:
    issue, user = call.issue(), call.who()
    for each in issue.links:
        if str(each.id) == call.parts["link"] and may_edit_details(call.state, issue, user):
            each.source.links.remove(each)
            each.target.links.remove(each)
            call.state.changed(each.source)
            call.state.changed(each.target)
            both = {"source_issue": full(call, each.source), "target_issue": full(call, each.target)}
            return json_answer({**both, "link_type": each.link_type})
    raise not_found()


def _target(call: Call) -> Issue:
    project = call.state.find_project(str(call.params["target_project_id"]))
    if project is None or not call.state.can_see(call.user, project):
        raise not_found("Project")
    iid = str(call.params["target_issue_iid"])
    found = project.issues.get(int(iid)) if iid.isdigit() else None
    if found is None or not call.state.can_read(call.user, found):
        raise not_found()
    return found
