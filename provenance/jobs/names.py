"""The order of names as people count."""

from __future__ import annotations

import re


def natural(name: str) -> str:
    """A key by which numbers within names sort as numbers: Town 2 before Town 10."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(20), name.casefold())
