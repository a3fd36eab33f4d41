"""The compiled kernel gives the bits that `fingerprint` defines."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.bulk import kernel
from provenance.bulk.sketch import Sketches, join, sketch
from provenance.bulk.windows import KEY_SHINGLES, windows
from provenance.fingerprint import shingle_set, token_hashes
from provenance.fingerprint.shingles import passages, shingle_sequence

WINDOWS = windows(0.8, True)
MARKS_AND_SCRIPTS = (
    "a B z 7 ' ` ’ \u0301 \u0323 é É ß İ ǅ Я й и\u0306 к क न \u093c ् ि हिन्दी ไ ก เ",
    "า ํ ำ ลาว 東 京 ー",
    "か\u3099 ｶ Ａ １ ， 。 … ½ ﬁ ™ Å \u1100 \u1161 \u11a8 한 \u064e \u0651 ا 😀",
    "𝒳 \U0002f800 \U000e0100",
    "\u200d \u00ad - _ . word international",
)
PIECES = st.sampled_from(
    [piece for line in MARKS_AND_SCRIPTS for piece in line.split(" ")]
    + [" ", "\n", "\u00a0", "a" * 17, "über" * 9]
)
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(PIECES, max_size=120).map("".join),
    st.lists(st.sampled_from(["the", "storm", "said", "don't", "çà", "мир"]), max_size=150).map(
        " ".join
    ),
)


def sketches(texts: list[str], shortest: int = 1) -> Sketches:
    data, offsets = join(texts)
    return sketch(data, offsets, WINDOWS, shortest)


def tokens_of(found: Sketches) -> list[list[int]]:
    return [part.tolist() for part in np.split(found.tokens, np.cumsum(found.counts)[:-1])]


@given(st.lists(TEXTS, min_size=1, max_size=4))
@settings(max_examples=400, deadline=None)
def test_tokens_are_those_of_the_definition(texts: list[str]) -> None:
    texts = [text.encode(errors="replace").decode() for text in texts]
    assert tokens_of(sketches(texts)) == [token_hashes(text).tolist() for text in texts]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_any_normal_form_gives_the_same_digest(form: str, text: str) -> None:
    text = text.encode(errors="replace").decode()
    first, second = sketches([text, unicodedata.normalize(form, text)]).digests  # type: ignore[arg-type]
    assert first == second


def test_every_code_point_between_letters() -> None:
    """Alone and between letters, each code point is folded as the table and NFKC say."""
    codes = [code for code in range(0x11000) if not 0xD800 <= code < 0xE000]
    texts = [f"x{chr(code)}y {chr(code)}" for code in codes]
    assert tokens_of(sketches(texts)) == [token_hashes(text).tolist() for text in texts]


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_shingles_are_those_of_the_definition(text: str) -> None:
    tokens = token_hashes(text.encode(errors="replace").decode())
    found = np.empty(len(tokens) + 1, dtype=np.uint64)
    number = kernel.hash_shingles(tokens, len(tokens), found)
    assert (
        np.unique(found[:number]).tolist()
        == shingle_set(text.encode(errors="replace").decode()).tolist()
    )


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_keys_are_the_winnowed_runs_of_tokens(text: str) -> None:
    text = text.encode(errors="replace").decode()
    sequence = shingle_sequence(token_hashes(text))
    found = sketches([text]).keys
    if len(sequence) < KEY_SHINGLES:
        assert len(found) == 0
        return
    runs = (
        sequence[: len(sequence) - KEY_SHINGLES + 1]
        + sequence[KEY_SHINGLES - 1 :] * kernel.KEY_BASE
    )
    window = min(int(WINDOWS[len(sequence)]), len(runs))
    minima = passages(runs, window) if len(runs) > window else np.array([runs.min()])
    assert (
        np.unique(found).tolist()
        == np.unique(minima * kernel.KEY_SPREAD & kernel.KEY_MASK).tolist()
    )


def test_damaged_utf8_is_read_without_leaving_the_buffer() -> None:
    for damaged in (b"\xff\xfe", b"abc\xe0", b"\xf0\x9f\x98", b"\x80\x80 word", b"\xc3"):
        data = np.frombuffer(damaged, dtype=np.uint8)
        found = sketch(data, np.array([0, len(damaged)]), WINDOWS, 1)
        assert found.counts[0] <= 2


def test_texts_do_not_leak_into_each_other() -> None:
    alone = [tokens_of(sketches([text]))[0] for text in ("n", "\u0303o", "", "end'", "’s")]
    assert tokens_of(sketches(["n", "\u0303o", "", "end'", "’s"])) == alone
