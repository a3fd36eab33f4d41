"""How a function is compiled: without the GIL, and cached wherever a cache can be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Compile with numba at the first call, for any argument types.

    Numba keeps the machine code beside the source file, or in the user's cache folder where the
    installation is read-only. Where neither can be written, compiling is paid in each process.
    """
    try:
        kept: Function = numba.njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba: "no locator available"
        kept = numba.njit(nogil=True)(function)
    return kept
