"""Web archives: kept records as they came, up to where a file is torn."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pandas as pd
import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from provenance.bulk.options import Options
from provenance.jobs.dedup import dedup_to
from tests.bulk.corpora import versions


def archive_of(rows: pd.DataFrame, zipped: bool) -> bytes:
    """A web archive with a page of each text, and a record of metadata before it."""
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=zipped)
    for id, text in zip(rows["id"], rows["text"], strict=True):
        for kind in ("metadata", "response"):
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
            page = io.BytesIO(f"<html><body><p>{text}</p></body></html>".encode())
            record = writer.create_warc_record(
                f"https://paper.example/{id}", kind, page,
                http_headers=http if kind == "response" else None,
            )  # fmt: skip
            writer.write_record(record)
    return file.getvalue()


@pytest.mark.parametrize("zipped", [False, True])
def test_kept_records_of_an_archive_are_an_archive(tmp_path: Path, zipped: bool) -> None:
    rows = versions(4)
    name = "a.warc.gz" if zipped else "a.warc"
    (tmp_path / name).write_bytes(archive_of(rows, zipped))
    result = dedup_to([str(tmp_path / name)], tmp_path / "out")
    with (tmp_path / "out" / "kept.warc").open("rb") as kept:
        headers = [record.rec_headers for record in ArchiveIterator(kept)]
    found = [header.get_header("WARC-Target-URI") for header in headers]
    table = result.clusters
    assert found == list(table["id"][table["keep"]]) and 0 < len(found) < len(rows)


@pytest.mark.parametrize("zipped", [False, True])
def test_a_torn_archive_is_kept_up_to_the_record_that_is_torn(tmp_path: Path, zipped: bool) -> None:
    whole = archive_of(versions(4).drop_duplicates("text").head(9), zipped)
    records = gzip.decompress(whole) if zipped else whole
    path = tmp_path / "a.warc"
    for share in (0.3, 0.5, 0.7, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        result = dedup_to([str(path)], tmp_path / "out")
        kept = (tmp_path / "out" / "kept.warc").read_bytes()
        pages = kept.count(b"WARC-Type: response")
        assert 0 < pages == result.summary["kept"] and len(result.set_aside) == 1
        assert kept.split(b"WARC/1.0")[-1] in records and kept.endswith(b"\r\n\r\n")


def test_the_same_whoever_reads(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "c.warc.gz").write_bytes(archive_of(versions(7, seed=1), True))
    versions(4, seed=2).to_parquet(folder / "b.parquet", index=False, row_group_size=5)
    for number, text in enumerate(versions(5, seed=3)["text"]):
        page = "" if number == 7 else f"<html><body><p>{text}</p></body></html>"
        (folder / f"{'az'[number % 2]}{number}.html").write_text(page)
    found = []
    for many in (1, 3):
        out = tmp_path / f"out{many}"
        dedup_to([str(folder)], out, Options(threads=many), processes=many)
        names = ("clusters.parquet", "set_aside.jsonl", "kept.jsonl", "kept.warc", "kept.parquet")
        found.append([(out / name).read_bytes() for name in names])
    assert found[0] == found[1]
    assert found[0][1].count(b"z7.html") == 1
