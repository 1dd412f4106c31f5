"""The front doors: each reads its arguments, the clock and the environment, and makes one call into the house."""
