"""The command line: parse input, call one function, hand the result to `report`."""

from __future__ import annotations

import os
import sys

import click

from provenance.article import ProvenanceError
from provenance.cli.article import add, check, demo, diff
from provenance.cli.corpus import audit, dedup, serve
from provenance.cli.index import index
from provenance.cli.watch import watch

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="provenance")
def cli() -> None:
    """Who ran this news text, who changed it, who wrote it first, and was credit given?

    \b
    provenance add articles.parquet pages/      read articles into the index
    provenance check https://example.org/story  judge one article against it
    provenance check page.html --no-index       judge a page by itself
    provenance diff a.html b.html               two versions side by side
    provenance dedup corpus.jsonl --out clean/  a corpus without its duplicates
    provenance audit --index news.db --out a/   who credits whom
    provenance watch watch.toml                 add what feeds and sitemaps bring
    provenance serve                            the same on a web page
    provenance demo                             see it work on shipped pages

    \b
    Exit codes: 0 done, 1 copy found (check --fail-on-match) or condition met
    (audit --fail-if), 2 bad usage or input, 3 could not fetch, 4 index damaged or of
    another version, 130 interrupted.
    """


for command in (add, watch, check, diff, dedup, audit, serve, demo, index):
    cli.add_command(command)


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
