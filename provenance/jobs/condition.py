"""``--fail-if 'uncredited > 5%'``: one comparison, read without evaluating anything."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from provenance.article import InputError
from provenance.jobs.tables import NUMBERS, SHARES, Measure

_OPERATORS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType({
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
})  # fmt: skip
_FORM = re.compile(
    r"\s*([a-z_-]{1,40})\s*(>=|<=|==|>|<)\s*([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(%?)\s*"
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A measure compared with a number.

    Attributes:
        text: As it was written.
        measure: Name of the measure.
        comparison: The operator's sign.
        bound: The number; a share between 0 and 1 when `relative`.
        relative: Whether it was written in per cent, so that the measure's share is meant.
    """

    text: str
    measure: str
    comparison: str
    bound: float
    relative: bool

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read a condition.

        Raises:
            InputError: When it is not ``NAME OPERATOR NUMBER`` or ``NAME OPERATOR NUMBER%``, there
                is no such measure, or it is no share and per cent are asked.
        """
        found = _FORM.fullmatch(text.lower())
        if not found:
            raise InputError(
                f"{text[:80]!r} is no condition; write a measure, one of > >= < <= == and a "
                "number, e.g. 'uncredited > 5%'"
            )
        name, sign, number, per_cent = found.groups()
        name = name.replace("_", "-")  # as the tables' columns are written
        if name not in (*SHARES, *NUMBERS):
            raise InputError(f"no measure {name!r}; known: {', '.join((*SHARES, *NUMBERS))}")
        if per_cent and name in NUMBERS:
            raise InputError(f"{name} is no share; compare it with a plain number")
        bound = float(number) / 100 if per_cent else float(number)
        return cls(text.strip(), name, sign, bound, bool(per_cent))

    def holds(self, measures: Mapping[str, Measure]) -> bool | None:
        """Whether the condition is true; None when the measure has no value to compare.

        Args:
            measures: By name.
        """
        measure = measures[self.measure]
        value = measure.share if self.relative else measure.value
        return None if value is None else _OPERATORS[self.comparison](value, self.bound)
