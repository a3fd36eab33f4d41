"""Kill processes that add to an index or compact it, again and again, and see that nothing is lost.

``python -m tests.index.kills [KILLS]``; ``make kill`` does it two hundred times. Each process tells
what is done; whatever it told must be in the index when it was killed an instant later.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from provenance.index import Index, adding
from tests.index.made_articles import article, text

ROOT = Path(__file__).parents[2]
STORIES = 50
BATCH = 20
EVERY = 4
"""One article in so many is a new version of a story, the others are new."""


def made(n: int) -> tuple[str, str]:
    """Id and text of the n-th article that is added."""
    return f"story-{n // EVERY % STORIES}" if n % EVERY == 0 else f"article-{n}", text(n, 40)


def add(location: str, first: int) -> None:
    """Add without end, telling the number of the last article that is safe."""
    adding.BATCH_ARTICLES = BATCH
    with Index.open(location) as index:
        opened = (article(n, id=made(n)[0], body=made(n)[1]) for n in count(first))
        index.add(opened, progress=lambda counts: print(first + counts.total - 1, flush=True))


def compact(location: str, first: int) -> None:
    """Compact without end."""
    with Index.open(location) as index:
        print(first - 1, flush=True)
        while True:
            index.compact()


def killed(kind: str, location: Path, first: int, after: float) -> int:
    """Run a process and kill it some seconds after its first word; the last number it told."""
    command = [sys.executable, "-m", "tests.index.kills", kind, str(location), str(first)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    told = process.stdout.readline()
    time.sleep(after)
    process.kill()
    rest = process.stdout.read()
    process.wait()
    process.stdout.close()
    whole = [line for line in (told + rest).split("\n")[:-1] if line]
    if not whole:
        raise SystemExit(f"{kind}: the process ended before it was killed")
    return int(whole[-1])


def missing(location: Path, told: list[range]) -> list[str]:
    """What is wrong with an index in which these articles were told to be safe."""
    with Index.open(str(location), create=False) as index:
        wrong = index.verify()
        for n in (n for each in told for n in each):
            id, body = made(n)
            if all(version.article.text != body for version in index.versions(id)):
                wrong.append(f"{id}: the text numbered {n} is lost")
    return wrong


def kill(kills: int, location: Path, *, seed: int = 1) -> int:
    """Kill so many processes; the number of articles that were told to be safe, and are.

    Raises:
        SystemExit: When something is lost or damaged.
    """
    draw = random.Random(seed)
    told: list[range] = []
    for number in range(1, kills + 1):
        first = 1_000_000 * number
        kind = draw.choice(("add", "add", "compact"))
        last = killed(kind, location, first, draw.uniform(0, 0.3))
        told.append(range(first, last + 1))
        if number % 50 == 0 or number == kills:
            if wrong := missing(location, told):
                raise SystemExit("\n".join([f"after {number} kills:", *wrong[:20]]))
            print(f"{number} kills, {sum(map(len, told)):,} articles safe", flush=True)
    return sum(map(len, told))


def main(arguments: list[str]) -> None:
    if arguments[:1] in (["add"], ["compact"]):
        work = add if arguments[0] == "add" else compact
        work(arguments[1], int(arguments[2]))
        return
    with TemporaryDirectory() as folder:
        kill(int(arguments[0]) if arguments else 200, Path(folder) / "kills.db")


if __name__ == "__main__":
    main(sys.argv[1:])
