"""Alignment of two versions: equal, moved, split, merged and edited blocks."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.article import Article, Block
from provenance.compare import Comparison, compare

PARAGRAPHS = (
    "The ferry operator said on Monday that the first boat will leave ten minutes earlier.",
    "Commuters had complained that they missed the train on four days out of five this spring.",
    "The town council welcomed the change but asked for a second boat during the regatta.",
    "On Sundays nothing changes because the weekend crew has to come over from the islands.",
    "“We counted sixty-one people running along the quay,” the operator’s spokeswoman said.",
)


def article(id: str, *texts: str) -> Article:
    return Article(id, tuple(Block(i, text) for i, text in enumerate(texts)))


def aligned(comparison: Comparison) -> list[tuple[int | None, int | None]]:
    return [(pair.a, pair.b) for pair in comparison.pairs]


def test_equal_blocks_are_paired_whatever_the_case_quotes_and_dashes() -> None:
    found = compare(
        article("a", *PARAGRAPHS),
        article("b", *(p.upper().replace("“", '"').replace("’", "'") for p in PARAGRAPHS)),
    )
    assert aligned(found) == [(i, i) for i in range(5)]
    assert {pair.similarity for pair in found.pairs} == {1.0}


def test_words_inside_a_changed_block_become_runs_that_quote_the_page() -> None:
    changed = PARAGRAPHS[1].replace("four days out of five", "most days")
    (pair,) = compare(article("a", PARAGRAPHS[1]), article("b", changed)).pairs
    assert [(e.kind, e.a, e.b) for e in pair.edits] == [
        (
            "equal",
            "Commuters had complained that they missed the train on",
            "Commuters had complained that they missed the train on",
        ),
        ("replace", "four", "most"),
        ("equal", "days", "days"),
        ("delete", "out of five", ""),
        ("equal", "this spring.", "this spring."),
    ]
    assert 0.8 < pair.similarity < 1


def test_a_moved_block_is_recognised_and_said_to_be_moved() -> None:
    order = [0, 3, 1, 2, 4]
    found = compare(article("a", *PARAGRAPHS), article("b", *(PARAGRAPHS[i] for i in order)))
    moved = [pair.a for pair in found.pairs if pair.moved]
    assert moved == [3]
    assert all(pair.similarity == 1 for pair in found.pairs)


def test_an_edited_block_is_found_where_it_was_moved_to() -> None:
    edited = PARAGRAPHS[4].replace("sixty-one", "seventy")
    found = compare(article("a", *PARAGRAPHS), article("b", edited, *PARAGRAPHS[:4]))
    (pair,) = [pair for pair in found.pairs if pair.a == 4]
    assert (pair.b, pair.moved) == (0, True)
    assert 0.8 < pair.similarity < 1


def test_a_split_block_appears_in_a_pair_with_each_of_its_parts() -> None:
    whole = " ".join(PARAGRAPHS[:3])
    found = compare(article("a", "Ferry", whole), article("b", "Ferry", *PARAGRAPHS[:3]))
    assert aligned(found) == [(0, 0), (1, 1), (1, 2), (1, 3)]
    assert [pair.edits[0].a for pair in found.pairs[1:]] == list(PARAGRAPHS[:3])


def test_differently_cut_paragraphs_share_all_their_words() -> None:
    sentences = PARAGRAPHS[:4]
    a = article("a", " ".join(sentences[:2]), " ".join(sentences[2:]))
    b = article("b", sentences[0], " ".join(sentences[1:3]), sentences[3])
    found = compare(a, b)
    assert aligned(found) == [(0, 0), (0, 1), (1, 1), (1, 2)]
    assert {pair.similarity for pair in found.pairs} == {1.0}


def test_a_headline_shown_twice_is_shared_twice() -> None:
    title = "Ferry timetable changes from Monday for all"
    found = compare(
        article("a", f"{title} – Gazette", f"{title} – Gazette", PARAGRAPHS[0]),
        article("b", title, PARAGRAPHS[0]),
    )
    assert aligned(found) == [(0, 0), (1, 0), (2, 1)]


def test_blocks_of_one_side_only_are_listed_after_their_predecessor() -> None:
    found = compare(
        article("a", PARAGRAPHS[0], PARAGRAPHS[1]),
        article("b", "By Maren Holt", PARAGRAPHS[0], "Advertisement", PARAGRAPHS[1]),
    )
    assert aligned(found) == [(None, 0), (0, 1), (None, 2), (1, 3)]
    assert found.pairs[0].edits[0].kind == "insert"


def test_different_texts_share_nothing() -> None:
    found = compare(
        article("a", *PARAGRAPHS[:2]),
        article("b", "Plumbers found an atlas behind a radiator.", "It goes on show on Saturday."),
    )
    assert all(pair.a is None or pair.b is None for pair in found.pairs)


def test_every_script_is_compared_word_by_word() -> None:
    cases = (
        ("हिन्दी में समाचार आज सुबह दिल्ली से आया है", "आज", "कल"),
        ("東京で大きな地震がありました。けが人はいません。", "大きな", "強い"),
        ("قال الوزير إن الحكومة ستعلن القرار غدا", "غدا", "اليوم"),
        ("Der Minister sagte, die Straße werde im März geöffnet", "März", "April"),
        ("นายกรัฐมนตรีแถลงข่าวเมื่อวันจันทร์ เรื่องเศรษฐกิจไทย", "วันจันทร์", "วันอังคาร"),
    )
    for before, old, new in cases:
        after = before.replace(old, new)
        (pair,) = compare(article("a", before), article("b", after)).pairs
        assert 0.5 < pair.similarity < 1, before
        assert "".join(e.a for e in pair.edits).replace(" ", "") == before.replace(" ", "")


def test_a_giant_block_is_compared_in_bounds() -> None:
    words = [f"word{i % 977}x{i}" for i in range(60_000)]
    found = compare(article("a", " ".join(words)), article("b", " ".join(words[5:])))
    (pair,) = found.pairs
    assert (pair.a, pair.b) == (0, 0)
    assert pair.equal == len(words) - 5
    assert [edit.kind for edit in pair.edits] == ["delete", "equal"]


def test_a_page_that_holds_the_word_mark_is_compared_all_the_same() -> None:
    a, b = f"{PARAGRAPHS[0]} zqnextwordqz “here”", f"{PARAGRAPHS[0]} here."
    (pair,) = compare(article("a", a), article("b", b)).pairs
    assert [(e.kind, e.a) for e in pair.edits] == [
        ("equal", PARAGRAPHS[0]),
        ("delete", "zqnextwordqz"),
        ("equal", "“here”"),
    ]


BLOCKS = st.lists(
    st.one_of(
        st.sampled_from(PARAGRAPHS),
        st.sampled_from(PARAGRAPHS).map(lambda p: p.replace("the", "a", 1)),
        st.tuples(st.sampled_from(PARAGRAPHS), st.sampled_from(PARAGRAPHS)).map(" ".join),
        st.text(max_size=40),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(BLOCKS, BLOCKS)
def test_every_block_is_listed_and_every_edit_quotes_its_block(a: list[str], b: list[str]) -> None:
    found = compare(article("a", *a), article("b", *b))
    assert {p.a for p in found.pairs} - {None} == set(range(len(a)))
    assert {p.b for p in found.pairs} - {None} == set(range(len(b)))
    for pair in found.pairs:
        assert 0 <= pair.similarity <= 1
        assert pair.a is not None or pair.b is not None
        for edit in pair.edits:
            assert edit.a in (a[pair.a] if pair.a is not None else "")
            assert edit.b in (b[pair.b] if pair.b is not None else "")
        if pair.similarity == 1:
            assert {edit.kind for edit in pair.edits} == {"equal"}


@settings(max_examples=100, deadline=None)
@given(BLOCKS)
def test_a_version_beside_itself_is_all_equal_and_in_order(a: list[str]) -> None:
    found = compare(article("a", *a), article("b", *a))
    assert aligned(found) == [(i, i) for i in range(len(a))]
    assert all(pair.similarity == 1 and not pair.moved for pair in found.pairs)


@settings(max_examples=100, deadline=None)
@given(BLOCKS, BLOCKS)
def test_both_directions_share_the_same_blocks(a: list[str], b: list[str]) -> None:
    there = compare(article("a", *a), article("b", *b))
    back = compare(article("b", *b), article("a", *a))
    exact = {(p.a, p.b) for p in there.pairs if p.similarity == 1 and p.equal > 40}
    reverse = {(p.b, p.a) for p in back.pairs if p.similarity == 1 and p.equal > 40}
    assert exact == reverse
