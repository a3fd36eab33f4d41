from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from provenance.article import Article, Block, InputError, Interval
from provenance.index import Counts, Index
from provenance.index.store import ARTICLE_BITS
from tests.index.conftest import Place
from tests.index.made_articles import article, text, words


@pytest.fixture
def index(place: Place) -> Iterator[Index]:
    with Index.open(place.location) as opened:
        yield opened


def found(index: Index, looked_up: Article, **options: int) -> dict[str, str]:
    return {each.article.id: each.relation for each in index.find(looked_up, **options)}


def test_added_updated_unchanged(index: Index) -> None:
    first = [article(n, url=f"https://a.org/{n}") for n in range(5)]
    assert index.add(first) == Counts(added=5)
    assert index.add(first) == Counts(unchanged=5)
    assert index.add([article(0, url="https://a.org/0", at="elsewhere")]) == Counts(unchanged=1)
    assert index.add([article(0, body=text(99))]) == Counts(updated=1)
    got = index.get("article-0")
    assert got is not None and got.text == text(99)
    assert len(index) == 5


def test_the_same_address_is_the_same_article(index: Index) -> None:
    index.add([article(1, id="one", url="https://A.org/story/#top")])
    assert index.add([article(1, id="two", url="https://A.org/story/#top")]) == Counts(unchanged=1)
    assert index.add([article(2, id="three", url="http://a.org/story")]) == Counts(updated=1)
    assert [each.id for each in index.articles()] == ["three"]
    assert index.add([article(3, id="four", url="http://a.org/story?page=2")]) == Counts(added=1)


def test_an_article_that_meets_two_known_ones_replaces_both(index: Index) -> None:
    index.add([article(1, id="one"), article(2, id="two", url="https://a.org/2")])
    assert index.add([article(3, id="one", url="https://a.org/2")]) == Counts(updated=1)
    assert [each.text for each in index.articles()] == [text(3)]
    assert index.verify() == []


def test_updates_within_one_batch(index: Index) -> None:
    versions = [article(n, id="same") for n in (1, 2, 2, 3)]
    assert index.add(versions) == Counts(added=1, updated=2, unchanged=1)
    assert found(index, article(3)) == {"same": "exact"}
    assert found(index, article(1)) == {}
    assert index.verify() == []


def test_everything_said_comes_back(index: Index) -> None:
    at = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)
    whole = replace(article(1, domain="a.org"), published=Interval(at, at, "meta"), language="en")
    index.add([whole])
    assert index.get(whole.id) == whole
    assert index.get("unknown") is None
    info = index.info()
    assert (info.articles, info.outlets, info.tokens) == (1, 1, 200)
    assert info.earliest == info.latest == at
    assert info.bytes > 0
    assert info.scheme["shingle"] == 5


def test_a_stored_article_finds_itself_and_its_copies_only(index: Index) -> None:
    body = text(1, 400)
    index.add(article(n) for n in range(100, 130))
    index.add(
        [
            article(1, id="itself", body=body),
            article(1, id="other case", body=body.upper().replace(" ", ", ")),
            article(1, id="wrapped", body=f"{text(2, 30)}\n{body}\n{text(3, 30)}"),
            article(1, id="cut", body=" ".join(body.split()[:160])),
            article(1, id="embedded", body=f"{text(4, 500)} {body} {text(5, 300)}"),
            article(1, id="a quotation", body=f"{text(6)} {' '.join(body.split()[:30])} {text(7)}"),
        ]
    )
    assert found(index, article(1, id="itself", body=body)) == {
        "itself": "exact",
        "other case": "exact",
        "wrapped": "near",
        "cut": "partial",
        "embedded": "partial",
    }


def test_overlap_is_from_the_side_of_the_article_looked_up(index: Index) -> None:
    body = words(1, 404)
    index.add([article(1, id="long", body=" ".join(body))])
    (match,) = index.find(article(1, id="short", body=" ".join(body[:104])))
    assert match.overlap.a_in_b == 1
    assert match.overlap.b_in_a == pytest.approx(100 / 400)
    assert match.overlap.shared == 100


def test_best_first_and_limited(index: Index) -> None:
    body = words(1, 400)
    bodies = {kept: " ".join(body[:kept]) for kept in (400, 360, 300, 250, 200)}
    index.add(article(1, id=str(kept), body=each) for kept, each in bodies.items())
    looked_up = article(1, id="x", body=bodies[400])
    assert list(found(index, looked_up)) == ["400", "360", "300", "250", "200"]
    assert list(found(index, looked_up, limit=2)) == ["400", "360"]


@pytest.mark.parametrize("count", [1, 3, 5, 12, 30])
def test_short_texts_match_as_a_whole_only(index: Index, count: int) -> None:
    body = text(1, count)
    index.add([article(1, id="short", body=body), article(2, id="long", body=f"{body} {text(3)}")])
    assert found(index, article(1, id="x", body=body)) == {"short": "exact"}


def test_texts_without_words(index: Index) -> None:
    index.add([article(1, id="empty", body=""), article(2, id="dots", body="… !")])
    assert len(index) == 2
    assert index.find(article(3, body="")) == []
    assert index.verify() == []


def test_only_main_blocks_are_fingerprinted(index: Index) -> None:
    main, menu = text(1), text(2)
    index.add([Article("page", (Block(0, menu, main=False), Block(1, main)))])
    assert found(index, article(1, id="x", body=main)) == {"page": "exact"}
    assert found(index, article(2, id="y", body=menu)) == {}


def test_an_outlets_furniture_makes_no_match(index: Index) -> None:
    form = text(1000, 400)
    pages = [article(n, body=f"{text(n, 300)}\n{form}", domain="a.org") for n in range(8)]
    index.add(pages)
    assert found(index, pages[3]) == {"article-3": "exact"}
    stranger = article(50, body=f"{text(50, 300)}\n{form}", domain="b.org")
    assert set(found(index, stranger)) == {page.id for page in pages}


def test_an_outlets_versions_of_one_story_still_match(index: Index) -> None:
    story = text(1, 400)
    versions = [article(n, body=f"{story} {text(n, 20)}", domain="a.org") for n in range(2, 10)]
    index.add(versions)
    assert set(found(index, versions[0])) == {version.id for version in versions}


def test_boilerplate_of_many_articles_does_not_hide_a_copy(index: Index) -> None:
    legal = text(1000, 60)
    index.add(article(n, body=f"{text(n, 30)} {legal}", domain=f"{n}.org") for n in range(10, 1500))
    story = text(1, 300)
    index.add([article(1, id="copy", body=f"{story} {legal}")])
    matches = index.find(article(2, id="x", body=f"{legal} {story}"))
    assert matches[0].article.id == "copy"


def test_removed_articles_are_gone(index: Index) -> None:
    index.add(article(n) for n in range(10))
    assert index.remove(["article-3", "article-4", "article-4", "unknown"]) == 2
    assert len(index) == 8
    assert index.get("article-3") is None
    assert index.find(article(3)) == []
    assert index.verify() == []
    before = index.info().postings
    index.compact()
    assert index.info().postings < before
    assert index.verify() == []
    assert found(index, article(5)) == {"article-5": "exact"}
    assert index.add([article(3)]) == Counts(added=1)
    assert found(index, article(3)) == {"article-3": "exact"}


def test_progress_tells_what_is_safe(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("provenance.index.adding.BATCH_ARTICLES", 4)
    told: list[tuple[Counts, int]] = []
    index.add(
        (article(n) for n in range(10)),
        progress=lambda counts: told.append((counts, len(index))),
    )
    assert told == [(Counts(4), 4), (Counts(8), 8), (Counts(10), 10)]


def test_what_was_read_before_an_error_is_kept(index: Index) -> None:
    def failing() -> Iterator[Article]:
        yield from (article(n) for n in range(3))
        raise InputError("the source broke")

    with pytest.raises(InputError, match="the source broke"):
        index.add(failing())
    assert len(index) == 3
    assert index.verify() == []


def test_what_is_no_article_is_refused_and_what_came_before_is_kept(index: Index) -> None:
    with pytest.raises(InputError, match="holds articles, not NoneType"):
        index.add([article(1), None])  # type: ignore[list-item]
    assert len(index) == 1


def test_verify_sees_a_foreign_posting_and_a_foreign_row(index: Index) -> None:
    store = index._store
    index.add(article(n) for n in range(3))
    assert index.verify() == []
    row = dict(store.rows())[2]
    with store.write():
        store.refresh(2, replace(row, passages=row.passages + 1))
    assert index.verify() == ["article 2: not the article its row says"]
    with store.write():
        store.refresh(2, row)
        store.add_postings(np.array([7 << ARTICLE_BITS | 3]))
    assert index.verify() == ["article 3: its postings are not those of its text"]


def test_threads_may_share_one_index(index: Index) -> None:
    from concurrent.futures import ThreadPoolExecutor

    index.add(article(n) for n in range(20))

    def work(n: int) -> dict[str, str]:
        index.add([article(1000 + n)])
        return found(index, article(n))

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(work, range(20)))
    assert results == [{f"article-{n}": "exact"} for n in range(20)]
    assert len(index) == 40
    assert index.verify() == []
