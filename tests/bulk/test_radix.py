"""Radix sort: numpy's order, whatever the number of threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.bulk import radix
from provenance.bulk.kernel import ID_BITS
from provenance.bulk.radix import sort_words


@given(
    st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 2**30), max_size=200),
    st.sampled_from([0, 1, ID_BITS, 63]),
    st.integers(1, 3),
)
@settings(max_examples=200, deadline=None)
def test_sorts_by_the_high_bits_and_keeps_the_order_of_equals(
    values: list[int], low_bit: int, threads: int
) -> None:
    words = np.array(values, dtype=np.uint64)
    order = np.argsort(words >> np.uint64(low_bit), kind="stable")
    assert sort_words(words.copy(), low_bit, threads).tolist() == words[order].tolist()


@pytest.mark.parametrize("bits", [8, 20, 48, 64])
def test_sorts_many_words_of_any_width(bits: int) -> None:
    rng = np.random.default_rng(bits)
    words = rng.integers(0, 2**bits - 1, 200_000, dtype=np.uint64)
    assert np.array_equal(sort_words(words.copy(), 0, 2), np.sort(words))


def test_words_unevenly_spread_are_sorted_by_digits() -> None:
    rng = np.random.default_rng(5)
    words = rng.integers(0, 40, 50_000, dtype=np.uint64) << np.uint64(32)
    words |= rng.integers(0, 9000, len(words), dtype=np.uint64)
    assert not radix._insert(words[:5000].copy(), np.uint64(0)), "too easy to show anything"
    assert np.array_equal(sort_words(words.copy(), 0, 2), np.sort(words))
    order = np.argsort(words >> np.uint64(8), kind="stable")
    assert np.array_equal(sort_words(words.copy(), 8, 1), words[order])
