"""Takes an error from a template; gives the problem to show: file, line, column, and never a value."""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from jinja2 import TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError, TemplateNotFound
from msgspec import Struct

from starkeeper.errors import Problem, RenderError, Where
from starkeeper.model.values import Expression, Text

_INLINE_FILE = "<template>"


class Source(Struct, frozen=True):
    """A template's text and where it stands.

    For a text in a policy `where` is the place of its first character: for a block scalar (`|`) that is the line
    after the key and the column to which the block is indented. A folded scalar (`>`) is placed by its own lines, so
    a problem in it may be shown some lines too early. For a template file it is the file's first character.
    """

    text: str
    where: Where

    def at(self, line: int, name: str = "") -> Where:
        """The place of a line (from 1) of the text, and of a name within that line where it is found there."""
        lines = self.text.splitlines() or [""]
        line = line if line <= len(lines) else 1  # compiled expressions have lines of their own
        column = _column(lines[line - 1], name)
        return Where(self.where.file, self.where.line + line - 1, self.where.column + column - 1)

    def line_of(self, piece: str) -> int:
        """The first line that holds the longest stretch of `piece` which the template wrote itself."""
        stretch = max(re.split(r"[\x02\n]", piece), key=len).strip()
        return next((i for i, line in enumerate(self.text.splitlines(), 1) if stretch and stretch in line), 1)


def source_of(template: Text | Expression) -> Source:
    """Where a template or expression that stands in a policy stands."""
    return Source(template.source, template.where)


def file_source(path: Path, folder: Path | None) -> Source:
    """A template file, named from the folder above the templates' folder, as `templates/comments/x.md`."""
    shown = path.relative_to(folder.parent).as_posix() if folder and path.is_relative_to(folder) else path.name
    return Source(path.read_text("utf-8-sig", errors="replace"), Where(shown))


def render_error(error: Exception, main: Source, folder: Path | None) -> RenderError:
    """The error to raise for whatever went wrong while `main`, or a file that it includes, was compiled or rendered."""
    source, line = _place(error, main, folder)
    if isinstance(error, RenderError):
        if error.problem.where.file:
            return error
        return RenderError(Problem(source.at(line), error.problem.message, error.problem.remedy))
    name, message, remedy = _words(error, source.text)
    return RenderError(Problem(source.at(line, name), message, remedy))


def _words(error: Exception, text: str) -> tuple[str, str, str]:
    if isinstance(error, TemplateNotFound):
        name = _own_word(str(error.name), text)
        return name, f"there is no template '{name}'" if name else "a template is missing", "name a file of templates/"
    if isinstance(error, TemplateSyntaxError):
        return "", f"the template cannot be read: {error.message}", ""
    if isinstance(error, UndefinedError):
        quoted = re.findall(r"'([^']*)'", str(error.message))
        name = next((word for word in reversed(quoted) if _own_word(word, text)), "")
        return name, f"'{name}' is not known here" if name else "a name or item is not known here", ""
    if isinstance(error, SecurityError):
        return "", "the template asks for something that is not allowed here", "use the names of the reference"
    return "", f"the template could not be rendered ({type(error).__name__})", "check the kinds of its values"


def _own_word(word: str, text: str) -> str:
    """The word if the template itself wrote it; else it may be a value, which no message may show."""
    return word if word and re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", text) else ""


def _place(error: Exception, main: Source, folder: Path | None) -> tuple[Source, int]:
    if isinstance(error, TemplateSyntaxError):
        return _file(error.filename or _INLINE_FILE, main, folder), error.lineno
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        inside = folder is not None and Path(frame.filename).is_relative_to(folder)
        if frame.filename == _INLINE_FILE or inside:
            return _file(frame.filename, main, folder), frame.lineno or 1
    return main, 1


def _file(name: str, main: Source, folder: Path | None) -> Source:
    return main if name == _INLINE_FILE else file_source(Path(name), folder)


def _column(line: str, name: str) -> int:
    found = re.search(rf"(?<![\w]){re.escape(name)}(?![\w])", line) if name else None
    return found.start() + 1 if found else 1
