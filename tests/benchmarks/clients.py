"""What the sweep is compared with: `python -m tests.benchmarks.clients bare|sequential URL RULES.yml`.

`bare` only lists the issues with python-gitlab, as many requests at once as Starkeeper has. `sequential` does what
gitlab-triage does: a list of its own for each rule, page after page, narrowed by what the API can narrow by. Each
prints, as JSON, how many requests it sent and how many issues it saw.
"""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from starkeeper.sandbox.seeds import TOKEN
from tests.benchmarks.server import PROJECT

WORKERS = 8


def bare(url: str, _rules: str) -> dict[str, int]:
    """The first page says how many there are; the others are asked for side by side, each thread with its client."""
    import gitlab

    local = threading.local()
    query: dict[str, Any] = {"per_page": 100, "order_by": "created_at", "sort": "asc", "state": "opened"}

    def issues() -> Any:
        if not hasattr(local, "issues"):
            client = gitlab.Gitlab(url, private_token=TOKEN, keep_base_url=True)
            local.issues = client.projects.get(PROJECT, lazy=True).issues
        return local.issues

    first = issues().list(iterator=True, **query)
    pages = range(2, first.total_pages + 1)
    with ThreadPoolExecutor(WORKERS) as pool:
        rest = pool.map(lambda number: issues().list(page=number, get_all=False, **query), pages)
        seen = [issue for issue, _ in zip(first, range(100), strict=False)] + [issue for page in rest for issue in page]
    return {"requests": 1 + len(pages), "issues": len(seen)}


def sequential(url: str, rules: str) -> dict[str, int]:
    """No client-side filter is done, so it is a little faster than such a client really is."""
    import requests
    import yaml

    session = requests.Session()
    session.headers["Private-Token"] = TOKEN
    address = f"{url}/api/v4/projects/{PROJECT.replace('/', '%2F')}/issues"
    sent = seen = 0
    for rule in yaml.safe_load(Path(rules).read_text("utf-8"))["resource_rules"]["issues"]["rules"]:
        query = {"per_page": "100", "page": "1", **_query(rule["conditions"])}
        while query["page"]:
            answer = session.get(address, params=query)
            answer.raise_for_status()
            sent += 1
            seen += len(answer.json())
            query["page"] = answer.headers.get("X-Next-Page", "")
    return {"requests": sent, "issues": seen}


def _query(conditions: dict[str, Any]) -> dict[str, str]:
    """What the gem sends: labels with a pattern in them as they are, so they match nothing it could leave out."""
    query: dict[str, str] = {key: conditions[key] for key in ("state", "milestone") if key in conditions}
    if "labels" in conditions:
        query["labels"] = ",".join(conditions["labels"])
    if "forbidden_labels" in conditions:
        query["not[labels]"] = ",".join(conditions["forbidden_labels"])
    if "date" in conditions:
        query["updated_before"] = "2025-11-05"
    return query


if __name__ == "__main__":
    client = {"bare": bare, "sequential": sequential}[sys.argv[1]]
    print(json.dumps(client(*sys.argv[2:])))  # noqa: T201
