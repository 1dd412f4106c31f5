"""Public holidays by country and part of it, and the nearest name for a wrong one."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from starkeeper.desk.holidays import in_year, is_known, nearest_name


@pytest.mark.parametrize(
    ("name", "day", "is_so"),
    [
        ("NL", dt.date(2026, 4, 27), True),
        ("NL", dt.date(2026, 12, 24), False),
        ("US", dt.date(2026, 3, 31), False),
        ("US-CA", dt.date(2026, 3, 31), True),  # Cesar Chavez Day
        ("US", dt.date(2027, 12, 31), True),  # in lieu of 1 January 2028, a Saturday
        ("DE-Bayern", dt.date(2026, 1, 6), True),
        ("NO", dt.date(2026, 5, 17), True),
    ],
)
def test_a_holiday_is_one_where_it_is_kept(name: str, day: dt.date, is_so: bool) -> None:
    assert (day in in_year(name, day.year)) is is_so


def test_years_of_which_not_all_is_known_say_so_to_nobody() -> None:
    assert dt.date(2040, 8, 15) in in_year("IN", 2040)
    assert in_year("NL", 9999) == frozenset()


@pytest.mark.parametrize("name", ["NL", "NLD", "US-CA", "GB-ENG", "DE-Bayern", "NO"])
def test_a_country_and_a_part_of_it_are_known(name: str) -> None:
    assert is_known(name)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("nl", "did you mean 'NL'?"),
        ("Nederland", "did you mean 'NL'?"),
        ("United Kingdom", "did you mean 'GB'?"),
        ("us-ca", "did you mean 'US-CA'?"),
        ("US-Californa", "did you mean 'US-California'?"),
        ("US-", "did you mean 'US'?"),
        ("US-Q", "write 'US' for the whole country"),
        ("NL-X", "known here: 'NL-Midden', 'NL-Noord', 'NL-Zuid'"),
        ("Atlantis", "write the code of a country, such as 'NL', or of a part of it: 'US-CA'"),
        ("", "write the code of a country, such as 'NL', or of a part of it: 'US-CA'"),
    ],
)
def test_a_name_that_is_not_known_has_a_remedy(name: str, remedy: str) -> None:
    assert not is_known(name)
    assert nearest_name(name) == remedy


def test_the_library_is_read_only_where_somebody_asks() -> None:
    code = "import sys, starkeeper.policies.load; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
