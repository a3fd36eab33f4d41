"""What several commands share: options, progress, and how results are put out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from provenance.sources import Fetcher

FORMATS = (
    "html", "txt", "jsonl", "csv", "parquet", "warc", "feed", "sitemap", "urls", "newsml",
)  # fmt: skip


def index_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--index``, shared by every command that uses one."""
    return click.option(
        "--index",
        "location",
        envvar="PROVENANCE_INDEX",
        default="provenance.db",
        show_default=True,
        metavar="PATH_OR_URL",
        help="The index: a file, or a database (postgresql://…). Also read from $PROVENANCE_INDEX.",
    )(function)


def source_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say how sources are read and fetched."""
    options = (
        click.option("--format", type=click.Choice(FORMATS), help="Do not guess the format."),
        click.option(
            "--allow-private",
            is_flag=True,
            help="Also fetch loopback, private and link-local addresses.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def fetcher(allow_private: bool) -> Fetcher:
    """How addresses are fetched, from the command's options."""
    from provenance.sources import Fetcher

    return Fetcher(allow_private=allow_private)


def console(stderr: bool = False) -> Console:
    """A rich console: coloured on a terminal only."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def print_json(value: Any) -> None:
    """Print a result as JSON to standard output."""
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


@contextmanager
def progress(label: str) -> Iterator[Callable[[int], None]]:
    """A counter on standard error, shown only on a terminal; yields ``show(total)``."""
    if not sys.stderr.isatty():
        yield lambda _total: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed:,.0f} articles"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None, rate="")

        def show(total: int) -> None:
            elapsed = bar.tasks[task].elapsed
            rate = f"{total / elapsed:,.0f}/s" if elapsed else ""
            bar.update(task, completed=total, rate=rate)

        yield show


def column_mapping(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    """``--column text=body`` as {"text": "body"}."""
    mapping = {}
    for value in values:
        ours, separator, theirs = value.partition("=")
        if not separator or not ours or not theirs:
            raise click.BadParameter(f"{value!r} is not NAME=COLUMN, e.g. text=body")
        mapping[ours] = theirs
    return mapping


column_option = click.option(
    "--column",
    "columns",
    multiple=True,
    callback=column_mapping,
    metavar="NAME=COLUMN",
    help="The table's own name of a column, e.g. text=body. May be repeated.",
)


def write(path: Path, text: str) -> None:
    """Write a report; an unwritable place is bad input, said in one line."""
    from provenance.article import InputError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot write the report: {error.strerror}") from error
