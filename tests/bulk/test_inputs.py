"""Every kind of input: what is read, what is set aside, and kept records as they came."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from provenance.article import Article, Block, InputError
from provenance.bulk.options import Options
from provenance.index import Index
from provenance.jobs.dedup import DedupResult, dedup_to
from provenance.jobs.dedup_table import dedup
from tests.bulk.corpora import versions
from tests.bulk.kills import COMMAND


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return versions(4)


def lines(rows: pd.DataFrame) -> list[bytes]:
    return [json.dumps(row).encode() + b"\n" for row in rows.to_dict("records")]


def kept_ids(result: DedupResult) -> list[str]:
    table = result.clusters
    return list(table["id"][table["keep"]])


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("a.jsonl", bytes),
        ("a.jsonl.gz", gzip.compress),
        ("a.jsonl.zst", zstandard.ZstdCompressor().compress),
    ],
)
def test_lines_pass_through_plain_and_compressed(
    rows: pd.DataFrame, tmp_path: Path, name: str, packed: type[bytes]
) -> None:
    data = lines(rows)
    (tmp_path / name).write_bytes(packed(b"".join(data).rstrip(b"\n")))
    result = dedup_to([str(tmp_path / name)], tmp_path / "out")
    wanted = [line for line in data if json.loads(line)["id"] in kept_ids(result)]
    assert 0 < len(wanted) < len(data)
    assert (tmp_path / "out" / "kept.jsonl").read_bytes() == b"".join(wanted)


def test_a_folder_and_a_glob_are_their_files(rows: pd.DataFrame, tmp_path: Path) -> None:
    data = lines(rows)
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.jsonl").write_bytes(b"".join(data[:9]))
    (tmp_path / "in" / "deep" / "b.jsonl").write_bytes(b"".join(data[9:]))
    (tmp_path / "in" / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    folder = dedup_to([str(tmp_path / "in")], tmp_path / "in" / "out")
    again = dedup_to([str(tmp_path / "in")], tmp_path / "in" / "out")
    globbed = dedup_to([str(tmp_path / "in" / "**" / "*.jsonl")], tmp_path / "out")
    assert folder.summary["articles"] == again.summary["articles"] == len(data)
    assert kept_ids(folder) == kept_ids(globbed)
    assert [aside.source.rpartition("/")[2] for aside in folder.set_aside] == ["picture.png"]


def test_standard_input_leaves_nothing_behind(rows: pd.DataFrame, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = subprocess.run(
        [*COMMAND, "-", "--out", out, "--json"],
        input=b"".join(lines(rows)), capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(run.stdout)["articles"] == len(rows)
    assert set(pd.read_parquet(out / "clusters.parquet")["source"].str.partition("#")[0]) == {"-"}
    assert sorted(path.name for path in out.iterdir()) == [
        "clusters.parquet", "kept.jsonl", "set_aside.jsonl", "summary.json",
    ]  # fmt: skip


def test_a_table_without_a_name_is_not_taken_for_a_text(tmp_path: Path) -> None:
    table = b"id,text\n1,some words\n2,other words\n"
    for format, read in (((), 0), (("--format", "csv"), 2)):
        run = subprocess.run(
            [*COMMAND, "-", "--out", tmp_path / "out", "--json", *format],
            input=table, capture_output=True, check=False,
        )  # fmt: skip
        assert run.returncode == (0 if read else 2)
        assert b"--format csv" in run.stderr or json.loads(run.stdout)["articles"] == read


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_csv_of_any_encoding_keeps_its_bytes(tmp_path: Path, encoding: str) -> None:
    words = [f"река{number % 37} и\nгород{number}" for number in range(60)]
    texts = [" ".join(words), " ".join(words), " ".join(words[::-1])]
    cells = ['"' + text.replace("\n", "\r\n") + '"' for text in texts]
    records = [f"{id};{cell};я\r\n" for id, cell in zip("abc", cells, strict=True)]
    header = "id;text;note\r\n"
    (tmp_path / "a.csv").write_bytes("".join([header, *records]).encode(encoding))
    result = dedup_to([str(tmp_path / "a.csv")], tmp_path / "out")
    assert kept_ids(result) == ["a", "c"]
    expected = "".join([header, records[0], records[2]]).encode(encoding)
    assert (tmp_path / "out" / "kept.csv").read_bytes() == expected


def test_csv_files_of_other_headers_stay_apart(rows: pd.DataFrame, tmp_path: Path) -> None:
    few = rows.iloc[[0, 6, 12]]
    few.to_csv(tmp_path / "a.csv", index=False)
    more = rows.iloc[[0, 4]].assign(note="y")
    more.to_csv(tmp_path / "b.csv", index=False)
    rows.iloc[[18]].to_csv(tmp_path / "c.csv", index=False)
    (tmp_path / "c.csv").open("a").write("one,two,three\n")
    result = dedup_to([str(tmp_path / "*.csv")], tmp_path / "out", Options(keep="first"))
    kept = pd.read_csv(tmp_path / "out" / "kept.csv", dtype=str)
    assert list(kept["id"]) == [*few["id"], "3.0"]
    other = pd.read_csv(tmp_path / "out" / "kept-2.csv", dtype=str)
    pd.testing.assert_frame_equal(other, more.iloc[1:].reset_index(drop=True), check_dtype=False)
    assert [aside.reason for aside in result.set_aside] == ["3 values for 2 columns"]


def test_parquet_rows_without_text_are_set_aside(rows: pd.DataFrame, tmp_path: Path) -> None:
    blank = pd.DataFrame({"id": list("abcd"), "text": [None, "", " \u3000\n", "\xa0"]})
    table = pd.concat([rows.head(3), blank, rows.tail(3)])
    table.to_parquet(tmp_path / "a.parquet", index=False)
    result = dedup_to([str(tmp_path / "a.parquet")], tmp_path / "out")
    assert [aside.record for aside in result.set_aside] == ["4", "5", "6", "7"]
    assert list(pd.read_parquet(tmp_path / "out" / "kept.parquet")["id"]) == kept_ids(result)
    assert result.summary["articles"] == 6


def test_shards_of_one_schema_go_to_one_file(rows: pd.DataFrame, tmp_path: Path) -> None:
    rows.iloc[:10].to_parquet(tmp_path / "a.parquet", compression="zstd")
    rows.iloc[10:].to_parquet(tmp_path / "b.parquet", compression="zstd")
    rows.iloc[:1].assign(more=1, text="another schema").to_parquet(tmp_path / "c.parquet")
    result = dedup_to([str(tmp_path / "*.parquet")], tmp_path / "out", Options(keep="first"))
    kept = pd.read_parquet(tmp_path / "out" / "kept.parquet")
    assert list(kept["id"]) == kept_ids(result)[:-1]
    assert "more" in pd.read_parquet(tmp_path / "out" / "kept-2.parquet")
    written = pq.ParquetFile(tmp_path / "out" / "kept.parquet").metadata.row_group(0).column(0)
    assert written.compression == "ZSTD"


def test_columns_of_any_type_are_read(rows: pd.DataFrame, tmp_path: Path) -> None:
    few = rows.head(6)
    dates = pd.to_datetime(["2024-05-03", "2024-05-01", "2024-05-02"] * 2, utc=True)
    table = pa.table({
        "id": pa.array(range(6)), "text": pa.array(few["text"]).dictionary_encode(),
        "published": pa.array(dates), "outlet": pa.array([b"\xff\xfe.example"] * 6, pa.binary()),
    })  # fmt: skip
    pq.write_table(table, tmp_path / "a.parquet")
    result = dedup_to([str(tmp_path / "a.parquet")], tmp_path / "out", Options(keep="earliest"))
    assert result.clusters["representative"].iloc[0] == "1"


def test_a_damaged_row_group_is_set_aside(rows: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows.to_parquet(path, index=False, row_group_size=6, compression="gzip")
    group = pq.ParquetFile(path).metadata.row_group(1).column(1)
    with path.open("r+b") as file:
        file.seek(group.data_page_offset or 0)
        file.write(bytes(100))
    result = dedup_to([str(path)], tmp_path / "out")
    assert [aside.record for aside in result.set_aside] == ["7-12"]
    assert set(kept_ids(result)) == set(pd.read_parquet(tmp_path / "out" / "kept.parquet")["id"])
    assert result.summary["articles"] == len(rows) - 6


def test_what_was_read_of_a_torn_file_counts(rows: pd.DataFrame, tmp_path: Path) -> None:
    whole = gzip.compress(b"".join(lines(rows)))
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "b.jsonl").write_bytes(lines(rows)[-1])
    result = dedup_to([str(tmp_path / "*.jsonl*")], tmp_path / "out")
    assert 1 < result.summary["articles"] < len(rows)
    assert "damaged compression" in result.set_aside[0].reason


def test_hostile_files_stop_nobody(rows: pd.DataFrame, tmp_path: Path) -> None:
    bad = {
        "a.parquet": b"PAR1PAR1", "b.csv": b"", "c.csv": b'id,text\n1,"' + b"never closed\n" * 9999,
        "d.csv": "id,text\n1,\u00e9".encode("utf-16") + b"\x41",
        "e.jsonl": b'{"text": ' + b"[" * 99_999 + b"\n", "f.jsonl.gz": gzip.compress(b" " * 10**8),
        "g.jsonl": b'{"text": "\xff"}\n{"text": "\\ud800"}\n',
        "h.warc": b"WARC/1.0\r\nX: " + b"x" * 999,
    }  # fmt: skip
    (tmp_path / "in").mkdir()
    for name, data in bad.items():
        (tmp_path / "in" / name).write_bytes(data)
    rows.to_parquet(tmp_path / "in" / "z.parquet")
    result = dedup_to([str(tmp_path / "in")], tmp_path / "out")
    named = {Path(aside.source).name for aside in result.set_aside}
    assert named >= {"a.parquet", "b.csv", "e.jsonl", "g.jsonl", "h.warc"}
    assert all(aside.reason for aside in result.set_aside)
    assert list(result.clusters["source"]).count(f"{tmp_path / 'in' / 'z.parquet'}#1") == 1


def test_when_nothing_can_be_read_it_is_said_and_listed(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"body": "a text"}\n{broken\n')
    (tmp_path / "b.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(InputError, match="no text"):
        dedup_to([str(tmp_path / "*.*")], tmp_path / "out")
    reasons = [json.loads(x)["reason"] for x in (tmp_path / "out" / "set_aside.jsonl").open()]
    assert len(reasons) == 3 and "damaged Parquet" in reasons[2]
    pd.DataFrame({"body": ["a text"]}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(InputError, match="--column text="):
        dedup_to([str(tmp_path / "b.parquet")], tmp_path / "out")


def test_a_list_of_json_keeps_all_fields_of_its_items(rows: pd.DataFrame, tmp_path: Path) -> None:
    records = [{**row, "extra": {"deep": [1]}} for row in rows.head(6).to_dict("records")]
    (tmp_path / "a.json").write_text(json.dumps([*records, 7], indent=1))
    result = dedup_to([str(tmp_path / "a.json")], tmp_path / "out")
    kept = [json.loads(line) for line in (tmp_path / "out" / "kept.jsonl").open()]
    assert kept == [record for record in records if record["id"] in kept_ids(result)]
    assert [aside.record for aside in result.set_aside] == ["7"]


def test_html_stands_in_for_text(rows: pd.DataFrame, tmp_path: Path) -> None:
    pages = [f"<html><body><p>{text}</p></body></html>" for text in rows["text"].head(6)]
    table = pd.DataFrame({"id": rows["id"].head(6), "html": pages})
    table.to_parquet(tmp_path / "a.parquet")
    table.to_json(tmp_path / "b.jsonl", orient="records", lines=True)
    expected = dedup(rows.head(6))["cluster"].tolist()
    for name in ("a.parquet", "b.jsonl"):
        assert dedup(tmp_path / name)["cluster"].tolist() == expected


def test_pages_are_kept_as_lines(rows: pd.DataFrame, tmp_path: Path) -> None:
    for number, text in enumerate(rows["text"].iloc[[0, 3, 6]]):
        (tmp_path / f"{number}.html").write_text(f"<html><body><p>{text}</p></body></html>")
    result = dedup_to([str(tmp_path)], tmp_path / "out")
    kept = [json.loads(line)["text"] for line in (tmp_path / "out" / "kept.jsonl").open()]
    assert len(kept) == result.summary["kept"] == 2 and result.summary["articles"] == 3


def test_what_an_index_holds_is_told_and_not_kept(rows: pd.DataFrame, tmp_path: Path) -> None:
    known = rows[rows["id"].isin(["0.0", "2.0"])]
    with Index.open(str(tmp_path / "news.db")) as index:
        index.add(
            Article(f"known {id}", (Block(0, text),))
            for id, text in zip(known["id"], known["text"], strict=True)
        )
    options = Options(against=str(tmp_path / "news.db"))
    rows.to_parquet(tmp_path / "a.parquet")
    table = dedup_to([str(tmp_path / "a.parquet")], tmp_path / "out", options).clusters
    told = table.set_index("id")["indexed_as"]
    assert set(told[["0.0", "0.1", "0.3", "0.5"]]) == {"known 0.0"}
    assert told[["0.4", "1.0", "3.0"]].isna().all()
    assert not table["keep"][table["indexed_as"].notna()].any()
    assert {id.partition(".")[0] for id in table["id"][table["keep"]]} >= {"1", "3"}
    in_memory = dedup(rows, options)
    pd.testing.assert_series_equal(in_memory["indexed_as"], table["indexed_as"])
    with pytest.raises(InputError, match=r"missing\.db"):
        dedup(rows, Options(against=str(tmp_path / "missing.db")))


def test_the_function_takes_what_people_have(rows: pd.DataFrame, tmp_path: Path) -> None:
    expected = dedup(rows).drop(columns="source")
    rows.to_parquet(tmp_path / "a.parquet")
    articles = [
        Article(id, (Block(0, text),)) for id, text in zip(rows["id"], rows["text"], strict=True)
    ]
    for source in (
        rows.to_dict("records"), iter(rows.to_dict("records")), articles,
        tmp_path / "a.parquet", str(tmp_path / "*.parquet"), [tmp_path / "a.parquet"],
    ):  # fmt: skip
        found = dedup(source).drop(columns="source")
        pd.testing.assert_frame_equal(found, expected)
    assert dedup(list(rows["text"]))["cluster"].nunique() == expected["cluster"].nunique()
    with pytest.warns(UserWarning, match="2 records set aside"):
        assert len(dedup(["one text", "", 7])) == 1
    odd = pd.DataFrame({"id": [1, "b"], "text": ["half \ud83d a pair", "another"]}, dtype=object)
    assert list(dedup(odd)["id"]) == ["1", "b"]
