"""Bulk deduplication of what a program holds, or of files, as a table."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from provenance.article import InputError, SetAside
from provenance.bulk.options import Options
from provenance.jobs.dedup import PAGES, STATE, silent

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from provenance.bulk.against import Texts
    from provenance.bulk.batch import Batch
    from provenance.bulk.corpus import File


def dedup(
    source: pd.DataFrame | Iterable[Any] | str | Path, options: Options | None = None
) -> pd.DataFrame:
    """Clusters of a table, of texts, records or articles, or of files, as a table.

    What has no text is left out, with a warning.

    Args:
        source: A DataFrame with a column ``text``; an iterable of texts, of records (mappings) or
            of `Article`; a path, folder or glob; or several `Path`.
        options: See `Options`.

    Returns:
        One row for each article, columns as in ``clusters.parquet``.

    Raises:
        InputError: Nothing could be read.
    """
    import numpy as np
    import pandas as pd

    from provenance.bulk.against import numbered
    from provenance.bulk.output import cluster_tables
    from provenance.bulk.pipeline import find
    from provenance.bulk.state import State

    options = options or Options()
    with TemporaryDirectory(prefix="provenance-") as name:
        folder = Path(name)
        items, files = _items(source, options, folder)

        def again(about: pa.Table) -> Texts:
            return numbered(items(), np.arange(about.num_rows))

        found = find(items, again, options, State.begin(folder / STATE, "in memory"), silent)
        if found.facts["set_aside"]:
            warnings.warn(
                f"{found.facts['set_aside']} records set aside{found.facts['first_fault']}",
                stacklevel=2,
            )
        tables = [table.to_pandas() for table in cluster_tables(found, files)]
    result: pd.DataFrame = pd.concat(tables, ignore_index=True)
    return result


def _items(
    source: Any, options: Options, folder: Path
) -> tuple[Callable[[], Iterator[Batch | SetAside]], list[File]]:
    """Batches of whatever was given, and the files they are from."""
    from provenance.bulk.columns import frame_batches
    from provenance.bulk.corpus import Reader, batches_of_items
    from provenance.bulk.inputs import input_files

    if hasattr(source, "to_dict"):
        return lambda: frame_batches(source, options.columns), []
    if isinstance(source, Mapping):
        raise InputError("a mapping is one record; give a list of them, or a DataFrame")
    if isinstance(source, str | Path):
        paths = [str(source)]
    else:
        source = list(source)
        paths = [str(item) for item in source if isinstance(item, Path)]
    if not paths:
        return lambda: batches_of_items(source, options.columns), []
    files = input_files(paths, options.format, folder / "stdin", folder)
    pages = (folder / PAGES).open("wb")
    reader = Reader(options.columns, options.format, options.threads)
    return lambda: reader.batches(files, pages), files
