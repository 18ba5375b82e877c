-- What appended events add to the rollups and is not folded into them yet: a row for each
-- transaction and organisation, written with the events. Rows are only added by ingestion and only
-- removed by the fold, which adds them to the rollups in the same transaction. So no transaction of
-- ingestion writes a row that another one writes, and whoever reads rollups and these rows in one
-- snapshot has the exact figures. No index: it is read whole, and empty every second.
CREATE TABLE usage_pending (
  org_id text COLLATE "C" NOT NULL,
  delta  bytea            NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  -- To give space back it would have to lock out ingestion, which needs the space again at once.
  vacuum_truncate = off);
-- A row lives for about a second, which is not worth compressing it.
ALTER TABLE usage_pending ALTER COLUMN delta SET STORAGE EXTERNAL;

-- Whose figures there are ('*' and '=' with a name, as in usage_rollup), and how often they were
-- changed by a fold: what changed can be seen without asking for figures.
CREATE TABLE usage_scope (
  scope text COLLATE "C" PRIMARY KEY,
  folds bigint NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
INSERT INTO usage_scope (scope, folds)
  SELECT DISTINCT scope, 1 FROM usage_rollup WHERE width_minutes = 1440;

ALTER TABLE usage_pending ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON usage_pending FOR SELECT
  USING (org_id = nullif(current_setting('telemetry.org', true), ''));
ALTER TABLE usage_scope ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON usage_scope FOR SELECT
  USING (scope = '=' || nullif(current_setting('telemetry.org', true), ''));

-- Events are appended in one statement, all of it in the role for single organisations: to the
-- ledger, whose policy there is already, to the events, and to what is pending.
CREATE POLICY allowed_organisations ON event FOR INSERT
  WITH CHECK (org_id = ANY (CAST(
    (SELECT CAST(nullif(current_setting('telemetry.orgs', true), '') AS text[])) AS text[])));
CREATE POLICY allowed_organisations ON usage_pending FOR INSERT
  WITH CHECK (org_id = ANY (CAST(
    (SELECT CAST(nullif(current_setting('telemetry.orgs', true), '') AS text[])) AS text[])));
