from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.fingerprint import token_hashes, tokens
from provenance.fingerprint.characters import UNICODE, build
from provenance.fingerprint.text import (
    CLASS_SHIFT,
    FOLD_MASK,
    HEAD,
    HEAD_SPLITS_AFTER,
    IGNORED,
    SINGLE,
    TABLE_SIZE,
    WORD,
    table,
)

ANY = st.text(st.characters(), max_size=60)  # every plane, lone surrogates included
SCRIPTS = st.text(
    st.sampled_from(
        "aB1 é’'\u00ad\u200bßİıΣς Йй हिन्दी ١२ سلامَ ไทยเแ ລາວເ 東京ータ 한국 \u0301.,-ﬁ😀"
    ),
    max_size=60,
)
LETTERS = st.text(st.sampled_from("abcxyzäéßñøłğçабвёάλσहमकनسلامب"), min_size=1, max_size=12)

EXAMPLES = {
    "English": ("The U.S. didn’t: e-mail", ["the", "u", "s", "didnt", "e", "mail"]),
    "German": ("Straße, ÜBER", ["straße", "über"]),
    "French": ("l’œuvre d'été", ["lœuvre", "dété"]),
    "Turkish": ("İstanbul’da ışık ISPARTA", ["istanbulda", "ışık", "isparta"]),
    "Greek": ("Ελλάδας ΕΛΛΆΔΑΣ", ["ελλάδασ", "ελλάδασ"]),
    "Russian": ("Привет, Ёлка", ["привет", "ёлка"]),
    "Vietnamese": ("Hồ Chí Minh", ["hồ", "chí", "minh"]),
    "Hindi": ("हिन्दी में क्या है?", ["हिन्दी", "में", "क्या", "है"]),
    "Tamil": ("தமிழ் மொழி", ["தமிழ்", "மொழி"]),
    "Arabic": ("وقالَ الرئيسُ إنّـه", ["وقال", "الرئيس", "إنه"]),
    "Hebrew": ("לְשׁוֹן עברית", ["לשון", "עברית"]),
    "Thai": ("สวัสดีชาวโลก ประเทศไทย", ["สวัสดีชาว", "โลก", "ประเทศ", "ไทย"]),
    "Burmese": ("မြန်မာ", ["မြန်မာ"]),
    "Chinese": ("北京时间2024年", ["北", "京", "时", "间", "2024", "年"]),
    "Japanese": ("東京タワーで、", ["東", "京", "タ", "ワ", "ー", "で"]),
    "Korean": ("대한민국 정부는", ["대한민국", "정부는"]),
    "digits": ("١٢٣ १२३ 123 １２３", ["123"] * 4),
    "compatibility": ("ﬁnance №5 Ⅳ", ["finance", "no5", "iv"]),
    "emoji": ("a😀b 👩‍👩‍👧", ["a", "b"]),
    "half width": ("ﾃﾞｰﾀ ＡＢＣ", ["デ", "ー", "タ", "abc"]),
}


@pytest.mark.parametrize("language", EXAMPLES)
def test_examples(language: str) -> None:
    text, expected = EXAMPLES[language]
    assert tokens(text) == [unicodedata.normalize("NFC", each) for each in expected]


def oracle_tokens(text: str) -> list[str]:
    """The definition at the top of `text`, one code point after the other."""
    found: list[str] = []
    current = ""
    for char in unicodedata.normalize("NFKC", text):
        entry = int(table()[min(ord(char), TABLE_SIZE - 1)])
        kind, folded = entry >> CLASS_SHIFT & 7, chr(entry & FOLD_MASK)
        if kind == IGNORED:
            continue
        goes_on = kind == WORD or (kind == HEAD and len(current) < HEAD_SPLITS_AFTER)
        if not goes_on and current:
            found.append(current)
            current = ""
        if kind in (WORD, HEAD):
            current += folded
        elif kind == SINGLE:
            found.append(folded)
    return [*found, current] if current else found


def oracle_hash(token: str) -> int:
    """Polynomial over 64-bit words of UTF-8 modulo 2^64, and MurmurHash3's 64-bit finaliser."""
    modulus, value = 1 << 64, 0
    octets = token.encode("utf-8", "surrogatepass")
    for place in range(0, len(octets), 8):
        word = int.from_bytes(octets[place : place + 8], "little")
        value += word * pow(0x9E3779B97F4A7C15, place // 8, modulus)
    value %= modulus
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = (value ^ value >> 33) * factor % modulus
    return (value ^ value >> 33) >> 32


@given(ANY | SCRIPTS)
def test_tokens_follow_the_definition(text: str) -> None:
    assert tokens(text) == oracle_tokens(text)


@given(ANY | SCRIPTS)
def test_hashes_follow_the_definition(text: str) -> None:
    assert token_hashes(text).tolist() == [oracle_hash(token) for token in oracle_tokens(text)]


def test_a_giant_token() -> None:
    giant = "ab" * 50_000
    assert token_hashes(giant).tolist() == [oracle_hash(giant)]


@given(ANY | SCRIPTS, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_unicode_form_does_not_matter(text: str, form: str) -> None:
    assert tokens(unicodedata.normalize(form, text)) == tokens(text)  # type: ignore[arg-type]


@given(
    LETTERS, st.integers(0, 12), st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u202c")
)
def test_invisible_characters_do_not_matter(word: str, place: int, invisible: str) -> None:
    assert tokens(word[:place] + invisible + word[place:]) == tokens(word)


@given(LETTERS, LETTERS, st.sampled_from("'’‘ʼ`"))
def test_apostrophes_do_not_matter(left: str, right: str, apostrophe: str) -> None:
    assert tokens(left + apostrophe + right) == tokens(left + right)


@given(st.lists(LETTERS, max_size=5), st.sampled_from(['"', "“", "„", "«", " — ", "\u00a0", "\n"]))
def test_quotes_and_spaces_only_separate(words: list[str], mark: str) -> None:
    assert tokens(mark.join(words)) == tokens(" ".join(words))


@given(st.text(st.sampled_from("abcxyzäéñøłğçабвёάλσδ ΆΛΣ İI")))
def test_case_does_not_matter(text: str) -> None:
    assert tokens(text.upper().replace("İ", "I")) == tokens(text)


def test_the_shipped_table_is_what_the_builder_makes() -> None:
    built, shipped = build(), table()
    different = np.flatnonzero(built != shipped)
    if unicodedata.unidata_version == UNICODE:
        assert different.tolist() == []
    else:  # another version of Unicode assigns more code points and corrects a few
        unassigned = shipped[different] == different
        assert np.count_nonzero(~unassigned) < 100


def test_the_table_is_read_the_same_by_every_python() -> None:
    entries = table()
    assert entries.dtype == np.uint32 and len(entries) == TABLE_SIZE
    assert int(entries.astype(np.uint64).sum()) == 11395822244561
