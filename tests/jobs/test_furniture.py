"""What an index knows of an outlet's furniture, used by a check of a page without a second copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from provenance import Index, check
from provenance.article import Article
from provenance.compare import Role
from provenance.sources import article_from_html

MOTTO = "The lantern over the harbour has burned for every crossing since the first boat came home."
CREDIT = "Source: Associated Press"
SUBJECTS = ("bridge", "school", "market", "library", "theatre", "garden", "station")
VERBS = ("closed", "opened", "painted", "measured", "sold", "moved", "praised")


def page(number: int, *, outlet: str = "harbour-gazette.com", line: str = MOTTO) -> Article:
    """A page of an outlet, with a story of its own and one line that all its pages have."""
    thing, done = SUBJECTS[number], VERBS[number]
    story = "".join(
        f"<p>The council said on day {number}{n} that the {thing} of ward {n} would be {done} "
        f"before the {number + n} guests of the town came to see what the {thing} had become.</p>"
        for n in range(4)
    )
    html = (
        f"<html><head><title>{thing} {done}</title></head><body><article><h1>Town {thing} is {done}"
        f" by council</h1>{story}<p>{line}</p></article></body></html>"
    )
    return article_from_html(html, url=f"https://{outlet}/{number}/{thing}")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    made = Index.open(str(tmp_path / "news.db"))
    made.add([page(number) for number in range(6)])
    made.add([page(number, outlet="harbour-post.com", line=CREDIT) for number in range(6)])
    return made


def role_of(article: Article, index: Index | None, line: str) -> tuple[Role, bool]:
    """The role of the page's last line, and whether it has a kind."""
    found = check(article, index)
    at = next(block.index for block in article.blocks if block.text == line)
    return found.roles[at].role, found.version.kinds[at] is not None


def test_a_line_without_telling_words_is_wrapper_once_the_index_knows_its_outlet(
    index: Index,
) -> None:
    article = page(6)
    assert role_of(article, None, MOTTO) == (Role.CORE, False)
    assert role_of(article, index, MOTTO) == (Role.WRAPPER, True)
    story = [r for b, r in zip(article.blocks, check(article, index).roles, strict=True)
             if b.text.startswith("The council")]  # fmt: skip
    assert [role.role for role in story] == [Role.CORE] * 4


def test_the_same_line_at_another_outlet_stays_story(index: Index) -> None:
    stranger = page(6, outlet="harbour-tribune.com")
    assert role_of(stranger, index, MOTTO) == (Role.CORE, False)


def test_a_credit_under_every_text_of_an_outlet_still_speaks(index: Index) -> None:
    found = check(page(6, outlet="harbour-post.com", line=CREDIT), index)
    assert found.judgement.origins[0].party.id == "ap"
    assert found.judgement.credit.quote == CREDIT


def test_a_line_that_is_wrapper_only_beside_a_copy_has_a_kind_too(tmp_path: Path) -> None:
    with Index.open(str(tmp_path / "copies.db")) as copies:
        copies.add([page(6, outlet="harbour-post.com", line="Nothing more was said that night.")])
        found = check(page(6, line="The lantern burns."), copies)
    kinds = [kind for kind, part in zip(found.version.kinds, found.roles, strict=True)
             if part.role is Role.WRAPPER]  # fmt: skip
    assert found.roles[-1].role is Role.WRAPPER
    assert None not in kinds
