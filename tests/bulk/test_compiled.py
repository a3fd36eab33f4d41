"""Where compiled code is kept, what happens where nothing can be, and who never needs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import provenance
from provenance.index import Index

PACKAGE = Path(provenance.__file__).parent
COUNT = (
    "import numpy as np; from provenance.bulk.radix import _count;"
    "from provenance.fingerprint.compiled import is_kept; before = is_kept(_count);"
    "print(_count(np.arange(9, dtype=np.uint64), 0).sum(), before, is_kept(_count))"
)
CHECK = (
    "import sys; from provenance.cli import main; sys.argv = ['provenance', 'check', sys.argv[1]]\n"
    "try: main()\n"
    "finally: print('numba' in sys.modules, file=sys.stderr)"
)


def run(
    code: str, *arguments: str, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}
    settings.pop("NUMBA_CACHE_DIR", None)
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(
        command, env=settings, capture_output=True, text=True, check=False, cwd=cwd
    )


@pytest.fixture
def unwritable(tmp_path: Path) -> Path:
    """A copy of the package in which no cache can be made, not even by root."""
    copy = tmp_path / "installed" / "provenance"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("bulk", "fingerprint"):
        (copy / folder / "__pycache__").touch()
    return copy.parent


def test_a_read_only_installation_keeps_compiled_code_in_the_users_cache(
    unwritable: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    for kept in ("False", "True"):
        done = run(COUNT, cwd=unwritable, XDG_CACHE_HOME=str(cache), HOME=str(tmp_path))
        assert done.stdout.split() == ["9", kept, "True"], done.stderr
    assert list(cache.rglob("radix._count-*.nbi"))


def test_where_no_cache_can_be_written_all_works_without(unwritable: Path) -> None:
    nowhere = "/dev/null/nowhere"
    done = run(COUNT, cwd=unwritable, XDG_CACHE_HOME=nowhere, HOME=nowhere)
    assert done.stdout.split() == ["9", "False", "False"], done.stderr


def test_check_of_a_page_does_without_compiled_code(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><article><p>{'Some words of news. ' * 40}</p></article></body>")
    with Index.open(str(tmp_path / "provenance.db")):
        pass
    done = run(CHECK, str(page), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.strip().splitlines()[-1] == "False"
