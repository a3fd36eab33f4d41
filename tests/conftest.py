"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# No example fails for being slow: how fast a machine is says nothing about the code.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")
