"""Names of emoji to the signs that a page shows for them."""

from __future__ import annotations

import re

SIGNS = {
    "+1": "👍",
    "-1": "👎",
    "alarm_clock": "⏰",
    "arrow_right": "➡️",
    "bell": "🔔",
    "calendar": "📆",
    "checkered_flag": "🏁",
    "clipboard": "📋",
    "coffee": "☕",
    "eyes": "👀",
    "fire": "🔥",
    "heart": "❤️",
    "heavy_check_mark": "✔️",
    "hourglass_flowing_sand": "⏳",
    "inbox_tray": "📥",
    "large_blue_circle": "🔵",
    "large_green_circle": "🟢",
    "large_yellow_circle": "🟡",
    "link": "🔗",
    "lock": "🔒",
    "mag": "🔍",
    "memo": "📝",
    "new": "🆕",
    "no_entry": "⛔",
    "pager": "📟",
    "phone": "☎️",
    "pray": "🙏",
    "question": "❓",
    "raised_hands": "🙌",
    "raising_hand": "🙋",
    "red_circle": "🔴",
    "rotating_light": "🚨",
    "slightly_smiling_face": "🙂",
    "star": "⭐",
    "tada": "🎉",
    "telephone_receiver": "📞",
    "thumbsup": "👍",
    "ticket": "🎫",
    "warning": "⚠️",
    "wave": "👋",
    "white_check_mark": "✅",
    "wrench": "🔧",
    "x": "❌",
    # A workspace's own ones, which have pictures there and none here.
    "escalate": "⏫",
    "green-check-mark": "✅",
    "support-ticket-attention-request": "⭐",
}
# Offered under each message, before any other.
OFFERED = ("eyes", "green-check-mark", "escalate")


def sign(name: str) -> str:
    """The emoji itself, or its name between colons where this page has no picture of it."""
    return SIGNS.get(name, f":{name}:")


def with_signs(text: str) -> str:
    """The text with each `:name:` that is known as its sign."""
    return re.sub(r":([a-z0-9_+-]+):", lambda found: sign(found[1]), text)
