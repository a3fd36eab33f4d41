"""Results as pages: one file each that opens offline, needs no script and prints well."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from provenance.article import Evidence
from provenance.jobs.check import CheckResult
from provenance.jobs.diff import DiffResult
from provenance.origin import Version
from provenance.report import picture, wording
from provenance.report.changes import changes, reference
from provenance.report.order import by_time, hops_in_time
from provenance.report.sides import Row, Side, aligned, alone, folded, legend

_SIZE = {"row": picture.ROW, "width": picture.WIDTH}


@dataclass(frozen=True, slots=True)
class Site:
    """The navigation around a page that is served; a page in a file has none.

    Attributes:
        here: Address of the page.
        pages: Addresses and names of the main pages.
    """

    here: str
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A piece of evidence with the place of its quote on the page."""

    kind: str
    quote: str
    weight: float
    where: str
    anchor: str
    spoken: bool


@cache
def style() -> str:
    """The style sheet."""
    return files(__package__).joinpath("templates", "style.css").read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """The templates; whatever they print is escaped and freed of invisible control characters."""
    made = Environment(
        loader=PackageLoader("provenance.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: wording.visible(value) if type(value) is str else value,
    )
    made.filters.update(
        cut=wording.shorten,
        day=wording.day,
        fact=wording.fact,
        iso=wording.iso,
        label=wording.label,
        moment=wording.moment,
        outlet=wording.outlet,
        percent=wording.percent,
        times=wording.times,
    )
    made.tests["web"] = is_web
    digest = b64encode(sha256(style().encode()).digest()).decode()
    made.globals.update(
        style=Markup(style()),  # noqa: S704 - our own file
        style_hash=f"sha256-{digest}",
        program=version("provenance"),
        site=None,
    )
    return made


def is_web(address: str) -> bool:
    """Whether an address may stand in a link: never ``javascript:`` or the like."""
    return address.lower().startswith(("http://", "https://"))


def render(template: str, site: Site | None = None, **values: Any) -> str:
    """One page from a template."""
    return environment().get_template(template).render(site=site, **values)


def check_html(result: CheckResult, site: Site | None = None) -> str:
    """The report of one checked article."""
    return render("check.html", site, **_Report(result).values())


def diff_html(result: DiffResult, site: Site | None = None) -> str:
    """The report of two versions."""
    left = Side(result.a, result.a_roles, "a", {})
    right = Side(result.b, result.b_roles, "b", {})
    rows = aligned(left, right, result.comparison, flipped=False)
    return render(
        "diff.html",
        site,
        a=result.a.article,
        b=result.b.article,
        overlap=result.overlap,
        found=changes(result.a, result.a_roles, result.comparison, result.b),
        kinds=legend(rows),
        runs=folded(rows),
    )


class _Report:
    """What the template of `check_html` shows, each quote with the place it links to."""

    def __init__(self, result: CheckResult) -> None:
        self.result = result
        others = sorted(result.others, key=lambda version: by_time(version.article))
        self.versions: tuple[Version, ...] = (result.version, *others)
        self.anchors = {v.article.id: f"v{n}" for n, v in enumerate(self.versions)}
        self.names = {v.article.id: wording.outlet(v.article) for v in result.others}
        self.unseen: dict[tuple[str, str, str], str] = {}
        self.beside = reference(result)

    def values(self) -> dict[str, Any]:
        """Every variable of the template."""
        result, judgement = self.result, self.result.judgement
        origins = [
            {"party": o.party, "probability": o.probability, "facts": list(self.facts(o.evidence))}
            for o in judgement.origins
        ]
        boxes = picture.tree(hops_in_time(result))
        hops = [
            {
                "parent": box.hop.parent,
                "child": box.hop.child,
                "probability": box.hop.probability,
                "doubtful": box.hop.doubtful,
                "facts": list(self.facts(box.hop.evidence)),
            }
            for box in boxes
            if box.hop
        ]
        rows = self.rows()
        return {
            "article": result.article,
            "title": result.article.title,
            "publisher": wording.publisher(result),
            "headline": wording.headline(result),
            "judgement": judgement,
            "origins": origins,
            "hops": hops,
            "credit": wording.credit_line(judgement.credit),
            "credit_anchor": self.credit_anchor(),
            "boxes": boxes,
            "timeline": picture.timeline(self.times(boxes)),
            "size": _SIZE,
            "copies": list(self.copies()),
            "beside": self.summary(rows),
            "kinds": legend(rows),
            "runs": folded(rows),
            "versions": list(self.others()),
            "unseen": list(self.outside()),
            "history": result.versions if len(result.versions) > 1 else (),
        }

    def facts(self, evidence: Iterable[Evidence]) -> Iterator[Fact]:
        """Evidence, strongest first, linked to the words it quotes."""
        for each in evidence:
            yield Fact(
                kind=each.kind,
                quote=each.quote,
                weight=each.weight,
                where=wording.place(each, self.result.article, self.names),
                anchor=self.anchor(each),
                spoken=each.block is not None,
            )

    def anchor(self, each: Evidence) -> str:
        """The id of the block that a fact quotes, or of its line among what has no block."""
        if each.block is not None and each.article in self.anchors:
            return f"{self.anchors[each.article]}-b{each.block}"
        key = (each.kind, each.quote, each.article)
        return self.unseen.setdefault(key, f"fact{len(self.unseen)}")

    def credit_anchor(self) -> str:
        """The id of the words that give credit."""
        credit = self.result.judgement.credit
        if not credit.quote:
            return ""
        return self.anchor(
            Evidence("credit", credit.quote, credit.block, 0, self.result.article.id)
        )

    def outside(self) -> Iterator[Mapping[str, str]]:
        """Facts without a block, after everything has been linked."""
        for (kind, quote, article), anchor in self.unseen.items():
            fact = Evidence(kind, quote, None, 0, article)
            where = wording.place(fact, self.result.article, self.names)
            yield {"kind": kind, "quote": quote, "anchor": anchor, "where": where}

    def quotes(self, article: str) -> dict[int, list[str]]:
        """For each block of a version, what is quoted from it."""
        judgement = self.result.judgement
        lists = [o.evidence for o in judgement.origins] + [h.evidence for h in judgement.chain]
        found: dict[int, list[str]] = {}
        for each in (fact for facts in lists for fact in facts):
            if each.article == article and each.block is not None:
                found.setdefault(each.block, []).append(each.quote)
        credit = judgement.credit
        if article == self.result.article.id and credit.block is not None:
            found.setdefault(credit.block, []).append(credit.quote)
        return found

    def side(self, shown: Version, *, anchored: bool = True) -> Side:
        """A version as a column; the roles are known of the checked page only."""
        id = shown.article.id
        roles = self.result.roles if shown is self.result.version else ()
        return Side(shown, roles, self.anchors[id] if anchored else "", self.quotes(id))

    def rows(self) -> list[Row]:
        """The checked page, beside the version it was most likely taken from if there is one."""
        if self.beside is None:
            return alone(self.side(self.result.version))
        comparison = self.result.comparisons[self.beside.article.id]
        return aligned(
            self.side(self.beside), self.side(self.result.version), comparison, flipped=True
        )

    def others(self) -> Iterator[Mapping[str, Any]]:
        """The versions that do not stand beside the checked page already."""
        here = self.side(self.result.version, anchored=False)
        for each in self.versions[1:]:
            if each is not self.beside:
                comparison = self.result.comparisons[each.article.id]
                yield {
                    "anchor": self.anchors[each.article.id],
                    "outlet": wording.outlet(each.article),
                    "published": each.article.published,
                    "runs": folded(aligned(self.side(each), here, comparison, flipped=True)),
                }

    def summary(self, rows: Sequence[Row]) -> Mapping[str, Any] | None:
        """How the checked page differs from the version it stands beside, in figures."""
        if self.beside is None:
            return None
        id = self.beside.article.id
        comparison = self.result.comparisons[id]
        found = changes(self.result.version, self.result.roles, comparison, self.beside)
        return {
            "anchor": self.anchors[id],
            "outlet": wording.outlet(self.beside.article),
            "kept": wording.words(found.kept, "block of text", "blocks of text"),
            "edited": len(found.edited),
            "added": sum(row.state == "added" for row in rows),
            "cut": sum(row.state == "cut" for row in rows),
            "reworded": len(found.reworded),
            "around": len(found.around),
            "dropped": len(found.dropped),
        }

    def copies(self) -> Iterator[Mapping[str, Any]]:
        """The rows of the table of copies, the earliest first."""
        for match in sorted(self.result.copies, key=lambda match: by_time(match.article)):
            found = match.article
            yield {
                "anchor": self.anchors[found.id],
                "outlet": wording.outlet(found),
                "title": found.title,
                "url": found.final_url or found.url or found.canonical_url,
                "published": found.published,
                "of_this": match.overlap.a_in_b,
                "of_theirs": match.overlap.b_in_a,
                "relation": match.relation,
            }

    def times(self, boxes: Sequence[picture.Box]) -> list[tuple[str, Any, bool]]:
        """The versions that are pages, in the order of the drawn chain, with their times."""
        pages = {v.article.id: v.article for v in self.versions}
        order = [box.node.article for box in boxes if box.node.article in pages]
        order += [id for id in pages if id not in order]
        here = self.result.article.id
        names = self.names | {here: wording.publisher(self.result)}
        return [(names[id], pages[id].published, id == here) for id in order if id]
