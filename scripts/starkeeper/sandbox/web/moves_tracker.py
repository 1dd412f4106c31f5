"""What a person does in the tracker: comment, label, close, name and open, as far as GitLab lets them."""

from __future__ import annotations

from starkeeper.sandbox.announcing import told
from starkeeper.sandbox.changes import Edit, change_state, edit_item, may_edit, may_edit_details
from starkeeper.sandbox.opening import new_issue
from starkeeper.sandbox.records import GUEST
from starkeeper.sandbox.web.play import Done, Move, Refused, verb
from starkeeper.sandbox.writing import write_description, write_note

MOST_IN_TITLE = 255


@verb("comment")
def comment(move: Move) -> Done:
    item, user = move.item(), move.user()
    if move.world.level(user, item.place) < GUEST and (item.locked or item.place.visibility == "private"):
        raise Refused(f"{move.me} may not comment here.")
    internal = "internal" in move.fields
    written = write_note(move.world, item, user, move.field("body"), move.world.clock(), internal=internal)
    return Done(" ".join(written.said))


@verb("label")
def label(move: Move) -> Done:
    """Sets one label, or takes one off: whichever field the form has."""
    item, user = move.item(), move.user()
    if not may_edit_details(move.world, item, user):
        raise Refused(f"{move.me} may not change labels here.")
    removed = move.fields.get("remove", "")
    edit = Edit(remove_labels=[removed]) if removed else Edit(add_labels=[move.field("add")])
    edit_item(move.world, item, user, edit, move.world.clock())
    return Done()


@verb("state")
def close_or_reopen(move: Move) -> Done:
    item, event = move.item(), move.field("event")
    if not change_state(move.world, item, move.user(), event, move.world.clock()):
        raise Refused(f"{move.me} may not {event} this, or it is so already.")
    return Done()


@verb("title")
def title(move: Move) -> Done:
    item, user = move.item(), move.user()
    if not may_edit(move.world, item, user):
        raise Refused(f"{move.me} may not change the title.")
    edit_item(move.world, item, user, Edit(title=_title(move)), move.world.clock())
    return Done()


@verb("open")
def open_issue(move: Move) -> Done:
    """Opens an issue and leads to it; quick actions in its text run, as they do in GitLab."""
    world, user, at = move.world, move.user(), move.world.clock()
    project = world.projects.get(move.fields.get("place", "").lower())
    if project is None or not world.can_see(user, project):
        raise Refused(f"{move.me} sees no such project.")
    if project.visibility == "private" and world.level(user, project) < GUEST:
        raise Refused(f"{move.me} may not open issues here.")
    issue = new_issue(world, project, user, _title(move), at)
    with told(world, issue, user, new=True):
        write_description(world, issue, user, move.fields.get("text", ""), at)
        world.changed(issue, at)
    return Done(f"Opened {issue.reference}.", issue.web_path)


def _title(move: Move) -> str:
    wanted = move.field("title").strip()
    if len(wanted) > MOST_IN_TITLE:
        raise Refused(f"A title has at most {MOST_IN_TITLE} characters; this one has {len(wanted)}.")
    return wanted
