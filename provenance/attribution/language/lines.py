"""What one line of a page looks like, whatever it says: its length, its end, its links."""

from __future__ import annotations

import re

from provenance.article import Block

_LETTERS_PER_WORD = 2.5
"""Letters that count as a word in scripts without spaces and in Korean, whose words are longer."""
_SPACELESS = re.compile("[\u0e00-\u0eff\u3005-\u9fff\uac00-\ud7a3]")
_SENTENCE_ENDS = frozenset(".!?…。！？।॥؟۔:;।")
_OPENERS, _CLOSERS = tuple("([（【/"), frozenset(")]）】/")
_LONGEST_SIGNOFF = 60
_QUOTES = " \t\"'“”»«’‘」』›"
_LONG = 600
"""Characters of a block that are looked at, from each end."""


def ends(text: str) -> str:
    """The text, or both ends of a long one: phrases stand at the ends."""
    return text if len(text) <= 2 * _LONG else text[:_LONG] + " " + text[-_LONG:]


def ends_sentence(text: str) -> bool:
    """Whether a text closes with the end of a sentence, in any script."""
    return text.rstrip(_QUOTES)[-1:] in _SENTENCE_ENDS


def ends_sentence_near(text: str, reach: int) -> bool:
    """Whether a text with between 1 and `reach` - 1 letters less closes with a sentence's end."""
    return ends_sentence(text[: 1 - reach]) or not _SENTENCE_ENDS.isdisjoint(text[1 - reach : -1])


def ends_in_bracket(text: str) -> bool:
    """Whether a text closes with a sentence and a bracket behind it, as a sign-off or a credit."""
    return bool(in_last_bracket(text))


def in_last_bracket(text: str) -> str:
    """What stands in the bracket with which a text closes behind a sentence, or empty."""
    text = text.rstrip(_QUOTES)
    if text[-1:] not in _CLOSERS:
        return ""
    start = max(len(text) - _LONGEST_SIGNOFF, 0)
    opener = max(text.rfind(sign, start, -1) for sign in _OPENERS)
    return text[opener + 1 : -1] if opener > 0 and ends_sentence(text[:opener]) else ""


def words(text: str) -> int:
    """Number of words; in scripts without spaces and in Korean, letters count for them."""
    spaced = len(text.split())
    letters = 0 if text.isascii() else len(_SPACELESS.findall(text))
    return max(spaced, int(letters / _LETTERS_PER_WORD))


def link_share(block: Block) -> float:
    """Share of a block's text that is links."""
    return min(sum(len(link.text) for link in block.links) / max(len(block.text), 1), 1.0)
