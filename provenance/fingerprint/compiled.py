"""How a function is compiled: without the GIL, and cached wherever a cache can be written."""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

U8 = NDArray[np.uint8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile with numba at the first call, for any argument types.

    Numba keeps the machine code beside the source file, or in the user's cache folder where the
    installation is read-only. Where neither can be written, compiling is paid in each process.
    """
    return _jit(function)


def part(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same for what only compiled code calls; from Python, such a call ends the process.

    Without a way in from Python, compiling takes a tenth less time.
    """
    return _jit(function, no_cpython_wrapper=True)


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """A `part` that is small, of a hot loop: each array that is passed is seven arguments."""
    return _jit(function, no_cpython_wrapper=True, forceinline=True)


def is_kept(function: Any) -> bool:
    """Whether a compiled function is in a cache, so that its first call costs next to nothing."""
    folder = function.stats.cache_path
    return folder is not None and any(Path(folder).glob(f"*.{function.__name__}-*.nbi"))


def _jit(function: Callable[..., Any], **how: bool) -> Callable[..., Any]:
    how |= {"nogil": True, "no_cfunc_wrapper": True}
    try:
        return numba.njit(cache=True, **how)(function)
    except RuntimeError:  # numba: "no locator available"
        return numba.njit(**how)(function)
