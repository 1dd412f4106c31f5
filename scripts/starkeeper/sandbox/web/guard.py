"""Which requests come from the page itself: no other page in somebody's browser may drive their sandbox."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

# A form of another site cannot set a header, and a script of another site may not set this one.
HEADER = "x-sandbox-page"


def comes_from_the_page(headers: Mapping[str, str], served_host: str) -> bool:
    """Header names in lower case. A missing Origin is let pass, for the header alone keeps other pages out."""
    host, origin = headers.get("host", ""), headers.get("origin")
    return HEADER in headers and _is_own_name(host, served_host) and (origin is None or _same(origin, host))


def _is_own_name(host: str, served_host: str) -> bool:
    """Another site can point a name of its own at this machine, but neither an address nor `localhost`."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in ("localhost", served_host.lower()):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same(origin: str, host: str) -> bool:
    return origin.lower() in (f"http://{host}".lower(), f"https://{host}".lower())
