"""Takes the text of a note; gives the user names and groups that GitLab would notify because of it."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_QUOTATION = re.compile(r"^ {0,3}>.*$", re.MULTILINE)
_HANDLE = re.compile(r"(?<![\w/@.-])@([A-Za-z0-9_][\w.-]*(?:/[\w.-]+)*)")


def notified_by(text: str) -> set[str]:
    """Those named after an `@` outside of code, quotations and comments, whether or not there is such an account."""
    for passed_over in (_FENCE, _COMMENT, _QUOTATION, _SPAN):
        text = passed_over.sub(" ", text)
    return {each.rstrip(".-") for each in _HANDLE.findall(text)}
