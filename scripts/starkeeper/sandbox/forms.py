"""What the desk's forms make of their fields: the descriptions of STAR and feedback issues."""

from __future__ import annotations

HOSTILE_LINES = (
    "/close",
    '/label ~"Escalation::License-Issue"',
    "@all",
    "<!channel>",
    "<@U123>",
    "```",
    "{{ 7*7 }}",
    "{% for x in y %}",
    "$CI_JOB_TOKEN",
    "before\u2028/close",
    "\u202egnirts a fo dne",
)


def star_form(
    ticket: str,
    *,
    urgency: str = "Timely",
    form: str = "Self-Managed",
    plan: str = "Ultimate",
    customer: str = "Example Ltd",
    reason: str = "Their release is blocked and the last answer is a day old.",
    desired: str = "An engineer who owns the ticket today.",
    purpose: str = "Find an owner",
) -> str:
    """The description of a STAR issue: a heading for each field, its value below."""
    return _sections(
        {
            "Ticket": ticket,
            "Urgency": urgency,
            "Form": form,
            "Plan": plan,
            "Customer": customer,
            "Reason more attention is needed": reason,
            "Desired result": desired,
            "Purpose": purpose,
        }
    )


def feedback_form(text: str, *, contact: bool = False, region: str = "EMEA") -> str:
    """The description of a feedback issue."""
    return _sections({"Feedback": text, "Manager contact requested": "Yes" if contact else "No", "Region": region})


def _sections(fields: dict[str, str]) -> str:
    return "\n".join(f"### {heading}\n\n{value}\n" for heading, value in fields.items())
