"""What the benchmarks share: where the real material lies, and how a result is recorded."""

from __future__ import annotations

import os
import platform
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from provenance.article import Article, Block, Outlet

T = TypeVar("T")
ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
PACKAGES = ("provenance", "numpy", "orjson", "zstandard", "datasketch")


def shared(name: str) -> Path:
    """A file or folder of the shared material: ``$PROVENANCE_SHARED``, else ``../shared``."""
    folder = Path(os.environ.get("PROVENANCE_SHARED", ROOT.parent / "shared"))
    if not (folder / name).exists():
        raise SystemExit(f"{folder / name}: missing; set PROVENANCE_SHARED to its folder")
    return folder / name


@contextmanager
def sampled(look: Callable[[], T], every: float) -> Iterator[list[T]]:
    """What `look` sees at once and then every so many seconds, as it goes."""
    seen, over = [look()], threading.Event()

    def watch() -> None:
        while not over.wait(every):
            seen.append(look())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def news() -> Iterator[Article]:
    """The real news articles of ``news/articles.parquet``."""
    import pandas as pd

    for row in pd.read_parquet(shared("news/articles.parquet")).itertuples():
        lines = (line for line in str(row.text).split("\n") if line.strip())
        yield Article(
            str(row.id),
            tuple(Block(index, line) for index, line in enumerate(lines)),
            url=str(row.url),
            outlet=Outlet(str(row.outlet).removeprefix("www."), str(row.source)),
            title=str(row.title),
        )


def record(title: str, lines: Iterable[str]) -> None:
    """Print a result and append it to ``RESULTS.md`` with the command, versions and machine."""
    module = Path(sys.argv[0]).stem
    arguments = " ".join(sys.argv[1:])
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    body = "\n".join(lines)
    text = (
        f"\n## {title}\n\n`python -m benchmarks.{module} {arguments}`".rstrip(" `") + "`"
        f" · {datetime.now(UTC):%Y-%m-%d} · Python {platform.python_version()}, {versions}"
        f" · {os.cpu_count()} cores, {platform.machine()}, {platform.system()}\n\n{body}\n"
    )
    print(text)
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(text)
