"""Pages read in other processes: the same articles in the same order, whatever becomes of those."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from multiprocessing import active_children

import pytest

from provenance.article import Article, InputError, SetAside
from provenance.sources.extraction import FEW, Extraction, Page

COUNT = FEW + 60


def found() -> Iterator[Article | SetAside | Page]:
    """Pages, one of them without text, and between them what needs no reading."""
    for number in range(COUNT):
        body = f"<h1>Story {number}</h1><p>It is story {number} of the day.</p>"
        html = "" if number % 20 == 7 else f"<html><body>{body}</body></html>"
        yield Page(html.encode(), "a.warc", str(number), url=f"https://paper.example/{number}")
        if number % 10 == 3:
            yield SetAside("a.warc", str(number), "cut off")


def test_other_processes_give_the_same_in_the_same_order() -> None:
    alone = list(Extraction().articles(found()))
    assert [getattr(item, "title", "") for item in alone[:3]] == ["Story 0", "Story 1", "Story 2"]
    with Extraction(2) as extraction:
        assert list(extraction.articles(found())) == alone


def test_a_process_that_is_killed_loses_no_page() -> None:
    alone = list(Extraction().articles(found()))
    with Extraction(2) as extraction:
        items = extraction.articles(found())
        begun = list(islice(items, FEW + 20))
        children = active_children()
        assert children
        for child in children:
            child.kill()
        assert begun + list(items) == alone


def test_what_came_before_a_failure_is_handed_on() -> None:
    def broken() -> Iterator[Article | SetAside | Page]:
        yield from islice(found(), FEW + 5)
        raise InputError("the disk is gone")

    with Extraction(2) as extraction:
        items = extraction.articles(broken())
        assert len(list(islice(items, FEW + 5))) == FEW + 5
        with pytest.raises(InputError, match="the disk is gone"):
            next(items)
