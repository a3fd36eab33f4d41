"""The words of a line, and what they say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from provenance.attribution.notices.vocabulary import Token, Word

REACH = 6
"""Words over which a verb looks for whom it is about."""


@dataclass(frozen=True)
class Line:
    """The words of a line, and what they say together, each worked out when first asked for."""

    tokens: Sequence[Token]

    def has(self, *kinds: Word) -> bool:
        """Whether some word does one of these things."""
        return any(one.does(*kinds) for one in self.tokens)

    @cached_property
    def known(self) -> float:
        """Share of the words that are a notice's own; 0 when there are none."""
        words = [one for one in self.tokens if not one.name]
        return sum(bool(one.kinds) for one in words) / max(1, len(words))

    @cached_property
    def about(self) -> int:
        """2 when it points at the text ("this story"), 1 when it speaks of some text or feed."""
        for at, one in enumerate(self.tokens):
            near = [*self.tokens[max(0, at - 1) : at], *self.tokens[at + 1 : at + 1 + REACH]]
            if one.does(Word.POINTING) and any(t.does(Word.TEXT, Word.WIRE) for t in near):
                return 2
        return int(self.has(Word.TEXT, Word.ORIGINAL, Word.WIRE, Word.KEPT))

    @property
    def states(self) -> bool:
        """Whether it tells what somebody said; that opinions do not reflect others' is a notice."""
        before = [None, *self.tokens]
        return any(
            one.does(Word.SAYS)
            and not (one.does(Word.KEPT) and left is not None and left.text.lower() == "not")
            for left, one in zip(before, self.tokens, strict=False)
        )

    @cached_property
    def handled(self) -> int:
        """How often it says what was done with a text."""
        kinds = (Word.PASSED, Word.KEPT, Word.WIRE, Word.TAKES)
        return sum(one.does(*kinds) for one in self.tokens)
