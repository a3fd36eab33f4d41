"""The tables of an index file, and how an older file is brought up to date.

`VERSION` is the file's ``user_version``. Version 2 (this one) moved the bodies of articles to a
table of their own, so that what is looked at for every candidate lies close together, and added
earlier versions, times, the words of titles and the indexes for searching.
"""

from __future__ import annotations

from provenance.index import runs

APPLICATION_ID = 0x50726F76
"""Marks the file as an index ("Prov"), as SQLite's header provides for."""
VERSION = 2

TITLES = """
CREATE VIRTUAL TABLE titles USING fts5(
  title, content='articles', content_rowid='number', detail='none', columnsize=0, tokenize='ascii'
);
"""
"""Titles are folded before they are stored, so that the tokenizer has only to split at spaces."""
TABLES = f"""
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE outlets (outlet INTEGER PRIMARY KEY, domain TEXT NOT NULL UNIQUE);
CREATE TABLE articles (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  identity INTEGER NOT NULL,
  address INTEGER,
  digest INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  outlet INTEGER NOT NULL,
  published INTEGER,
  tokens INTEGER NOT NULL,
  passages INTEGER NOT NULL,
  title TEXT NOT NULL
);
CREATE UNIQUE INDEX articles_by_identity ON articles (identity);
CREATE INDEX articles_by_address ON articles (address) WHERE address IS NOT NULL;
CREATE INDEX articles_by_outlet ON articles (outlet, published);
CREATE INDEX articles_by_published ON articles (published);
CREATE TABLE bodies (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE versions (
  version INTEGER PRIMARY KEY, number INTEGER NOT NULL, seen INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE INDEX versions_by_number ON versions (number, seen);
{TITLES}
{runs.SCHEMA}
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {VERSION};
"""
