"""Input nobody should send, and what comes of it: an article, or one clear line."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.article import Article, InputError, SetAside
from provenance.sources import (
    article_from_html,
    article_from_record,
    article_from_text,
    read,
    tables,
)

BODY = "<h1>A headline of a page</h1>" + "<p>A paragraph that goes on for a while here.</p>" * 3


def one(path: Path) -> Article | SetAside:
    (item,) = read(str(path))
    return item


def aside(path: Path) -> str:
    item = one(path)
    assert isinstance(item, SetAside)
    assert "\n" not in item.reason
    return item.reason


def test_a_missing_file_is_bad_input() -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read("/nowhere/at/all.html"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty page"),
        (b"<html><body><script>var a = 1;</script></body></html>", "without text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "binary file (PNG)"),
        (bytes(range(256)) * 20, "binary file"),
        (b"%PDF-1.7 ...", "binary file (PDF)"),
        (b"\x1f\x8b\x08\0broken", "damaged compression"),
        (b"WARC/1.0\r\n", "record is cut off"),
        (b"PAR1 and nothing more", "damaged Parquet"),
    ],
)
def test_what_cannot_be_read_is_set_aside_with_its_reason(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(data)
    assert reason in aside(path)


def test_pages_and_bombs_beyond_the_limit_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.html"
    huge.write_bytes(b"<p>" + b"word " * 5_000_000)
    assert "larger than 20 MB" in aside(huge)
    for name, bomb in (
        ("bomb.html.gz", gzip.compress(b"<p>" + b"a" * 50_000_000)),
        ("bomb.html.zst", zstandard.compress(b"<p>" + b"a" * 50_000_000)),
    ):
        path = tmp_path / name
        path.write_bytes(bomb)
        assert len(bomb) < 100_000
        assert "larger than 20 MB" in aside(path)


def test_a_torn_zstandard_file_is_told_of_wherever_it_is_torn(tmp_path: Path) -> None:
    line = b'{"text": "a line that is whole"}\n'
    first, second = zstandard.compress(line * 3), zstandard.compress(line)
    path = tmp_path / "torn.jsonl.zst"
    path.write_bytes(first + second)
    assert len(list(read(str(path)))) == 4
    for left in (len(first) - 1, len(first) + 9, len(first + second) - 1):
        path.write_bytes((first + second)[:left])
        fault = list(read(str(path)))[-1]
        assert isinstance(fault, SetAside)
        assert "damaged compression (ended in the middle" in fault.reason


def test_a_table_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.jsonl.zst"
    path.write_bytes(zstandard.compress((b" " * 999 + b"\n") * 400_000))
    assert "beyond all proportion" in aside(path)


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("html", b"<p>"),
        ("txt", b"a"),
        ("jsonl", b'{"text": "'),
        ("jsonl", b'[{"text": "'),
        ("csv", b'text,id\n"'),
        ("feed", b"<rss>"),
        ("sitemap", b"<urlset>"),
        ("urls", b"https://x.org/"),
        ("newsml", b"<newsItem>"),
        ("warc", b"WARC/1.0\r\nX: "),
    ],
)
def test_a_single_line_of_500_mb_is_refused_in_little_memory(
    kind: str, start: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "line"
    with path.open("wb") as file:
        file.write(start)
        file.truncate(500_000_000)
    tracemalloc.start()
    items = list(read(str(path), format=kind))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert items and all(isinstance(item, SetAside) for item in items)
    assert peak < 150_000_000


def test_what_follows_a_line_too_long_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "LARGEST_PAGE", 1000)
    path = tmp_path / "lines.jsonl"
    good = b'{"text": "A line of a length that anybody reads."}\n'
    path.write_bytes(b'{"text": "' + b"word " * 1000 + b'"}\n' + good)
    first, second = read(str(path))
    assert isinstance(first, SetAside) and first.record == "1"
    assert isinstance(second, Article) and second.source.endswith("#2")


def test_deep_nesting_does_not_end_the_program() -> None:
    article = article_from_html(BODY + "<div>" * 1_000_000 + "deep" + "</div>" * 1_000_000)
    assert article.title == "A headline of a page"


def test_zero_bytes_giant_attributes_and_unclosed_tags() -> None:
    page = f"<div class='{'x' * 2_000_000}'><b\0old><p>Te\0xt stays<p>More <i>text" + BODY
    texts = [block.text for block in article_from_html(page).blocks]
    assert texts[:2] == ["Text stays", "More text"]


def test_broken_and_endless_json_ld_is_passed_over() -> None:
    scripts = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "author": </script>'
        f'<script type="application/ld+json">{"[" * 200_000}</script>'
        '<script type="application/ld+json">{"@type":"NewsArticle","author":"Ann Lee",}</script>'
    )
    assert article_from_html(scripts + BODY).byline == "Ann Lee"


def test_bad_records_are_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text('{"body": "One text."}\nnot json\n[1]\n{"x": 1}\n{"body": "Another text."}\n')
    items = list(read(str(path), columns={"text": "body"}))
    assert [type(item) for item in items] == [Article, SetAside, SetAside, SetAside, Article]
    assert [item.record for item in items if isinstance(item, SetAside)] == ["2", "3", "4"]


def test_a_text_may_begin_with_a_bracket(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_text("[Updated] The old bridge over the river was opened again on Tuesday.")
    item = one(path)
    assert isinstance(item, Article) and item.text.startswith("[Updated]")


def test_an_unknown_format_is_bad_input() -> None:
    with pytest.raises(InputError, match="format 'docx' cannot be read; give one of html"):
        list(read("-", format="docx"))


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.characters(), max_size=400))
def test_any_text_is_an_article_or_bad_input(text: str) -> None:
    for make in (article_from_html, article_from_text):
        try:
            article = make(text)
        except InputError:
            continue
        assert all(block.text == " ".join(block.text.split()) for block in article.blocks)
        assert article.id


@settings(deadline=None, max_examples=40)
@given(
    st.dictionaries(
        st.sampled_from(["text", "html", "id", "url", "outlet", "published", "language"]),
        st.one_of(st.text(max_size=60), st.integers(), st.none(), st.binary(max_size=60)),
    )
)
def test_any_record_is_an_article_or_bad_input(record: dict[str, object]) -> None:
    try:
        assert article_from_record(record).blocks
    except InputError:
        return
