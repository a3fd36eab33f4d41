"""Bulk deduplication of files into a folder: clusters, and the corpus without its copies."""

from __future__ import annotations

import resource
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from provenance.article import InputError, SetAside
from provenance.bulk.options import Options

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from provenance.bulk.against import Texts
    from provenance.bulk.batch import Batch
    from provenance.bulk.corpus import File
    from provenance.bulk.pipeline import Found
    from provenance.bulk.state import State


SCHEMA = "provenance.dedup/1"
STATE, ASIDE, PAGES = ".state", "aside.jsonl", "pages.jsonl"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class DedupResult:
    """What `dedup_to` left in a folder.

    Attributes:
        folder: The folder.
        summary: Counts, parameters, seconds for each stage, peak memory.
    """

    folder: Path
    summary: dict[str, Any]

    @property
    def clusters(self) -> pd.DataFrame:
        """The contract's table, one row for each article, read from ``clusters.parquet``."""
        import pandas as pd

        return pd.read_parquet(self.folder / "clusters.parquet")

    @property
    def set_aside(self) -> tuple[SetAside, ...]:
        """What could not be read, from ``set_aside.jsonl``."""
        with (self.folder / "set_aside.jsonl").open("rb") as lines:
            rows = [orjson.loads(line) for line in lines]
        return tuple(SetAside(row["file"], row["record"], row["reason"]) for row in rows)


def silent(_stage: str, _done: int, _total: int) -> None:
    """Progress that is shown to nobody."""


def dedup_to(
    paths: Sequence[str], out: Path, options: Options | None = None, progress: Progress = silent,
    *, resume: bool = False, processes: int = 1,
) -> DedupResult:  # fmt: skip
    """Deduplicate files into a folder: clusters, kept records, what was set aside, a summary.

    Results appear in the folder only when all are done.

    Args:
        paths: Files, folders, globs, addresses, or ``-``.
        out: Folder to write to; created.
        options: See `Options`.
        progress: Called with stage, number done and total (0 when unknown).
        resume: Go on with what an interrupted run of the same job left in the folder.
        processes: How many may read pages, see `Extraction`.

    Raises:
        InputError: Nothing could be read, what was left is of another job, or the folder cannot
            be written to or is in use.
    """
    from provenance.bulk.state import alone

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: no folder can be made here: {error.strerror or error}") from error
    try:
        with alone(out):
            return _dedup_to(paths, out, options or Options(), progress, resume, processes)
    except OSError as error:
        raise InputError(
            f"{out}: cannot go on: {error.strerror or error}; the same command with --resume keeps "
            "what is done"
        ) from error


def _dedup_to(
    paths: Sequence[str],
    out: Path,
    options: Options,
    progress: Progress,
    resume: bool,
    processes: int,
) -> DedupResult:
    from provenance.bulk import state as states
    from provenance.bulk.inputs import input_files

    folder = out / STATE
    if not resume:
        states.clear(folder)
    folder.mkdir(exist_ok=True)
    files = input_files(paths, options.format, folder / "stdin", out)
    job = _job(files, options)
    left = states.earlier_job(folder)
    if left and left != job:
        raise InputError(
            f"{folder}: left by a job with other inputs, options or version, or before a restart "
            "of the machine; run without --resume to start anew"
        )
    state = states.State.begin(folder, job)
    summary = _run(paths, files, out, options, state, progress, processes)
    states.clear(folder)
    return DedupResult(out, summary)


def finished_stages(out: Path) -> tuple[str, ...]:
    """Stages that an interrupted job has finished and ``resume`` will not do again."""
    from provenance.bulk.state import State, earlier_job

    folder = out / STATE
    return State.begin(folder, earlier_job(folder)).finished if earlier_job(folder) else ()


def _job(files: Sequence[File], options: Options) -> str:
    """What makes it the same job: all that can change the result."""
    from provenance.bulk.state import job_key

    inputs = []
    for file in files:
        try:
            known = Path(file.path).stat()
        except OSError:
            inputs.append((file.name, 0, 0))
            continue
        modified = 0 if file.name == "-" else known.st_mtime_ns
        inputs.append((file.name, known.st_size, modified))
    parameters = (
        options.threshold, options.partial, options.keep, sorted(options.columns.items()),
        options.format, options.against,
    )  # fmt: skip
    return job_key(version("provenance"), inputs, parameters)


def _run(
    paths: Sequence[str], files: Sequence[File], out: Path, options: Options, state: State,
    progress: Progress, processes: int,
) -> dict[str, Any]:  # fmt: skip
    from provenance.bulk.corpus import Reader
    from provenance.bulk.kept import WRITE, write_kept
    from provenance.bulk.output import write_clusters
    from provenance.bulk.pipeline import find
    from provenance.bulk.state import clear

    reader = Reader(options.columns, options.format, options.threads, processes)
    results = state.folder / "results"

    def items() -> Iterator[Batch | SetAside]:
        with (state.folder / PAGES).open("wb") as pages:
            yield from reader.batches(files, pages)

    def again(about: pa.Table) -> Texts:
        return reader.again(files, about.column("file").to_numpy(), state.folder / PAGES)

    try:
        found = find(items, again, options, state, progress)
    except InputError:
        (state.folder / ASIDE).replace(out / "set_aside.jsonl")
        clear(state.folder)
        raise

    def write() -> tuple[dict[str, Any], dict[str, Any]]:
        shutil.rmtree(results, ignore_errors=True)
        results.mkdir()
        shutil.copy(state.folder / ASIDE, results / "set_aside.jsonl")
        write_clusters(results / "clusters.parquet", found, files)
        write_kept(files, found, state.folder / PAGES, results, progress)
        return {}, {"files": sorted(path.name for path in results.iterdir())}

    _, written = state.stage(WRITE, write)
    summary = _summary(found, options, state, paths)
    _publish(results, written["files"], out)
    partial = results / "summary.json"
    partial.write_bytes(orjson.dumps(summary, option=orjson.OPT_INDENT_2))
    partial.replace(out / partial.name)
    return summary


def _publish(results: Path, names: Sequence[str], out: Path) -> None:
    """Move all results to where they belong; may be done again from the middle."""
    for old in out.glob("kept*"):
        if old.name not in names:
            old.unlink()
    for name in names:
        if (results / name).exists():
            (results / name).replace(out / name)


def _summary(found: Found, options: Options, state: State, paths: Sequence[str]) -> dict[str, Any]:
    import numpy as np

    from provenance.bulk.representative import RELATIONS

    choice, facts = found.choice, found.facts
    related = np.bincount(choice.relation, minlength=len(RELATIONS)).tolist()
    return {
        "schema": SCHEMA,
        "version": version("provenance"),
        "articles": facts["articles"],
        "kept": int(found.keep.sum()),
        "clusters": int(choice.cluster.max()) + 1,
        **{name: related[code] for code, name in enumerate(RELATIONS) if name},
        **({"indexed": facts["indexed"]} if "indexed" in facts else {}),
        "set_aside": facts["set_aside"],
        "candidates": facts["candidates"],
        "boilerplate_shingles": facts["boilerplate_shingles"],
        "splits": facts["splits"],
        "parameters": parameters(options),
        "seconds": state.seconds,
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "inputs": list(paths),
    }  # fmt: skip


def parameters(options: Options) -> dict[str, Any]:
    """What decided the result, as told in the summary."""
    from provenance.bulk.matching import SHORTEST, SLACK
    from provenance.index.opening import shown

    return {
        "threshold": options.threshold, "partial": options.partial, "keep": options.keep,
        "against": options.against and shown(options.against),
        "shortest": SHORTEST, "slack": SLACK,
    }  # fmt: skip
