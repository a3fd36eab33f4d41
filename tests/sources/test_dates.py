"""Dates become intervals that hold every moment they can mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from provenance.sources import article_from_record
from provenance.sources.dates import interval


@pytest.mark.parametrize(
    ("value", "language", "earliest", "latest"),
    [
        ("2023-07-27", "", "2023-07-27T00:00:00+14:00", "2023-07-27T23:59:59-12:00"),
        ("2023-07-27T06:17:00Z", "", "2023-07-27T06:17:00+00:00", "2023-07-27T06:17:00+00:00"),
        ("2023-07-27 06:17", "", "2023-07-27T06:17:00+14:00", "2023-07-27T06:17:00-12:00"),
        (
            "Last Updated: July 27, 2023, 06:17 IST", "en",
            "2023-07-27T06:17:00+05:30", "2023-07-27T06:17:00+01:00",
        ),
        (
            "27. Juli 2023, 6:17 Uhr", "de",
            "2023-07-27T06:17:00+14:00", "2023-07-27T06:17:00-12:00",
        ),
        (
            "입력 2025.06.03 15:22", "ko",
            "2025-06-03T15:22:00+14:00", "2025-06-03T15:22:00-12:00",
        ),
        (
            "الأربعاء، 28 آب/اغسطس 2013، آخر تحديث 14:00 (GMT+0400)", "ar",
            "2013-08-28T14:00:00+04:00", "2013-08-28T14:00:00+04:00",
        ),
        (
            "4 تشرين الثاني 2013 14:00 GMT", "ar",
            "2013-11-04T14:00:00+00:00", "2013-11-04T14:00:00+00:00",
        ),
        (
            "26, Abril, 2022 7:43 p.m. GMT", "es",
            "2022-04-26T19:43:00+00:00", "2022-04-26T19:43:00+00:00",
        ),
        ("3/4/2023", "", "2023-03-04T00:00:00+14:00", "2023-04-03T23:59:59-12:00"),
    ],
)  # fmt: skip
def test_intervals(value: str, language: str, earliest: str, latest: str) -> None:
    found = interval(value, "meta", language)
    assert found is not None
    assert (found.earliest.isoformat(), found.latest.isoformat()) == (earliest, latest)


@pytest.mark.parametrize("value", ["", "soon", "1234567", "2023-13-45", "0001-01-01", "9999-12-31"])
def test_what_is_no_plausible_date(value: str) -> None:
    assert interval(value, "meta") is None


def test_a_record_keeps_its_own_facts() -> None:
    article = article_from_record(
        {"text": "A headline here\n\nOne text.", "published": "2016-07-05", "outlet": "www.npr.org",
         "source": "NPR", "credit": "AP", "id": "7"}
    )  # fmt: skip
    assert article.id == "7"
    assert article.published is not None
    assert article.published.source == "record"
    assert article.outlet is not None
    assert (article.outlet.domain, article.outlet.name) == ("npr.org", "NPR")
    assert ("record:credit", "AP") in [(claim.field, claim.value) for claim in article.claims]


@pytest.mark.parametrize("value", [1690416000, "1690416000", 1690416000.0, "1690416000123"])
def test_a_number_in_a_table_is_seconds_since_1970(value: object) -> None:
    found = article_from_record({"text": "Ten people came.", "published": value}).published
    assert found is not None
    assert found.earliest == found.latest == datetime(2023, 7, 27, tzinfo=UTC)
