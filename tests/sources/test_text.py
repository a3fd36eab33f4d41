"""Plain text: where its headline is."""

from __future__ import annotations

import pytest

from provenance.sources import article_from_text


@pytest.mark.parametrize(
    ("above", "title"),
    [
        (("Bridge", "By Jane Miller, Springfield Courier, and the Associated Press"), "Bridge"),
        (("Skip to content", "A bridge opens in the old town", "By Tom Reed"), "A bridge opens"),
        (("By Jane Miller and the Associated Press",), ""),
    ],
)
def test_a_headline_stands_above_a_byline_and_is_none(above: tuple[str, ...], title: str) -> None:
    found = article_from_text("\n\n".join((*above, *("The bridge opened on Monday." * 9,) * 3)))
    assert found.title.startswith(title) and bool(found.title) == bool(title)
