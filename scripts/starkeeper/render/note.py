"""Takes the parts of a comment; gives the finished note: why it was written, its marker, and no command unmeant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import quote as percent_encoded

from starkeeper.errors import Problem, RenderError, Where
from starkeeper.model.rules import Rule
from starkeeper.render.escape import code_span, markdown_inline, slack_entities, slack_inline, without_bars
from starkeeper.render.fences import unclosed
from starkeeper.render.place import Rendered, command_lines


def finish_note(parts: Sequence[str], *, rule: Rule, policy_url: str, marker: str) -> str:
    """The parts, the line that says why, and the marker last, a blank line between each.

    A part that the renderer made brings along which of its lines are meant as quick actions; any other line that
    GitLab could run raises RenderError, which names the rule and never the text. `policy_url` is the address of the
    folder that policy files are named from, or "".
    """
    bodies = [part.strip("\r\n").rstrip() for part in parts if part.strip()]
    meant = [line for part in parts if isinstance(part, Rendered) for line in part.meant]
    # What the renderer made was looked at without its values, of which none can open anything.
    if any(unclosed(part.rstrip()) for part in parts if not isinstance(part, Rendered)):
        raise _refused(rule, "a code fence or HTML comment in the comment is never closed", "close it")
    body = "\n\n".join((*bodies, why_line(rule, policy_url), marker))
    scan(body, meant, rule=rule)
    return body


def scan(body: str, meant: Sequence[str], *, rule: Rule) -> None:
    """Raises RenderError where a line could run as a quick action and is not among `meant`, each of which counts once.

    Code fences and quotes are not trusted to hold a command back.
    """
    allowed = Counter(meant)
    for line, _, _ in command_lines(body):
        allowed[line] -= 1
        if allowed[line] < 0:
            raise _refused(
                rule,
                "the finished comment has a quick action that the template does not write itself",
                "put values in the middle of a line, or through the quote filter",
            )


def why_line(rule: Rule, policy_url: str) -> str:
    """The small line that names the rule and leads to the line of its file."""
    name, file, line = markdown_inline(rule.name), PurePosixPath(rule.where.file), rule.where.line
    if not rule.where.file:
        return f"<sub>Starkeeper wrote this: rule {name}</sub>"
    if address := _address(rule, policy_url):
        return f"<sub>Starkeeper wrote this: rule [{name}]({address})</sub>"
    inside = not file.is_absolute() and ".." not in file.parts
    place = code_span(f"{file if inside else file.name}:{line}")
    return f"<sub>Starkeeper wrote this: rule {name}, {place}</sub>"


def slack_reason(rule: Rule, policy_url: str) -> str:
    """The same for Slack, in its markup."""
    name, address = slack_inline(rule.name), _address(rule, policy_url)
    return f"Starkeeper: <{slack_entities(address)}|{without_bars(name)}>" if address else f"Starkeeper: {name}"


def _address(rule: Rule, policy_url: str) -> str:
    """The page of the rule's line, "" where there is none."""
    file = PurePosixPath(rule.where.file)
    inside = bool(rule.where.file) and not file.is_absolute() and ".." not in file.parts
    return f"{policy_url}/{percent_encoded(str(file))}#L{rule.where.line}" if policy_url and inside else ""


def _refused(rule: Rule, message: str, remedy: str) -> RenderError:
    where = rule.where if rule.where.file else Where(rule.policy)
    return RenderError(Problem(where, f"rule '{rule.name}': {message}", remedy))
