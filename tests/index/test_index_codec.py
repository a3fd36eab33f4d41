from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.article import Article, Block, BlockKind, Claim, Interval, Link, Outlet
from provenance.index import codec

TEXT = st.text(st.characters(), max_size=20)  # lone surrogates included
MOMENT = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]))
INTERVAL = st.none() | st.builds(Interval, MOMENT, MOMENT, TEXT)
LINKS = st.lists(st.builds(Link, TEXT, TEXT), max_size=2).map(tuple)
HINTS = st.lists(TEXT, max_size=2).map(tuple)
BLOCK = st.builds(
    Block, st.integers(0, 99), TEXT, st.sampled_from(BlockKind), st.booleans(), LINKS, HINTS
)
ARTICLE = st.builds(
    Article,
    id=TEXT,
    blocks=st.lists(BLOCK, max_size=3).map(tuple),
    url=TEXT,
    final_url=TEXT,
    canonical_url=TEXT,
    outlet=st.none() | st.builds(Outlet, TEXT, TEXT),
    title=TEXT,
    byline=TEXT,
    published=INTERVAL,
    modified=INTERVAL,
    language=TEXT,
    claims=st.lists(st.builds(Claim, TEXT, TEXT), max_size=2).map(tuple),
    source=TEXT,
)


@given(ARTICLE)
def test_an_article_survives(article: Article) -> None:
    back = codec.decode(codec.encode(article))
    assert back == article
    if article.published and back.published:  # equality of moments ignores the zone
        assert back.published.earliest.utcoffset() == article.published.earliest.utcoffset()


@given(ARTICLE, st.data())
def test_damage_is_noticed(article: Article, data: st.DataObject) -> None:
    stored = bytearray(codec.encode(article))
    position = data.draw(st.integers(0, len(stored) - 1))
    stored[position] ^= 1 << data.draw(st.integers(0, 7))
    try:
        assert codec.decode(bytes(stored)) == article
    except ValueError:
        return


def test_truncation_is_noticed() -> None:
    stored = codec.encode(Article("a", (Block(0, "some text"),)))
    for length in range(len(stored)):
        with pytest.raises(ValueError):
            codec.decode(stored[:length])


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = codec.encode(Article("a", (Block(0, "x" * 10_000),)))
    assert len(stored) < 1000
    monkeypatch.setattr(codec, "MAX_BYTES", 1000)
    with pytest.raises(ValueError, match="larger than any article"):
        codec.decode(stored)


def said(article: Article) -> bytes:
    return codec.documents(article)[1]


@given(ARTICLE)
def test_the_content_is_the_document_without_name_and_place(article: Article) -> None:
    document, content = codec.documents(article)
    assert codec.from_json(document) == article
    assert codec.from_json(content) == replace(article, id="", source="")


def test_content_ignores_name_and_place_only() -> None:
    article = Article("a", (Block(0, "some text"),), title="t", source="file one")
    assert said(article) == said(replace(article, id="b", source="file two"))
    assert said(article) != said(replace(article, title="u"))
    assert said(article) != said(replace(article, outlet=Outlet("x.org", "X")))


def test_threads_do_not_mix_up_their_articles() -> None:
    from concurrent.futures import ThreadPoolExecutor

    def survives(n: int) -> bool:
        article = Article(str(n), tuple(Block(k, f"{n} {k} " * 300) for k in range(20)))
        return codec.decode(codec.encode(article)) == article

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(survives, range(400)))
