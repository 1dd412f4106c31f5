"""Takes a line; says whether GitLab would take it for one of its quick actions."""

from __future__ import annotations

import re

_WORDS = """
    add_child add_contacts add_email add_parent approve assign assign_reviewer attention award blocked_by blocks
    board_move cc checkin_reminder child_epic clear_health_status clear_weight clone close confidential
    convert_to_ticket copy_metadata create_merge_request done draft due due_date duplicate epic estimate estimate_time
    health_status invite_email iteration label labels link linked_to lock make_confidential mark_as_done merge
    milestone move open page parent_epic promote promote_to promote_to_incident publish q react ready reassign
    reassign_reviewer rebase relabel relate relate_to remove_assignee remove_attention remove_child remove_child_epic
    remove_contacts remove_due remove_due_date remove_email remove_epic remove_estimate remove_iteration remove_label
    remove_link remove_milestone remove_parent remove_parent_epic remove_reviewer remove_time_spent remove_zoom reopen
    request_changes request_review reviewer run_pipeline set_parent severity ship shrug spend spend_time spent squash
    status submit_review subscribe tableflip tag target_branch time_estimate timeline title todo type unapprove unassign
    unassign_reviewer unlabel unlink unlock unsubscribe weight wip zoom
"""
_NAMES = frozenset(_WORDS.split())
_COMMAND = re.compile(r"\s*/([A-Za-z_]+)(?:\s|\Z)")


def is_quick_action(line: str) -> bool:
    """Whether it begins with the name of one, in letters of any size: `/close`, but not `/var is full`."""
    found = _COMMAND.match(line)
    return found is not None and found[1].lower() in _NAMES
