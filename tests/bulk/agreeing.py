"""What holds an engine to the local one: a corpus in which every rule has something to do, `same`.

A test of an engine runs `dedup_to` and the engine over `corpus` and calls `same`; it needs nothing
that another engine needs.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pandas as pd

from provenance.jobs.dedup import DedupResult
from tests.bulk.corpora import edited, story, versions

OWN = {"seconds", "engine", "peak_memory_mb", "inputs"}
"""What a summary says of the run, not of the corpus."""


def corpus() -> pd.DataFrame:
    """Stories that few and many ran, furniture, chains of edits, exact, partial and empty texts."""
    rng = random.Random(11)
    rows = [
        {"text": text, "outlet": f"paper{number % 7}.example"}
        for number, text in enumerate(versions(12, seed=11)["text"])
    ]
    wire = story(rng, 150)
    for number in range(30):
        text = " ".join(edited(rng, wire, 0.004))
        rows.append({"text": text, "outlet": f"wire{number}.example"})
    menu = story(rng, 90)
    for _ in range(30):
        own = story(rng, rng.randrange(30, 120))
        rows.append({"text": " ".join(menu + own), "outlet": "menu.example"})
    step = story(rng, 120)
    for _ in range(14):  # each much like the one before, the ends of the chain unlike
        step = step[4:] + story(rng, 4)
        rows.append({"text": " ".join(step), "outlet": "chain.example"})
    rows += [{"text": "", "outlet": "x.example"}, {"text": "!?", "outlet": "x.example"}]
    rng.shuffle(rows)
    for number, row in enumerate(rows):
        row["id"] = f"n{number * 7919 % 1000}" if number % 9 else ""
        row["published"] = f"2024-0{1 + number % 8}-11T10:00:00Z"
    return pd.DataFrame(rows)


def by_id(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values(list(table.columns)).reset_index(drop=True)


def same(out: Path, summary: dict[str, Any], expected: DedupResult) -> None:
    """An engine's folder and summary are the local one's, but for what they say of the run."""
    assert {key: value for key, value in summary.items() if key not in OWN} == {
        key: value for key, value in expected.summary.items() if key not in OWN
    }
    got = pd.read_parquet(out / "clusters.parquet")
    pd.testing.assert_frame_equal(by_id(got), by_id(expected.clusters))
    assert json.loads((out / "summary.json").read_bytes())["kept"] == summary["kept"]


def kept_lines(place: Path) -> list[bytes]:
    files = place.glob("part-*") if place.is_dir() else [place]
    return sorted(line for file in files for line in file.read_bytes().splitlines(keepends=True))
