"""Parquet files and tables in memory → batches of texts, column by column, without rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from provenance.article import InputError, SetAside
from provenance.bulk.batch import METADATA, Batch, Place, describe, string_array
from provenance.bulk.kernel import I64
from provenance.sources.html import article_from_html

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from pyarrow.parquet import FileMetaData, ParquetFile

ROWS, BYTES = 2048, 8 << 20
"""Rows read at a time, and about how much of their text, at most."""
BUFFER = 1 << 20
SPACES = np.array([*b"\t\n\v\f\r\x1c\x1d\x1e\x1f ", 0xC2, 0xE1, 0xE2, 0xE3], np.uint8)
"""Bytes with which white space begins in UTF-8, and some letters."""


def parquet_groups(
    path: str, name: str, number: int, columns: Mapping[str, str],
    before: float = 0.0, own: float = 1.0,
) -> Iterator[Iterator[Batch | SetAside]]:  # fmt: skip
    """All texts of a Parquet file, row group by row group, each to be read on any thread.

    Rows without text and damaged row groups are set aside.

    Args:
        path: The file.
        name: What it is called in results.
        number: Its number among the inputs.
        columns: Our column name to the file's own.
        before: Share of the whole input that was read before it.
        own: Its own share.

    Raises:
        InputError: It is damaged as a whole, or has no texts.
    """
    file = open_parquet(path, name)
    wanted = _present(file.schema_arrow.names, name, columns)
    total = max(1, file.metadata.num_rows)

    def batches(group: int, first: int, rows: int) -> Iterator[Batch | SetAside]:
        at = first
        size = max(1, file.metadata.row_group(group).total_byte_size)
        at_once = min(ROWS, max(1, BYTES * rows // size))
        try:
            # A file of its own: two threads cannot read one.
            own_file = open_parquet(path, name, file.metadata)
            for table in own_file.iter_batches(at_once, row_groups=[group], columns=wanted):
                records = np.arange(at + 1, at + table.num_rows + 1)
                at += table.num_rows
                share = before + own * at / total
                yield from table_batches(table, name, number, records, columns, share)
        except READ_ERRORS() as error:
            yield SetAside(name, f"{at + 1}-{first + rows}", f"damaged: {_line(error)}")

    first = 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        yield batches(group, first, rows)
        first += rows


def open_parquet(path: str, name: str, known: FileMetaData | None = None) -> ParquetFile:
    """A Parquet file; its metadata is read unless known.

    Raises:
        InputError: It is damaged.
    """
    from pyarrow.parquet import ParquetFile

    try:
        # With a buffer it reads on as it goes, instead of a whole row group's compressed bytes.
        return ParquetFile(path, metadata=known, buffer_size=BUFFER)
    except READ_ERRORS() as error:
        raise InputError(f"{name}: damaged Parquet file ({_line(error)})") from error


def READ_ERRORS() -> tuple[type[Exception], ...]:  # noqa: N802
    """What reading a damaged file may raise."""
    import pyarrow as pa

    return pa.ArrowException, OSError, ValueError


def _line(error: Exception) -> str:
    return str(error).partition("\n")[0][:100]


def _present(present: list[str], name: str, columns: Mapping[str, str]) -> list[str]:
    wanted = [columns.get(column, column) for column in ("text", "html", *METADATA)]
    found = [column for column in wanted if column in present]
    if not {wanted[0], wanted[1]} & set(found):
        raise InputError(f"{name}: no column {wanted[0]!r}; name it with --column text=…")
    return found


def table_batches(
    table: pa.RecordBatch, name: str, number: int, records: I64, columns: Mapping[str, str],
    share: float,
) -> Iterator[Batch | SetAside]:  # fmt: skip
    """The rows of a table that have text as a batch, the others set aside.

    Args:
        table: With a column ``text`` or ``html``.
        name: The table's name.
        number: Its number among the inputs.
        records: Number of each row.
        columns: Our column name to the table's own.
        share: See `Batch`.
    """
    blank = blanks(text := _texts(table, columns))
    for record in records[blank].tolist():
        yield SetAside(name, str(record), "no text")
    if blank.all():
        return
    if blank.any():
        import pyarrow as pa

        mask = pa.array(~blank)
        table, text, records = table.filter(mask), text.filter(mask), records[~blank]
    offsets, data = _buffers(text)
    nothing = np.zeros(len(records), np.int64)
    place = Place(name, number, records, nothing, nothing)
    known = {column: _strings(table, columns.get(column, column)) for column in METADATA}
    yield Batch(data, offsets, describe(place, known), share)


def _texts(table: pa.RecordBatch, columns: Mapping[str, str]) -> pa.Array:
    """The texts as large binary: what stands in a file need not be valid UTF-8."""
    import pyarrow as pa

    column = columns.get("text", "text")
    if column not in table.schema.names:
        html = columns.get("html", "html")
        pages = [_page_text(page) for page in table.column(html).to_pylist()]
        return pa.array(pages, pa.large_binary())
    values = table.column(column)
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    octets = values.cast(pa.large_binary())
    return octets.fill_null(b"") if octets.null_count else octets


def _page_text(html: object) -> bytes:
    """The main text of a page; empty when there is none."""
    if not isinstance(html, str | bytes):
        return b""
    try:
        return article_from_html(html).text.encode(errors="replace")
    except InputError:
        return b""


def _buffers(text: pa.Array) -> tuple[Any, Any]:
    buffers = text.buffers()
    offsets = np.frombuffer(buffers[1], np.int64)[text.offset : text.offset + len(text) + 1]
    data = np.frombuffer(buffers[2], np.uint8) if buffers[2] else np.empty(0, np.uint8)
    return offsets, data


def blanks(text: pa.Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which texts are empty or white space, looking at their first byte before anything else."""
    offsets, data = _buffers(text)
    result = offsets[1:] == offsets[:-1]
    some = np.flatnonzero(~result)
    for row in some[np.isin(data[offsets[some]], SPACES)].tolist():
        octets = data[offsets[row] : offsets[row + 1]].tobytes()
        result[row] = not octets.decode(errors="replace").strip()
    return result


def _strings(table: pa.RecordBatch, column: str) -> pa.Array:
    """A column of any type as large strings; empty where there is none."""
    import pyarrow as pa

    if column not in table.schema.names:
        return pa.array([""] * table.num_rows, pa.large_string())
    values = table.column(column)
    try:
        strings = values.cast(pa.large_string()).fill_null("")
        strings.validate(full=True)
    except pa.ArrowException:  # not valid UTF-8, or no cast to strings
        raw = values.cast(pa.large_binary()) if pa.types.is_large_string(values.type) or (
            pa.types.is_string(values.type)
        ) else values  # fmt: skip
        decoded = (
            value.decode(errors="replace") if isinstance(value, bytes) else value
            for value in raw.to_pylist()
        )  # fmt: skip
        strings = string_array(list(decoded))
    return strings


def frame_batches(frame: pd.DataFrame, columns: Mapping[str, str]) -> Iterator[Batch | SetAside]:
    """All texts of a DataFrame.

    Raises:
        InputError: It has no texts, or columns that Arrow cannot hold.
    """
    import pyarrow as pa

    chosen = frame[_present(list(frame.columns), "table", columns)]
    try:
        table = pa.Table.from_pandas(chosen, preserve_index=False)
    except (pa.ArrowException, UnicodeError):  # values of several types, lone surrogates
        chosen = chosen.astype(object).where(chosen.notna(), None)
        table = pa.table({name: string_array(chosen[name].tolist()) for name in chosen.columns})
    at = 0
    for part in table.to_batches(max_chunksize=ROWS):
        records = np.arange(at + 1, at + part.num_rows + 1)
        at += part.num_rows
        yield from table_batches(part, "", -1, records, columns, at / table.num_rows)
