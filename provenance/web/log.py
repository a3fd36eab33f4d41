"""Structured logs: one JSON object a line on standard error, without page text or addresses."""

from __future__ import annotations

import logging
import sys
import traceback
from datetime import UTC, datetime

import orjson


def log(event: str, **facts: str | int | float) -> None:
    """Write one line."""
    line = {"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event, **facts}
    sys.stderr.buffer.write(orjson.dumps(line) + b"\n")
    sys.stderr.buffer.flush()


class Lines(logging.Handler):
    """What libraries log, as lines of the same form; of an error its type and place, no values."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            log("server", level=record.levelname.lower(), said=record.getMessage())
        else:
            trace = "".join(traceback.format_tb(error.__traceback__))
            log("server", level="error", error=type(error).__name__, trace=trace)
