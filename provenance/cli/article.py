"""Commands about articles: add, check, diff, demo."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from provenance.cli.options import (
    column_option,
    console,
    fetcher,
    index_option,
    json_option,
    print_json,
    progress,
    source_options,
    write,
)

MATCH_FOUND = 1


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@index_option
@source_options
@column_option
@click.option("--as-agency", default="", metavar="ID", help="It is this agency's own feed: ap.")
@json_option
def add(
    sources: tuple[str, ...],
    location: str,
    format: str | None,
    allow_private: bool,
    columns: dict[str, str],
    as_agency: str,
    as_json: bool,
) -> None:
    """Read articles into the index.

    SOURCE is an http(s) address, a file, a folder, or - for standard input: pages, tables,
    web archives, agency feeds; also feeds, sitemaps and lists of addresses, whose pages are
    then fetched.

    \b
    provenance add pages/ --index news.db
    provenance add https://example.org/feed.xml addresses.txt
    provenance add corpus.jsonl.gz --column text=body --column published=date
    provenance add wire/ --as-agency ap
    zcat dump.jsonl.gz | provenance add - --format jsonl
    """
    from provenance.index import Index
    from provenance.jobs.add import add as add_articles
    from provenance.report.terminal_counts import print_counts

    with Index.open(location) as index, progress("reading") as show:
        result = add_articles(
            sources,
            index,
            format=format,
            columns=columns,
            fetcher=fetcher(allow_private),
            as_agency=as_agency,
            processes=len(os.sched_getaffinity(0)),
            show=show,
        )
    for item in result.set_aside:
        where = f"{item.source} {item.record}".rstrip()
        click.echo(f"set aside: {where}: {item.reason.removeprefix(f'{where}: ')}", err=True)
    if result.failure:
        raise result.failure
    if as_json:
        print_json(result.to_dict())
    else:
        print_counts(result.counts, len(result.set_aside), index.location, console())


@click.command()
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
    """Judge one article: copies, wrapper, origin, chain, credit.

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


@click.command()
@click.argument("a")
@click.argument("b")
@source_options
@json_option
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page.")
def diff(
    a: str, b: str, format: str | None, allow_private: bool, as_json: bool, html: Path | None
) -> None:
    """Core, wrapper and edits of two versions.

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


@click.command()
@json_option
def demo(as_json: bool) -> None:
    """The main job on the shipped pages, nothing else needed."""
    from provenance.demo import run_demo
    from provenance.report.terminal import print_check
    from provenance.report.terminal_counts import print_counts

    added, result = run_demo()
    if as_json:
        print_json(result.to_dict())
        return
    screen = console()
    print_counts(added.counts, len(added.set_aside), "a temporary index", screen)
    print_check(result, screen)
