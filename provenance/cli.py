"""The command line: parse input, call one function, hand the result to `report`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from provenance.article import ProvenanceError

if TYPE_CHECKING:
    from rich.console import Console

    from provenance.sources import Fetcher

FORMATS = ("html", "txt", "jsonl", "csv", "parquet")
MATCH_FOUND = 1
INTERRUPTED = 130


def index_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--index``, shared by every command that uses one."""
    return click.option(
        "--index",
        "location",
        envvar="PROVENANCE_INDEX",
        default="provenance.db",
        show_default=True,
        metavar="PATH_OR_URL",
        help="The index: a file. Also read from $PROVENANCE_INDEX.",
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
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda total: bar.update(task, completed=total)


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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="provenance")
def cli() -> None:
    r"""Who ran this news text, who changed it, who wrote it first, and was credit given?

    \b
    provenance add articles.parquet pages/      read articles into the index
    provenance check https://example.org/story  judge one article against it
    provenance check page.html --no-index       judge a page by itself
    provenance diff a.html b.html               two versions side by side
    provenance demo                             see it work on shipped pages

    \b
    Exit codes: 0 done, 1 copy found (check --fail-on-match), 2 bad usage or input,
    3 could not fetch, 4 index damaged or of another version, 130 interrupted.
    """


@cli.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@index_option
@source_options
@column_option
@json_option
def add(
    sources: tuple[str, ...],
    location: str,
    format: str | None,
    allow_private: bool,
    columns: dict[str, str],
    as_json: bool,
) -> None:
    r"""Read articles into the index.

    SOURCE is an http(s) address, a file, a folder, or - for standard input.

    \b
    provenance add pages/ --index news.db
    provenance add corpus.jsonl.gz --column text=body --column published=date
    zcat dump.jsonl.gz | provenance add - --format jsonl
    """
    from provenance.index import Index
    from provenance.jobs.add import add as add_articles
    from provenance.report.terminal import print_counts

    with Index.open(location) as index, progress("reading") as show:
        result = add_articles(
            sources,
            index,
            format=format,
            columns=columns,
            fetcher=fetcher(allow_private),
            show=show,
        )
    for item in result.set_aside:
        click.echo(f"set aside: {item.source} {item.record}: {item.reason}", err=True)
    if result.failure:
        raise result.failure
    if as_json:
        print_json(result.to_dict())
    else:
        print_counts(result.counts, len(result.set_aside), location, console())


@cli.command()
@click.argument("source")
@index_option
@click.option("--no-index", is_flag=True, help="Judge the page by itself.")
@source_options
@json_option
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page.")
@click.option("--fail-on-match", is_flag=True, help="Exit with 1 when a copy was found.")
def check(
    source: str,
    location: str,
    no_index: bool,
    format: str | None,
    allow_private: bool,
    as_json: bool,
    html: Path | None,
    fail_on_match: bool,
) -> None:
    r"""Judge one article: copies, wrapper, origin, chain, credit.

    \b
    provenance check page.html --index news.db
    provenance check https://example.org/story --html report.html
    provenance check - --format txt --no-index --json < story.txt
    """
    from provenance.jobs.check import check as check_article
    from provenance.jobs.check import read_one

    article = read_one(source, format=format, fetcher=fetcher(allow_private))
    result = check_article(article, None if no_index else location)
    if html:
        from provenance.report.html import check_html

        write(html, check_html(result))
    if as_json:
        print_json(result.to_dict())
    else:
        from provenance.report.terminal import print_check

        print_check(result, console())
    if fail_on_match and result.copies:
        sys.exit(MATCH_FOUND)


@cli.command()
@click.argument("a")
@click.argument("b")
@source_options
@json_option
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page.")
def diff(
    a: str, b: str, format: str | None, allow_private: bool, as_json: bool, html: Path | None
) -> None:
    r"""Core, wrapper and edits of two versions.

    \b
    provenance diff agency.html paper.html
    provenance diff agency.html paper.html --html side-by-side.html
    """
    from provenance.jobs.check import read_one
    from provenance.jobs.diff import diff as diff_articles

    first, second = (
        read_one(side, format=format, fetcher=fetcher(allow_private)) for side in (a, b)
    )
    result = diff_articles(first, second)
    if html:
        from provenance.report.html import diff_html

        write(html, diff_html(result))
    if as_json:
        print_json(result.to_dict())
    else:
        from provenance.report.terminal import print_diff

        print_diff(result, console())


def write(path: Path, text: str) -> None:
    """Write a report; an unwritable place is bad input, said in one line."""
    from provenance.article import InputError

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot write the report: {error.strerror}") from error


@cli.command()
@json_option
def demo(as_json: bool) -> None:
    """The main job on the shipped pages, nothing else needed."""
    from provenance.demo import run_demo
    from provenance.report.terminal import print_check, print_counts

    added, result = run_demo()
    if as_json:
        print_json(result.to_dict())
        return
    screen = console()
    print_counts(added.counts, len(added.set_aside), "a temporary index", screen)
    print_check(result, screen)


@cli.group()
def index() -> None:
    """Look after an index."""


@index.command()
@index_option
@json_option
def info(location: str, as_json: bool) -> None:
    """What the index holds."""
    from provenance.index import Index
    from provenance.report.terminal import print_info

    with Index.open(location, create=False, read_only=True) as opened:
        found = opened.info()
    if as_json:
        print_json(found)
    else:
        print_info(found, console())


@index.command()
@index_option
@json_option
def verify(location: str, as_json: bool) -> None:
    """Check the whole index; exit 4 when something is wrong."""
    from provenance.article import IndexDamagedError
    from provenance.index import Index

    with Index.open(location, create=False, read_only=True) as opened:
        problems = opened.verify()
    if as_json:
        print_json({"index": location, "problems": problems})
    if problems:
        for problem in problems:
            click.echo(problem, err=True)
        raise IndexDamagedError(
            f"{location}: {len(problems)} problems found; restore a copy, or add the articles anew"
        )
    if not as_json:
        click.echo(f"{location}: no problem found")


@index.command()
@index_option
def compact(location: str) -> None:
    """Give unused space back."""
    from provenance.index import Index

    with Index.open(location, create=False) as opened:
        opened.compact()
    click.echo(f"{location}: compacted")


@index.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@index_option
@json_option
def remove(ids: tuple[str, ...], location: str, as_json: bool) -> None:
    """Remove articles by their ids."""
    from provenance.index import Index

    with Index.open(location, create=False) as opened:
        removed = opened.remove(ids)
    if as_json:
        print_json({"removed": removed, "unknown": len(ids) - removed})
    else:
        click.echo(f"{removed} removed, {len(ids) - removed} unknown")


def main() -> None:
    """Entry point of the console script: one line for each error, and documented exit codes."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ProvenanceError as error:
        click.echo(f"provenance: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away: that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
