"""Slack's Web API, as far as Starkeeper calls it: one method of Slack's is one function here, under its own name."""

from __future__ import annotations

from starkeeper.sandbox.slack import chat, conversations, reactions, users
from starkeeper.sandbox.slack.api import PREFIX, answer_slack

__all__ = ["PREFIX", "answer_slack", "chat", "conversations", "reactions", "users"]
