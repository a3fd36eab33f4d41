"""Dates as people and machines write them → intervals that are sure to hold the moment."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from provenance.article import Interval

FIRST_ZONE, LAST_ZONE = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
"""The zones where a day begins first (Kiribati) and ends last (Baker Island)."""
EARLIEST_YEAR = 1990
AHEAD = timedelta(days=3)
LONGEST_DATE = 120
UNIX_TIME = re.compile(r"([0-9]{9,10})(?:[0-9]{3}|\.[0-9]{1,9})?")
"""Seconds since 1970, or thousandths, from 1973 on."""
ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?P<time>[T ]{1,2}\d{1,2}:\d{2}\S{0,20})?")
CLOCK = re.compile(
    r"(?<!\d)(\d{1,2})\s?[:.h時시]\s?(\d{2})(?:[:.]\d{2})?(?!\d)\s?([ap]\.?m\b)?", re.I
)
OFFSET = re.compile(r"(?:GMT|UTC)?\s?([+-])(\d{1,2}):?(\d{2})?(?!\d)")
CAPITALS = re.compile(r"\b[A-Z]{1,5}\b")
DIGITS = re.compile(r"\d")
YEAR_FIRST = re.compile(
    r"(?<![\d./-])((?:19|20)\d{2})(?:\.\s?|[/-]|\s?[年년]\s?)(\d{1,2})"
    r"(?:\.\s?|[/-]|\s?[月월]\s?)(\d{1,2})(?!\d)\s?[日일]?"
)
NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})[./-]((?:19|20)\d{2})(?!\d)")
WORDED = re.compile(
    # Letters, and the vowel signs that Indian scripts and Thai write between them.
    r"(?:\b\d{1,2}(?:[.,]|st|nd|rd|th|er|º)?\s(?:de\s|of\s)?"
    r"(?:[^\W\d]{3,12}|[\u0900-\u0eff]{2,14})\.?,?\s(?:de\s)?"
    r"|\b[^\W\d]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s)(?:19|20)\d{2}(?!\d)"
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
BUDDHIST_YEAR = re.compile(r"(?<!\d)25[3-9]\d(?!\d)")
"""Years as Thailand counts them, 543 ahead."""
EASTERN_MONTHS = {
    "كانون الثاني": "يناير", "شباط": "فبراير", "آذار": "مارس", "نيسان": "أبريل", "أيار": "مايو",
    "حزيران": "يونيو", "تموز": "يوليو", "آب": "أغسطس", "أيلول": "سبتمبر",
    "تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر", "كانون الأول": "ديسمبر",
}  # fmt: skip
"""Months as Syria, Lebanon, Iraq and Jordan call them, and as the rest of the Arab world does."""
EASTERN = re.compile(rf"\b({'|'.join(EASTERN_MONTHS)})\b(?:/\w+)?")
"""One of them, with the other name behind it where a paper writes both: "آب/أغسطس"."""
COMMON_LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "tr", "ru", "sv", "da"]
ZONES: dict[str, tuple[float, ...]] = {
    "UTC": (0,), "GMT": (0,), "Z": (0,), "WET": (0,), "WEST": (1,), "CET": (1,), "CEST": (2,),
    "MEZ": (1,), "MESZ": (2,), "EET": (2,), "EEST": (3,), "MSK": (3,), "TRT": (3,),
    "BST": (1, 6, 11), "IST": (5.5, 1, 2), "SAST": (2,), "CAT": (2,), "EAT": (3,), "WAT": (1,),
    "AST": (-4, 3), "ADT": (-3,), "EST": (-5, 10), "EDT": (-4, 11), "ET": (-5, -4),
    "CST": (-6, 8, -5), "CDT": (-5, -4), "CT": (-6, -5), "MST": (-7, 8, 6.5), "MDT": (-6,),
    "MT": (-7, -6), "PST": (-8, 8), "PDT": (-7,), "PT": (-8, -7), "AKST": (-9,), "AKDT": (-8,),
    "HST": (-10,), "NST": (-3.5,), "NDT": (-2.5,), "BRT": (-3,), "ART": (-3,), "CLT": (-4,),
    "GST": (4, -2), "PKT": (5,), "NPT": (5.75,), "BDT": (6,), "ICT": (7,), "WIB": (7,),
    "WITA": (8,), "WIT": (9,), "SGT": (8,), "MYT": (8,), "HKT": (8,), "PHT": (8,), "AWST": (8,),
    "JST": (9,), "KST": (9,), "ACST": (9.5,), "ACDT": (10.5,), "AEST": (10,), "AEDT": (11,),
    "NZST": (12,), "NZDT": (13,),
}  # fmt: skip
"""UTC offsets, in hours, that a zone's abbreviation can mean; several where it is ambiguous."""


def interval(value: str, source: str, language: str = "") -> Interval | None:
    """The interval a written date can mean, or None when it is no plausible date.

    A day without an hour spans that day in every zone; an hour without a zone spans all zones; an
    ambiguous zone (IST: India, Ireland, Israel) spans its meanings.

    Args:
        value: ISO 8601, or words such as ``July 27, 2023, 06:17 IST``.
        source: What to record as the interval's `source`.
        language: ISO 639-1 code of the words, where known.
    """
    value = " ".join(value.split())[:LONGEST_DATE]
    if language == "th":
        value = BUDDHIST_YEAR.sub(lambda year: str(int(year.group()) - 543), value)
    if language == "ar":
        value = EASTERN.sub(lambda month: EASTERN_MONTHS[month.group(1)], value)
    if not DIGITS.search(value):
        return None
    found = _iso(value, source) or _worded(value, source, language)
    if found is None or found.earliest.year < EARLIEST_YEAR:
        return None
    return found if found.earliest < datetime.now(UTC) + AHEAD else None


def recorded(value: str, language: str = "") -> Interval | None:
    """The interval of a table's value, which may also be a number: seconds since 1970.

    Args:
        value: What `interval` reads, or digits.
        language: As there.
    """
    seconds = UNIX_TIME.fullmatch(value)
    if seconds:
        value = datetime.fromtimestamp(int(seconds.group(1)), UTC).isoformat()
    return interval(value, "record", language)


def mostly_date(line: str) -> bool:
    """Whether a line has a year and little beside figures, as one that says when."""
    digits, letters = (sum(map(kind, line)) for kind in (str.isdigit, str.isalpha))
    return bool(YEAR.search(line)) and (2 * digits >= letters or line[:4].isdigit())


def narrowest(intervals: list[Interval]) -> Interval | None:
    """The narrowest of several readings of one moment; of equals, the first."""
    return min(intervals, key=lambda i: i.latest - i.earliest, default=None)


def _iso(value: str, source: str) -> Interval | None:
    match = ISO.match(value)
    if match is None:
        return None
    try:
        moment = datetime.fromisoformat(value.replace(" UTC", "Z").replace("  ", " "))
    except ValueError:
        try:
            moment = datetime.fromisoformat(match.group()[:19].rstrip("T "))
        except ValueError:
            return None
    return _span(
        moment, (), source, timed=match.group("time") is not None and not _midnight(moment)
    )


def _midnight(moment: datetime) -> bool:
    """Whether a moment without a zone is only a day that a program wrote with a time."""
    return moment.tzinfo is None and moment.time() == time.min


def _span(moment: datetime, zones: tuple[float, ...], source: str, *, timed: bool) -> Interval:
    """Bounds of a moment in its own zone, in each of `zones`, or in all there are."""
    if timed and moment.tzinfo is not None:
        return Interval(moment, moment, source)
    first, last = _bounds(zones) if zones else (FIRST_ZONE, LAST_ZONE)
    if moment.tzinfo is not None:
        first = last = moment.tzinfo
    if timed:
        return Interval(moment.replace(tzinfo=first), moment.replace(tzinfo=last), source)
    day = moment.date()
    return Interval(
        datetime.combine(day, time.min, first),
        datetime.combine(day, time(23, 59, 59), last),
        source,
    )


def _bounds(zones: tuple[float, ...]) -> tuple[tzinfo, tzinfo]:
    return timezone(timedelta(hours=max(zones))), timezone(timedelta(hours=min(zones)))


def _worded(value: str, source: str, language: str) -> Interval | None:
    """A date in words or figures, wherever it stands in a short line."""
    found = _days(value, language)
    if found is None:
        return None
    days, rest = found
    clock = CLOCK.search(rest)
    hour = _hour(clock) if clock else None
    zones = _zones(rest[clock.end() :] if clock else rest)
    spans = [
        _span(datetime.combine(day, hour or time.min), zones, source, timed=hour is not None)
        for day in days
    ]
    return Interval(spans[0].earliest, spans[-1].latest, source)


def _zones(rest: str) -> tuple[float, ...]:
    """Offsets in hours that the words after a clock time can mean; empty when none is named."""
    offset = OFFSET.search(rest)
    if offset:
        sign, hours, minutes = offset.groups()
        amount = int(hours) + int(minutes or 0) / 60
        return (amount if sign == "+" else -amount,) if amount <= 14 else ()
    return next((ZONES[word] for word in CAPITALS.findall(rest) if word in ZONES), ())


def _hour(clock: re.Match[str]) -> time | None:
    hour, minute = int(clock.group(1)), int(clock.group(2))
    half = (clock.group(3) or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _days(value: str, language: str) -> tuple[list[date], str] | None:
    """The day a line names and what is left of the line; both days that 3/4/2023 can mean."""
    for pattern, read in ((YEAR_FIRST, _year_first), (NUMERIC, _numeric), (WORDED, _in_words)):
        match = pattern.search(value)
        if match:
            try:
                days = read(match, language)
            except ValueError:
                continue
            if days:
                return days, f"{value[: match.start()]} {value[match.end() :]}"
    return None


def _year_first(match: re.Match[str], _language: str) -> list[date]:
    year, month, day = map(int, match.groups())
    return [date(year, month, day)]


def _numeric(match: re.Match[str], language: str) -> list[date]:
    first, separator, second, year = match.groups()
    a, b, y = int(first), int(second), int(year)
    if a > 12 or separator != "/" or language not in ("", "en"):
        return [date(y, b, a)]
    if b > 12:
        return [date(y, a, b)]
    return sorted({date(y, a, b), date(y, b, a)})


def _in_words(match: re.Match[str], language: str) -> list[date]:
    # dateutil knows English only, but imports and parses many times faster than dateparser.
    from dateutil.parser import parse as english

    try:
        return [english(match.group()).date()]
    except (ValueError, OverflowError):
        pass
    from dateparser import parse

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    for languages in ([language], ["en"]) if language else (COMMON_LANGUAGES,):
        try:
            found = parse(match.group(), languages=languages, settings=settings)
        except (ValueError, OverflowError, RecursionError):
            continue
        if found is not None:
            return [found.date()]
    return []
