"""The tables of an index in PostgreSQL: made, recognised and brought up to date under a lock."""

from __future__ import annotations

from collections.abc import Mapping

from provenance.article import IndexDamagedError, InputError
from provenance.index import postgres_lookup
from provenance.index.postgres_session import Session

TABLES = """
CREATE TABLE {s}.provenance_settings (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE {s}.outlets (
  outlet integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY, domain text NOT NULL UNIQUE
);
CREATE SEQUENCE {s}.numbers;
CREATE TABLE {s}.articles (
  number bigint PRIMARY KEY,
  identity bigint NOT NULL UNIQUE,
  address bigint,
  digest bigint NOT NULL,
  seen bigint NOT NULL,
  outlet integer NOT NULL REFERENCES {s}.outlets,
  published bigint,
  tokens integer NOT NULL,
  passages integer NOT NULL,
  title text NOT NULL
);
CREATE INDEX ON {s}.articles (address) WHERE address IS NOT NULL;
CREATE INDEX ON {s}.articles (outlet, published DESC NULLS LAST, number DESC);
CREATE INDEX ON {s}.articles (published DESC NULLS LAST, number DESC);
CREATE FUNCTION {s}.words(title text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  IF length(title) <= 400 THEN
    RETURN array_to_tsvector(string_to_array(title, ' '));
  END IF;
  RETURN array_to_tsvector(array(
    SELECT left(word, 400) FROM unnest(string_to_array(left(title, 100000), ' ')) AS word
    WHERE word <> ''
  ));
END $$;
CREATE INDEX ON {s}.articles USING gin ({s}.words(title));
CREATE TABLE {s}.bodies (number bigint PRIMARY KEY, body bytea NOT NULL);
CREATE TABLE {s}.versions (
  version bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  number bigint NOT NULL,
  seen bigint NOT NULL,
  body bytea NOT NULL
);
CREATE INDEX ON {s}.versions (number, seen);
ALTER TABLE {s}.bodies ALTER body SET STORAGE EXTERNAL;
ALTER TABLE {s}.versions ALTER body SET STORAGE EXTERNAL;
CREATE TABLE {s}.runs (
  run integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  shift smallint NOT NULL,
  postings bigint NOT NULL
);
CREATE TABLE {s}.blocks (
  run integer NOT NULL,
  bucket integer NOT NULL,
  data bytea NOT NULL,
  surplus bytea,
  PRIMARY KEY (run, bucket)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.1);
ALTER TABLE {s}.blocks ALTER data SET STORAGE EXTERNAL, ALTER surplus SET STORAGE EXTERNAL
"""
"""A title's words are cut where the server's limits for them lie; bodies are compressed already."""
# Outlets are never deleted, and looking each row's up took a third of the time of adding it.
UNCHECKED = "ALTER TABLE {s}.articles DROP CONSTRAINT articles_outlet_fkey"
# So that the server itself can look postings up, in blocks that stay within their rows.
SEARCHABLE = """
CREATE FUNCTION {s}.unpacked(packed bytea) RETURNS bigint[] LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT array_agg(
    get_byte(packed, at)::bigint | (get_byte(packed, at + 1)::bigint << 8)
    | (get_byte(packed, at + 2)::bigint << 16) | (get_byte(packed, at + 3)::bigint << 24)
    | (get_byte(packed, at + 4)::bigint << 32) | (get_byte(packed, at + 5)::bigint << 40)
    | (get_byte(packed, at + 6)::bigint << 48) | (get_byte(packed, at + 7)::bigint << 56)
    ORDER BY at
  ) FROM generate_series(0, octet_length(packed) - 8, 8) AS at
$$;
ALTER TABLE {s}.blocks
  ALTER data TYPE bigint[] USING {s}.unpacked(data),
  ALTER surplus TYPE bigint[] USING {s}.unpacked(surplus);
ALTER TABLE {s}.blocks SET (toast_tuple_target = 8160);
DROP FUNCTION {s}.unpacked(bytea);
"""
STEPS: tuple[str, ...] = (TABLES, UNCHECKED, SEARCHABLE + postgres_lookup.FUNCTION)
"""What takes a schema from each version to the next; there are as many versions as steps."""

PRESENT = """
SELECT to_regclass(format('%%I.provenance_settings', %s::text)) IS NOT NULL,
  EXISTS (SELECT FROM pg_namespace WHERE nspname = %s),
  EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace(quote_ident(%s)))
"""
VERSION = "SELECT value FROM {s}.provenance_settings WHERE name = 'version'"


def prepare(session: Session, settings: Mapping[str, str], *, create: bool) -> None:
    """Make the tables where there are none and that is wanted, and see that they are ours.

    Raises:
        InputError: When there is no index and none is to be made, or none can be made here.
        IndexDamagedError: When the tables are of another program or version.
    """
    if not _is_made(session):
        if not create:
            raise InputError(
                f"{session.address.shown}: no such index; build one with "
                f"`provenance add SOURCE… --index {session.address.shown}`"
            )
        _make(session, settings)
    version = _version(session)
    if version != len(STEPS):
        todo = "update provenance"
        if 0 < version < len(STEPS):
            todo = f"run `provenance index migrate --index {session.address.shown}`"
        raise IndexDamagedError(
            f"{session.address.shown}: index version {version}, this program reads {len(STEPS)}; "
            f"{todo}"
        )


def migrate(session: Session) -> int:
    """Bring an index to the present version, whole or not at all; the version it had.

    Others that would write or migrate wait until it is done.

    Raises:
        InputError: When there is no index.
        IndexDamagedError: When it is of a later version.
    """
    if not _is_made(session):
        raise InputError(f"{session.address.shown}: no such index")
    with session.write():
        version = _version(session)
        if not 0 < version <= len(STEPS):
            raise IndexDamagedError(
                f"{session.address.shown}: index version {version}; update provenance"
            )
        for step in STEPS[version:]:
            session.run(step)
        session.run(
            "UPDATE {s}.provenance_settings SET value = %s WHERE name = 'version'", str(len(STEPS))
        )
    return version


def _is_made(session: Session) -> bool:
    schema = session.address.schema
    ((made, _, _),) = session.all(PRESENT, schema, schema, schema)
    return bool(made)


def _make(session: Session, settings: Mapping[str, str]) -> None:
    ((encoding,),) = session.all("SHOW server_encoding")
    if encoding != "UTF8":
        raise InputError(
            f"{session.address.shown}: the database's encoding is {encoding}; make one "
            "with `createdb --encoding UTF8 --template template0`"
        )
    schema = session.address.schema
    with session.write():
        ((made, exists, used),) = session.all(PRESENT, schema, schema, schema)
        if made:  # another process was faster
            return
        if used:
            raise InputError(
                f"{session.address.shown}: schema {schema} holds other tables; "
                "name an empty or new one with ?schema="
            )
        if not exists:
            session.run("CREATE SCHEMA {s}")
        for step in STEPS:
            session.run(step)
        for name, value in sorted({**settings, "version": str(len(STEPS))}.items()):
            session.run("INSERT INTO {s}.provenance_settings VALUES (%s, %s)", name, value)


def _version(session: Session) -> int:
    found = session.all(VERSION)
    try:
        return int(found[0][0])
    except (IndexError, ValueError):
        raise IndexDamagedError(
            f"{session.address.shown}: not a provenance index, or a damaged one"
        ) from None
