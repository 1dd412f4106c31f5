"""What several tests of commands stand on."""

from tests.commands.new_desk import new_desk_fixture
from tests.commands.shift_desk import desk_fixture
from tests.commands.small_desk import desks_fixture

__all__ = ["desk_fixture", "desks_fixture", "new_desk_fixture"]
