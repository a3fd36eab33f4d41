"""A corpus in which every rule has something to do."""

from __future__ import annotations

import random

import pandas as pd

from tests.bulk.corpora import edited, story, versions


def corpus() -> pd.DataFrame:
    """Stories that few and many ran, furniture, chains of edits, exact, partial and empty texts."""
    rng = random.Random(11)
    rows = [
        {"text": text, "outlet": f"paper{number % 7}.example"}
        for number, text in enumerate(versions(12, seed=11)["text"])
    ]
    wire = story(rng, 150)
    for number in range(30):
        text = " ".join(edited(rng, wire, 0.004))
        rows.append({"text": text, "outlet": f"wire{number}.example"})
    menu = story(rng, 90)
    for _ in range(30):
        own = story(rng, rng.randrange(30, 120))
        rows.append({"text": " ".join(menu + own), "outlet": "menu.example"})
    step = story(rng, 120)
    for _ in range(14):  # each much like the one before, the ends of the chain unlike
        step = step[4:] + story(rng, 4)
        rows.append({"text": " ".join(step), "outlet": "chain.example"})
    rows += [{"text": "", "outlet": "x.example"}, {"text": "!?", "outlet": "x.example"}]
    rng.shuffle(rows)
    for number, row in enumerate(rows):
        row["id"] = f"n{number * 7919 % 1000}" if number % 9 else ""
        row["published"] = f"2024-0{1 + number % 8}-11T10:00:00Z"
    return pd.DataFrame(rows)
