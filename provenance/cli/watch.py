"""The command that watches feeds and sitemaps."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from types import FrameType

import click

from provenance.cli.options import console, fetcher, index_option, json_option, print_json

INTERRUPTED = 130


@contextmanager
def stop_signals() -> Iterator[tuple[Event, list[int]]]:
    """An event that SIGINT and SIGTERM set, and those that came; a second one acts as usual."""
    stop, came = Event(), list[int]()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def note(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in before:
        signal.signal(number, note)
    try:
        yield stop, came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@click.command()
@click.argument("config", type=click.Path(dir_okay=False, path_type=Path), metavar="CONFIG.toml")
@index_option
@click.option("--once", is_flag=True, help="Look at what is due now, then end.")
@click.option("--allow-private", is_flag=True, help="Also fetch private addresses.")
@json_option
def watch(config: Path, location: str, once: bool, allow_private: bool, as_json: bool) -> None:
    """Poll feeds and sitemaps, and add what is new or changed.

    Runs until it is interrupted; what it has seen it does not fetch again. docs/sources.md
    has the keys of CONFIG.toml.

    \b
    provenance watch watch.toml --index news.db
    provenance watch watch.toml --once
    """
    from provenance.index import Index
    from provenance.index.opening import is_shared
    from provenance.jobs.watch import Watch
    from provenance.jobs.watch_config import WatchConfig
    from provenance.jobs.watch_state import WatchState
    from provenance.report.terminal_counts import print_counts

    wanted = WatchConfig.load(config)
    beside = "provenance" if is_shared(location) else location
    place = wanted.state or Path(f"{beside}.watch")
    with (
        Index.open(location) as index,
        closing(WatchState(place)) as state,
        stop_signals() as (stop, came),
    ):
        job = Watch(
            wanted,
            index,
            state,
            fetcher(allow_private),
            stopped=stop.is_set,
            tell=lambda line: click.echo(line, err=True),
        )
        job.run(once=once)
    if as_json:
        print_json(job.to_dict())
    else:
        print_counts(job.counts, job.set_aside, index.location, console())
    if signal.SIGINT in came:
        sys.exit(INTERRUPTED)
