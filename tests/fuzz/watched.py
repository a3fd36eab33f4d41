"""Mutated pages, feeds, tables and archives, each in a watched process: no crash, hang or bloat.

``python -m tests.fuzz.watched [--cases N] [--seconds S] [--first CASE]``; ``make fuzz`` runs for
``FUZZ_SECONDS``. A process is ended, and its case named, when it dies, works on one case for longer
than `LONGEST` or holds more memory than `MOST_MEMORY`. ``--first CASE --cases 1`` repeats a case.
"""

from __future__ import annotations

import argparse
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import orjson

ROOT = Path(__file__).parents[2]
LONGEST = 5.0
"""Seconds of processor time that one case may take: other jobs on the machine do not count."""
STUCK = 60.0
"""Seconds on the clock after which a case that does not work either is given up."""
MOST_MEMORY = 1 << 30
START = 120.0
POLL = 0.05
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


class EndedError(Exception):
    """A process died or was ended; why."""


class Worker:
    """One watched process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self._answer(START, START)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def work(self, case: int) -> tuple[dict[str, object], float]:
        """Have a case worked on; the answer, and the seconds it took.

        Raises:
            EndedError: When the process did not survive it.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(f"{case}\n")
        self._process.stdin.flush()
        self._answer(STUCK, STUCK)
        start = self._spent()
        answer = self._answer(LONGEST, STUCK)
        return orjson.loads(answer), self._spent() - start

    def finish(self) -> list[str]:
        """End the process in order; what is wrong with its index."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        wrong: list[str] = orjson.loads(self._answer(START, START))
        self._process.wait()
        return wrong

    def _answer(self, most_spent: float, most_clock: float) -> str:
        waited, start = 0.0, self._spent()
        while True:
            try:
                line = self._lines.get(timeout=POLL)
            except queue.Empty:
                waited += POLL  # a clock would go on while the machine is suspended
                if self._memory() > MOST_MEMORY:
                    self._end("holds more than 1 GB")
                if self._spent() - start > most_spent or waited > most_clock:
                    self._end(f"no answer after {self._spent() - start:.1f} s of work")
                continue
            if not line:
                raise EndedError(f"the process died with status {self._process.wait()}")
            if self._memory() > MOST_MEMORY:
                self._end("holds more than 1 GB")
            return line

    def _end(self, why: str) -> None:
        self._process.send_signal(signal.SIGABRT)
        self._process.wait()
        raise EndedError(why)

    def _memory(self) -> int:
        try:
            return int(Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]) * PAGE
        except OSError:
            return 0

    def _spent(self) -> float:
        """Seconds of processor time so far; 0 once it is gone."""
        try:
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / TICKS


def main() -> None:
    """Run cases until their number or the time is up; fail when one failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--first", type=int, default=0)
    chosen = parser.parse_args()
    began, slowest, failures = time.monotonic(), (0.0, 0), 0
    found: Counter[str] = Counter()
    worker = Worker()
    case = chosen.first
    while case < chosen.first + chosen.cases and time.monotonic() - began < chosen.seconds:
        try:
            answer, spent = worker.work(case)
            slowest = max(slowest, (spent, case))
            wrong = answer.get("error")
            if isinstance(counts := answer.get("found"), dict):
                found.update(counts)
        except EndedError as ended:
            wrong, worker = str(ended), Worker()
        if wrong:
            failures += 1
            print(f"case {case}: {wrong}", flush=True)
        case += 1
    unsound = worker.finish()
    print(f"{case - chosen.first} cases, {failures} failed: {dict(found)}")
    print(f"slowest: case {slowest[1]}, {slowest[0]:.2f} s; index: {unsound or 'sound'}")
    if failures or unsound:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
