"""Where words begin and end, in any script: what a form must obey to be a word of its own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar

# Folding keeps lengths, so that offsets hold in the text as given.
_SAME = dict.fromkeys("\u00ad\u2010\u2011\u2012\u2013\u2014\u2015", "-")
_SAME |= dict.fromkeys("\t\n\r\x0b\x0c\u0085\u00a0\u2028\u2029\u202f\u205f\u3000", " ")
_SAME |= dict.fromkeys(map(chr, range(0x2000, 0x200B)), " ")
_SAME |= {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_SAME |= {"\u2018": "'", "\u2019": "'", "\u0130": "I", "\u0131": "i"}
_OTHER = re.compile(f"[{re.escape(''.join(_SAME))}]")

_KANA = "\u30a1-\u30fa\u30fc-\u30ff"
_HANGUL = "\uac00-\ud7a3"
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u309f\u3400-\u9fff"
_SEMITIC = "\u0590-\u06ff"
_SCRIPT = re.compile(f"(?P<kana>[{_KANA}])|(?P<hangul>[{_HANGUL}])|(?P<spaceless>[{_SPACELESS}])")
_MID_WORD = re.compile(f"[{_KANA}{_HANGUL}{_SPACELESS}{_SEMITIC}]|\\W")
_UNSPACED = re.compile(f"[{_KANA}{_HANGUL}{_SPACELESS}{_SEMITIC}]")
"""What may stand beside another word's letters and yet begin or end a word."""
_APART = frozenset(char for char in map(chr, range(0x80)) if not char.isalnum())
"""The most frequent characters that belong to no word."""
_PROCLITICS = frozenset("\u0648\u0641\u0628\u0644\u0643\u05d5\u05d1\u05dc\u05de\u05e9\u05db\u05d4")


def unify(text: str) -> str:
    """One character for the many kinds of dash, space, apostrophe, dotted i and wide letter.

    The length stays the same, also when the result is put in lower case.
    """
    return _OTHER.sub(lambda found: _SAME[found[0]], text)


_LETTERS = f"[^\\W_{_KANA}{_HANGUL}{_SPACELESS}]"
_INSEPARABLE = f"[^\\W_{_KANA}{_HANGUL}{_SPACELESS}{_SEMITIC}]"
# Bounded, since in some scripts every letter of a word may start one.
_FIRST_WORD = f"{_LETTERS}{{1,40}}|."
_RUN = re.compile(r"[^\W\d_]+")
_WORD = re.compile(_FIRST_WORD, re.DOTALL)


def starts_with(chars: set[str]) -> re.Pattern[str]:
    """A pattern for the places where a word that begins with one of `chars` may start.

    A match's group is the first word there, as `word_at` gives it. It finds too much rather than
    too little; `is_whole` decides.
    """
    anywhere = {char for char in chars if _MID_WORD.match(char)}
    places = f"(?:(?<!{_LETTERS})(?={_one_of(chars - anywhere)})|(?={_one_of(anywhere)}))"
    # What is taken of the text is looked at no more: all of a word inside which no other starts.
    return re.compile(f"{places}(?=({_FIRST_WORD}))(?:{_INSEPARABLE}+|.)", re.DOTALL)


def _one_of(chars: set[str]) -> str:
    return f"[{re.escape(''.join(sorted(chars)))}]" if chars else "(?!)"


def runs_of_letters(texts: Iterable[str]) -> frozenset[str]:
    """The words in texts, as far as they are letters, in lower case."""
    return frozenset(run for text in texts for run in _RUN.findall(text.lower()))


class Written(Protocol):
    """A form that texts may have."""

    @property
    def text(self) -> str:
        """How it is written, as it is compared."""


W = TypeVar("W", bound=Written)


class ByWord(Generic[W]):
    """Written forms, each by its longest word: a text is searched for those whose word it has.

    Args:
        forms: The forms, in the order in which those that begin at one place are to come.
    """

    def __init__(self, forms: Iterable[W]) -> None:
        self._wordless: list[tuple[int, W]] = []
        self._by_word: dict[str, list[tuple[int, int, W]]] = {}
        for rank, form in enumerate(forms):
            runs = list(_RUN.finditer(form.text.lower()))
            if runs:
                longest = max(runs, key=lambda run: len(run[0]))
                alike = self._by_word.setdefault(longest[0], [])
                alike.append((longest.start(), rank, form))
            else:
                self._wordless.append((rank, form))

    def places(self, folded: str, compared: Callable[[W], str]) -> list[tuple[int, W]] | None:
        """Where which form begins, in order; `is_whole` decides whether it is one there.

        Args:
            folded: The text, unified and in lower case.
            compared: The text as a form is compared with it, of the same length.

        Returns:
            The places, or None for a text of a script in which words do not stand apart.
        """
        if _UNSPACED.search(folded):
            return None
        found = []
        for run in _RUN.finditer(folded):
            for before, rank, form in self._by_word.get(run[0], ()):
                at = run.start() - before
                if at >= 0 and compared(form).startswith(form.text, at):
                    found.append((at, rank, form))
        for rank, form in self._wordless:
            text, at = compared(form), -1
            while (at := text.find(form.text, at + 1)) >= 0:
                found.append((at, rank, form))
        return [(at, form) for at, _, form in sorted(found, key=lambda one: one[:2])]


def word_at(text: str, at: int) -> str:
    """The first 40 letters of a spaced script that stand together there, or one character.

    Two texts that begin with the same whole word have the same first word, in any script.
    """
    return _WORD.match(text, at)[0]  # type: ignore[index]  # one character always matches


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` stands as words of its own, by the rules of its script.

    Arabic and Hebrew glue one or two particles before a name, Korean glues them behind it.
    """
    if _splits_word(text, end) and _script(text[end - 1]) != "hangul":
        return False
    first = start
    if "\u0590" <= text[start] <= "\u06ff":
        while first > max(start - 2, 0) and text[first - 1] in _PROCLITICS:
            first -= 1
    return not _splits_word(text, start) or (first < start and not _splits_word(text, first))


def _splits_word(text: str, at: int) -> bool:
    """Whether offset `at` falls inside a word."""
    if not 0 < at < len(text) or text[at] in _APART:
        return False
    if text[at - 1] in _APART:
        return _is_mark(text[at])
    before, after = _script(text[at - 1]), _script(text[at])
    return _is_mark(text[at]) or (before == after and before in ("spaced", "kana", "hangul"))


def _script(char: str) -> str:
    """What decides where words end next to `char`; empty when it belongs to no word."""
    if char.isascii():
        return "spaced" if char.isalnum() else ""
    found = _SCRIPT.match(char)
    if found and found.lastgroup:
        return found.lastgroup
    return "spaced" if char.isalnum() or _is_mark(char) else ""


def _is_mark(char: str) -> bool:
    return not char.isascii() and unicodedata.category(char)[0] == "M"
