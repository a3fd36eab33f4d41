"""A lookup in PostgreSQL: one statement, one round trip, one snapshot; the rule of `candidates`.

It is a function of the server's, which plans it once for a connection: planning took as long as a
sixth of the lookup.
"""

from __future__ import annotations

from provenance.index import candidates as rule
from provenance.index.postgres_session import Session
from provenance.index.store import ARTICLE_BITS, ARTICLE_MASK, Sought

# Settings: the plan must do for later sizes too, and compiling it costs more than running it.
# ARRAY: so the planner takes the runs for few, also where nobody has counted them yet.
# Article 0 does not exist, so that a key's range may begin and end there.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION {{s}}.look_up(
  sought_keys bigint[], sought_outlet text, sought_passages integer, most integer,
  latest integer, commonest integer, furniture_from integer, least_share float8,
  whole_share float8
) RETURNS TABLE (found bigint, encoded bytea) LANGUAGE plpgsql STABLE
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
BEGIN
  RETURN QUERY WITH cut AS MATERIALIZED (
    SELECT key, data[greatest(low, high - latest) + 1 : high] AS postings
    FROM unnest(sought_keys) AS key,
      unnest(
        ARRAY(SELECT run FROM {{s}}.runs ORDER BY run),
        ARRAY(SELECT shift FROM {{s}}.runs ORDER BY run)
      ) AS runs (run, shift),
      {{s}}.blocks,
      LATERAL (SELECT width_bucket(key << {ARTICLE_BITS}, data) AS low,
        width_bucket((key + 1) << {ARTICLE_BITS}, data) AS high OFFSET 0) AS bounds
    WHERE blocks.run = runs.run AND bucket = (key >> shift)::integer AND low < high
  ), hits AS MATERIALIZED (
    SELECT unnest(postings) & {ARTICLE_MASK} AS number, key, weight FROM cut JOIN (
      SELECT key, (commonest / sum(cardinality(postings)))::integer AS weight
      FROM cut GROUP BY key
    ) AS weights USING (key)
  ), looked_at AS MATERIALIZED (
    SELECT number, rank, shared, passages, coalesce(outlet = (
      SELECT outlet FROM {{s}}.outlets WHERE domain = sought_outlet AND domain <> ''
    ), false) AS same FROM (
      SELECT number, sum(weight) AS rank, count(*) AS shared
      FROM hits GROUP BY number ORDER BY rank DESC, number LIMIT most
    ) AS ranked JOIN {{s}}.articles USING (number)
  ), of_outlet AS MATERIALIZED (
    SELECT number, key FROM hits JOIN looked_at USING (number) WHERE same
  ), furniture AS (
    SELECT number, count(*) AS furnished FROM of_outlet JOIN (
      SELECT key FROM of_outlet GROUP BY key HAVING count(*) >= furniture_from
    ) AS frequent USING (key) GROUP BY number
  ), enough AS (
    SELECT number, rank FROM looked_at LEFT JOIN furniture USING (number)
    WHERE shared - coalesce(furnished, 0)
        >= greatest(1, least_share * least(passages, sought_passages))
      OR shared >= whole_share * greatest(passages, sought_passages)
  )
  SELECT number, body FROM enough JOIN {{s}}.bodies USING (number) ORDER BY rank DESC, number;
END $$
"""  # noqa: S608
LOOK_UP = "SELECT * FROM {s}.look_up(%s, %s, %s, %s, %s, %s, %s, %s, %s)"


def look_up(session: Session, sought: Sought) -> dict[int, bytes]:
    """See `provenance.index.store.Store.look_up`."""
    found = session.ask(
        LOOK_UP,
        sought.keys.tolist(),
        sought.outlet,
        sought.passages,
        sought.most,
        rule.LATEST * sought.most,
        rule.COMMONEST,
        rule.FURNITURE,
        rule.LEAST_SHARE,
        rule.WHOLE_SHARE,
    )
    return dict(found)
