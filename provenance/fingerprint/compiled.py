"""How a function is compiled: without the GIL, and cached wherever a cache can be written."""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with numba at the first call, for any argument types.

    Numba keeps the machine code beside the source file, or in the user's cache folder where the
    installation is read-only. Where neither can be written, compiling is paid in each process.
    """
    try:
        return numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba: "no locator available"
        return numba.njit(nogil=True)(function)
