"""Takes a tracker's form; gives the issue template that asks for just these headings, and knows its own again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from starkeeper.model.desk import Tracker
from starkeeper.model.forms import Form

_MADE = re.compile(r"<!-- This form is made by Starkeeper from desk\.yml \(([0-9a-f]{12})\) -->\n")
_NAMED = re.compile(r"\(\?P<(\w+)>(?:[^()]|\\[()])*\)")


def template_name(tracker: str) -> str:
    """What GitLab calls the template: `Star` for the tracker `star`."""
    return tracker.replace("_", " ").capitalize()


def issue_template(tracker: Tracker, form: Form | None = None) -> str:
    """The text, behind a line by which it is seen later whether somebody has edited it; `form` is the one of policies
    that opens issues there, and explains them.

    All that is explained stands above the first heading: below one it would be taken for the answer.
    """
    body = "\n".join(_lines(tracker, form))
    return f"<!-- This form is made by Starkeeper from desk.yml ({_digest(body)}) -->\n{body}"


def is_ours(text: str) -> bool:
    """Whether it was made here, and edited or not since."""
    return _MADE.match(_unix(text)) is not None


def is_untouched(text: str) -> bool:
    """Whether it was made here and nobody has edited it since."""
    found = _MADE.match(_unix(text))
    return found is not None and found[1] == _digest(_unix(text)[found.end() :])


def missing_headings(text: str, headings: tuple[str, ...]) -> tuple[str, ...]:
    """Those that a template lacks, so that nobody fills them in."""
    there = {line.lstrip("#").strip() for line in text.splitlines() if line.startswith("#")}
    return tuple(each for each in headings if each not in there)


def _lines(tracker: Tracker, form: Form | None) -> Iterator[str]:
    yield "<!--"
    yield "Write below each heading, and leave the headings as they are."
    if title := _title(tracker):
        yield f"The title: {title}"
    for name, field in _named(tracker):
        if hint := _hint(field, tracker, form):
            yield f"{name}: {hint}".replace("-->", "")
    yield "-->"
    for heading in tracker.form:
        yield from ("", f"### {heading}", "")
    yield ""


def _named(tracker: Tracker) -> Iterator[tuple[str, str]]:
    """What only the title asks for, and then each heading, with their fields."""
    in_title = tracker.title.groupindex if tracker.title else ()
    yield from ((f"<{field}>", field) for field in in_title if field not in tracker.form.values())
    yield from tracker.form.items()


def _hint(field: str, tracker: Tracker, form: Form | None) -> str:
    asked = form.fields.get(field) if form else None
    if asked is None:
        return f"such as {', '.join(tracker.choices[field])}" if field in tracker.choices else ""
    options = f"one of {', '.join(asked.options)}" if asked.options else ""
    return "; ".join(each for each in (" ".join(asked.about.split()), options) if each)


def _title(tracker: Tracker) -> str:
    """The pattern as people would write it, `STAR for ZD#<ticket>`; "" where it is not as simple as that."""
    if tracker.title is None:
        return ""
    plain = _NAMED.sub(r"<\1>", tracker.title.pattern).removeprefix("^").removesuffix("$")
    return "" if re.search(r"[\\\[\](){}*+?|^$]", plain) else plain


def _digest(body: str) -> str:
    return hashlib.sha256(body.strip().encode()).hexdigest()[:12]


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n")
