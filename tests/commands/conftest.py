"""What several tests of commands stand on."""

from tests.commands.shift_desk import desk_fixture

__all__ = ["desk_fixture"]
