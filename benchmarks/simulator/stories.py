"""Trees of copies: who takes a text from whom, what is changed and what is left on it."""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.simulator.bases import Base, bases
from benchmarks.simulator.nouns import Copy, Line, Press, Story
from provenance.article import WrapperKind
from provenance.attribution import Agencies

K = WrapperKind
_FOLDER = Path(__file__).parent
_DEPTH = 5
PHRASES = {
    "first": "seen",
    "second": "misses seen",
    "third": "misses seen",
    "fourth": "misses seen",
    "fifth": "misses seen",
    "sixth": "misses seen",
    "seventh": "misses seen",
    "eighth": "misses seen",
    "ninth": "misses seen",
    "tenth": "held out",
    "eleventh": "held out",
}
"""The sets of phrases, oldest first, and whether recognisers were written knowing their misses."""
NEWEST = next(reversed(PHRASES))
"""The set that reports use unless told otherwise."""


def stories(count: int, seed: int, *, times: bool, phrases: str = NEWEST) -> Iterator[Story]:
    """Simulate stories; the same for the same numbers.

    Args:
        count: How many.
        seed: Below 1000 for development, from 1000 for reports.
        times: Whether pages state when they were published (6% wrongly, 6% not at all).
        phrases: Which of `PHRASES` the outlets speak.
    """
    texts = bases(4 * count, seed)
    for number in range(count):
        draw = random.Random(f"{seed}:{number}")
        yield _Writer(draw, texts, times, phrases).story(f"s{number}")


@cache
def _phrases(name: str) -> dict[str, Any]:
    """A set's phrases, without bylines and sources that name a real agency for outlets' texts."""
    text = (_FOLDER / "phrases" / name / "en.toml").read_text(encoding="utf-8")
    phrases: dict[str, Any] = tomllib.loads(text)
    names = [name for agency in Agencies.load() for name in agency.names if " " in name]
    for key in ("byline", "desk", "from_outlet"):
        phrases[key] = [said for said in phrases[key] if not any(name in said for name in names)]
    return phrases


class _Writer:
    """One story's random source and phrases."""

    def __init__(self, draw: random.Random, texts: list[Base], times: bool, phrases: str) -> None:
        self.draw, self.texts, self.times = draw, texts, times
        self.taken: set[str] = set()
        self.phrases = _phrases(phrases)
        self.styles = tomllib.loads((_FOLDER / "agencies.toml").read_text(encoding="utf-8"))["en"]

    def say(self, key: str, **values: str) -> str:
        """One phrase of a sort, its places filled."""
        people = self.phrases["people"]
        names = {"name": self.draw.choice(people), "name2": self.draw.choice(people)}
        town = self.draw.choice(self.phrases["towns"])
        phrase: str = self.draw.choice(self.phrases[key])
        return phrase.format_map(names | {"town": town, "year": "2024"} | values)

    def press(self, agency: str = "") -> Press:
        """Invent an outlet, or the site of an agency, with its lasting furniture."""
        name = self.say("papers")
        while name in self.taken:
            name = self.say("papers")
        self.taken.add(name)
        address = re.fullmatch(r"[\w-]+\.[a-z]{2,4}", name, re.IGNORECASE)
        plain = "".join(filter(str.isalnum, name.lower()))
        domain = name.lower() if address else f"{plain}.com"
        if agency:
            known = Agencies.load().by_id(agency)
            assert known is not None
            name, domain = known.name, known.domains[0]

        def lines(key: str, most: int, *kinds: WrapperKind) -> list[Line]:
            said = {self.say(key, me=name, domain=domain) for _ in range(most)}
            return [Line(text, frozenset(kinds), inner=False) for text in sorted(said)]

        # What is right for menus, buttons and footers is what the labels of real pages allow.
        above = lines("skip", 2, K.NAVIGATION, K.PROMOTION)
        above += lines("sections", 7, K.NAVIGATION, K.PROMOTION)
        below = lines("share", 2, K.PROMOTION, K.NAVIGATION) + lines("promotion", 2, K.PROMOTION)
        below += lines("related", 1, K.RELATED)
        titles = [title for title, _ in self.draw.sample(self.texts, 3)]
        below += [Line(title, frozenset({K.RELATED}), inner=False) for title in titles]
        below += lines("comment", 2, K.COMMENT) + lines("legal", 4, K.LEGAL, K.NAVIGATION)
        suffix = self.draw.choice((f" - {name}", f" | {name}", f" – {name}", ""))
        return Press(agency or domain, name, domain, tuple(above), tuple(below), suffix)

    def story(self, id: str) -> Story:
        """Grow one tree."""
        draw = self.draw
        title, paragraphs = draw.choice(self.texts)
        agency = draw.choice(sorted(self.styles)) if draw.random() < 0.6 else ""
        press = self.press(agency)
        core = [Line(text) for text in paragraphs]
        if agency:
            core = self._agency_copy(agency, core)
        moment = datetime(2024, 3, 5, tzinfo=UTC) + timedelta(minutes=draw.randint(0, 40000))
        own = Line(self.say("byline", me=press.name), frozenset({K.BYLINE}))
        root = self._page(f"{id}-0", press, None, title, core, [own], [], moment)
        # Decided before any copy is made of it: copies hold the version they were taken from.
        root = replace(root, present=draw.random() < (0.6 if agency else 0.75))
        copies, depths = [root], {root.id: 0}
        size = draw.randint(2, 12)
        while len(copies) <= size:
            parent = root if draw.random() < 0.5 else draw.choice(copies)
            if depths[parent.id] < _DEPTH:
                copies.append(self._take(f"{id}-{len(copies)}", parent, press, agency))
                depths[copies[-1].id] = depths[parent.id] + 1
        return Story(press.id, tuple(copies))

    def _agency_copy(self, agency: str, core: list[Line]) -> list[Line]:
        """Dateline and sign-off as the agency writes them."""
        style, town = self.styles[agency], self.draw.choice(self.phrases["towns"])
        values = {"PLACE": town.upper(), "Place": town, "mon": "Mar", "month": "March", "d": "5"}
        values |= {"year": "2024", "ab": "mk", "cd": "rt", "ef": "jw", "AB": "MK", "CD": "RT"}
        values |= {"name": "Anna Whitfield", "name2": "Tom Hargreaves"}
        by = frozenset({agency})
        dateline = self.draw.choice(style["dateline"]).format_map(values)
        signoff = self.draw.choice(style["signoff"]).format_map(values)
        first = Line(dateline + core[0].text, names=by if "(" in dateline else frozenset())
        end = [Line(signoff, frozenset({K.CREDIT, K.BYLINE}), names=by)] if signoff else []
        return [first, *core[1:], *end]

    def _take(self, id: str, parent: Copy, root: Press, agency: str) -> Copy:
        """One outlet takes the text from `parent`: a scraper with its wrapper, others without."""
        draw, press = self.draw, self.press()
        scraper = parent.parent is not None and draw.random() < 0.6
        inner = [line for line in parent.lines if line.inner and K.HEADLINE not in line.kinds]
        if not scraper:
            inner = [line for line in inner if not line.kinds]
        inner = self._edit(inner)
        headline = parent.headline
        if scraper:
            headline += parent.press.suffix
        elif draw.random() < 0.4:
            headline = draw.choice(self.phrases["leadins"]).strip(" ,:") + ": " + headline
        before, after = self._credits(press, parent, root, agency, scraper)
        moment = parent.moment + timedelta(minutes=draw.randint(4, 2500))
        copy = self._page(id, press, parent, headline, inner, before, after, moment)
        return replace(copy, traces=scraper, present=scraper or draw.random() > 0.1)

    def _picture(self, press: Press) -> list[Line]:
        """A picture's credit, which no reader takes for a byline: it says so, or has a caption."""
        kinds = frozenset({K.PHOTO_CREDIT, K.CAPTION})
        photo = self.say("photographers", me=press.name)
        credit = self.say("photo", photo=photo)
        bare = credit.strip("()[]") == photo
        return [Line(said, kinds) for said in ((self.say("caption"),) if bare else ()) + (credit,)]

    def _edit(self, lines: list[Line]) -> list[Line]:
        """Cut, localise, rewrite the opening; what is left may be untouched."""
        draw, swaps = self.draw, self.phrases["swaps"]
        text = [i for i, line in enumerate(lines) if not line.kinds]
        if draw.random() < 0.35:
            gone = set(text[max(4, int(len(text) * draw.uniform(0.5, 0.9))) :])
            lines = [line for i, line in enumerate(lines) if i not in gone]
        if draw.random() < 0.45:
            rate = draw.uniform(0.2, 0.8)
            lines = [
                line
                if line.kinds
                else replace(
                    line,
                    text=" ".join(
                        swaps.get(word, word) if draw.random() < rate else word
                        for word in line.text.split()
                    ),
                )
                for line in lines
            ]
        if draw.random() < 0.3:
            at = next(i for i, line in enumerate(lines) if not line.kinds)
            words = lines[at].text.split(" — ")[-1].split(" - ")[-1].split()
            opening = self.say("leadins") + " ".join(w for w in words if draw.random() < 0.85)
            lines = [*lines[:at], Line(opening), *lines[at + 1 :]]
        return lines

    def _credits(
        self, press: Press, parent: Copy, root: Press, agency: str, scraper: bool
    ) -> tuple[list[Line], list[Line]]:
        """What the outlet says of the source: above the text and below it."""
        draw = self.draw
        if scraper:
            kinds = frozenset({K.SOURCE_LINK})
            return [], [Line(self.say("source_link"), kinds)] if draw.random() < 0.5 else []
        if parent.parent is None and agency and draw.random() < 0.8:
            named = draw.choice(self.styles[agency]["names"])
            by = frozenset({agency})
            values = {"agency": named, "me": press.name}
            if draw.random() < 0.4:
                return [Line(self.say("by_agency", **values), frozenset({K.BYLINE}), names=by)], []
            key, kind = draw.choice((("credit", K.CREDIT), ("disclaimer", K.DISCLAIMER)))
            return [], [Line(self.say(key, **values), frozenset({kind}), names=by)]
        if draw.random() < 0.5:
            said = self.say("from_outlet", outlet=parent.press.name, title=parent.headline)
            kinds = frozenset({K.CREDIT, K.SOURCE_LINK, K.DISCLAIMER})
            return [], [Line(said, kinds, names=frozenset({parent.press.id}))]
        own = frozenset({press.id})
        return [Line(self.say("desk", me=press.name), frozenset({K.BYLINE}), names=own)], []

    def _page(
        self, id: str, press: Press, parent: Copy | None, headline: str, inner: list[Line],
        before: list[Line], after: list[Line], moment: datetime,
    ) -> Copy:  # fmt: skip
        """Put the outlet's furniture around a text."""
        draw = self.draw
        stated = moment if self.times and draw.random() > 0.06 else None
        if stated and draw.random() < 0.06:
            stated += timedelta(minutes=draw.randint(-900, 900))
        top = [Line(headline, frozenset({K.HEADLINE})), *before]
        if stated:
            shown = self.say("time", time=f"{stated:%B %d, %Y %H:%M} GMT")
            top.append(Line(shown, frozenset({K.TIMESTAMP})))
        if draw.random() < 0.6:
            top += self._picture(press)
        if draw.random() < 0.3:
            other = draw.choice(self.texts)[0]
            at = draw.randint(1, len(inner))
            teaser = Line(self.say("readmore", title=other), frozenset({K.READ_MORE, K.RELATED}))
            inner = [*inner[:at], teaser, *inner[at:]]
        lines = (*press.above, *top, *inner, *after, *press.below)
        return Copy(id, press, parent, headline, lines, moment, stated, True, False)
