"""Texts from a seed in several scripts, real ones, and all pairs that match, by brute force."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from benchmarks.recall_copies import ABOVE, BELOW, words
from benchmarks.shared import shared
from provenance.fingerprint import shingle_set

ALPHABETS = {
    "English": "etaoinshrdlucmfw",
    "accents": "etaoinshrdlucmfweasintoru" + "éàñü",
    "Cyrillic": "оеаинтсрвлкмдпуя",
    "Hindi": "कमनसलरतपहदजबवयाकमनसलरतिीेो",
    "Chinese": "的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年得就那要下以生会",
}
EDITS = (0.002, 0.01, 0.02, 0.04)
WORDS = 500
MERGE = 10_000_000
"""Pairs counted apart before their counts are put together."""


def synthetic(articles: int, script: str) -> list[str]:
    """Articles with Zipf frequencies, a third of them edited copies and a tenth cut in half."""
    rng, numpy_rng = random.Random(1), np.random.default_rng(1)
    spaced = script != "Chinese"
    letters = ALPHABETS[script]
    lexicon = np.array(
        ["".join(rng.choices(letters, k=rng.randint(2, 9) if spaced else 1)) for _ in range(30000)]
    )
    weights = 1 / np.arange(10, len(lexicon) + 10)
    originals = articles * 2 // 3
    drawn = numpy_rng.choice(lexicon, (originals, WORDS), p=weights / weights.sum())
    texts = []
    for number in range(articles):
        chosen = drawn[number % originals]
        if number >= originals:
            edited = numpy_rng.random(WORDS) < rng.choice(EDITS)
            chosen = np.where(edited, numpy_rng.choice(lexicon, WORDS), chosen)
            chosen = chosen[: WORDS // 2] if rng.random() < 0.1 else chosen
        texts.append((" " if spaced else "").join(chosen.tolist()))
    return texts


def news(articles: int) -> list[str]:
    """The first real articles of the shared corpus."""
    from pyarrow.parquet import read_table

    column = read_table(shared("news/articles.parquet"), columns=["text"])["text"]
    return [text for text in column.to_pylist() if text][:articles]


def edited_news(articles: int) -> list[str]:
    """Real articles and a copy of each, edited as republishers do, each in its own measure.

    A run of words is cut out, words are replaced by those of another article, and lines of another
    site come before and after; every tenth copy is then cut to a part.
    """
    rng = random.Random(4)
    originals = news(articles)
    pool = [word for text in originals[::50] for word in text.split()]
    copies = []
    for text in originals:
        own, space = words(text)
        amount = rng.random() ** 2
        cut = int(len(own) * rng.uniform(0, 0.2) * amount)
        at = rng.randint(0, len(own) - cut)
        own, rate = own[:at] + own[at + cut :], rng.uniform(0, 0.03) * amount
        own = [rng.choice(pool) if rng.random() < rate else word for word in own]
        if rng.random() < 0.1:
            own = own[: int(len(own) * rng.uniform(0.2, 0.7))]
        lines = [*rng.sample(ABOVE, rng.randint(0, 2)), space.join(own)]
        copies.append("\n".join([*lines, *rng.sample(BELOW, rng.randint(0, 2))]))
    return originals + copies


def provoking(articles: int) -> list[tuple[str, str, list[str], int]]:
    """A corpus made to provoke false clusters, shuffled: kind, outlet, words, number."""
    rng = random.Random(3)
    words = ["".join(rng.choices("etaoinshrdlu", k=rng.randint(3, 9))) for _ in range(20000)]

    def prose(count: int) -> list[str]:
        return rng.choices(words, k=count)

    furniture, rows = prose(150), []
    for number in range(articles):  # an outlet whose furniture is most of each of its pages
        rows.append(("furniture", "outlet.example", furniture + prose(60), number))
    for number in range(articles):  # short texts that differ in a word
        rows.append(("short", f"s{number}.example", ["breaking", "news", *prose(1)], number))
    version = prose(300)
    for number in range(articles // 10):  # each version drifts a little from the one before
        place = rng.randrange(280)
        version = version[:place] + prose(15) + version[place + 15 :]
        rows.append(("drift", f"d{number}.example", version, number))
    for number in range(articles):  # true copies
        story = prose(200) if number % 4 == 0 else rows[-1][2]
        rows.append(("copies", f"c{number}.example", story, number // 4))
    rng.shuffle(rows)
    return rows


def overlaps(texts: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Brute force: every pair of texts with a shingle in common, by exact sets.

    Returns:
        Pairs int64[n, 2] (a < b), shingles they share, and the size of each text's set.
    """
    sets = [shingle_set(text) for text in texts]
    sizes = np.array([len(each) for each in sets])
    shingles = np.concatenate(sets)
    owners = np.repeat(np.arange(len(texts)), sizes)
    order = np.lexsort((owners, shingles))
    starts = np.flatnonzero(np.diff(shingles[order], prepend=~shingles[order][:1]))
    lengths = np.diff(starts, append=len(order))
    held = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for length in np.unique(lengths[lengths > 1]).tolist():
        members = owners[order[starts[lengths == length][:, None] + np.arange(length)]]
        first, second = np.array(list(combinations(range(length), 2))).T
        found = (members[:, first] * len(texts) + members[:, second]).ravel()
        held.append(np.unique(found, return_counts=True))
        if sum(len(keys) for keys, _ in held[1:]) > MERGE:
            held = [_merged(held)]
    keys, counts = _merged(held)
    return np.stack((keys // len(texts), keys % len(texts)), axis=1), counts, sizes


def _merged(
    held: list[tuple[NDArray[np.int64], NDArray[np.int64]]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One count for each key."""
    keys, place = np.unique(np.concatenate([keys for keys, _ in held]), return_inverse=True)
    counts = np.bincount(place, np.concatenate([counts for _, counts in held]), len(keys))
    return keys, counts.astype(np.int64)
