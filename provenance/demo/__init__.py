"""The main job on pages shipped with the package: see README.md beside this file."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory

from provenance.index import Index
from provenance.jobs.add import AddResult, add
from provenance.jobs.check import CheckResult, check

INDEXED = ("agency.html", "republisher.html", "local-a.html", "local-b.html")
CHECKED = "aggregator.txt"


def run_demo() -> tuple[AddResult, CheckResult]:
    """Index the shipped pages in a temporary folder and check the aggregator's page."""
    with (
        as_file(files(__name__)) as pages,
        TemporaryDirectory() as folder,
        Index.open(str(Path(folder) / "demo.db")) as index,
    ):
        added = add([str(pages / name) for name in INDEXED], index)
        return added, check(pages / CHECKED, index)
