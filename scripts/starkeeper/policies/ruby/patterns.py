"""Takes Ruby's regular expressions; gives those of Python that find the same, or the label patterns that do."""

from __future__ import annotations

import re

from starkeeper.policies.ruby.tree import Regex

# Means something else in Python, or nothing: look-arounds aside, nothing of it occurs in conditions.
_FOREIGN = re.compile(r"\\[GKXRpPkgzZhH]|\[\[:|&&|\(\?(?![:=!<])|\(\?<[=!]|[*+?}]\+|#\{|\\u|\(\?<\w")
_ASCII = re.compile(r"\\[wWdDsS]")
_ANCHOR = re.compile(r"\\.|\[(?:[^\]\\]|\\.)*\]|([\^$])")
_SIMPLE = re.compile(r"(?:[\w\s:@/,'\"&~!%=<>;#-]|\\[^\w])*")


def for_python(regex: Regex, *, many_lines: bool) -> str | None:
    """The same for Python's `search`; None where that is not sure. `many_lines` says that the text may have several."""
    source = regex.source.replace(r"\/", "/")
    if r"\z" in source or r"\Z" in source or r"\h" in source:
        source = re.sub(r"\\(.)", _one_escape, source, flags=re.DOTALL)
    if _FOREIGN.search(source.replace(r"\Z", "")) or "x" in regex.flags:
        return None
    source = _python_names(source)
    flags = "a" if _ASCII.search(source) and source.isascii() and not re.search(r"\\[bB]", source) else ""
    flags += "i" if "i" in regex.flags else ""
    flags += "m" if many_lines and any(found[1] for found in _ANCHOR.finditer(source)) else ""
    flags += "s" if "m" in regex.flags else ""
    made = f"(?{flags}){source}" if flags else source
    try:
        re.compile(made)
    except re.error:
        return None
    return made


def finding(text: str, *, folded: bool = False) -> str:
    """A pattern that finds this text."""
    escaped = re.sub(r"([\\.^$*+?{}\[\]|()])", r"\\\1", text)
    return f"(?i){escaped}" if folded else escaped


def as_globs(regex: Regex) -> list[str] | None:
    """Label patterns of which one fits exactly where the expression is found in a label; None where there are none."""
    if regex.flags:
        return None
    globs = [_glob(choice) for choice in _choices(regex.source)]
    return None if any(each is None for each in globs) else [each for each in globs if each is not None]


def _choices(source: str) -> list[str]:
    """`^(a|b)c` is `^ac` or `^bc`; an expression with more than one group stays as it is, and fits nothing here."""
    if "(" not in source:
        return source.split("|")
    group = re.fullmatch(r"([^()|]*)\((?:\?:)?([^()]*)\)([^()|]*)", source)
    return [group[1] + each + group[3] for each in group[2].split("|")] if group else [source]


def _glob(source: str) -> str | None:
    found = re.fullmatch(r"(\^|\\A)?(.*?)(\$|\\z|\\Z)?", source, re.DOTALL)
    middle = _as_glob(found[2]) if found else None
    if found is None or middle is None:
        return None
    return re.sub(r"\*+", "*", ("" if found[1] else "*") + middle + ("" if found[3] else "*"))


def is_plain_label(text: str) -> bool:
    """Whether a label pattern of this text stands for the label of this name and no other."""
    return bool(text.strip()) and not re.search(r"[*{}]", text) and text not in ("None", "Any")


def _as_glob(source: str) -> str | None:
    parts = re.split(r"(?<!\\)\.\*", source)
    if not all(_SIMPLE.fullmatch(part) for part in parts):
        return None
    texts = [re.sub(r"\\(.)", r"\1", part) for part in parts]
    return None if any(re.search(r"[*{}]", text) for text in texts) else "*".join(texts)


def _one_escape(found: re.Match[str]) -> str:
    return {"z": r"\Z", "Z": r"(?=\n?\Z)", "h": "[0-9a-fA-F]"}.get(found[1], found[0])


def _python_names(source: str) -> str:
    return re.sub(r"\(\?<(\w+)>", r"(?P<\1>", source)
