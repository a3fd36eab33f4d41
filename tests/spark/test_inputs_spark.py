"""What goes in and comes out, in each format, beside the local engine; each rule of `keep`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pyspark.sql import SparkSession

from provenance.article import InputError
from provenance.bulk.options import Options
from provenance.bulk.spark.sketches import block_places, numbered, sketched
from provenance.bulk.spark.tables import table_of
from provenance.jobs.dedup import dedup_to
from provenance.jobs.dedup_spark import dedup_on_spark
from tests.bulk.agreeing import by_id, corpus, kept_lines, same

pytestmark = pytest.mark.xdist_group("spark")


def test_csv_with_semicolons_and_the_earliest_kept(spark: SparkSession, tmp_path: Path) -> None:
    table, folder = corpus(), tmp_path / "in"
    table["text"] += '; "so"\nhe said'
    folder.mkdir()
    for number in range(2):
        file = folder / f"{number}.csv.gz"
        table.iloc[number::2].to_csv(file, index=False, sep=";", compression="gzip")
    options = Options(keep="earliest")
    expected = dedup_to([str(folder)], tmp_path / "local", options)
    out = tmp_path / "out"
    (out / "kept.parquet").mkdir(parents=True)
    same(out, dedup_on_spark([str(folder)], str(out), options, spark=spark), expected)
    kept = pd.concat(
        pd.read_csv(file, sep=";", keep_default_na=False)
        for file in (out / "kept.csv").glob("part-*")
    )
    expected_kept = pd.read_csv(tmp_path / "local" / "kept.csv", sep=";", keep_default_na=False)
    pd.testing.assert_frame_equal(by_id(kept), by_id(expected_kept))
    assert not (out / "kept.parquet").exists()  # of a run before


def test_any_dataframe_and_the_longest_kept(spark: SparkSession, tmp_path: Path) -> None:
    table = corpus().rename(columns={"text": "body.text"})
    table["id"] = [f"n{number}" for number in range(len(table))]
    file = tmp_path / "news.parquet"
    table.to_parquet(file, index=False)
    options = Options(keep="longest", columns={"text": "body.text"})
    expected = dedup_to([str(file)], tmp_path / "local", options)
    frame = spark.createDataFrame(table.to_dict("records")).repartition(3)
    dedup_on_spark(frame, str(tmp_path / "out"), options)
    got = pd.read_parquet(tmp_path / "out" / "clusters.parquet")
    pd.testing.assert_frame_equal(
        by_id(got.drop(columns="source")), by_id(expected.clusters.drop(columns="source"))
    )
    kept = pd.read_parquet(tmp_path / "out" / "kept.parquet")[list(table.columns)]
    pd.testing.assert_frame_equal(
        by_id(kept), by_id(pd.read_parquet(tmp_path / "local" / "kept.parquet"))
    )


@pytest.mark.parametrize("kind", ["txt", "html"])
def test_a_folder_of_pages(spark: SparkSession, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number, text in enumerate(corpus()["text"].iloc[:30]):
        words = text.split()
        paragraphs = [" ".join(words[at : at + 40]) + "." for at in range(0, len(words), 40)]
        if kind == "html":
            paragraphs = [f"<p>{paragraph}</p>" for paragraph in paragraphs]
        (folder / f"{number:02} ü.{kind}").write_text("\n\n".join(paragraphs), "utf-8")
    loaded = table_of(spark, [str(folder)], None)
    sketches = sketched(loaded, Options()).localCheckpoint()
    rows = numbered(sketches, block_places(sketches)).orderBy("num").toPandas()
    expected = dedup_to([str(folder)], tmp_path / "local")
    texts = rows[rows["fault"].isna()]
    assert texts["id"].tolist() == expected.clusters["id"].tolist()
    assert texts["source"].tolist() == expected.clusters["source"].tolist()
    lines = {row["value"] + b"\n" for row in texts["row"]}
    assert set(kept_lines(tmp_path / "local" / "kept.jsonl")) <= lines


def test_what_the_engine_has_not_is_refused_in_one_line(
    spark: SparkSession, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="--engine local"):
        dedup_on_spark(["x.parquet"], str(tmp_path), Options(against="news.db"), spark=spark)
    for name in ("news.warc", "news.jsonl", "torn.parquet"):
        (tmp_path / name).write_bytes(b"WARC/1.0\r\n\r\n")
    for paths in (["news.warc"], ["news.warc", "news.jsonl"], ["torn.parquet", "news.jsonl"]):
        with pytest.raises(InputError, match=r"Parquet, ORC, JSON lines, CSV.*--engine local"):
            dedup_on_spark([str(tmp_path / path) for path in paths], str(tmp_path), spark=spark)
    for name in ("gone.parquet", "torn.parquet"):
        with pytest.raises(InputError, match=name) as told:
            dedup_on_spark([str(tmp_path / name)], str(tmp_path), spark=spark)
        assert "\n" not in str(told.value)
    spark.range(3).write.parquet(str(tmp_path / "ids.parquet"))
    with pytest.raises(InputError, match="--column text="):
        dedup_on_spark([str(tmp_path / "ids.parquet")], str(tmp_path / "out"), spark=spark)


def test_files_with_other_headers_end_the_job_and_not_in_the_wrong_columns(
    spark: SparkSession, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("id,text\n1,one\n")
    (tmp_path / "b.csv").write_text("text,id\ntwo,2\n")
    with pytest.raises(InputError, match="header") as told:
        dedup_on_spark([str(tmp_path / "*.csv")], str(tmp_path / "out"), spark=spark)
    assert "\n" not in str(told.value)
