"""Takes a country, or a part of one, and a year; gives its public holidays, and the nearest name for a wrong one."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping
from functools import lru_cache

from starkeeper.errors import nearest


@lru_cache(maxsize=512)
def in_year(name: str, year: int) -> frozenset[dt.date]:
    """The public holidays there, days given in lieu included; of far years only those that are known."""
    # Its import takes its time, and most desks close on no holiday.
    from holidays import country_holidays

    country, _, part = name.partition("-")
    with warnings.catch_warnings():
        # Of far years it says that it does not know those of India that follow the moon; so say we.
        warnings.simplefilter("ignore")
        return frozenset(country_holidays(country, subdiv=part or None, years=year))


def is_known(name: str) -> bool:
    """Whether it is the code of a country, such as `NL`, or that of a part of it behind a `-`, such as `US-CA`."""
    country, dash, part = name.partition("-")
    return country in _codes() and (not dash or part in _parts(country))


def nearest_name(name: str) -> str:
    """The remedy for a name that is not known: people write countries out, and codes in small letters."""
    country, _, part = (each.strip() for each in name.partition("-"))
    code = country.upper()
    if code not in _codes():
        return _close(country, _countries()) or "write the code of a country, such as 'NL', or of a part of it: 'US-CA'"
    parts = {each.lower(): f"{code}-{each}" for each in _parts(code)}
    if not part:
        return f"did you mean '{code}'?"
    return _close(part, parts) or nearest(name, parts.values()) or f"write '{code}' for the whole country"


def _close(name: str, known: Mapping[str, str]) -> str:
    import difflib

    close = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.7)
    return f"did you mean '{known[close[0]]}'?" if close else ""


def _countries() -> Mapping[str, str]:
    """Their codes by their names."""
    from holidays.registry import COUNTRIES

    return {module.replace("_", " "): names[1] for module, names in COUNTRIES.items()}


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes(include_aliases=True))


def _parts(country: str) -> tuple[str, ...]:
    from holidays import country_holidays

    known = country_holidays(country)
    return (*known.subdivisions, *known.subdivisions_aliases)
