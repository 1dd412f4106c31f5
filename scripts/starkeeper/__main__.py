"""`python -m starkeeper`: the same as the command `starkeeper`."""

from __future__ import annotations

from starkeeper.commands.main import main

if __name__ == "__main__":
    main()
