"""The weekly digest of the desk, apart from its other policies."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
FILES = {name: (ROOT / "policies" / name).read_text("utf-8") for name in ("desk.yml", "people.yml")}
# Of its schedules others tell digests that are not here.
FILES["desk.yml"] = re.sub(r"\npipelines:.*?(?=\nlabels:)", "", FILES["desk.yml"], flags=re.DOTALL)
_DIGESTS = (ROOT / "policies" / "digests.yml").read_text("utf-8")
FILES["digests.yml"] = "digests:\n" + re.findall(r"(?ms)^  - name: weekly\b.*?^(?=\S|  - )", _DIGESTS)[0]


def write_policies(folder: Path, **changed: str) -> None:
    """Into a folder; `changed` has files that are to have another text, by their name without its end."""
    for name, text in FILES.items():
        (folder / name).write_text(changed.get(name.removesuffix(".yml"), text), "utf-8")
