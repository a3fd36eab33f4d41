"""Which language a page is in: what it declares, unless its script says otherwise.

A text in Latin script that declares nothing is told by its function words, from the lists that
jusText ships (Pomikálek, "Removing boilerplate and duplicate content from web corpora", 2011).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache

CODE = re.compile(r"^\s*([a-z]{2})(?:[-_][\w-]{0,20})?\s*$", re.I)
SAMPLE = 2000
ENOUGH = 0.3
"""Share of letters in a script that makes it the script of the text."""
ONE_LANGUAGE = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "GREEK": "el",
    "HEBREW": "he", "GEORGIAN": "ka", "ARMENIAN": "hy", "TAMIL": "ta", "TELUGU": "te",
    "BENGALI": "bn", "GUJARATI": "gu", "KANNADA": "kn", "MALAYALAM": "ml", "GURMUKHI": "pa",
    "SINHALA": "si", "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "ETHIOPIC": "am",
}  # fmt: skip
SEVERAL_LANGUAGES = {
    "CJK": ("zh", "ja", "ko"),
    "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg", "tt", "uz", "bs"),
    "ARABIC": ("ar", "fa", "ur", "ps", "ku", "ug", "sd"),
    "DEVANAGARI": ("hi", "mr", "ne", "sa"),
}
"""Languages of the scripts that several write; the first is meant where none is declared."""
DISTINCT = {
    "ur": "ٹڈڑں", "fa": "پچژگ", "uk": "їєґ", "be": "ў", "mk": "ѓќѕ", "sr": "ђћ", "kk": "әғқңұ",
}  # fmt: skip
"""Letters of a script's languages that its first language lacks; Urdu has those of Persian, too."""
OWN_LETTERS = 0.01
"""Share of such letters from which a text is in their language."""
LATIN = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "it": "Italian",
    "pt": "Portuguese", "nl": "Dutch", "sv": "Swedish", "da": "Danish",
    "no": "Norwegian_Bokmal", "fi": "Finnish", "pl": "Polish", "tr": "Turkish", "cs": "Czech",
    "hu": "Hungarian", "ro": "Romanian", "id": "Indonesian",
    "hr": "Croatian",
}  # fmt: skip
"""Languages told by function words, with the names of jusText's lists."""
SERBIAN = frozenset((
    "pre", "posle", "gde", "ovde", "vreme", "mesto", "dve", "deo", "uvek", "čovek", "svet",
    "sveta", "reč", "sreda", "sredu", "nedelja",
))  # fmt: skip
CROATIAN = frozenset((
    "prije", "poslije", "gdje", "ovdje", "vrijeme", "mjesto", "dvije", "dio", "uvijek", "čovjek",
    "svijet", "svijeta", "riječ", "srijeda", "srijedu", "nedjelja",
))  # fmt: skip
"""Words that Serbian and Croatian spell each in its own way; nearly all others they share."""
FUNCTION_WORDS, AHEAD = 0.25, 1.1
"""Share of words that must be a language's function words, and how far ahead of the next."""


def language_of(declared: Iterable[str], text: str) -> str:
    """ISO 639-1 code of the first declared language that fits the text's script, or empty.

    A text in a script of one language needs no declaration. A declared language of another
    script than the text's (English on a Korean page) is taken for a template's left-over; of
    several that fit, the one is meant whose words the text has.

    Args:
        declared: Values such as ``en-GB`` or ``en_US``, most trusted first.
        text: Running text of the page.
    """
    codes = [match.group(1).lower() for value in declared if (match := CODE.match(value))]
    scripts = _scripts(text)
    for script, language in ONE_LANGUAGE.items():
        least = ENOUGH / 3 if language == "ja" else ENOUGH
        if scripts[script] >= least:
            return language
    for script, languages in SEVERAL_LANGUAGES.items():
        if scripts[script] >= ENOUGH:
            stated = next((code for code in codes if code in languages), "")
            return stated or _by_letters(text, languages)
    others = {*ONE_LANGUAGE.values(), "zh", "ar", "fa", "ur", "hi", "mr", "ne", "ru", "uk", "bg"}
    latin = scripts["LATIN"] >= 1 - ENOUGH
    fitting = dict.fromkeys(code for code in codes if not (latin and code in others))
    if latin and len(fitting) != 1:
        told = _by_function_words(text)
        if told in fitting or not fitting:
            return told
    return next(iter(fitting), "")


def _by_letters(text: str, languages: tuple[str, ...]) -> str:
    """Of the languages of one script, the one whose own letters a text has, else the first."""
    sample = text[:SAMPLE].lower()
    least = max(OWN_LETTERS * sum(map(str.isalpha, sample)), 1)
    told = (code for code, own in DISTINCT.items() if sum(map(sample.count, own)) >= least)
    return next((code for code in told if code in languages), languages[0])


def _by_function_words(text: str) -> str:
    words = re.findall(r"\w+", text[:SAMPLE].lower())
    lists = _function_words()
    counts = sorted(((sum(w in listed for w in words), code) for code, listed in lists.items()))
    (second, _), (first, code) = counts[-2:]
    enough = first >= max(1, FUNCTION_WORDS * len(words)) and first >= AHEAD * second
    if code == "hr" and len(SERBIAN.intersection(words)) > len(CROATIAN.intersection(words)):
        code = "sr"
    return code if enough else ""


@cache
def _function_words() -> dict[str, frozenset[str]]:
    from justext.utils import get_stoplist

    return {code: get_stoplist(name) for code, name in LATIN.items()}


def _scripts(text: str) -> defaultdict[str, float]:
    """Share of the letters of a sample by the first word of their Unicode names."""
    letters = [char for char in text[:SAMPLE] if char.isalpha()]
    counts = Counter(map(_script, letters))
    return defaultdict(float, {s: count / len(letters) for s, count in counts.items()})


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    return unicodedata.name(char, "?").partition(" ")[0]
