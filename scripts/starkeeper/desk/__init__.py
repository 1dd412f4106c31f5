"""Arithmetic over the desk: who is on call, what a form says. Pure; the time is an argument."""
