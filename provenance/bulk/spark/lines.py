"""Lines of JSON, and pages of a file each → batches, as the local engine reads them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import orjson

from provenance.article import InputError, SetAside
from provenance.bulk.batch import Batch, Place, batch_of_records
from provenance.bulk.records import Row, article_values, json_rows, with_text
from provenance.sources import article_from_html, article_from_text
from provenance.sources.encoding import decode


def line_rows(lines: Sequence[bytes]) -> Iterator[Row | SetAside]:
    """Records of lines of JSON, numbered from 1; blank lines are none."""
    yield from json_rows(io.BufferedReader(io.BytesIO(b"\n".join(lines))), "")


def page_row(page: bytes, kind: str, name: str) -> Row | SetAside:
    """The article of a file.

    Args:
        page: All bytes of it.
        kind: ``txt`` or ``html``.
        name: Its path.
    """
    try:
        if kind == "html":
            article = article_from_html(page, source=name)
        else:
            article = article_from_text(decode(page), source=name)
    except InputError as error:
        return SetAside(name, "1", str(error).removeprefix(f"{name}: "))
    return Row(1, 0, 0, article_values(article))


def page_line(row: Row | SetAside) -> bytes:
    """An article as the line it is kept as."""
    return b"" if isinstance(row, SetAside) else orjson.dumps(dict(row.values))


def row_batches(
    rows: Iterator[Row | SetAside], columns: Mapping[str, str]
) -> Iterator[Batch | SetAside]:
    """Records with text as a batch, the others set aside; numbers as given.

    Args:
        rows: The records.
        columns: Our column name to the records' own.
    """
    numbers, records, texts = [], [], []
    for row in rows:
        if isinstance(row, SetAside):
            yield row
            continue
        try:
            values, text = with_text(row.values, columns)
        except InputError as error:
            yield SetAside("", str(row.number), str(error))
            continue
        numbers.append(row.number)
        records.append(values)
        texts.append(text)
    if texts:
        nothing = np.zeros(len(texts), np.int64)
        place = Place("", -1, np.array(numbers, np.int64), nothing, nothing)
        yield batch_of_records(texts, records, place, columns)
