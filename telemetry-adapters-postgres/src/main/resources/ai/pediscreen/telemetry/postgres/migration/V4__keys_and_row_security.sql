-- Keys that let requests in. Of the key itself only its digest is kept.
CREATE TABLE access_key (
  prefix     text COLLATE "C" PRIMARY KEY,
  -- SHA-256 in hexadecimal digits.
  sha256     text COLLATE "C" NOT NULL,
  -- Null for a key that belongs to no organisation.
  org_id     text COLLATE "C",
  scopes     text[]           NOT NULL,
  created_at timestamptz      NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz
);

-- The second wall between organisations. A question of one organisation is asked in the role that
-- is made when the database is opened (see TenantRole), to which these policies apply. It may read
-- tables with row-level security and no others. The owner is not bound by them: it computes days,
-- answers for all organisations together, and copies events.
--
-- telemetry.org is whose rows may be read, telemetry.orgs whose may be written. Both are set for
-- one transaction; when nothing was set they are null, or '' after an earlier transaction, and no
-- row passes.
ALTER TABLE event ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON event FOR SELECT
  USING (org_id = nullif(current_setting('telemetry.org', true), ''));

ALTER TABLE usage_rollup ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON usage_rollup FOR SELECT
  USING (scope = '=' || nullif(current_setting('telemetry.org', true), ''));

ALTER TABLE label_rollup ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON label_rollup FOR SELECT
  USING (scope = '=' || nullif(current_setting('telemetry.org', true), ''));

ALTER TABLE daily_aggregate ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON daily_aggregate FOR SELECT
  USING (scope = '=' || nullif(current_setting('telemetry.org', true), ''));

ALTER TABLE drift_record ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON drift_record FOR SELECT
  USING (scope = '=' || nullif(current_setting('telemetry.org', true), ''));

ALTER TABLE daily_distribution ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON daily_distribution FOR SELECT
  USING (scope = '=' || nullif(current_setting('telemetry.org', true), ''));

-- Every event has a row here, entered before the event itself; what this policy refuses is not
-- written anywhere.
ALTER TABLE event_ledger ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON event_ledger FOR ALL
  USING (org_id = ANY (CAST(nullif(current_setting('telemetry.orgs', true), '') AS text[])));
