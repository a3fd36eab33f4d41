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
        (("Thursday, June 10, 2021", "A harbour in the evening light"), "A harbour"),
        (("von Johanna Muster/dpa", "21. August 2020, 09:11 Uhr"), ""),
        (("岛上将建三座新桥", "2024-01-03 09:20 来源: 灯塔时报 作者:"), "岛上将建三座新桥"),
        (("The bridge of the town opened on Monday. " * 8, "A harbour in the evening light"), ""),
        (('The minister calls it "a bridge too far"', "Third of March"), "The minister calls"),
    ],
)
def test_a_headline_stands_above_a_byline_and_is_none(above: tuple[str, ...], title: str) -> None:
    found = article_from_text("\n\n".join((*above, *("The bridge opened on Monday." * 9,) * 3)))
    assert found.title.startswith(title) and bool(found.title) == bool(title)


@pytest.mark.parametrize(
    ("text", "given", "language"),
    [
        ("Die Brücke wird am Montag für den Verkehr geöffnet, sagte die Stadt.", "", "de"),
        ("Köprü pazartesi günü trafiğe açılacak, dedi belediye ve bu çok iyi.", "", "tr"),
        ("Die Brücke wird am Montag für den Verkehr geöffnet, sagte die Stadt.", "nl", "nl"),
        ("4711", "", ""),
    ],
)
def test_a_text_that_comes_without_its_language_tells_it(
    text: str, given: str, language: str
) -> None:
    assert article_from_text(text, language=given).language == language
