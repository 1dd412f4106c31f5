"""Records of Slack as its methods show them."""

from __future__ import annotations

from starkeeper.sandbox.records.slack import Slack, SlackChannel, SlackMessage, SlackUser
from starkeeper.sandbox.shapes.base import Json

REPLY_USERS = 5


def message_shape(
    slack: Slack, channel: SlackChannel, message: SlackMessage, *, all_metadata: bool = False, all_users: bool = False
) -> Json:
    """A message as lists show it: keys for what it has only. Without `all_metadata` only its kind is told."""
    shown: Json = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
    shown |= {"subtype": message.subtype} if message.subtype else {"team": slack.team_id}
    if message.bot_id:
        shown |= {"bot_id": message.bot_id, "app_id": slack.app_id, "bot_profile": _bot_profile(slack, message)}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.edited:
        shown["edited"] = {"user": message.user, "ts": message.edited}
    if message.reactions:
        most = None if all_users else slack.history_limit_reactions
        shown["reactions"] = [
            {"name": name, "users": users[:most], "count": len(users)} for name, users in message.reactions.items()
        ]
    if message.metadata:
        shown["metadata"] = message.metadata if all_metadata else {"event_type": message.metadata["event_type"]}
    return shown | _thread(channel, message)


def user_shape(slack: Slack, user: SlackUser, *, with_email: bool) -> Json:
    first, _, last = user.real_name.partition(" ")
    profile: Json = {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": "",
        "first_name": first,
        "last_name": last,
        "team": slack.team_id,
    }
    # Bots have no address, and whoever may not read addresses is not told that there is one.
    if with_email and user.email:
        profile["email"] = user.email
    if user.bot_id:
        profile |= {"bot_id": user.bot_id, "api_app_id": slack.app_id, "always_active": True}
    shown: Json = {"id": user.id, "team_id": slack.team_id, "name": user.name, "deleted": user.deleted}
    shown |= {"profile": profile, "is_bot": user.is_bot, "is_app_user": False, "updated": 0}
    if not user.deleted:
        shown |= {"real_name": user.real_name, "color": "9f69e7", "is_email_confirmed": not user.is_bot}
        shown |= {"tz": "Etc/UTC", "tz_label": "Coordinated Universal Time", "tz_offset": 0}
        kinds = ("is_admin", "is_owner", "is_primary_owner", "is_restricted", "is_ultra_restricted")
        shown |= dict.fromkeys(kinds, False)
    return shown


def channel_shape(slack: Slack, channel: SlackChannel, reader: SlackUser) -> Json:
    created = int(channel.created_at.timestamp())
    about = {"value": "", "creator": "", "last_set": 0}
    shown: Json = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_member": reader.id in channel.members,
        "created": created,
        "updated": created * 1000,
        "creator": "USLACKBOT",
        "topic": about,
        "purpose": about,
        "previous_names": [],
        "unlinked": 0,
        "context_team_id": slack.team_id,
        "shared_team_ids": [slack.team_id],
        "pending_shared": [],
        "pending_connected_team_ids": [],
    }
    kinds = ("is_general", "is_shared", "is_ext_shared", "is_org_shared", "is_pending_ext_shared")
    return shown | dict.fromkeys(kinds, False)


def _bot_profile(slack: Slack, message: SlackMessage) -> Json:
    name = slack.users[message.user].real_name
    return {
        "id": message.bot_id,
        "name": name,
        "app_id": slack.app_id,
        "team_id": slack.team_id,
        "deleted": False,
        "updated": 0,
        "icons": {},
    }


def _thread(channel: SlackChannel, message: SlackMessage) -> Json:
    """What tells of the thread: on a reply where it belongs, on a parent how many there are."""
    if message.thread_ts:
        parent = channel.message(message.thread_ts)
        return {"thread_ts": message.thread_ts, **({"parent_user_id": parent.user} if parent else {})}
    replies = channel.replies(message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(each.user for each in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "reply_users": users[:REPLY_USERS],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }
