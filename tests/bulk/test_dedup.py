"""The whole job: what is found, what stays, and that nothing but the texts decides."""

from __future__ import annotations

import gzip
import io
import json
import random
from datetime import datetime
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from provenance.article import InputError
from provenance.bulk.options import Options
from provenance.fingerprint import U64, overlap, shingle_set
from provenance.jobs.dedup import dedup_to
from provenance.jobs.dedup_table import dedup
from provenance.report.terminal_counts import print_dedup_summary
from provenance.sources.dates import interval
from tests.bulk.corpora import story, versions


@pytest.fixture(scope="module")
def corpus() -> pd.DataFrame:
    return versions()


def shingle_sets(corpus: pd.DataFrame) -> dict[str, U64]:
    return {id: shingle_set(text) for id, text in zip(corpus["id"], corpus["text"], strict=True)}


def as_partition(table: pd.DataFrame) -> set[frozenset[str]]:
    joined = table[table["cluster"] >= 0].groupby("cluster")["id"]
    return {frozenset(ids) for _, ids in joined}


def test_every_pair_above_the_threshold_is_in_one_cluster(corpus: pd.DataFrame) -> None:
    table = dedup(corpus).set_index("id")
    sets = shingle_sets(corpus)
    near = [
        (a, b)
        for a, b in combinations(sets, 2)
        if a.split(".")[0] == b.split(".")[0] and overlap(sets[a], sets[b]).jaccard >= 0.8
    ]
    assert len(near) > 100
    found = [table.cluster[a] == table.cluster[b] >= 0 for a, b in near]
    assert np.mean(found) >= 0.99


def test_partial_copies_are_found_and_said_to_be(corpus: pd.DataFrame) -> None:
    table = dedup(corpus).set_index("id")
    pairs = [(f"{number}.4", f"{number}.5") for number in range(60)]
    together = [table.cluster[a] == table.cluster[b] for a, b in pairs]
    assert np.mean(together) >= 0.98
    assert (table.relation == "partial").sum() >= 30


def test_no_two_stories_meet_and_figures_are_exact(corpus: pd.DataFrame) -> None:
    table = dedup(corpus)
    sets = shingle_sets(corpus)
    for ids in as_partition(table):
        assert len({id.split(".")[0] for id in ids}) == 1
    for row in table[table["cluster"] >= 0].to_dict("records"):
        true = overlap(sets[row["id"]], sets[row["representative"]])
        assert row["jaccard"] == pytest.approx(true.jaccard)
        assert row["containment"] == pytest.approx(true.a_in_b)
        if not row["keep"]:
            assert true.jaccard >= 0.7 or true.a_in_b >= 0.9


@pytest.mark.parametrize("options", [Options(threads=1), Options(memory=1 << 12), Options()])
def test_order_threads_and_memory_do_not_matter(corpus: pd.DataFrame, options: Options) -> None:
    expected = dedup(corpus).sort_values("id").drop(columns="source").reset_index(drop=True)
    shuffled = corpus.sample(frac=1, random_state=3)
    found = dedup(shuffled, options).sort_values("id").drop(columns="source")
    pd.testing.assert_frame_equal(found.reset_index(drop=True), expected)


@given(st.randoms(use_true_random=False), st.integers(1, 3), st.integers(10, 20))
@settings(max_examples=5, deadline=None)
def test_files_in_any_order_cut_anywhere_give_the_same(
    corpus: pd.DataFrame, rng: random.Random, threads: int, memory: int
) -> None:
    few = corpus.head(120)
    expected = dedup(few).set_index("id").drop(columns="source")
    ids = list(few.index)
    rng.shuffle(ids)
    cut = rng.randrange(1, len(ids))
    with TemporaryDirectory() as name:
        few.loc[ids[:cut]].to_parquet(Path(name, "b.parquet"), row_group_size=7)
        few.loc[ids[cut:]].to_json(Path(name, "a.jsonl"), orient="records", lines=True)
        options = Options(threads=threads, memory=1 << memory)
        found = dedup_to([name], Path(name, "out"), options).clusters
    found = found.set_index("id").drop(columns="source").loc[expected.index]
    pd.testing.assert_frame_equal(found, expected)


def test_furniture_of_one_outlet_makes_no_cluster() -> None:
    rng = random.Random(1)
    furniture = story(rng, 300)
    rows = [
        {"id": str(n), "outlet": "a.example", "text": " ".join(furniture + story(rng, 30))}
        for n in range(60)
    ]
    assert (dedup(pd.DataFrame(rows))["cluster"] == -1).all()


def test_a_story_that_many_outlets_ran_is_one_cluster() -> None:
    rng = random.Random(2)
    agency = story(rng, 300)
    rows = [
        {"id": str(n), "outlet": f"o{n}.example", "text": " ".join(agency + story(rng, 20))}
        for n in range(120)
    ]
    table = dedup(pd.DataFrame(rows))
    assert set(table["cluster"]) == {0} and table["keep"].sum() == 1


def test_a_chain_of_versions_is_split_and_told(tmp_path: Path) -> None:
    rng = random.Random(3)
    words = story(rng, 400)
    file = tmp_path / "chain.jsonl"
    lines = [
        json.dumps({"id": str(n), "text": " ".join(words[n * 20 : n * 20 + 200])})
        for n in range(10)
    ]
    file.write_text("\n".join(lines), "utf-8")
    result = dedup_to([str(file)], tmp_path / "out", Options(partial=False))
    [split] = result.summary["splits"]
    assert split["texts"] == 10 and split["lowest_jaccard"] < 0.7 and len(split["into"]) > 1
    console = Console(width=200, record=True, file=io.StringIO())
    print_dedup_summary(result.summary, console)
    shown = f"10 texts around {split['centre']}: one is only {split['lowest_jaccard']:.2f} like it"
    text = console.export_text()
    assert f"{shown} (0.70 needed); now in " in text
    assert text.startswith(f"10 articles: {result.summary['kept']} kept; ")


def test_short_texts_match_only_when_equal() -> None:
    texts = ["breaking news from the capital tonight", "breaking news from the capital today"]
    table = dedup([*texts, texts[0].upper()])
    assert table["cluster"].tolist() == [0, -1, 0]


def rows_of(corpus: pd.DataFrame) -> list[bytes]:
    """Lines with odd spacing and unknown fields, to be passed through as they are."""
    return [
        b'{ "id":"%s",  "extra": [1, 2],"text": %s }\n' % (id.encode(), json.dumps(text).encode())
        for id, text in zip(corpus["id"], corpus["text"], strict=True)
    ]


def test_kept_json_lines_are_byte_for_byte_and_bad_ones_set_aside(
    corpus: pd.DataFrame, tmp_path: Path
) -> None:
    lines = rows_of(corpus.head(30))
    file = tmp_path / "corpus.jsonl.gz"
    file.write_bytes(
        gzip.compress(b"".join([lines[0], b"{broken\n", b'{"id": "x"}\n', *lines[1:]]))
    )
    result = dedup_to([str(tmp_path / "*.gz")], tmp_path / "out")
    kept = (tmp_path / "out" / "kept.jsonl").read_bytes().splitlines(keepends=True)
    wanted = dict(zip(result.clusters["id"], result.clusters["keep"], strict=True))
    assert kept == [line for line in lines if wanted[json.loads(line)["id"]]]
    assert 0 < len(kept) < 30
    aside = [json.loads(x) for x in (tmp_path / "out" / "set_aside.jsonl").open()]
    assert [item["record"] for item in aside] == ["2", "3"]
    stored = pd.read_parquet(tmp_path / "out" / "clusters.parquet")
    pd.testing.assert_frame_equal(stored, result.clusters)


def test_csv_and_parquet_pass_through(corpus: pd.DataFrame, tmp_path: Path) -> None:
    few = corpus.head(12).rename(columns={"text": "body"})
    few["note"] = 'said "so",\nand left'
    few.to_csv(tmp_path / "c.csv", index=False)
    few.to_parquet(tmp_path / "c.parquet", index=False)
    options = Options(columns={"text": "body"})
    for name in ("c.csv", "c.parquet"):
        out = tmp_path / name.replace(".", "-")
        table = dedup_to([str(tmp_path / name)], out, options).clusters
        file = out / f"kept.{name.split('.')[1]}"
        kept = pd.read_csv(file, dtype=str) if "csv" in name else pd.read_parquet(file)
        wanted = few[table["keep"].to_numpy()].reset_index(drop=True)
        pd.testing.assert_frame_equal(kept, wanted, check_dtype=False)


@pytest.mark.parametrize(
    ("keep", "expected"), [("first", "b"), ("earliest", "c"), ("longest", "a"), ("origin", "c")]
)
def test_which_version_stays(keep: str, expected: str) -> None:
    words = story(random.Random(5), 200)
    rows = [
        {"id": "b", "published": "2024-03-02T10:00:00Z", "text": " ".join(words)},
        {"id": "a", "published": "2024-03-03", "text": " ".join([*words, "more", "words"])},
        {"id": "c", "published": "2024-03-01T08:00:00Z", "text": " ".join(words[2:])},
    ]
    table = dedup(pd.DataFrame(rows), Options(keep=keep))
    assert set(table["representative"]) == {expected}


FORMATS = (
    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S+00:00", "%Y-%m-%dT%H:%M:%S+05:30", "%Y-%m-%d",
    "%Y-%m-%dT%H:%M:%S", "%d %B %Y, %H:%M GMT", "not %Y",
)  # fmt: skip


@given(
    st.lists(
        st.tuples(
            st.datetimes(min_value=datetime(1985, 1, 1), max_value=datetime(2030, 1, 1)),
            st.sampled_from(FORMATS),
        ),
        min_size=2,
        max_size=8,
    )
)
@settings(max_examples=20, deadline=None)
def test_the_earliest_is_so_however_dates_are_written(dates: list[tuple[datetime, str]]) -> None:
    written = [moment.strftime(form) for moment, form in dates]
    text = " ".join(story(random.Random(1)))
    rows = [{"id": str(n), "published": date, "text": text} for n, date in enumerate(written)]
    found = int(dedup(pd.DataFrame(rows), Options(keep="earliest"))["representative"].iloc[0])
    readings = [interval(date, "record") for date in written]
    moments = [reading.earliest for reading in readings if reading]
    chosen = readings[found]
    assert (chosen.earliest if chosen else None) == min(moments, default=None)


def test_the_agencys_own_page_is_the_origin() -> None:
    text = " ".join(story(random.Random(1)))
    rows = [
        {"id": "a", "url": "https://paper.example/1", "published": "2024-01-01", "text": text},
        {"id": "b", "url": "https://www.reuters.com/2", "published": "2024-01-02", "text": text},
    ]
    assert set(dedup(rows)["representative"]) == {"b"}


def test_bad_input_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file"):
        dedup_to([str(tmp_path / "none.jsonl")], tmp_path / "out")
    (tmp_path / "file.jsonl").write_text('{"text": "some words"}')
    with pytest.raises(InputError, match="no folder can be made here"):
        dedup_to([str(tmp_path / "file.jsonl")], tmp_path / "file.jsonl" / "out")
    with pytest.raises(InputError, match=r"threshold"):
        Options(threshold=2)
