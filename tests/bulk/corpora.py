"""Made-up corpora: stories, and versions of them edited more and less."""

from __future__ import annotations

import random

import pandas as pd

WORDS = [f"w{number}" for number in range(4000)]


def story(rng: random.Random, length: int = 300) -> list[str]:
    return rng.choices(WORDS, k=length)


def edited(rng: random.Random, words: list[str], share: float) -> list[str]:
    return [rng.choice(WORDS) if rng.random() < share else word for word in words]


def versions(stories: int = 60, seed: int = 7) -> pd.DataFrame:
    """Stories with versions edited more and less, exact copies, and copies inside others."""
    rng = random.Random(seed)
    rows = []
    for number in range(stories):
        base = story(rng, rng.randrange(60, 500))
        copies = [base, edited(rng, base, 0.01), edited(rng, base, 0.03), base]
        inside = story(rng, 100) + base[: len(base) * 4 // 5] + story(rng, 200)
        for place, words in enumerate([*copies, inside, base[: len(base) * 4 // 5]]):
            rows.append({"id": f"{number}.{place}", "text": " ".join(words)})
    return pd.DataFrame(rows)
