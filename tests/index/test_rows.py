"""The short ways of preparing rows give what the long ones do."""

from __future__ import annotations

from urllib.parse import urlsplit

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from provenance.article import Article
from provenance.fingerprint import Sketch, bands
from provenance.index.rows import address, identity, keys
from provenance.index.store import KEY_BITS

ADDRESSES = st.text("htps:/.wW-_?#&=[]@%é \n\tZ09", max_size=40).map("https://a".__add__)
TEXTS = st.lists(st.text("ab c", max_size=60), max_size=8)


@given(ADDRESSES)
def test_an_address_is_known_by_host_path_and_query(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError:
        assert address(Article("x", (), url=url)) is None
        return
    known = f"{parts.netloc.lower()}{parts.path.rstrip('/')}?{parts.query}"
    assert address(Article("x", (), url=url)) == (identity(known) if parts.netloc else None)


@given(TEXTS)
def test_keys_are_bands_and_passages_of_each_text_by_itself(texts: list[str]) -> None:
    sketches = [Sketch.of(text) for text in texts]
    mask = np.uint64((1 << KEY_BITS) - 1)
    expected = [
        sorted({int(key & mask) for key in (*bands(each.signature), *each.passages)})
        if each.tokens
        else []
        for each in sketches
    ]
    assert [own.tolist() for own in keys(sketches)] == expected
