-- What appended events add to the rollups and is not folded into them yet: a row for each
-- transaction and organisation, written with the events. Rows are only added by ingestion and only
-- removed by the fold, which adds them to the rollups in the same transaction. So no transaction of
-- ingestion writes a row that another one writes, and whoever reads rollups and these rows in one
-- snapshot has the exact figures. No index: it is read whole, and empty every second.
CREATE TABLE usage_pending (
  org_id text COLLATE "C" NOT NULL,
  events integer          NOT NULL,
  delta  bytea            NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  -- To give space back it would have to lock out ingestion, which needs the space again at once.
  vacuum_truncate = off);
-- A row lives for about a second, which is not worth compressing it.
ALTER TABLE usage_pending ALTER COLUMN delta SET STORAGE EXTERNAL;

-- Whose figures there are ('*' and '=' with a name, as in usage_rollup), and how many events were
-- ever folded into them: that something has changed can be seen without asking for figures.
CREATE TABLE usage_scope (
  scope  text COLLATE "C" PRIMARY KEY,
  events bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
INSERT INTO usage_scope (scope, events)
  SELECT scope, sum(calls) FROM usage_rollup WHERE width_minutes = 1440 GROUP BY scope;

ALTER TABLE usage_pending ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON usage_pending FOR SELECT
  USING (org_id = nullif(current_setting('telemetry.org', true), ''));
ALTER TABLE usage_scope ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON usage_scope FOR SELECT
  USING (scope = '=' || nullif(current_setting('telemetry.org', true), ''));

-- Events are appended in one statement, all of it in the role for single organisations: to the
-- ledger, to the events, and to what is pending. telemetry.orgs is now a JSON object whose names are
-- the organisations that may be written: a name is found in it by bisection, where a list had to be
-- gone through for each event. In a query of its own it is read once a statement.
--
-- IS TRUE keeps the planner from looking all organisations up for each event that it looks up in the
-- ledger by its key: it is checked for the one row that is found.
DROP POLICY own_organisation ON event_ledger;
CREATE POLICY own_organisations ON event_ledger FOR SELECT
  USING (((SELECT CAST(nullif(current_setting('telemetry.orgs', true), '') AS jsonb)) ? org_id)
    IS TRUE);
CREATE POLICY allowed_organisations ON event_ledger FOR INSERT
  WITH CHECK ((SELECT CAST(nullif(current_setting('telemetry.orgs', true), '') AS jsonb)) ? org_id);
CREATE POLICY allowed_organisations ON event FOR INSERT
  WITH CHECK ((SELECT CAST(nullif(current_setting('telemetry.orgs', true), '') AS jsonb)) ? org_id);
CREATE POLICY allowed_organisations ON usage_pending FOR INSERT
  WITH CHECK ((SELECT CAST(nullif(current_setting('telemetry.orgs', true), '') AS jsonb)) ? org_id);
