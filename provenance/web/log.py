"""Structured logs: one JSON object a line on standard error, without page text or addresses."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import orjson


def log(event: str, **facts: str | int | float) -> None:
    """Write one line."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **facts}
    sys.stderr.buffer.write(orjson.dumps(line) + b"\n")
    sys.stderr.buffer.flush()
