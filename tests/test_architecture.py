"""The folder listing is the design: floors import only from below, and nothing goes in circles."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "provenance"
FLOORS = (
    "article",
    "sources",
    "fingerprint",
    "index",
    "compare",
    "attribution",
    "origin",
    "bulk",
    "jobs",
    "report",
    "demo",
    "web",
    "cli",
)
READING = ("language", "agencies", "outlets", "credits", "notices", "wrapper", "evidence")
"""The floors within `attribution`, the lowest first."""
HEAVY = ("datasketch", "networkx", "numba", "pandas", "psycopg", "pyarrow", "pyspark", "scipy")


def imports_of(file: Path, package: str = "provenance") -> set[str]:
    """What of a package a file imports, anywhere in it, type-checking imports included."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
            if node.module == package:
                names = [f"{package}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        below = [name.removeprefix(f"{package}.") for name in names]
        found |= {
            rest.split(".")[0] for name, rest in zip(names, below, strict=True) if name != rest
        }
    return found


def test_each_floor_imports_only_from_those_below_it() -> None:
    wrong = []
    for file in sorted(PACKAGE.rglob("*.py")):
        floor = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if floor in ("__init__", "__main__"):
            continue
        height = FLOORS.index(floor)
        wrong += [
            f"{file.relative_to(PACKAGE)} imports {other}"
            for other in imports_of(file)
            if other != floor and FLOORS.index(other) > height
        ]
    assert wrong == []


def test_within_attribution_too_each_floor_imports_only_from_those_below_it() -> None:
    folder = PACKAGE / "attribution"
    assert {file.parent.name for file in folder.glob("*/__init__.py")} == set(READING)
    wrong = [
        f"{file.relative_to(folder)} imports {other}"
        for height, floor in enumerate(READING)
        for file in sorted((folder / floor).glob("*.py"))
        for other in imports_of(file, "provenance.attribution")
        if other not in READING[: height + 1]
    ]
    assert wrong == []


def test_every_floor_is_in_the_plan() -> None:
    found = {
        path.stem
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert found - {"__init__", "__main__"} <= set(FLOORS)


def test_the_command_line_starts_without_heavy_libraries() -> None:
    script = (
        "import sys, provenance.cli, provenance.jobs.check, provenance.report.terminal; "
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
