"""Takes a rendered Markdown text whose values are still tokens; gives the text with each value in the form that is
safe where it stands, and the lines that its template means as quick actions.

What the template itself wrote decides; the values never do. So a text is refused for every issue or for none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from starkeeper.render import escape
from starkeeper.render.fences import drawn_fences, nested_fence, open_fence, unclosed
from starkeeper.render.forms import BETWEEN, CLOSE, LINK, OPEN, QUOTE, SAFE

COMMAND = re.compile(r"\s*/[A-Za-z_]+")

_TOKEN = re.compile(f"{OPEN}([a-z])([^{CLOSE}]*){CLOSE}")
_HTML = re.compile(r"<[A-Za-z/!?]")
# A blank line does not end these.
_LASTING_HTML = re.compile(r"<(?:script|pre|style|textarea|[!?])", re.IGNORECASE)
_PARAGRAPH = re.compile(r"(?:[^\n]*[^\n \t][^\n]*(?:\n|\Z))+")
# Math, wiki links and footnotes: GitLab looks for their ends also within code, so a value could be the end.
_STRONGER_THAN_CODE = re.compile(r"\$|\[\[|\^\[")
_RUN = re.compile(r"`+")
_FENCE_LINE = re.compile(r"[ \t>]*`{3,}[^`]*\Z")
_IN_ADDRESS = re.compile(r"""(?:\]\([^)]*|https?://[^\s<>()"'`]*|^ {0,3}\[(?!\^)[^\]\n]+\]:[^\n]*)\Z""", re.MULTILINE)
_BEFORE_BARE = re.compile(r"""(?:\A|[\s(\["'*_|>,;])\Z""")
_AFTER_BARE = re.compile(rf"""\Z|\s|[.,;:!?]+(?:\s|\Z)|[)\]"'*_|<](?![{OPEN}(:\[])""")
_NEAR = 2_000


class Rendered(str):
    """A finished comment. `meant` are the lines of it that its template wrote as quick actions, in order."""

    meant: tuple[str, ...] = ()


class Fault(Exception):
    """What in a template's own text would let a value out of its form, and the line of the text where that is."""

    def __init__(self, message: str, remedy: str, line: str) -> None:
        self.message, self.remedy, self.line = message, remedy, line
        super().__init__(message)


class _Spot(Struct, frozen=True):
    """Where a value stands: what is around it in its paragraph, whether that has HTML, bars or what is stronger than
    code, and whether code is around the value or a fence that GitLab draws."""

    before: str
    after: str
    above: int
    html: bool
    bars: bool
    strong: bool
    in_code: bool
    drawn: bool


def place(text: str) -> Rendered:
    """The finished text. Raises Fault where the template's own text would let a value out of its form."""
    bones = _TOKEN.sub(OPEN, text)
    spots = check_bones(bones)
    forms = [_form(found[1], found[2], spot, bones) for found, spot in zip(_TOKEN.finditer(text), spots, strict=True)]
    whole, starts = _woven(bones.split(OPEN), forms)
    made = Rendered(whole)
    made.meant = tuple(_meant(whole, starts))
    return made


def check_bones(bones: str) -> list[_Spot]:
    """Where each value (OPEN in `bones`) stands; raises Fault where one would not be safe, or a fence stays open."""
    spots = list(_spots(bones))
    if line := unclosed(bones):
        raise Fault("a code fence or HTML comment is opened and never closed", "close it on a line of its own", line)
    return spots


def command_lines(text: str) -> Iterator[tuple[str, int, int]]:
    """Each line that GitLab may run as a quick action, by every line break: its text, its start, its command's end."""
    start = 0
    for line in text.splitlines(keepends=True):
        if found := COMMAND.match(line):
            yield line.strip(), start, start + found.end()
        start += len(line)


def _spots(bones: str) -> Iterator[_Spot]:
    lasting, drawings = _LASTING_HTML.search(bones), drawn_fences(bones)
    for found in _PARAGRAPH.finditer(bones):
        paragraph = found[0]
        if OPEN not in paragraph:
            continue
        html = bool(_HTML.search(paragraph) or (lasting and lasting.start() < found.end()))
        strong = bool(_STRONGER_THAN_CODE.search(paragraph))
        start = found.start()
        if "\\`" in paragraph:
            raise Fault("an escaped backtick stands near a value", "write the two in different paragraphs", "\\`")
        for line in paragraph.splitlines(keepends=True):
            spans = _code_spans(line)
            for at in (each.start() for each in re.finditer(OPEN, line)):
                in_code = any(first < at < last for first, last in spans)
                _check_beside(line, at, in_code)
                place_ = start + at
                before = bones[max(found.start(), place_ - _NEAR) : place_]
                after = bones[place_ + 1 : min(found.end(), place_ + _NEAR)]
                drawn = any(first < place_ < last for first, last in drawings)
                yield _Spot(before, after, place_, html, "|" in paragraph, strong, in_code, drawn)
            start += len(line)


def _code_spans(line: str) -> list[tuple[int, int]]:
    """The code spans of a line that stands near a value; raises Fault where backticks have no partner in it."""
    if _FENCE_LINE.match(line.rstrip("\n")):
        return []
    runs = [(found.start(), found.end()) for found in _RUN.finditer(line)]
    spans = []
    while runs:
        (start, end), *runs = runs
        partner = next((i for i, (a, b) in enumerate(runs) if b - a == end - start), None)
        if partner is None:
            raise Fault("a backtick without its partner stands near a value", "close the code on its line", line)
        span = line[start : runs[partner][1]]
        if OPEN in span and (partner or "|" in span or end - start > 2):
            raise Fault("a value stands within code that it could leave", "use one backtick on either side", line)
        spans.append((start, runs[partner][1]))
        runs = runs[partner + 1 :]
    return spans


def _check_beside(line: str, at: int, in_code: bool) -> None:
    if line[:at].endswith("\\"):
        raise Fault("a backslash stands right before a value", "put a space between them", line)
    if not in_code and "`" in (line[at - 1 : at], line[at + 1 : at + 2]):
        raise Fault("a backtick stands right beside a value", "leave it out: values bring their own", line)


def _form(kind: str, value: str, spot: _Spot, bones: str) -> str:
    if kind == SAFE:
        return value
    if kind == QUOTE:
        above, below = bones[: spot.above], bones[spot.above + 1 :]
        _check_block(above)
        breaks_above, breaks_below = above[len(above.rstrip("\n")) :], below[: len(below) - len(below.lstrip("\n"))]
        return (_apart(breaks_above) if above else "") + value + (_apart(breaks_below) if below else "")
    text, _, url = value.partition(BETWEEN)
    if spot.drawn:
        return text if escape.is_bare(text) else escape.full_width(text)
    if _IN_ADDRESS.search(spot.before):
        return escape.url_part(text)
    if kind == LINK and not (spot.html or spot.in_code or spot.before.endswith("!")):
        return f"[{_inline(text, spot)}]({url})"
    return _inline(text, spot)


def _inline(text: str, spot: _Spot) -> str:
    if spot.in_code:
        text = escape.full_width(text) if spot.strong else text
        return escape.markdown_html(text) if spot.html else escape.without_bars(escape.code_content(text))
    if _can_be_bare(text, spot):
        return text
    if spot.html or spot.strong:
        return escape.markdown_html(text)
    span = escape.code_span(text)
    return escape.without_bars(span) if spot.bars else span


def _can_be_bare(text: str, spot: _Spot) -> bool:
    """Whether its neighbours leave a bare value harmless; the template may itself write `#{{ number }}`."""
    if not _AFTER_BARE.match(spot.after):
        return False
    if text.isascii() and text.isdigit() and spot.before.endswith(("#", "/", "=")):
        return True
    return escape.is_bare(text) and _BEFORE_BARE.search(spot.before) is not None


def _check_block(above: str) -> None:
    if line := open_fence(above):
        raise Fault("a quote stands within a code fence", "leave the fence out: a quote brings its own", line)
    if line := nested_fence(above):
        raise Fault("a quote stands below an indented code fence", "move the fence to the margin", line)
    if found := _LASTING_HTML.search(above):
        raise Fault("a quote stands below HTML that no blank line ends", "write it as Markdown", found[0])


def _apart(breaks: str) -> str:
    """The line breaks that are missing for a blank line beside a block."""
    return "\n" * max(2 - len(breaks), 0)


def _woven(pieces: list[str], forms: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text, and where each piece of the template's own text starts and ends in it."""
    made, length = [pieces[0]], len(pieces[0])
    bounds = [(-1, length)]
    for form, piece in zip(forms, pieces[1:], strict=True):
        made.append(form)
        length += len(form)
        bounds.append((length, length + len(piece)))
        made.append(piece)
        length += len(piece)
    return "".join(made), bounds


def _meant(whole: str, bounds: list[tuple[int, int]]) -> Iterator[str]:
    """The command lines that start, and whose command ends, within one piece of the template's own text."""
    pieces = iter(bounds)
    first, last = next(pieces)
    for line, start, end in command_lines(whole):
        while last < start:
            first, last = next(pieces)
        if first < start and end <= last:
            yield line
