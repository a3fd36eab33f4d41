"""What the user named → the files to read, in a fixed order."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from provenance.article import InputError
from provenance.bulk.corpus import STANDARD_INPUT, File, recognised
from provenance.sources.identity import is_address


def input_files(paths: Sequence[str], format: str | None, spool: Path, out: Path) -> list[File]:
    """All files that paths, folders and globs name.

    Args:
        paths: Files, folders (read recursively, in order of names), globs, addresses, ``-``.
        format: Force the format instead of recognising it.
        spool: Where standard input is put: it is read twice, once for its texts, once for what is
            kept. When the file is there, it is what standard input gave before.
        out: Folder of results, which are no input when a folder is named that holds it.

    Raises:
        InputError: There is no such file.
    """
    files = []
    for path in (found for named in paths for found in _expanded(named, out)):
        if path == STANDARD_INPUT:
            _spool(spool)
        place = str(spool) if path == STANDARD_INPUT else path
        files.append(recognised(len(files), place, path, format))
    return files


def _expanded(path: str, out: Path) -> Iterator[str]:
    if path == STANDARD_INPUT or is_address(path) or Path(path).is_file():
        yield path
    elif Path(path).is_dir():
        yield from _files_in(sorted(Path(path).rglob("*")), out)
    else:
        matches = sorted(_glob(path))
        if not matches:
            raise InputError(f"{path}: no such file or folder")
        yield from _files_in(matches, out)


def _files_in(found: list[Path], out: Path) -> Iterator[str]:
    results = out.resolve()
    for file in found:
        if file.is_file() and results not in file.resolve().parents:
            yield str(file)


def _glob(pattern: str) -> Iterator[Path]:
    path = Path(pattern)
    anchor = Path(path.anchor)
    return anchor.glob(str(path.relative_to(anchor)))


def _spool(path: Path) -> None:
    if path.exists():
        return
    partial = path.with_suffix(".partial")
    with partial.open("wb") as target:
        shutil.copyfileobj(sys.stdin.buffer, target)
    partial.replace(path)
