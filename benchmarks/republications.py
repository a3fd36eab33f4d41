"""Real republications: whom does the program name for each cross-outlet pair, and whom did we?

``python -m benchmarks.republications`` judges both articles of every pair of
``republications.csv``, each beside the other, and compares with what was written down by hand
before any code ran: the original (an article, an agency, or ``separate`` for two own texts that
quote the same third party) and how much of the text is shared (``whole``, ``part``, ``quotes``).
"""

from __future__ import annotations

import csv
from pathlib import Path

from benchmarks.shared import news, record
from provenance.article import Article
from provenance.attribution import Agencies
from provenance.compare import compare
from provenance.jobs.check import describe
from provenance.origin import Judgement, judge

LABELS = Path(__file__).with_name("republications.csv")


def party_of(article: Article, agencies: Agencies) -> str:
    """Id of who runs the article's site: an agency, else the outlet's domain."""
    domain = article.outlet.domain if article.outlet else ""
    agency = agencies.by_domain(domain)
    return agency.id if agency else domain


def judged(a: Article, b: Article, agencies: Agencies) -> Judgement:
    """What the program says of `a` beside `b`."""
    subject, other = describe(a, agencies), describe(b, agencies)
    return judge(subject, [other], {b.id: compare(a, b)}, agencies)


def main() -> None:
    """Judge every pair from both sides and record where hand and program differ."""
    agencies = Agencies.load()
    with LABELS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = {row[side] for row in rows for side in "ab"}
    articles = {article.id: article for article in news() if article.id in wanted}
    right: dict[str, list[bool]] = {}
    differences = []
    for row in rows:
        for one, two in (("a", "b"), ("b", "a")):
            article, other = articles[row[one]], articles[row[two]]
            original = row["original"]
            whole = row["share"] in ("whole", "part")
            if not whole and original != article.id:
                expected = party_of(article, agencies)  # an own text around a quotation
            elif original in articles:
                expected = party_of(articles[original], agencies)
            else:
                expected = original
            origins = judged(article, other, agencies).origins
            named = origins[0].party.id if origins else "unknown"
            right.setdefault(row["share"], []).append(named == expected)
            if named != expected:
                sure = origins[0].probability if origins else 0.0
                differences.append(
                    f"- {row['share']}: {article.title[:60]!r} ({party_of(article, agencies)}): "
                    f"by hand {expected}, by program {named} ({sure:.2f}); {row['reason']}"
                )
    lines = [
        f"- {share}: {sum(hits)} of {len(hits)} articles agree" for share, hits in right.items()
    ]
    record("Real republications: hand and program", [*lines, "", *differences])


if __name__ == "__main__":
    main()
