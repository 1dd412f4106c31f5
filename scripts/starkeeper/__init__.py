"""Starkeeper runs the desk of a Support Manager On-call from GitLab: policies in YAML, words in Jinja."""
