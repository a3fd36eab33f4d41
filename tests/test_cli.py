"""The command line from outside: a real process, real files, documented exit codes."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from provenance import demo

PAGES = Path(demo.__file__).parent


def run(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own; standard streams as text."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    environment.pop("PROVENANCE_INDEX", None)
    done = subprocess.run(
        [sys.executable, "-m", "provenance", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env=environment,
        check=False,
        timeout=120,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def answer(*arguments: str, cwd: Path, stdin: bytes = b"") -> Any:
    """The JSON a command prints."""
    done = run(*arguments, "--json", cwd=cwd, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose provenance.db holds the shipped pages."""
    folder = tmp_path_factory.mktemp("indexed")
    done = run("add", *(str(PAGES / name) for name in demo.INDEXED), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_add_counts_added_then_unchanged(tmp_path: Path) -> None:
    page = str(PAGES / "local-a.html")
    assert answer("add", page, cwd=tmp_path)["added"] == 1
    again = answer("add", page, cwd=tmp_path)
    assert (again["added"], again["updated"], again["unchanged"]) == (0, 0, 1)


def test_add_updates_a_changed_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes((PAGES / "local-a.html").read_bytes())
    answer("add", str(page), cwd=tmp_path)
    page.write_text(page.read_text("utf-8").replace("ten minutes", "twelve minutes"), "utf-8")
    assert answer("add", str(page), cwd=tmp_path)["updated"] == 1
    assert answer("index", "info", cwd=tmp_path)["articles"] == 1


def test_check_finds_the_copies_and_names_origin_and_chain(indexed: Path) -> None:
    found = answer("check", str(PAGES / demo.CHECKED), cwd=indexed)
    assert found["schema"] == "provenance.check/1"
    assert found["origin"][0]["id"] == "ap"
    assert {match["outlet"]["domain"] for match in found["matches"]} == {"apnews.com", "news18.com"}
    names = [found["chain"][0]["parent"]["name"], *(hop["child"]["name"] for hop in found["chain"])]
    assert [name.split()[0] for name in names] == ["Associated", "News18", "Divya"]


def test_check_with_fail_on_match_exits_1_only_when_a_copy_is_found(indexed: Path) -> None:
    copied = run("check", str(PAGES / demo.CHECKED), "--fail-on-match", cwd=indexed)
    alone = run("check", str(PAGES / "local-a.html"), "--fail-on-match", cwd=indexed)
    assert (copied.returncode, alone.returncode) == (1, 0)


def test_check_reads_standard_input(indexed: Path) -> None:
    text = (PAGES / demo.CHECKED).read_bytes()
    assert answer("check", "-", cwd=indexed, stdin=text)["matches"]


def test_check_writes_a_page(indexed: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    done = run("check", str(PAGES / demo.CHECKED), "--html", str(report), cwd=indexed)
    assert done.returncode == 0
    assert "Associated Press" in report.read_text("utf-8")


def test_results_go_to_standard_output_and_are_plain_when_piped(indexed: Path) -> None:
    done = run("check", str(PAGES / demo.CHECKED), cwd=indexed)
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert "Associated Press" in done.stdout


def test_diff_aligns_the_core(tmp_path: Path) -> None:
    found = answer(
        "diff", *(str(PAGES / n) for n in ("agency.html", "republisher.html")), cwd=tmp_path
    )
    assert found["contained_by"] > 0.95
    cores = [sum(b["role"] == "core" for b in found[side]["blocks"]) for side in "ab"]
    assert cores[0] >= 8 and cores[1] >= 8


def test_demo_needs_nothing(tmp_path: Path) -> None:
    done = run("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "News18" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_index_remove_and_verify(tmp_path: Path) -> None:
    answer("add", str(PAGES / "local-a.html"), str(PAGES / "local-b.html"), cwd=tmp_path)
    [match] = answer("check", str(PAGES / "local-a.html"), cwd=tmp_path)["matches"]
    removed = run("index", "remove", match["id"], "nobody", "--json", cwd=tmp_path)
    assert json.loads(removed.stdout) == {"removed": 1, "unknown": 1}
    assert removed.returncode == 2 and "no article 'nobody'" in removed.stderr
    assert answer("index", "verify", cwd=tmp_path)["problems"] == []
    assert answer("index", "info", cwd=tmp_path)["articles"] == 1


def test_dedup_keeps_one_of_two_copies(tmp_path: Path) -> None:
    story = " ".join(f"word{number} said" for number in range(60))
    other = " ".join(f"thing{number} went" for number in range(60))
    records = [{"id": "a", "text": story}, {"id": "b", "text": story}, {"id": "c", "text": other}]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records))
    summary = answer("dedup", "corpus.jsonl", "--out", "out", cwd=tmp_path)
    assert (summary["articles"], summary["kept"], summary["clusters"]) == (3, 2, 1)
    kept = (tmp_path / "out" / "kept.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["text"] for line in kept) == sorted([story, other])


def test_audit_writes_tables_and_a_page_and_heeds_its_condition(indexed: Path) -> None:
    met = run("audit", "--out", "audit", "--fail-if", "articles > 3", cwd=indexed)
    unmet = run("audit", "--out", "audit", "--fail-if", "articles > 4", cwd=indexed)
    assert (met.returncode, unmet.returncode) == (1, 0), met.stderr + unmet.stderr
    nobody = ("--outlet", "nobody.org", "--fail-if", "median-lag-hours < 9")
    late = run("audit", "--out", "audit", *nobody, cwd=indexed)
    assert late.returncode == 0 and "condition not judged: median-lag-hours" in late.stderr
    written = {path.name for path in (indexed / "audit").iterdir()}
    assert {"articles.csv", "outlets.csv", "agencies.csv", "clusters.csv", "audit.html"} <= written


def test_functions_are_found_under_the_package() -> None:
    script = (
        "import provenance.cli, provenance.jobs.check; from provenance import check, audit, dedup, "
        "diff, read; print(all(map(callable, (check, audit, dedup, diff, read))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "True"


BAD = {
    "missing file": (["check", "nowhere.html", "--no-index"], 2, "nowhere.html"),
    "missing index": (["check", "page.html"], 2, "provenance add"),
    "empty page": (["check", "empty.html", "--no-index"], 2, "empty.html"),
    "binary file": (["check", "binary.bin", "--no-index"], 2, "binary.bin"),
    "page without text": (["check", "bare.html", "--no-index"], 2, "bare.html"),
    "huge page": (["check", "huge.html", "--no-index"], 2, "huge.html"),
    "wrong scheme": (["check", "gopher://example.org/1", "--no-index"], 2, "gopher"),
    "unreachable host": (
        ["check", "http://127.0.0.1:9/", "--no-index", "--allow-private"],
        3,
        "127.0.0.1",
    ),
    "private address": (["check", "http://127.0.0.1:9/", "--no-index"], 3, "private"),
    "damaged index": (["check", "page.html", "--index", "binary.bin"], 4, "binary.bin"),
    "unwritable report": (
        ["check", "page.html", "--no-index", "--html", "no/such/x.html"],
        2,
        "x.html",
    ),
    "several articles": (["check", "two.jsonl", "--no-index"], 2, "more than one"),
    "a folder": (["check", ".", "--no-index"], 2, "name one, or use `provenance audit`"),
    "unknown option": (["check", "page.html", "--nonsense"], 2, "--nonsense"),
    "nothing readable": (["add", "empty.html"], 2, "empty.html"),
    "text for a path": (["check", "word " * 200, "--no-index"], 2, "no such file"),
    "bytes for text": (["check", "random.txt", "--no-index"], 2, "binary"),
    "sources and an index": (
        ["audit", "two.jsonl", "--index", "a.db", "--out", "a"],
        2,
        "not both",
    ),
    "unknown measure": (["audit", "--out", "a", "--fail-if", "stolen > 1"], 2, "no measure"),
}


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad")
    (folder / "page.html").write_bytes((PAGES / "local-a.html").read_bytes())
    (folder / "empty.html").write_bytes(b"")
    (folder / "binary.bin").write_bytes(bytes(range(256)) * 400)
    (folder / "random.txt").write_bytes(random.Random(1).randbytes(3000))
    (folder / "bare.html").write_text("<html><body><script>1</script><img src=x></body></html>")
    (folder / "two.jsonl").write_text('{"text": "One story."}\n{"text": "Another story."}\n')
    with (folder / "huge.html").open("wb") as file:
        file.write(b"<html><body><p>word")
        file.truncate(100 * 1024 * 1024)
    return folder


@pytest.mark.parametrize(("arguments", "code", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_clear_line_and_the_right_exit_code(
    arguments: list[str], code: int, said: str, bad_files: Path
) -> None:
    done = run(*arguments, cwd=bad_files)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.splitlines()[-1]) > 20
