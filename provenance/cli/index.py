"""Commands that look after an index."""

from __future__ import annotations

import click

from provenance.cli.options import console, index_option, json_option, print_json


@click.group()
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
