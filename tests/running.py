"""Runs Starkeeper's command line within the test's own process."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout

from starkeeper.commands.main import run


def starkeeper(*arguments: str) -> tuple[int, str, str]:
    """Runs one command in this process; gives its exit status, what it printed and what it complained of."""
    printed, err = io.BytesIO(), io.StringIO()
    with io.TextIOWrapper(printed, encoding="utf-8", write_through=True) as out:
        with redirect_stdout(out), redirect_stderr(err):
            status = run(list(arguments))
        return status, printed.getvalue().decode(), err.getvalue()
