"""The compiled kernel gives the bits that `fingerprint` defines."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from provenance.bulk import kernel
from provenance.bulk.sketch import Sketches, join, sketch
from provenance.bulk.windows import KEY_SHINGLES, windows
from provenance.fingerprint import intrinsics, shingle_set, strings, token_hashes
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
@example(["㐀か\u3099"])
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


ALPHABETS = st.sampled_from(
    (
        *("abc DEF ghi", "éàñ ü ÉÀÑ xyz", "оеа ЁРЯ рйя", "αβς ΑΡΩ ύ", "कमन लिी ्र ़", "สวั เด ี่"),
        *(
            "שלם ִָ",
            "سلام َُ",
            "的一是 不了",
            "カナ が",
            "한국 어",
            "Tiếng Việt Ǆ",
            "“ ” ’ — …",
            "😀 𝒳 \u200b",
        ),
    )
)
SOUND = [b"\xd0\xb0", b"\xe0\xa4\x95", b"\xe4\xb8\x80", b"a", b" "]
DAMAGED = [b"\xd0", b"\xe0\xa4", b"\x80", b"\xf0\x9f", b"\xc0\x80", b"\xe0\x80\x80", b"\xff"]


@given(
    st.lists(ALPHABETS, min_size=1, max_size=3).map("".join),
    st.lists(st.integers(0, 999), min_size=40, max_size=400),
)
@settings(max_examples=300, deadline=None)
def test_blocks_of_any_scripts_are_folded_as_single_letters_are(
    letters: str, places: list[int]
) -> None:
    text = "".join(letters[place % len(letters)] for place in places)
    assert tokens_of(sketches([text, text])) == [token_hashes(text).tolist()] * 2


@given(st.lists(st.sampled_from(SOUND + DAMAGED), max_size=90), st.integers(1, 70))
@settings(max_examples=200, deadline=None)
def test_damage_is_read_the_same_wherever_blocks_begin(parts: list[bytes], shift: int) -> None:
    text = b"".join(parts)
    data = np.frombuffer(text + b" " * shift + text, dtype=np.uint8)
    found = sketch(data, np.array([0, len(text), len(text) + shift, len(data)]), WINDOWS, 1)
    shifted = sketch(data[len(text) :], np.array([0, len(data) - len(text)]), WINDOWS, 1)
    assert tokens_of(found)[0] == tokens_of(found)[2] == tokens_of(shifted)[0]


@given(st.integers(0, 2**64 - 2), st.binary(min_size=64, max_size=64), st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_machine_operations_do_what_their_loops_say(mask: int, octets: bytes, row: int) -> None:
    rows = np.arange(64 * 10, dtype=np.uint8).reshape(10, 64) * np.uint8(7)
    source = np.frombuffer(octets, dtype=np.uint8)
    results = []
    for look_up, write_places in OPERATIONS:
        target, places = np.zeros(64, dtype=np.uint8), np.zeros(140, dtype=np.int32)
        ascii = look_up(source, rows, row, np.uint64(mask), target)
        write_places(np.uint64(mask), 1000, places)
        results.append((ascii, target.tolist(), places[: mask.bit_count()].tolist()))
    assert results[0] == results[1]


FOREIGN_LETTERS = "aé мирनम\u07ff\u0800的\uffff😀\U0010ffff\ud800\udc00"
FOREIGN = st.text(st.sampled_from(FOREIGN_LETTERS), min_size=1, max_size=150)
UNIT = st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"])


@given(st.lists(st.one_of(FOREIGN, st.text()), min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_joined_texts_are_what_python_encodes(texts: list[str]) -> None:
    data, offsets = join(texts)
    parts = [data[a:b].tobytes() for a, b in pairwise(offsets.tolist())]
    assert parts == [text.encode(errors="replace") for text in texts]


@given(
    st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=8, max_size=8)
)
@settings(max_examples=100, deadline=None)
def test_eight_letters_are_written_as_one_by_one(text: str) -> None:
    codes = [ord(letter) for letter in text]
    for kind in (np.uint16, np.uint32):
        for written in WRITERS:
            data = np.zeros(60, dtype=np.uint8)
            size = written(np.array(codes, dtype=kind), strings.MOVES, data)
            assert data[:size].tobytes() == text.encode()


def _writer(step: Any) -> Any:
    @numba.njit
    def written(units: Any, moves: Any, data: Any) -> Any:
        return step(units, 0, moves, data, 0)

    return written


WRITERS = [_writer(strings._write_step), _writer(numba.njit(strings.write_step_each))]


def _operations(look_up: Any, write_places: Any) -> tuple[Any, Any]:
    @numba.njit
    def looked_up(source: Any, rows: Any, row: int, mask: Any, target: Any) -> Any:
        return look_up(source, 0, rows, row, mask, target, 0)

    @numba.njit
    def written(mask: Any, base: int, places: Any) -> None:
        write_places(mask, base, places, 0)

    return looked_up, written


OPERATIONS = [
    _operations(intrinsics.look_up, intrinsics.write_places),
    _operations(numba.njit(intrinsics.look_up_each), numba.njit(intrinsics.write_places_each)),
]


def test_texts_do_not_leak_into_each_other() -> None:
    alone = [tokens_of(sketches([text]))[0] for text in ("n", "\u0303o", "", "end'", "’s")]
    assert tokens_of(sketches(["n", "\u0303o", "", "end'", "’s"])) == alone
