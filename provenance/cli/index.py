"""Commands that look after an index."""

from __future__ import annotations

from pathlib import Path

import click

from provenance.article import InputError
from provenance.cli.options import console, index_option, json_option, print_json, progress


@click.group()
def index() -> None:
    """Look after an index."""


@index.command()
@index_option
@json_option
def info(location: str, as_json: bool) -> None:
    """What the index holds."""
    from provenance.index import Index
    from provenance.report.terminal_counts import print_info

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

    with (
        Index.open(location, create=False, read_only=True) as opened,
        progress("verifying") as show,
    ):
        problems = opened.verify(progress=show)
    if as_json:
        print_json({"index": opened.location, "problems": problems})
    if problems:
        for problem in problems:
            click.echo(problem, err=True)
        raise IndexDamagedError(
            f"{opened.location}: {len(problems)} problems found; restore a copy, or add the "
            "articles anew"
        )
    if not as_json:
        click.echo(f"{opened.location}: no problem found")


@index.command()
@click.option(
    "--keep-days",
    type=click.IntRange(min=0),
    help="First remove what was published, or without a date added, more than N days ago.",
    metavar="N",
)
@index_option
@json_option
def compact(keep_days: int | None, location: str, as_json: bool) -> None:
    """Give unused space back; with --keep-days also forget what is old."""
    from provenance.index import Index

    with Index.open(location, create=False) as opened:
        removed = 0 if keep_days is None else opened.expire(keep_days)
        opened.compact()
    if as_json:
        print_json({"removed": removed})
    else:
        click.echo(f"{opened.location}: compacted, {removed} removed")


@index.command()
@index_option
def migrate(location: str) -> None:
    """Bring an index of an earlier version up to date."""
    from provenance.index import migrate
    from provenance.index.opening import shown

    version = migrate(location)
    click.echo(f"{shown(location)}: was of version {version}, is up to date")


@index.command()
@click.argument("file", type=click.Path(path_type=Path))
@index_option
def backup(file: Path, location: str) -> None:
    """Write a copy of the index to FILE, also while it is written to."""
    from provenance.index import Index

    with Index.open(location, create=False, read_only=True) as opened:
        opened.backup(file)
    click.echo(f"{opened.location}: copied to {file}")


@index.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="DIR|FILE.parquet")
@index_option
def export(target: Path, location: str) -> None:
    """Write all articles and their fingerprints as Parquet."""
    from provenance.index import Index

    with (
        Index.open(location, create=False, read_only=True) as opened,
        progress("exporting") as show,
    ):
        written = opened.export(target, progress=show)
    click.echo(f"{opened.location}: {written} versions of articles written to {target}")


@index.command("import")
@click.argument("source", type=click.Path(path_type=Path), metavar="DIR|FILE.parquet")
@index_option
@json_option
def import_(source: Path, location: str, as_json: bool) -> None:
    """Add what `index export` wrote; fingerprints are taken from it."""
    from provenance.index import Index

    with Index.open(location) as opened, progress("importing") as show:
        counts = opened.import_(source, progress=lambda so_far: show(so_far.total))
    if as_json:
        print_json(counts)
    else:
        click.echo(f"{counts.added} added, {counts.updated} updated, {counts.unchanged} unchanged")


@index.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@index_option
@json_option
def remove(ids: tuple[str, ...], location: str, as_json: bool) -> None:
    """Remove articles by their ids; exit 2 when one is not in the index."""
    from provenance.index import Index

    with Index.open(location, create=False) as opened:
        unknown = [id for id in dict.fromkeys(ids) if opened.get(id) is None]
        removed = opened.remove(ids)
    if as_json:
        print_json({"removed": removed, "unknown": len(unknown)})
    else:
        click.echo(f"{removed} removed, {len(unknown)} unknown")
    if unknown:
        raise InputError(
            f"{opened.location}: no article {', '.join(map(repr, unknown[:3]))}"
            f"{' and others' if len(unknown) > 3 else ''}; `check --json` and articles.csv of an "
            "audit give ids"
        )
