"""Origins, chains and credits of made and real stories."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import provenance.demo
from provenance.article import Article, Evidence, Outlet, Party, WrapperKind
from provenance.attribution import Agencies, Authorship, BlockJudgement, evidence, wrapper_kinds
from provenance.origin import CreditVerdict, Judgement, Verdict, Version, judge
from provenance.origin.parties import same_outlet
from provenance.sources import article_from_text, read

from .stories import AP, Line, comparisons, sentence, story, version

AGENCIES = Agencies.load()
DEMO = Path(provenance.demo.__file__).parent
RNG = random.Random(7)
BODY: list[Line] = [(sentence(RNG, 30), None) for _ in range(8)]
GAZETTE = Outlet("gazette.example", "Gazette")
POST = Outlet("post.example", "The Post")
REUTERS = Party("agency", "reuters", "Reuters")


def judged(subject: Version, *others: Version) -> Judgement:
    return judge(subject, others, comparisons(subject, list(others)), AGENCIES)


def hops(judgement: Judgement) -> list[tuple[str, str]]:
    return [(hop.parent.party.id, hop.child.party.id) for hop in judgement.chain]


def credit_to(party: Party, id: str, weight: float = 5.0) -> Evidence:
    return Evidence("source-line", f"Source: {party.name}", 1, weight, id, party)


def of_agency(lines: list[Line]) -> Version:
    """The agency's own version, on its own site."""
    fact = Evidence("self", "https://apnews.com/", None, 9.0, "ap", AP)
    return version("ap", lines, outlet=Outlet("apnews.com", "AP News"), evidence=(fact,), hours=0)


def demo(name: str) -> Version:
    (article,) = read(str(DEMO / name))
    assert isinstance(article, Article)
    kinds = wrapper_kinds(article, AGENCIES)
    return Version(article, kinds, evidence(article, kinds, AGENCIES))


def test_a_full_stop_in_a_name_makes_it_no_address() -> None:
    named, known = (
        Party("outlet", "st. orwell mail", "St. Orwell Mail"),
        Party("outlet", "storwellmail.com", "St. Orwell Mail"),
    )
    assert same_outlet(named, known)
    assert not same_outlet(named, Party("outlet", "orwellmail.com", "Orwell Mail"))


def test_one_page_alone_tells_its_whole_chain_by_its_wrapper() -> None:
    page = demo("aggregator.txt")
    found = judged(page)
    assert hops(found) == [("ap", "news18"), ("news18", "divya bharat")]
    assert [hop.child.article for hop in found.chain] == [None, page.article.id]
    assert (found.verdict, found.authorship) == (Verdict.REPUBLISHED, Authorship.SOLE)
    assert found.origins[0].party.id == "ap"
    assert found.origins[0].evidence[0].kind == "disclaimer"
    assert found.credit.verdict is CreditVerdict.CREDITED
    assert "News18 staff" in found.credit.quote


def test_with_copies_the_chain_follows_from_text_and_wrapper_without_the_disclaimer() -> None:
    page = demo("aggregator.txt")
    last = next(i for i, b in enumerate(page.article.blocks) if "not been edited" in b.text)
    cut = replace(
        page.article, blocks=tuple(replace(b, text="" if b.index == last else b.text)
                                   for b in page.article.blocks)
    )  # fmt: skip
    kinds = wrapper_kinds(cut, AGENCIES)
    stripped = Version(cut, kinds, evidence(cut, kinds, AGENCIES))
    assert not [e for e in stripped.evidence if e.party and e.party.id == "ap"]
    found = judged(stripped, demo("agency.html"), demo("republisher.html"))
    assert hops(found) == [("ap", "news18.com"), ("news18.com", "divya bharat")]
    assert None not in {hop.child.article for hop in found.chain}
    assert found.origins[0].party.id == "ap"
    assert found.credit.verdict is CreditVerdict.UNCREDITED


def test_agencies_without_a_name_are_quoted_though_they_credit_nobody() -> None:
    body = [f"The council of the island met on day {n} and agreed on the bridge." for n in range(6)]
    page = article_from_text("\n\n".join(["Island gets a bridge", *body, "(Agencies)"]))
    kinds = wrapper_kinds(page, AGENCIES)
    found = judged(Version(page, kinds, evidence(page, kinds, AGENCIES)))
    assert (found.credit.verdict, found.credit.to) == (CreditVerdict.UNKNOWN, None)
    assert found.credit.quote == "(Agencies)"


def test_the_agency_itself_needs_no_credit() -> None:
    found = judged(demo("agency.html"), demo("republisher.html"), demo("aggregator.txt"))
    assert (found.verdict, found.authorship) == (Verdict.ORIGINAL, Authorship.SELF)
    assert found.credit.verdict is CreditVerdict.NOT_NEEDED


def test_an_agency_credited_on_the_page_is_a_syndicated_text_with_credit() -> None:
    page = version("a", BODY, outlet=GAZETTE, evidence=(credit_to(AP, "a"),))
    found = judged(page)
    assert (found.verdict, found.authorship) == (Verdict.SYNDICATED, Authorship.SOLE)
    assert hops(found) == [("ap", "gazette.example")]
    assert found.credit.quote == "Source: Associated Press"


def test_staff_beside_an_agency_is_joint_work_that_is_credited() -> None:
    facts = (
        Evidence("with-agency", "By Maren Holt with AP", 1, 5.5, "a", AP),
        Evidence("staff-byline", "By Maren Holt", 1, 3.0, "a", Party("outlet", GAZETTE.domain, "")),
    )
    found = judged(version("a", BODY, outlet=GAZETTE, evidence=facts))
    assert found.authorship is Authorship.JOINT
    assert found.credit.verdict is CreditVerdict.CREDITED


def test_agencies_credited_together_share_the_text() -> None:
    dpa = Party("agency", "dpa", "Deutsche Presse-Agentur")
    facts = (credit_to(AP, "a"), replace(credit_to(dpa, "a"), quote="Source: AP/dpa"))
    found = judged(version("a", BODY, outlet=GAZETTE, evidence=facts))
    assert [origin.party.id for origin in found.origins] == ["ap", "dpa"]
    assert all(origin.probability > 0.8 for origin in found.origins)
    assert len(found.chain) == 1


def test_agencies_credited_by_different_pages_are_rivals() -> None:
    dpa = Party("agency", "dpa", "Deutsche Presse-Agentur")
    found = judged(
        version("a", BODY, outlet=GAZETTE, evidence=(credit_to(AP, "a"),)),
        version("b", BODY, outlet=POST, evidence=(credit_to(dpa, "b"),)),
    )
    assert {origin.party.id for origin in found.origins} == {"ap", "dpa"}
    assert sum(origin.probability for origin in found.origins) <= 1


def test_a_page_that_says_nothing_is_unknown() -> None:
    found = judged(version("a", BODY, outlet=GAZETTE))
    assert found == Judgement(
        Verdict.UNKNOWN, Authorship.UNKNOWN, (), (), replace(found.credit, quote="")
    )
    assert found.credit.verdict is CreditVerdict.UNKNOWN


def test_staff_alone_is_own_reporting() -> None:
    own = Party("outlet", GAZETTE.domain, GAZETTE.name)
    facts = (Evidence("staff-byline", "By Maren Holt", 1, 3.0, "a", own),)
    found = judged(version("a", BODY, outlet=GAZETTE, evidence=facts))
    assert (found.verdict, found.authorship) == (Verdict.ORIGINAL, Authorship.OWN)
    assert found.credit.verdict is CreditVerdict.NOT_NEEDED


def test_a_staff_byline_on_an_agency_text_is_self_claimed() -> None:
    agency = of_agency(BODY)
    own = Party("outlet", GAZETTE.domain, GAZETTE.name)
    claim = (Evidence("staff-byline", "By Maren Holt", 1, 3.0, "a", own),)
    page = version("a", BODY[:6], outlet=GAZETTE, evidence=claim, hours=5)
    found = judged(page, agency)
    assert hops(found) == [("ap", "gazette.example")]
    assert (found.verdict, found.authorship) == (Verdict.SYNDICATED, Authorship.SOLE)
    assert found.credit.verdict is CreditVerdict.SELF_CLAIMED
    assert found.credit.quote == "By Maren Holt"


def test_naming_somebody_else_than_the_source_is_miscredited() -> None:
    agency = of_agency(BODY)
    dpa = Party("agency", "dpa", "Deutsche Presse-Agentur")
    page = version("a", BODY, outlet=GAZETTE, evidence=(credit_to(dpa, "a", 1.0),), hours=5)
    found = judged(page, agency)
    assert found.origins[0].party.id == "ap"
    assert found.credit.verdict is CreditVerdict.MISCREDITED
    assert found.credit.to == dpa


def test_a_link_to_another_outlet_makes_it_the_parent_whatever_the_clock_says() -> None:
    first = version("a", BODY, outlet=GAZETTE, hours=3)
    link = Evidence("first-appeared-on", "The text first appeared on Gazette.", 9, 4.5, "b",
                    Party("outlet", "gazette.example", "Gazette"))  # fmt: skip
    second = version("b", BODY, outlet=POST, evidence=(link,), hours=0)
    found = judged(second, first)
    assert hops(found) == [("gazette.example", "post.example")]
    assert found.verdict is Verdict.REPUBLISHED
    assert found.origins[0].party.id == "gazette.example"
    kinds = [item.kind for item in found.chain[0].evidence]
    assert kinds[0] == "first-appeared-on"
    assert "later-copy" in kinds
    against = [e for e in found.origins[0].evidence if e.weight < 0]
    assert [e.kind for e in against] == ["later-copy"]


def test_copies_that_nothing_orders_are_said_to_be_so() -> None:
    found = judged(version("a", BODY, outlet=GAZETTE), version("b", BODY, outlet=POST))
    (hop,) = found.chain
    assert hop.evidence[-1].kind == "unordered"
    assert hop.probability <= 0.5
    assert found.verdict is Verdict.UNKNOWN


def test_an_edit_carried_over_tells_the_parent() -> None:
    edited: list[Line] = [(BODY[0][0].replace(" ", " quickly ", 1), None), *BODY[1:]]
    cut = edited[:5]
    found = judged(
        version("c", cut, outlet=Outlet("late.example", "Late")),
        of_agency(BODY),
        version("b", edited, outlet=GAZETTE),
    )  # fmt: skip
    assert hops(found) == [("ap", "gazette.example"), ("gazette.example", "late.example")]
    carried = [e for e in found.chain[1].evidence if e.kind == "edit-carried-over"]
    assert "quickly" in carried[0].quote


def test_of_two_equal_texts_the_one_a_reporter_signs_is_the_first() -> None:
    def signed(id: str, outlet: Outlet, kind: str) -> Version:
        own = Party("outlet", outlet.domain, outlet.name)
        fact = Evidence(kind, "By Maren Holt", 1, 3.0, id, own)
        return version(id, BODY, outlet=outlet, evidence=(fact,))

    first, desk = signed("a", GAZETTE, "staff-byline"), signed("b", POST, "own-byline")
    assert judged(desk, first).origins[0].party.id == GAZETTE.domain
    swapped = signed("a", GAZETTE, "own-byline"), signed("b", POST, "staff-byline")
    assert judged(*swapped).origins[0].party.id == POST.domain


def test_a_version_that_names_nobody_is_taken_from_whom_the_others_name() -> None:
    post = Party("outlet", POST.domain, POST.name)
    naming = [
        version(
            name, BODY, outlet=Outlet(f"{name}.example", name), evidence=(credit_to(post, name),)
        )
        for name in ("b", "c", "d")
    ]
    silent = version("a", BODY, outlet=GAZETTE)
    found = judged(silent, *naming)
    assert (POST.domain, GAZETTE.domain) in hops(found)
    assert found.origins[0].party.id == POST.domain


def test_a_hand_whose_version_is_missing_stands_between() -> None:
    gone = Party("outlet", "gazette", "Gazette")
    line = ("Left as it came by the desk of Gazette.", WrapperKind.DISCLAIMER)
    page = version("c", [*BODY, line], outlet=POST, evidence=(credit_to(AP, "c"),))
    kinds = (*page.judgements[:-1], BlockJudgement(WrapperKind.DISCLAIMER, gone))
    found = judged(replace(page, judgements=kinds))
    assert hops(found) == [("ap", "gazette"), ("gazette", "post.example")]
    assert found.chain[0].child.article is None
    assert found.chain[1].evidence[0].kind == "inherited-wrapper"


def test_a_piece_around_an_agencys_text_is_a_partial_copy() -> None:
    agency = of_agency(BODY)
    own: list[Line] = [(sentence(RNG, 40), None) for _ in range(12)]
    page = version("a", [*own, *BODY[:4]], outlet=GAZETTE, evidence=(credit_to(AP, "a"),))
    assert judged(page, agency).verdict is Verdict.PARTIAL_COPY


def test_pieces_that_share_a_quotation_are_each_their_own() -> None:
    quotation = BODY[:2]
    a = [*quotation, *((sentence(RNG, 30), None) for _ in range(8))]
    b = [*((sentence(RNG, 30), None) for _ in range(8)), *quotation]
    own = Party("outlet", GAZETTE.domain, GAZETTE.name)
    claim = (Evidence("staff-byline", "By Maren Holt", 1, 3.0, "a", own),)
    page = version("a", a, outlet=GAZETTE, evidence=claim)
    found = judged(page, version("b", b, outlet=POST))
    assert found.chain == ()
    assert found.verdict is Verdict.ORIGINAL
    assert found.origins[0].party.id == "gazette.example"


def test_two_outlets_are_two_though_they_bear_one_name() -> None:
    a = version("a", BODY, outlet=Outlet("north.example", "The Times"), hours=0)
    b = version("b", BODY, outlet=Outlet("south.example", "The Times"), hours=9)
    assert hops(judged(b, a)) == [("north.example", "south.example")]


def test_two_pages_of_unnamed_outlets_are_told_apart() -> None:
    line: Line = ("A line that both pages carry above their text.", WrapperKind.STANDFIRST)
    a = version("a", [line, *BODY], hours=0)
    b = version("b", [line, *BODY[:6]], hours=9)
    (hop,) = judged(b, a).chain
    assert (hop.parent.article, hop.child.article) == ("a", "b")
    assert "shared-wrapper" in {item.kind for item in hop.evidence}


def test_judge_refuses_versions_that_cannot_be_told_apart_or_were_not_compared() -> None:
    a, b = version("a", BODY), version("b", BODY)
    with pytest.raises(ValueError, match="id of its own"):
        judge(a, [a], {}, AGENCIES)
    with pytest.raises(ValueError, match="no comparison with 'b'"):
        judge(a, [b], {}, AGENCIES)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.booleans(), st.booleans())
def test_a_chain_is_a_forest_over_all_versions_whatever_the_order(
    seed: int, size: int, agency: bool, times: bool
) -> None:
    rng = random.Random(seed)
    versions, _ = story(rng, size, agency=agency, times=times)
    found = judged(*versions)
    graph = nx.DiGraph((hop.parent, hop.child) for hop in found.chain)
    assert not graph or nx.is_forest(graph)
    children = [hop.child.article for hop in found.chain if hop.child.article]
    assert len(children) == len(set(children))
    assert set(children) <= {v.article.id for v in versions}
    assert all(0 <= hop.probability <= 1 for hop in found.chain)
    assert sum(origin.probability for origin in found.origins) <= 1 + 1e-6
    others = versions[1:]
    rng.shuffle(others)
    again = judged(versions[0], *others)
    assert again.verdict == found.verdict
    assert hops(again) == hops(found)
    assert [o.probability for o in again.origins] == pytest.approx(
        [o.probability for o in found.origins]
    )


LINES = st.lists(
    st.tuples(
        st.one_of(st.sampled_from([text for text, _ in BODY[:3]]), st.text(max_size=30)),
        st.one_of(st.none(), st.sampled_from(WrapperKind)),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=5))
def test_nothing_breaks_the_judgement(pages: list[list[Line]]) -> None:
    versions = [version(str(i), lines) for i, lines in enumerate(pages)]
    found = judged(*versions)
    assert len(found.chain) <= len(versions)
    assert all(0 <= hop.probability <= 1 for hop in found.chain)


def test_made_stories_get_their_parents_back_with_honest_probabilities() -> None:
    rng = random.Random(11)
    right = roots = total = stories = 0
    told: list[tuple[float, bool]] = []
    for _ in range(60):
        versions, parents = story(rng, rng.randint(2, 9))
        found = judged(*versions)
        named = {h.child.article: (h.parent.article, h.probability) for h in found.chain}
        for id, parent in parents.items():
            if parent is None:
                roots += id not in named
                continue
            answer, probability = named.get(id, (None, 0.0))
            told.append((probability, answer == parent))
            right += answer == parent
            total += 1
        stories += 1
    assert roots / stories >= 0.97
    assert right / total >= 0.85
    error = 0.0
    for low in range(5):
        part = [pair for pair in told if low <= min(pair[0] * 5, 4.999) < low + 1]
        if part:
            error += abs(sum(p for p, _ in part) - sum(hit for _, hit in part))
    assert error / len(told) <= 0.08


def test_an_agency_s_own_page_is_nobody_else_s_because_of_what_another_page_credits() -> None:
    first: list[Line] = [(sentence(RNG, 30), None) for _ in range(6)]
    roundup = version(
        "roundup", [*BODY, *first], outlet=GAZETTE, evidence=(credit_to(REUTERS, "roundup"),)
    )
    own = of_agency(first)
    found = judged(own, roundup)
    assert [origin.party.id for origin in found.origins][:1] == ["ap"]
    assert found.verdict is Verdict.ORIGINAL
    assert found.credit.verdict is CreditVerdict.NOT_NEEDED
