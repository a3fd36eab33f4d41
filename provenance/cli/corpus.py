"""Commands about a corpus or a whole index: dedup, audit, serve."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from provenance.article import InputError
from provenance.cli.options import (
    FORMATS,
    column_option,
    console,
    fetcher,
    index_option,
    json_option,
    print_json,
    source_options,
    write,
)

if TYPE_CHECKING:
    from rich.progress import TaskID

CONDITION_MET = 1
SIZES = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}

out_option = click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the results; made when missing.",
)


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """Named stages on standard error, shown only on a terminal; yields ``(stage, done, total)``."""
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    from rich.progress import (
        BarColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.fields[count]}", justify="right"),
        TextColumn("{task.fields[rate]}", justify="right"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for task in bar.tasks:  # a stage begins when the one before is done
                    bar.update(task.id, total=1, completed=1)
                tasks[stage] = bar.add_task(stage, total=None, count="", rate="")
            elapsed = bar.tasks[tasks[stage]].elapsed
            # Of 1, as the estimated total changes, and rich forgets its speed when it is told so.
            bar.update(
                tasks[stage],
                completed=done / total if total else 0,
                total=1 if total else None,
                count=f"{done:,}" if done else "",
                rate=f"{done / elapsed:,.0f}/s" if done and elapsed else "",
            )

        yield show


class _Size(click.ParamType[int]):
    """Bytes written as ``4GB``, ``512MB``, or a bare number of MiB."""

    name = "size"

    def convert(
        self, value: object, parameter: click.Parameter | None, context: click.Context | None
    ) -> int:
        """Bytes."""
        number = str(value).strip().upper().removesuffix("B").removesuffix("I")
        unit = number[-1:] if number[-1:] in SIZES else "M"
        try:
            return int(float(number.removesuffix(unit)) * SIZES[unit])
        except ValueError:
            self.fail(f"{value!r} is no size; write for example 4GB or 512MB", parameter, context)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False),
    help="Folder for the results; made when missing.",
)
@click.option("--threshold", default=0.8, show_default=True, help="Least Jaccard similarity.")
@click.option(
    "--keep",
    type=click.Choice(("origin", "earliest", "longest", "first")),
    default="origin",
    show_default=True,
    help="Which version of a cluster stays.",
)
@click.option("--no-partial", is_flag=True, help="Do not look for texts inside longer ones.")
@click.option(
    "--threads",
    default=2,
    show_default=True,
    help="Threads that sketch and verify; processes that read pages.",
)
@click.option(
    "--memory",
    default="2GB",
    show_default=True,
    type=_Size(),
    help="What sorting may take, beside 400 MB and 400 bytes an article; more goes to disk.",
)
@click.option(
    "--against",
    metavar="INDEX",
    help="Also drop what this index already holds.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@click.option(
    "--engine",
    type=click.Choice(("local", "spark")),
    default="local",
    show_default=True,
    help="Where the work is done: this machine, or a Spark cluster.",
)
@click.option("--master", metavar="URL", help="Spark's master, e.g. spark://host:7077.")
@click.option("--format", type=click.Choice(FORMATS), help="Do not guess the format.")
@column_option
@json_option
def dedup(
    sources: tuple[str, ...],
    out: str,
    threshold: float,
    keep: str,
    no_partial: bool,
    threads: int,
    memory: int,
    against: str | None,
    resume: bool,
    engine: str,
    master: str | None,
    format: str | None,
    columns: dict[str, str],
    as_json: bool,
) -> None:
    """Cluster a corpus and write it without its duplicates.

    \b
    provenance dedup corpus.jsonl.gz --out clean/
    provenance dedup "parts/*.parquet" --out clean/ --keep earliest --threshold 0.7
    provenance dedup "parts/*.parquet" --out clean/ --resume
    provenance dedup today.jsonl --out new/ --against news.db
    provenance dedup "parts/*.parquet" --out clean/ --engine spark --master spark://host:7077
    """
    from provenance.bulk.options import Options
    from provenance.jobs import dedup as local
    from provenance.report.terminal_counts import print_dedup_summary

    if master and engine != "spark":
        raise InputError("--master goes with --engine spark")
    options = Options(
        threshold=threshold,
        partial=not no_partial,
        keep=keep,
        threads=threads,
        memory=memory,
        columns=columns,
        format=format,
        against=against,
    )
    try:
        with stages() as show:
            if engine == "spark":
                from provenance.jobs import dedup_spark

                summary = dedup_spark.dedup_on_spark(
                    sources, out, options, show, spark=master, resume=resume
                )
            else:
                summary = local.dedup_to(
                    sources, Path(out), options, show, resume=resume, processes=threads
                ).summary
    except KeyboardInterrupt:
        if engine == "spark":
            stages_done = dedup_spark.finished_stages(out)
        else:
            stages_done = local.finished_stages(Path(out))
        told = (
            f"stages finished: {', '.join(stages_done)}. The same command with --resume goes on "
            "from there"
            if stages_done
            else "no stage was finished: the same command with --resume begins with the first"
        )
        click.echo(f"provenance: interrupted; {told}", err=True)
        raise
    if as_json:
        print_json(summary)
    else:
        written = sorted(str(each) for each in Path(out).glob("[!.]*")) if "://" not in out else []
        print_dedup_summary(summary, console(), written)


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE...]")
@index_option
@out_option
@source_options
@column_option
@click.option("--outlet", "outlets", multiple=True, help="Only this registrable domain.")
@click.option("--agency", "agencies", multiple=True, help="Only this agency's text.")
@click.option("--language", "languages", multiple=True, help="Only this language, e.g. en.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day of publication.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day of publication.")
@click.option("--fail-if", metavar="CONDITION", help="Exit with 1, e.g. 'uncredited > 5%'.")
@json_option
def audit(
    sources: tuple[str, ...],
    location: str,
    out: Path,
    format: str | None,
    allow_private: bool,
    columns: dict[str, str],
    outlets: tuple[str, ...],
    agencies: tuple[str, ...],
    languages: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    fail_if: str | None,
    as_json: bool,
) -> None:
    """Who credits whom: tables and a page, over SOURCEs or, without any, the index.

    \b
    provenance audit --index news.db --out audit/
    provenance audit corpus.parquet --out audit/ --fail-if 'uncredited > 5%'
    """
    from provenance.jobs.audit import Filters
    from provenance.jobs.audit import audit as audit_articles
    from provenance.jobs.condition import Condition
    from provenance.report.audit import audit_html, print_audit

    named = click.get_current_context().get_parameter_source("location")
    if sources and named is ParameterSource.COMMANDLINE:
        raise click.UsageError("name either sources or --index, not both")
    condition = Condition.parse(fail_if) if fail_if else None
    filters = Filters(
        outlets=frozenset(outlets),
        agencies=frozenset(agencies),
        languages=frozenset(languages),
        since=since.date() if since else None,
        until=until.date() if until else None,
    )
    with stages() as show:
        result = audit_articles(
            sources,
            None if sources else location,
            filters=filters,
            format=format,
            columns=columns,
            fetcher=fetcher(allow_private),
            show=show,
        )
    result.write(out)
    write(out / "audit.html", audit_html(result))
    if as_json:
        print_json(result.to_dict())
    else:
        print_audit(result, console())
    met = condition.holds(result.measures) if condition else False
    if condition and met is None:
        click.echo(
            f"condition not judged: {condition.text}: no article here can be measured for "
            f"{condition.measure}",
            err=True,
        )
    elif condition and met:
        click.echo(f"condition met: {condition.text}", err=True)
        sys.exit(CONDITION_MET)


@click.command()
@index_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--allow-private", is_flag=True, help="Also fetch private addresses.")
def serve(location: str, host: str, port: int, allow_private: bool) -> None:
    """Web page and REST API; an access token is read from $PROVENANCE_TOKEN."""
    try:
        from provenance.web.serve import serve as serve_index
    except ImportError as error:
        raise InputError(
            f"the web page needs {error.name}, which is not installed; "
            "install it with: pip install 'provenance[web]'"
        ) from error
    token = os.environ.get("PROVENANCE_TOKEN", "")
    serve_index(location, host=host, port=port, token=token, allow_private=allow_private)
