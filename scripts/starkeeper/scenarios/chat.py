"""Slack as the sweeps of a scenario see it: messages are read from a workspace in memory, and written as the bot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from msgspec import structs

from starkeeper.errors import ConnectorError
from starkeeper.model.desk import Desk
from starkeeper.model.facets import Facet
from starkeeper.model.plan import SlackStep
from starkeeper.model.requests import Reading
from starkeeper.model.resources import Mark, Place, Reaction, Reply, SlackMessage, Subject
from starkeeper.scenarios.accounts import BOT_ACCOUNT, display_name_of, found_account
from starkeeper.scenarios.workspace import Post, Workspace, written_at

SERVICE = "Slack"


class WorkspaceChat:
    """A Slack that answers from a workspace; one that `is_silent` fails, whatever is asked."""

    def __init__(self, workspace: Workspace, desk: Desk, *, is_silent: bool = False) -> None:
        self._workspace = workspace
        self._desk = desk
        self._is_silent = is_silent
        self._since: dict[str, dt.datetime] = {}

    def read_facet(self, facet: Facet, subjects: Collection[Subject], since: dt.datetime) -> Reading[Any]:
        if self._is_silent:
            return Reading({}, dict.fromkeys(subjects, silence(SERVICE, f"reading {facet.replace('_', ' ')}")))
        return Reading({each: self._read(facet, each, since) for each in subjects}, {})

    def tell(self, step: SlackStep) -> None:
        if self._is_silent:
            raise silence(SERVICE, f"writing in channel '{step.channel}'")
        if step.does == "react":
            self._workspace.react(self._target(step, step.reply_to or step.role), BOT_ACCOUNT, step.text)
        elif step.does == "update":
            self._update(self._target(step, step.role), step)
        elif step.reply_to or step.to:
            self._reply(self._target(step, step.reply_to or ""), step)
        else:
            self._post(self._workspace.channel(step.channel), step)

    def _post(self, channel: str, step: SlackStep) -> None:
        """Once."""
        if step.key not in {each.mark.key for each in self._workspace.own(channel) if each.mark}:
            self._workspace.post(channel, BOT_ACCOUNT, step.text, mark=self._mark(step))

    def _reply(self, parent: Post, step: SlackStep) -> None:
        """Once; the first message of the thread remembers it, as Slack's own would."""
        there = self._workspace.thread(parent.channel, parent.ts)
        said = {each.mark.key for each in there if each.mark}
        if step.key in said or (parent.mark and step.key in parent.mark.said):
            return
        self._workspace.post(parent.channel, BOT_ACCOUNT, step.text, thread=parent.ts, mark=self._mark(step))
        if parent.mark:
            mark = structs.replace(parent.mark, said={**parent.mark.said, step.key: self._workspace.now})
            self._workspace.keep(structs.replace(parent, mark=mark))

    def _update(self, post: Post, step: SlackStep) -> None:
        mark = self._mark(step)
        if post.mark:
            mark = structs.replace(mark, at=post.mark.at, said=post.mark.said)
        self._workspace.keep(structs.replace(post, text=step.text, mark=mark))

    def _mark(self, step: SlackStep) -> Mark:
        now = self._workspace.now
        return Mark(key=step.key, about=step.about, at=now, rule=step.rule, role=step.role, content=step.content)

    def _target(self, step: SlackStep, role: str) -> Post:
        channel = self._workspace.channel(step.channel)
        found = self._workspace.posts.get((channel, step.to or role))
        found = found or self._workspace.find_own(step.about, role, channel)
        if found is None:
            about, said = f"looking in channel '{step.channel}'", f"there is no {role or 'message'} yet"
            raise ConnectorError(SERVICE, about, said, "it comes with the next sweep")
        return found

    def _read(self, facet: Facet, subject: Subject, since: dt.datetime) -> Any:
        if not isinstance(subject, Place):
            found = self._workspace.thread(self._workspace.channel(subject.project), subject.name)
            return tuple(_as_reply(each) for each in found)
        if facet == "messages":
            # In one run a channel is read once: whoever looks less far back is told as much as who looked before.
            since = self._since[subject.path] = min(since, self._since.get(subject.path, since))
            posts = self._workspace.top_level(self._workspace.channel(subject.path))
            return tuple(self._as_message(each, subject.path) for each in posts if each.at > since)
        if subject.source == "people":
            return found_account(subject.path, self._desk)
        if not subject.path:
            return BOT_ACCOUNT
        name = self._workspace.names.get(subject.path, "")
        return display_name_of(name, self._desk)

    def _as_message(self, post: Post, channel: str) -> SlackMessage:
        replies = self._workspace.thread(post.channel, post.ts)
        return SlackMessage(
            tracker=channel,
            project=channel,
            name=post.ts,
            description=post.text,
            created_at=written_at(post),
            updated_at=written_at(post),
            web_url=f"https://slack.example/archives/{post.channel}/p{post.ts.replace('.', '')}",
            user=post.user,
            is_own=post.user == BOT_ACCOUNT,
            from_bot=post.user == BOT_ACCOUNT,
            reactions=tuple(Reaction(name, users) for name, users in post.reactions.items()),
            replies=len(replies),
            replied_at=replies[-1].at if replies else None,
            may_be_answered=any(each.user == BOT_ACCOUNT for each in replies),
            mark=post.mark,
        )


def silence(service: str, request: str) -> ConnectorError:
    """What comes of a request to a system that fails."""
    return ConnectorError(service, request, "no answer in time", "run again later")


def _as_reply(post: Post) -> Reply:
    return Reply(user=post.user, text=post.text, at=written_at(post), is_own=post.user == BOT_ACCOUNT, mark=post.mark)
