from __future__ import annotations

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from provenance.fingerprint import (
    SCHEME,
    Sketch,
    bands,
    estimate,
    fingerprint,
    from_datasketch,
    overlap,
    shingle_set,
    signature,
    to_datasketch,
    token_hashes,
)
from provenance.fingerprint.minhash import BANDS, EMPTY, PERMUTATIONS, ROWS, SEED, TOGETHER
from provenance.fingerprint.shingles import SHINGLE, WINDOW, passages, shingle_sequence

HASH = st.integers(0, (1 << 64) - 1)
TOKEN_HASH = st.integers(0, (1 << 32) - 1)
HASHES = st.lists(TOKEN_HASH, max_size=80)
RUN = st.lists(TOKEN_HASH, min_size=WINDOW + SHINGLE - 1, max_size=60)
SETS = st.sets(HASH | st.integers(0, 30), max_size=60)
WORDS = st.lists(st.sampled_from(["one", "two", "three", "four", "five"]), max_size=40)


def array(values: list[int] | set[int]) -> NDArray[np.uint64]:
    return np.array(sorted(values) if isinstance(values, set) else values, dtype=np.uint64)


def sequence_of(hashes: list[int]) -> NDArray[np.uint64]:
    return shingle_sequence(np.array(hashes, dtype=np.uint32))


def reference(shingles: set[int]) -> MinHash:
    made = MinHash(PERMUTATIONS, SEED, hashfunc=int, scheme="affine32")
    for shingle in shingles:
        made.update(shingle & 0xFFFFFFFF)
    return made


@given(SETS)
def test_signature_is_datasketchs(shingles: set[int]) -> None:
    mine, theirs = signature(array(shingles)), reference(shingles)
    assert mine.dtype == np.uint32
    assert mine.tolist() == [int(value) for value in theirs.hashvalues]


@given(SETS, SETS)
def test_round_trip_and_estimate(a: set[int], b: set[int]) -> None:
    mine = signature(array(a)), signature(array(b))
    theirs = to_datasketch(mine[0]), to_datasketch(mine[1])
    assert from_datasketch(theirs[0]).tolist() == mine[0].tolist()
    assert from_datasketch(reference(a)).tolist() == mine[0].tolist()
    assert estimate(*mine) == theirs[0].jaccard(theirs[1])


def test_signatures_work_in_datasketchs_index() -> None:
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, ROWS))
    story = " ".join(f"word{n}" for n in range(300))
    index.insert("story", to_datasketch(fingerprint(story).signature))
    assert index.query(to_datasketch(fingerprint(story + " and more").signature)) == ["story"]


@pytest.mark.parametrize(
    "other",
    [
        {"num_perm": 64, "scheme": "affine32"},
        {"num_perm": PERMUTATIONS, "seed": 2, "scheme": "affine32"},
        {"num_perm": PERMUTATIONS, "scheme": "affine64"},
    ],
)
def test_a_foreign_signature_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="scheme affine32, seed 1 and 128 permutations"):
        from_datasketch(MinHash(**other))


def test_the_empty_set() -> None:
    nothing = fingerprint("… !")
    assert (nothing.tokens, len(nothing.shingles), len(nothing.passages)) == (0, 0, 0)
    assert (nothing.signature == EMPTY).all()
    assert overlap(nothing.shingles, nothing.shingles).jaccard == 0


@given(SETS)
def test_a_band_is_a_slice_of_the_signature(shingles: set[int]) -> None:
    values = signature(array(shingles))
    keys = bands(values)
    assert len(set(keys.tolist())) == len(keys) == BANDS
    for band in range(BANDS):
        changed = values.copy()
        changed[band * ROWS + band % ROWS] ^= np.uint32(1)
        assert np.flatnonzero(bands(changed) != keys).tolist() == [band]


@given(SETS, SETS)
def test_overlap_is_that_of_sets(a: set[int], b: set[int]) -> None:
    found = overlap(array(a), array(b))
    shared = len(a & b)
    assert found.shared == shared
    assert found.jaccard == (shared / len(a | b) if a and b else 0)
    assert found.a_in_b == (shared / len(a) if a and b else 0)
    assert found.b_in_a == (shared / len(b) if a and b else 0)


@given(WORDS)
def test_shingles_are_runs_of_tokens(words: list[str]) -> None:
    size = min(SHINGLE, len(words))
    runs = [tuple(words[at : at + size]) for at in range(len(words) - size + 1)] if words else []
    sequence = shingle_sequence(token_hashes(" ".join(words))).tolist()
    assert len(sequence) == len(runs)
    assert len(dict(zip(runs, sequence, strict=True))) == len(set(runs)) == len(set(sequence))
    assert shingle_set(" ".join(words)).tolist() == sorted(set(sequence))


@given(HASHES)
def test_passages_are_the_minima_of_windows(hashes: list[int]) -> None:
    sequence = sequence_of(hashes).tolist()
    windows = [sequence[at : at + WINDOW] for at in range(max(1, len(sequence) - WINDOW + 1))]
    expected = sorted({min(window) for window in windows if window})
    assert passages(array(sequence)).tolist() == expected


@given(
    st.lists(TOKEN_HASH, min_size=WINDOW + SHINGLE - 1, max_size=60), HASHES, HASHES, HASHES, HASHES
)
def test_a_shared_run_shares_a_passage(
    run: list[int], before: list[int], after: list[int], above: list[int], below: list[int]
) -> None:
    a, b = (sequence_of(each) for each in (before + run + after, above + run + below))
    assert set(passages(a).tolist()) & set(passages(b).tolist())


def test_passages_are_as_dense_as_winnowing_promises() -> None:
    sequence = np.random.default_rng(1).integers(0, 1 << 63, 200_000).astype(np.uint64)
    assert len(passages(sequence)) / len(sequence) == pytest.approx(2 / (WINDOW + 1), rel=0.02)


def test_the_scheme_names_every_parameter() -> None:
    assert SCHEME == {
        "version": 1,
        "shingle": SHINGLE,
        "permutations": PERMUTATIONS,
        "seed": SEED,
        "bands": BANDS,
        "rows": ROWS,
        "window": WINDOW,
    }


def test_the_bits_are_those_of_scheme_1() -> None:
    """If this fails, stored indexes can no longer be read: raise the scheme's version."""
    found = fingerprint("The quick brown fox jumps over the lazy dog. هذا 東京 हिन्दी")
    assert found.tokens == 13
    assert found.passages.tolist() == [1464547592561657091]
    assert int(np.bitwise_xor.reduce(found.shingles)) == 7017952587212512458
    assert found.signature[:3].tolist() == [815944887, 139643864, 44539490]


@given(st.lists(st.text(max_size=200) | st.text("ab c", max_size=300), max_size=8))
@settings(max_examples=100, deadline=None)
def test_many_at_once_are_as_each_alone(texts: list[str]) -> None:
    from provenance.fingerprint.batch import sketches

    for text, found in zip(texts, sketches(texts), strict=True):
        alone = Sketch.of(text)
        assert found.tokens == alone.tokens
        assert found.signature.tolist() == alone.signature.tolist()
        assert found.passages.tolist() == alone.passages.tolist()


def test_a_long_text_is_signed_in_parts() -> None:
    shingles = np.random.default_rng(1).integers(0, 1 << 63, 3 * TOGETHER + 5, dtype=np.uint64)
    parts = [signature(shingles[start::TOGETHER]) for start in range(TOGETHER)]
    assert np.array_equal(signature(shingles), np.minimum.reduce(parts))
