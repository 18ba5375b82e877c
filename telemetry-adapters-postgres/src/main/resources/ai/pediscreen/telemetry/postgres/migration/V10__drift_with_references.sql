-- Values are split by subgroup ('' for all events, '=' and its name for each), and each row says how
-- many events there were, those without a value included.
ALTER TABLE daily_distribution
  ADD COLUMN subgroup text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN events   bigint           NOT NULL DEFAULT 0;
UPDATE daily_distribution AS one SET events = day.calls
FROM daily_aggregate AS day
WHERE day.day = one.day AND day.scope = one.scope AND day.model_id = one.model_id;
ALTER TABLE daily_distribution
  DROP CONSTRAINT daily_distribution_pkey,
  ADD PRIMARY KEY (day, scope, model_id, feature, subgroup);

-- One row for each comparison: with the week before, the same weekdays, or a baseline. Null is what
-- was not computed before, and psi where a side has too few values for one.
ALTER TABLE drift_record
  ADD COLUMN subgroup                text COLLATE "C" NOT NULL DEFAULT '',
  ADD COLUMN reference               text COLLATE "C" NOT NULL DEFAULT 'week',
  ADD COLUMN p_value                 double precision,
  ADD COLUMN direction               text COLLATE "C",
  ADD COLUMN median_shift            double precision,
  ADD COLUMN wasserstein             double precision,
  ADD COLUMN reference_missing_share double precision NOT NULL DEFAULT 0,
  ADD COLUMN missing_share           double precision NOT NULL DEFAULT 0,
  ADD COLUMN missing_p_value         double precision NOT NULL DEFAULT 1,
  ADD COLUMN summary                 text             NOT NULL DEFAULT '',
  ALTER COLUMN psi DROP NOT NULL;
ALTER TABLE drift_record
  DROP CONSTRAINT drift_record_pkey,
  ADD PRIMARY KEY (day, scope, model_id, feature, subgroup, reference);
-- Incidents follow from all alerts there ever were, which are few.
CREATE INDEX drift_record_alert ON drift_record (scope, day) WHERE verdict = 'SIGNIFICANT';

CREATE TABLE drift_baseline (
  name         text COLLATE "C" NOT NULL,
  scope        text COLLATE "C" NOT NULL,
  model_id     text COLLATE "C" NOT NULL,
  feature      text COLLATE "C" NOT NULL,
  -- Null for values that came in a file.
  first_day    date,
  last_day     date,
  -- 0 if it is not known how many events there were.
  events       bigint           NOT NULL,
  days         integer          NOT NULL,
  distribution bytea            NOT NULL,
  PRIMARY KEY (name, scope, model_id, feature)
);
ALTER TABLE drift_baseline ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON drift_baseline FOR SELECT
  USING (scope = '=' || nullif(current_setting('telemetry.org', true), ''));

-- Days are compared again, with all of this.
UPDATE computed_day SET reference_changed = TRUE;
