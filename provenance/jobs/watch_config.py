"""What to watch, from a TOML file; whatever is wrong with it is said with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from provenance.article import InputError
from provenance.sources.fetch import AGENT
from provenance.sources.manners import Manners

PERIOD = re.compile(r"(\d{1,6}) ?(s|m|h|d)")
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
LEAST_EVERY = 10.0
"""Seconds; asking a feed more often is of no use to anyone."""
MOST_SOURCES = 10_000


@dataclass(frozen=True, slots=True)
class Source:
    """One feed, sitemap or list to watch.

    Attributes:
        url: Its address.
        every: Seconds between two looks at it.
        as_agency: The agency whose own feed it is, as the agencies file knows it, or empty.
    """

    url: str
    every: float
    as_agency: str = ""


@dataclass(frozen=True, slots=True)
class WatchConfig:
    """A validated configuration.

    Attributes:
        sources: What to watch.
        recheck: Ages of an article, in seconds, at which its page is fetched again to see edits.
        max_age: Seconds; what a feed or sitemap says is older is passed over.
        state: Where it is remembered what was seen; None: beside the index.
        manners: How hosts are treated.
        user_agent: What the fetcher calls itself.
    """

    sources: tuple[Source, ...]
    recheck: tuple[float, ...] = (2 * 3600.0, 24 * 3600.0)
    max_age: float = 7 * 86_400.0
    state: Path | None = None
    manners: Manners = Manners()  # noqa: RUF009 - frozen
    user_agent: str = AGENT

    @classmethod
    def load(cls, path: Path) -> WatchConfig:
        """Read a configuration.

        Raises:
            InputError: It is missing, no TOML, or says something that makes no sense; where and
                what to write instead.
        """
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{path}: cannot be read: {error.strerror}") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path}: not TOML: {error}") from error
        return _Reader(str(path)).config(table)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Values out of tables, each with its place in messages."""

    path: str

    def error(self, place: str, message: str) -> InputError:
        return InputError(f"{self.path}: {place}: {message}")

    def config(self, table: Mapping[str, Any]) -> WatchConfig:
        known = ("every", "recheck", "max_age", "state", "user_agent", "manners", "source")
        self.only(table, known, "")
        every = self.period(table.get("every", "15m"), "every", LEAST_EVERY)
        listed = table.get("source")
        if not isinstance(listed, list) or not listed:
            raise self.error("source", "nothing to watch; add [[source]] with a url")
        if len(listed) > MOST_SOURCES:
            raise self.error("source", f"{len(listed)} are too many, at most {MOST_SOURCES}")
        sources = [self.source(one, f"source {n}", every) for n, one in enumerate(listed, 1)]
        addresses = [source.url for source in sources]
        for number, url in enumerate(addresses):
            if url in addresses[:number]:
                raise self.error(f"source {number + 1}", f"{url} is listed twice; remove one")
        ages = table.get("recheck", ["2h", "1d"])
        if not isinstance(ages, list):
            raise self.error("recheck", 'must be a list of ages such as ["2h", "1d"], or []')
        state = table.get("state")
        return WatchConfig(
            sources=tuple(sources),
            recheck=tuple(sorted(self.period(age, "recheck", 60.0) for age in ages)),
            max_age=self.period(table.get("max_age", "7d"), "max_age", 3600.0),
            state=None if state is None else Path(self.text(state, "state")),
            manners=self.manners(table.get("manners", {})),
            user_agent=self.text(table.get("user_agent", AGENT), "user_agent"),
        )

    def only(self, table: Any, known: tuple[str, ...], place: str) -> None:
        if not isinstance(table, dict):
            raise self.error(place, "must be a table")
        for key in table:
            if key not in known:
                where = f"{place}: {key}" if place else key
                raise self.error(where, f"unknown; known are {', '.join(known)}")

    def source(self, table: Any, place: str, every: float) -> Source:
        self.only(table, ("url", "every", "as_agency"), place)
        url = self.text(table.get("url", ""), f"{place}: url")
        try:
            fine = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
        except ValueError:
            fine = False
        if not fine:
            raise self.error(f"{place}: url", f"{url!r} is no http address")
        if "every" in table:
            every = self.period(table["every"], f"{place}: every", LEAST_EVERY)
        agency = table.get("as_agency")
        return Source(
            url, every, "" if agency is None else self.text(agency, f"{place}: as_agency")
        )

    def manners(self, table: Any) -> Manners:
        self.only(table, tuple(field.name for field in fields(Manners)), "manners")
        for key, value in table.items():
            whole = isinstance(getattr(Manners(), key), int)
            if type(value) not in ((int,) if whole else (int, float)) or value < whole:
                kind = "a whole number from 1" if whole else "a number of seconds from 0"
                raise self.error(f"manners: {key}", f"{value!r} is not {kind}")
        return Manners(**table)

    def text(self, value: Any, place: str) -> str:
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise self.error(place, f"{value!r} is not a text of one line")
        return value.strip()

    def period(self, value: Any, place: str, least: float) -> float:
        match = PERIOD.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise self.error(place, f'{value!r} is no period; write "30s", "15m", "2h" or "1d"')
        seconds = float(match.group(1)) * SECONDS[match.group(2)]
        if seconds < least:
            raise self.error(place, f"{value!r} is too short, at least {least:g} s")
        return seconds
