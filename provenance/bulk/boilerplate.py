"""Crowds: keys that stand in many texts. A story that many ran, or boilerplate?

A sample of the crowd is laid side by side. Where what all have in common is most of each, they are
versions of one story: they are linked sparsely (each with its neighbours by length and with the
sample), as comparing all with all would be quadratic. Otherwise what they have in common is
boilerplate: it makes no candidates, and the shingles are remembered so that verification can
discount them.

One outlet's furniture can be most of a short page, too. Texts of one outlet that share most of
their words are versions of one story only if the rest, too, is found in more than one of them.
"""

# Compiled code: numba infers its own machine types, which Python's cannot express.
# mypy: ignore-errors

from __future__ import annotations

import numpy as np

from provenance.bulk.candidates import CROWD, PAIR_SHIFT, Flags, crowd_members
from provenance.bulk.kernel import I64, hash_shingles
from provenance.bulk.verify import I32
from provenance.fingerprint.compiled import compiled, part
from provenance.fingerprint.text import U32, U64

SAMPLE = 8
COMMON = 6
"""Texts of a sample that bear a shingle the crowd has in common."""
SAMPLE_SHINGLES = 2000
"""Shingles looked at of each text of a sample."""
MOST = 0.5
"""Share of a typical text that is in common in versions of one story."""
OWN = 0.8
"""Share of what is not in common that stands in one text only, on pages with the same furniture."""
LEAST_OWN = 8
"""Shingles of its own that such a page has at least."""
NEIGHBOURS = 2
LINKS = SAMPLE + NEIGHBOURS
"""Links of one member of a crowd that ran one story."""
_SLOTS = 1 << (2 * SAMPLE * SAMPLE_SHINGLES).bit_length()


@part
def _sample(members: I64, digests: U64) -> I64:
    """Some members, the same whatever the order they come in: evenly spaced by digest."""
    order = np.argsort(digests[members])
    count = min(SAMPLE, len(members))
    sample = np.empty(count, dtype=np.int64)
    for index in range(count):
        sample[index] = members[order[index * len(members) // count]]
    return sample


@part
def _common(
    sample: I64, tokens: U32, starts: I64, keys: U64, texts_of: I32, last: I32, found: U64
) -> tuple[int, float, float, float]:
    """What a sample has in common.

    Returns:
        Number of common shingles (written to `found`), median size of a text, share of the
        other shingles that stand in one text only, and other shingles of a text on average.
    """
    room = 0
    for text in sample:
        room += min(starts[text + 1] - starts[text], SAMPLE_SHINGLES)
    slots = 64
    while slots < 2 * room:
        slots *= 2
    keys, texts_of, last = keys[:slots], texts_of[:slots], last[:slots]
    texts_of[:] = 0
    last[:] = -1
    mask = np.uint64(slots - 1)
    shingles = np.empty(SAMPLE_SHINGLES, dtype=np.uint64)
    sizes = np.zeros(len(sample), dtype=np.int64)
    for index in range(len(sample)):
        text = sample[index]
        count = min(starts[text + 1] - starts[text], SAMPLE_SHINGLES)
        number = hash_shingles(tokens[starts[text] :], count, shingles)
        for place in range(number):
            slot = shingles[place] & mask
            while texts_of[slot] > 0 and keys[slot] != shingles[place]:
                slot = (slot + np.uint64(1)) & mask
            if last[slot] != index:
                keys[slot], last[slot] = shingles[place], index
                texts_of[slot] += 1
                sizes[index] += 1
    common, alone, others = 0, 0, 0
    for slot in range(len(keys)):
        if texts_of[slot] >= COMMON:
            found[common] = keys[slot]
            common += 1
        elif texts_of[slot] > 0:
            others += texts_of[slot]
            alone += np.int64(texts_of[slot] == 1)
    return common, np.median(sizes), alone / max(others, 1), others / len(sample)


@part
def _largest_outlet(members: I64, outlets: U32) -> I64:
    """The members of the outlet that has most of them; outlet 0 is unknown."""
    order = members[np.argsort(outlets[members])]
    best_start, best_end, start = 0, 0, 0
    for index in range(1, len(order) + 1):
        if index == len(order) or outlets[order[index]] != outlets[order[start]]:
            if outlets[order[start]] != 0 and index - start > best_end - best_start:
                best_start, best_end = start, index
            start = index
    return order[best_start:best_end]


@compiled
def judge_crowds(
    keys: U64,
    crowds: I64,
    alive: Flags,
    tokens: U32,
    starts: I64,
    digests: U64,
    outlets: U32,
    links: U64,
    stock: U64,
) -> tuple[int, int]:
    """Tell stories from boilerplate.

    Args:
        keys: Sorted packed keys.
        crowds: Where each crowd begins in `keys`.
        alive: One text of each group of exact duplicates.
        tokens: Token hashes of all texts.
        starts: Where each text begins in `tokens`, and the last ends.
        digests: Hash of each whole text.
        outlets: Hash of each text's outlet; 0 where it is unknown.
        links: Written: pairs of the crowds that are stories, `LINKS` for each member at most.
        stock: Written: shingles of boilerplate, `SAMPLE_SHINGLES` for each crowd at most.

    Returns:
        Numbers of links and of boilerplate shingles.
    """
    table = np.zeros(_SLOTS, dtype=np.uint64)
    texts_of = np.zeros(_SLOTS, dtype=np.int32)
    last = np.zeros(_SLOTS, dtype=np.int32)
    found = np.empty(SAMPLE * SAMPLE_SHINGLES, dtype=np.uint64)
    link_count, stock_count = 0, 0
    judged = {np.uint64(0)}
    for start in crowds:
        members = crowd_members(keys, start, alive)
        # A paragraph that many have makes many keys: the same crowd again, the same judgement.
        crowd = np.sum(digests[members])
        if crowd in judged:
            continue
        judged.add(crowd)
        sample = _sample(members, digests)
        ours = _largest_outlet(members, outlets)
        own_sample = _sample(ours[: len(ours) if len(ours) >= CROWD else 0], digests)
        story, common = _is_story(sample, own_sample, tokens, starts, table, texts_of, last, found)
        if story:
            link_count = _link(members, sample, starts, digests, links, link_count)
        else:
            stock[stock_count : stock_count + common] = found[:common]
            stock_count += common
    return link_count, stock_count


@compiled
def _is_story(
    sample: I64, own: I64, tokens: U32, starts: I64, keys: U64, texts_of: I32, last: I32, found: U64
) -> tuple[bool, int]:
    """Whether a crowd ran one story, by a sample of it and one (or none) of its largest outlet.

    Returns:
        The answer, and the number of shingles in common (written to `found`).
    """
    common, size, _, _ = _common(sample, tokens, starts, keys, texts_of, last, found)
    story = common >= MOST * size
    if story and len(own):
        common, size, alone, others = _common(own, tokens, starts, keys, texts_of, last, found)
        story = not (common >= MOST * size and alone >= OWN and others >= LEAST_OWN)
    return story, common


def judge_sample(sample: I64, own: I64, tokens: U32, starts: I64) -> tuple[bool, U64]:
    """Judge one crowd by samples drawn elsewhere.

    Args:
        sample: Texts evenly spaced among the crowd in the order of their digests.
        own: The same of the outlet that has most of it; empty when fewer than `CROWD` are.
        tokens: Token hashes of all texts.
        starts: Where each text begins in `tokens`, and the last ends.

    Returns:
        Whether it ran one story, and the shingles that are boilerplate when it did not.
    """
    table, found = np.zeros(_SLOTS, np.uint64), np.empty(SAMPLE * SAMPLE_SHINGLES, np.uint64)
    marks = np.zeros((2, _SLOTS), np.int32)
    story, common = _is_story(sample, own, tokens, starts, table, marks[0], marks[1], found)
    return bool(story), found[: 0 if story else common].copy()


@part
def _link(members: I64, sample: I64, starts: I64, digests: U64, links: U64, at: int) -> int:
    """Pair each member with its neighbours by length, and with the sample."""
    by_digest = members[np.argsort(digests[members])]
    lengths = starts[by_digest + 1] - starts[by_digest]
    order = by_digest[np.argsort(lengths, kind="mergesort")]
    for index in range(len(order)):
        for step in range(1, NEIGHBOURS + 1):
            if index + step < len(order):
                links[at] = _pair(order[index], order[index + step])
                at += 1
        for hub in sample:
            if hub != order[index]:
                links[at] = _pair(hub, order[index])
                at += 1
    return at


@part
def _pair(a: int, b: int) -> np.uint64:
    return np.uint64(min(a, b)) << PAIR_SHIFT | np.uint64(max(a, b))
