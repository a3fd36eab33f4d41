"""What is wrong with a request, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST = 5
"""Faults of one request that are told."""
_WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "json_invalid": "is where the JSON is broken",
    "string_unicode": "must be valid Unicode",
    "string_type": "must be a text",
    "string_too_long": "must have at most {max_length} characters",
    "model_attributes_type": "must be an object",
    "list_type": "must be a list",
    "too_short": "must hold at least {min_length}",
    "too_long": "must hold at most {max_length}",
    "bool_parsing": "must be true or false",
    "int_parsing": "must be a whole number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}
"""By Pydantic's name of a fault; of what is not here, its own words are told."""


def in_words(fault: Mapping[str, Any]) -> str:
    """One fault, as Pydantic describes it, with the place where it is."""
    where = ".".join(map(str, fault["loc"]))
    if fault["type"] in _WORDS:
        return f"{where} {_WORDS[fault['type']].format(**fault.get('ctx', {}))}"
    return f"{where}: {fault['msg'].removeprefix('Value error, ')}"
