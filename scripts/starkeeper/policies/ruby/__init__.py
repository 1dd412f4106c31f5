"""Takes Ruby as gitlab-triage policies hold it; gives what to write here in its place. Nothing is ever run."""

from __future__ import annotations

from starkeeper.policies.ruby.interpolate import INTERPOLATION, translate_text
from starkeeper.policies.ruby.remedies import interpolations, ruby_remedy
from starkeeper.policies.ruby.translate import Language, Translation, translate

__all__ = [
    "INTERPOLATION",
    "Language",
    "Translation",
    "interpolations",
    "ruby_remedy",
    "translate",
    "translate_text",
]
