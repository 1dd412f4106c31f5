"""Writes policies/schema.json and policies/reference.md, which are made from the conditions and actions."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from starkeeper.policies.reference import policy_reference
from starkeeper.policies.schema import policy_schema


def generated() -> Mapping[str, str]:
    """The files by name, within policies/, and what must stand in them."""
    return {"schema.json": policy_schema(), "reference.md": policy_reference()}


def main(arguments: list[str]) -> None:
    """Writes them into the folder that is named, or else into ./policies."""
    folder = Path(arguments[0] if arguments else "policies")
    for name, text in generated().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        sys.stdout.write(f"{folder / name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
