"""A corpus of any size, the same for the same seed: `make` writes it as shards of 10,000 articles.

Articles of about 500 words with Zipf frequencies. Two thirds are originals; the rest are copies
of them, in other shards: most edited a little, some exact, some cut to a part.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pyarrow as pa

SHARD = 10_000
WORDS = 30_000
LENGTH = 500
COPIES_OF = 2
"""Shards of originals for each shard of copies."""
EDITS = (0.0, 0.002, 0.01, 0.02, 0.04)
LETTERS = np.frombuffer(b"etaoinshrdlucmfw", dtype=np.uint8)


def make(articles: int, folder: Path, kind: str, seed: int = 1) -> list[str]:
    """Write the corpus as ``kind`` (``parquet`` or ``jsonl``) unless it is there; its files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for shard in range(-(-articles // SHARD)):
        path = folder / f"{shard:05}.{kind}"
        files.append(str(path))
        if not path.exists():
            rows = min(SHARD, articles - shard * SHARD)
            _write(_shard(shard, seed).slice(0, rows), path, kind)
    return files


def _write(table: pa.Table, path: Path, kind: str) -> None:
    partial = path.with_suffix(".partial")
    if kind == "parquet":
        from pyarrow.parquet import write_table

        write_table(table, partial)
    else:
        import orjson

        with partial.open("wb") as target:
            target.writelines(orjson.dumps(row) + b"\n" for row in table.to_pylist())
    partial.rename(path)


def _shard(shard: int, seed: int) -> pa.Table:
    """Every third shard holds copies of the two before it."""
    import pyarrow as pa

    lexicon = _lexicon(seed)
    rng = np.random.default_rng((seed, shard))
    numbers = np.arange(SHARD)
    if shard % (COPIES_OF + 1) == COPIES_OF:
        sources = [_word_numbers(shard - 1 - back, seed) for back in range(COPIES_OF)]
        words = np.concatenate(sources)[rng.permutation(COPIES_OF * SHARD)[:SHARD]]
        edited = rng.random(words.shape) < rng.choice(EDITS, SHARD)[:, None]
        words = np.where(edited, rng.integers(0, WORDS, words.shape), words)
        lengths = np.where(rng.random(SHARD) < 0.1, LENGTH // 2, LENGTH)
    else:
        words, lengths = _word_numbers(shard, seed), np.full(SHARD, LENGTH)
    kept = np.arange(LENGTH) < lengths[:, None]
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)
    texts = pa.ListArray.from_arrays(offsets, lexicon.take(pa.array(words[kept])))
    titles = pa.ListArray.from_arrays(
        np.arange(SHARD + 1, dtype=np.int32) * 8, lexicon.take(pa.array(words[:, :8].ravel()))
    )
    first = shard * SHARD
    outlets = [f"outlet{number}.example" for number in rng.integers(0, 2000, SHARD)]
    import pyarrow.compute as pc

    return pa.table({
        "id": [f"article-{first + number}" for number in numbers],
        "url": [f"https://{o}/news/{first + n}" for n, o in zip(numbers, outlets, strict=True)],
        "outlet": outlets,
        "title": pc.binary_join(titles, " "),
        "published": [f"2024-{1 + n % 12:02}-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:00Z"
                      for n in rng.integers(0, 1 << 20, SHARD).tolist()],
        "text": pc.binary_join(texts, " "),
    })  # fmt: skip


def _lexicon(seed: int) -> pa.Array:
    import pyarrow as pa

    rng = np.random.default_rng(seed)
    letters = LETTERS[rng.integers(0, len(LETTERS), (WORDS, 9))]
    lengths = rng.integers(2, 10, WORDS).tolist()
    rows = zip(letters, lengths, strict=True)
    return pa.array([row[:length].tobytes().decode() for row, length in rows])


def _word_numbers(shard: int, seed: int) -> NDArray[np.int64]:
    """Numbers of the words of a shard of originals: int64[SHARD, LENGTH]."""
    weights = np.cumsum(1 / np.arange(10, WORDS + 10))
    drawn = np.random.default_rng((seed, shard, 7)).random((SHARD, LENGTH))
    return np.searchsorted(weights / weights[-1], drawn)
