"""What hangs on an issue beside notes: label and state events, links to other issues, reactions."""

from __future__ import annotations

from starkeeper.sandbox.answers import Answer, bad_parameter, conflict, forbidden, json_answer, not_found
from starkeeper.sandbox.api import Call, route
from starkeeper.sandbox.changes import may_edit_details, relate
from starkeeper.sandbox.issue_shapes import award, label_event, linked_issue, state_event
from starkeeper.sandbox.params import one_of
from starkeeper.sandbox.records import Award, Issue, Note
from starkeeper.sandbox.routes.issues import full


@route("GET", "projects/:id/issues/:iid/resource_label_events")
def label_events(call: Call) -> Answer:
    issue = call.issue("Issue")
    return call.page(issue.label_events, lambda each: label_event(call.base, issue, each))


@route("GET", "projects/:id/issues/:iid/resource_label_events/:event")
def one_label_event(call: Call) -> Answer:
    issue = call.issue("Issue")
    for each in issue.label_events:
        if str(each.id) == call.parts["event"]:
            return json_answer(label_event(call.base, issue, each))
    raise not_found("ResourceLabelEvent")


@route("GET", "projects/:id/issues/:iid/resource_state_events")
def state_events(call: Call) -> Answer:
    issue = call.issue("Issue")
    return call.page(issue.state_events, lambda each: state_event(call.base, issue, each))


@route("GET", "projects/:id/issues/:iid/resource_state_events/:event")
def one_state_event(call: Call) -> Answer:
    issue = call.issue("Issue")
    for each in issue.state_events:
        if str(each.id) == call.parts["event"]:
            return json_answer(state_event(call.base, issue, each))
    raise not_found("ResourceStateEvent")


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


@route("GET", "projects/:id/issues/:iid/(?:notes/:note/)?award_emoji")
def awards(call: Call) -> Answer:
    about, kind = _awardable(call)
    return call.page(about.awards, lambda each: award(call.base, each, about.id, kind))


@route("POST", "projects/:id/issues/:iid/(?:notes/:note/)?award_emoji")
def create_award(call: Call) -> Answer:
    about, kind = _awardable(call)
    user, name = call.who(), str(call.params.get("name") or "").strip(":")
    if not name:
        raise bad_parameter("name is missing")
    if any(each.name == name and each.user is user for each in about.awards):
        raise not_found("Award Emoji Name has already been taken")
    made = Award(call.state.number("award"), name, user, call.state.clock())
    about.awards.append(made)
    _count_votes(call, about)
    return json_answer(award(call.base, made, about.id, kind), 201)


@route("DELETE", "projects/:id/issues/:iid/(?:notes/:note/)?award_emoji/:award")
def delete_award(call: Call) -> Answer:
    about, _ = _awardable(call)
    for each in about.awards:
        if str(each.id) == call.parts["award"] and each.user is call.who():
            about.awards.remove(each)
            _count_votes(call, about)
            return Answer(204)
    raise not_found()


def _awardable(call: Call) -> tuple[Issue | Note, str]:
    issue = call.issue("Issue")
    wanted = call.parts.get("note")
    if wanted is None:
        return issue, "Issue"
    for each in issue.notes:
        if str(each.id) == wanted:
            return each, "Note"
    raise not_found("Note")


def _count_votes(call: Call, about: Issue | Note) -> None:
    if isinstance(about, Issue):
        about.upvotes = sum(each.name == "thumbsup" for each in about.awards)
        about.downvotes = sum(each.name == "thumbsdown" for each in about.awards)
        about.encoded.clear()
        call.state.changed()
