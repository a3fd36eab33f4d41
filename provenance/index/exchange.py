"""An index as Parquet and back: articles with their fingerprints, so that none is computed again.

One row for each version of each article, the oldest first. A column for each thing that other tools
may want, and `article`: all of it, as JSON. `signature` is the MinHash that
`fingerprint.from_datasketch` describes, `passages` are the winnowed passage fingersketch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from provenance.article import Article, IndexDamagedError, InputError
from provenance.fingerprint import SCHEME, Sketch
from provenance.fingerprint.minhash import PERMUTATIONS
from provenance.index import codec, rows
from provenance.index.adding import sketches
from provenance.index.rows import Named, Prepared
from provenance.index.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 2000
"""Articles in a row group: what is in memory at a time."""
PART_ROWS = 100_000
"""Articles in each file of a folder."""
SCHEME_KEY = b"provenance.scheme"


def _schema() -> pa.Schema:
    import pyarrow as pa

    fields = (
        ("id", pa.string()),
        ("url", pa.string()),
        ("outlet", pa.string()),
        ("title", pa.string()),
        ("published", pa.timestamp("ms", tz="UTC")),
        ("seen", pa.timestamp("ms", tz="UTC")),
        ("current", pa.bool_()),
        ("tokens", pa.int64()),
        ("text", pa.string()),
        ("signature", pa.list_(pa.uint32(), PERMUTATIONS)),
        ("passages", pa.list_(pa.uint64())),
        ("article", pa.string()),
    )
    return pa.schema(
        [pa.field(name, kind, nullable=name == "published") for name, kind in fields],
        metadata={SCHEME_KEY: orjson.dumps(SCHEME)},
    )


def write(store: Store, target: Path, show: Callable[[int], None]) -> int:
    """Export a store to a file, or to a folder of files of `PART_ROWS` rows; rows written.

    Each file appears whole or not at all.

    Args:
        store: What to export, as it is at one moment.
        target: A file whose name ends in ``.parquet``, else a folder.
        show: Called now and then with the rows written so far.

    Raises:
        InputError: When the target exists already, or cannot be written.
        IndexDamagedError: When an article cannot be read.
    """
    whole = target.suffix == ".parquet"
    total = 0
    try:
        if target.exists() and (whole or any(target.iterdir())):
            raise InputError(f"{target}: exists already; name another place for the export")
        if not whole:
            target.mkdir(parents=True, exist_ok=True)
        with store.read():
            versions = _versions(store)
            part = 0
            while True:
                path = target if whole else target / f"part-{part:05}.parquet"
                written = _write_file(path, versions if whole else islice(versions, PART_ROWS))
                total += written
                show(total)
                part += 1
                if whole or written < PART_ROWS:
                    return total
    except OSError as error:
        raise InputError(f"{target}: cannot be written ({error.strerror or error})") from error


def _versions(store: Store) -> Iterator[tuple[Article, int, bool]]:
    """Every version of every article with the time it was seen and whether it is the present."""
    for number, row in store.rows():
        for seen, body in store.versions(number):
            yield _decoded(number, body), seen, False
        yield _decoded(number, row.body), row.seen, True


def _decoded(number: int, body: bytes) -> Article:
    try:
        return codec.decode(body)
    except ValueError as error:
        raise IndexDamagedError(
            f"article {number} is damaged ({error}); run `provenance index verify`"
        ) from error


def _write_file(path: Path, versions: Iterator[tuple[Article, int, bool]]) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    part = path.with_name(path.name + ".part")
    schema, total = _schema(), 0
    try:
        with parquet.ParquetWriter(part, schema, compression="zstd") as writer:
            while batch := list(islice(versions, ROWS)):
                made = sketches([article.text for article, *_ in batch])
                records = [_record(*each, own) for each, own in zip(batch, made, strict=True)]
                writer.write_table(pa.Table.from_pylist(records, schema=schema))
                total += len(batch)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    return total


def _record(article: Article, seen: int, current: bool, sketch: Sketch) -> dict[str, Any]:
    return {
        "id": _clean(article.id),
        "url": _clean(article.final_url or article.url or article.canonical_url),
        "outlet": _clean(article.outlet.domain if article.outlet else ""),
        "title": _clean(article.title),
        "published": article.published and article.published.earliest,
        "seen": 1000 * seen,
        "current": current,
        "tokens": sketch.tokens,
        "text": _clean(article.text),
        "signature": sketch.signature,
        "passages": sketch.passages,
        "article": codec.to_json(article).decode(),
    }


def _clean(text: str) -> str:
    """Parquet's text is UTF-8, which lone surrogates have no place in; `article` keeps them."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read(source: Path) -> Iterator[list[Prepared]]:
    """Batches of what an exported file, or a folder of them, holds, ready to be stored.

    Raises:
        InputError: When it is missing, no export, of another scheme, or damaged.
    """
    files = sorted(source.glob("*.parquet")) if source.is_dir() else [source]
    if not files:
        raise InputError(f"{source}: no .parquet file in this folder; name an exported one")
    for path in files:
        yield from _read_file(path)


def _read_file(path: Path) -> Iterator[list[Prepared]]:
    from pyarrow import ArrowException, parquet

    try:
        with parquet.ParquetFile(path) as file:
            _require_ours(path, file.schema_arrow)
            for batch in file.iter_batches(ROWS):
                yield _prepared(path, batch)
    except (OSError, ArrowException) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: cannot be read ({reason}); export it again") from error


def _require_ours(path: Path, found: pa.Schema) -> None:
    wanted = _schema()
    if found.names != wanted.names or found.types != wanted.types:
        raise InputError(
            f"{path}: not an exported index; read other tables with `provenance add {path}`"
        )
    if (found.metadata or {}).get(SCHEME_KEY) != wanted.metadata[SCHEME_KEY]:
        raise InputError(
            f"{path}: fingerprints of another scheme; export with the same version of provenance"
        )


def _prepared(path: Path, batch: pa.RecordBatch) -> list[Prepared]:
    try:
        named = [Named.of(codec.from_json(text.encode())) for text in batch["article"].to_pylist()]
    except (ValueError, AttributeError) as error:
        raise InputError(f"{path}: an article is malformed ({error}); export it again") from error
    columns = (
        batch["tokens"].to_pylist(),
        (np.asarray(each.values, dtype=np.uint32) for each in batch["signature"]),
        (np.asarray(each.values, dtype=np.uint64) for each in batch["passages"]),
    )
    sketches = [Sketch(*each) for each in zip(*columns, strict=True)]
    seen = batch["seen"].cast("int64").to_numpy() // 1000
    return rows.prepare(named, sketches, seen.tolist())
