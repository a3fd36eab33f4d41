"""Fit the weights of ``attribution/wrapper/wrapper.toml`` to the labelled pages of the dev half.

``python -m benchmarks.fit_wrapper [--check]``: with ``--check`` it writes nothing and prints the
figures of a five-fold cross-validation over sites instead.

Each page is read as HTML and as text, the text also in cut-outs around the story (a reader pastes
less than a page). Both models are logistic regressions with an L2 penalty; a label that more than
one kind is right for counts as any of them.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from benchmarks.wrapper_pages import UNSURE, Labelled, Labels, carry, labelled
from provenance.article import Article, WrapperKind
from provenance.attribution import Agencies
from provenance.attribution.language.phrases import PhraseKind
from provenance.attribution.wrapper import weighing
from provenance.attribution.wrapper.signs import place_signs, signs
from provenance.sources import article_from_text

TARGET = Path(weighing.__file__).with_name("wrapper.toml")
MENUS = frozenset({"menu", "foot", "ticker", "mixed", "form", "dialog", "share"})
KINDS = tuple(
    sorted(
        set(WrapperKind)
        - {WrapperKind.CREDIT, WrapperKind.DISCLAIMER, WrapperKind.SOURCE_LINK}
        - {WrapperKind.DATELINE, WrapperKind.BRANDING}
    )
)
"""Kinds that signs decide; credits are read by rules, and too few dateline and branding lines are
labelled."""
CUT_OUTS = (((0, 3), (0, 4)), ((2, 12), (4, 20)), ((0, 0), (10, 60)), ((8, 40), (2, 12)))
"""Least and most lines above the headline and below the story that a reader may paste along."""
DATELINES = ("", "", "{TOWN} ({name}) - ", "{town}, 3.5. ({name}) — ", "({name}) ",
             "{name}, {town} – ", "{TOWN}. /{name}/. ", "{town} ({name}): ")  # fmt: skip
SIGNOFFS = ("", "", " ({name})", " /{name}", " - {name}", "({name})", " ab/{name}", "【{name}】")
"""What an agency's text may begin and end with; it stays a paragraph."""
LEAST = 10
"""Lines that must have a sign before it gets a weight."""
SMALLEST = 0.05
STORY_PENALTY, KIND_PENALTY = 1.0, 3.0
SECOND = 0.5
"""What a kind counts that is right but is not a label's first."""
SPEAKS_FOR = {
    PhraseKind.PROMOTION: WrapperKind.PROMOTION,
    PhraseKind.RELATED: WrapperKind.RELATED,
    PhraseKind.READ_MORE: WrapperKind.READ_MORE,
    PhraseKind.NAVIGATION: WrapperKind.NAVIGATION,
    PhraseKind.SECTION: WrapperKind.NAVIGATION,
    PhraseKind.COMMENT: WrapperKind.COMMENT,
    PhraseKind.LEGAL: WrapperKind.LEGAL,
    PhraseKind.RIGHTS: WrapperKind.LEGAL,
    PhraseKind.TIMESTAMP: WrapperKind.TIMESTAMP,
    PhraseKind.PHOTO: WrapperKind.PHOTO_CREDIT,
}
EXPECTED = {"{}: some": 0.5, "{}: third": 0.5, "{}: most": 1.0, "{}: opens": 0.5, "under {}": 0.5}
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line: its label, its signs without and with its place, how much it counts."""

    site: str
    form: str
    label: str
    own: frozenset[str]
    placed: frozenset[str]


def lines(labels: Labels) -> Iterator[Line]:
    """Every scored line of every form of the dev half."""
    draw = random.Random(7)
    for page in labelled(labels, "dev"):
        for form, article, given in _forms(page, labels, draw):
            core = [at for at, label in enumerate(given) if label == "core"]
            title = article.title if form == "HTML" else ""
            place = place_signs(article.blocks, title, core[0], core[-1])
            for at, (label, own) in enumerate(zip(given, signs(article.blocks), strict=True)):
                if label != UNSURE:
                    yield Line(page.name.split("_")[0], form, label, own, own | place(at))


def _forms(
    page: Labelled, labels: Labels, draw: random.Random
) -> Iterator[tuple[str, Article, list[str]]]:
    given = labels.of(page.name, page.html)
    yield "HTML", page.html, given
    core = [at for at, label in enumerate(given) if label == "core"]
    titles = [at for at, label in enumerate(given) if label == "headline" and at < core[0]]
    top, end, size = titles[-1] if titles else core[0], core[-1] + 1, len(given)
    shown = [block.text for block in page.html.blocks]
    known_agencies = list(Agencies.load())
    cuts: list[tuple[str, Sequence[int]]] = [("text", range(size)), ("part", range(core[0], end))]
    cuts += [("signed", core), ("signed", core[: len(core) // 3 + 1]), ("signed", core[:5])]
    for above, below in CUT_OUTS:
        start, stop = top - draw.randint(*above), end + draw.randint(*below)
        cuts.append(("part", range(max(0, start), min(size, stop))))
    for form, part in cuts:
        pasted = [shown[at] for at in part]
        if form == "signed":
            agency = draw.choice(known_agencies)
            name = draw.choice((*agency.short, *agency.ambiguous, agency.name))
            town = pasted[0].split()[0]
            pasted[0] = (
                draw.choice(DATELINES).format(town=town, TOWN=town.upper(), name=name) + pasted[0]
            )
            pasted[-1] += draw.choice(SIGNOFFS).format(name=name)
        article = article_from_text("\n".join(pasted))
        known = zip(pasted, (given[at] for at in part), strict=True)
        yield form, article, carry(known, (block.text for block in article.blocks))


def fit(rows: Sequence[Line], labels: Labels) -> dict[str, dict[str, float]]:
    """The weights of both models, by column and sign."""
    known = Counter(sign for row in rows for sign in row.placed)
    names = sorted(sign for sign, count in known.items() if count >= LEAST)
    bare = [row for row in rows if row.form != "HTML"]
    local = {sign for row in bare for sign in row.own}
    story_names = [name for name in names if name in local]
    truth = np.array([[row.label == "core", row.label != "core"] for row in bare], dtype=float)
    counts = np.array([0.3 if row.form == "text" and row.label in MENUS else 1.0 for row in bare])
    own = _matrix([row.own for row in bare], story_names)
    story = _logistic(own, truth, counts, STORY_PENALTY)
    wrapper = [row for row in rows if row.label != "core"]
    right = np.array([_right(labels.kinds[row.label]) for row in wrapper])
    counts = np.array(
        [
            (0.15 if row.label in MENUS else 1.0) * (1.0 if row.form in ("HTML", "text") else 0.5)
            for row in wrapper
        ]
    )
    placed = _matrix([row.placed for row in wrapper], names)
    kinds = _logistic(placed, right, counts, KIND_PENALTY, _prior(names))
    found = {weighing.STORY: _table(story[:, 0] - story[:, 1], story_names)}
    return found | {str(kind): _table(kinds[:, k], names) for k, kind in enumerate(KINDS)}


def _right(kinds: Sequence[str]) -> list[float]:
    """1 for the kind named first, less for the others, 0 for what is wrong."""
    return [float(kind in kinds) * (1.0 if kind == kinds[0] else SECOND) for kind in KINDS]


def _prior(names: Sequence[str]) -> Matrix:
    """What is expected of the signs before any page is read: a known phrase speaks for its kind."""
    expected = np.zeros((len(names) + 1, len(KINDS)))
    for phrase, kind in SPEAKS_FOR.items():
        for sign, weight in EXPECTED.items():
            if sign.format(phrase) in names:
                expected[names.index(sign.format(phrase)), KINDS.index(kind)] = weight
    return expected


def _matrix(rows: Sequence[frozenset[str]], names: Sequence[str]) -> csr_array:
    column = {name: at for at, name in enumerate(names)} | {weighing.ALWAYS: len(names)}
    signed = [(*(sign for sign in row if sign in column), weighing.ALWAYS) for row in rows]
    at = [(number, column[sign]) for number, row in enumerate(signed) for sign in row]
    shape = len(rows), len(column)
    return csr_array((np.ones(len(at)), tuple(zip(*at, strict=True))), shape=shape)


def _logistic(
    rows: csr_array, right: Matrix, counts: Matrix, penalty: float, prior: Matrix | float = 0.0
) -> Matrix:
    """Multinomial logistic regression where several answers may be right."""
    shape = rows.shape[1], right.shape[1]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(shape)
        scores = rows @ weights
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        hits = chances * right
        total = hits.sum(axis=1, keepdims=True) + 1e-12
        slope = rows.T @ ((chances - hits / total) * counts[:, None])
        away = weights - prior
        away[-1] = 0
        slope += 2 * penalty * away
        cost = penalty * (away**2).sum() - (counts * np.log(total[:, 0])).sum()
        return float(cost), slope.ravel()

    best = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B")
    answer: Matrix = best.x.reshape(shape)
    return answer


def _table(weights: Matrix, names: Sequence[str]) -> dict[str, float]:
    pairs = zip((*names, weighing.ALWAYS), weights, strict=True)
    return {name: round(float(w), 2) for name, w in pairs if abs(w) >= SMALLEST}


def cross_validate(rows: Sequence[Line], labels: Labels) -> None:
    """Print how often the kind is right on sites that the weights were not fitted to."""
    sites = sorted({row.site for row in rows})
    right: dict[tuple[str, str], list[bool]] = {}
    for fold in range(5):
        inside = [row for row in rows if sites.index(row.site) % 5 != fold]
        weights = fit(inside, labels)
        for row in rows:
            if sites.index(row.site) % 5 == fold and row.label != "core":
                correct = _best(weights, row.placed) in labels.kinds[row.label]
                for group in ("all", *(["without menus"] if row.label not in MENUS else [])):
                    right.setdefault((row.form, group), []).append(correct)
    for (form, group), answers in sorted(right.items()):
        print(f"{form}, {group}: kind right {sum(answers) / len(answers):.3f} of {len(answers)}")


def _best(weights: dict[str, dict[str, float]], own: frozenset[str]) -> WrapperKind:
    signed = (weighing.ALWAYS, *own)
    return max(KINDS, key=lambda kind: sum(weights[kind].get(sign, 0.0) for sign in signed))


def main() -> None:
    """Fit and write, or cross-validate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    labels = Labels()
    rows = list(lines(labels))
    if parser.parse_args().check:
        cross_validate(rows, labels)
        return
    parts = [
        "# Weights of the signs (see signs.py) by which lines are told to be story, or one kind of",
        "# wrapper. Written by `python -m benchmarks.fit_wrapper`; not to be edited by hand.",
    ]
    for column, weights in fit(rows, labels).items():
        parts += ["", f"[{column}]"]
        parts += [f'"{sign}" = {weight}' for sign, weight in sorted(weights.items())]
    TARGET.write_text("\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
