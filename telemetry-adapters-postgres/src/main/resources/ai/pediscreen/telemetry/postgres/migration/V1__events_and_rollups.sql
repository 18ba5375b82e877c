-- All text is compared by code point (collation C): identifiers have no language, and the order is
-- then the same as in telemetry-core. '' stands for "none" in org_id and model_id, which may not be
-- blank otherwise.

-- One row for each event that was ever counted: what makes a second sending a duplicate. Not
-- partitioned, because a unique key of a partitioned table must hold the partition's timestamp.
CREATE TABLE event_ledger (
  org_id      text COLLATE "C" NOT NULL,
  event_id    text COLLATE "C" NOT NULL,
  received_at timestamptz      NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, event_id)
);
CREATE INDEX event_ledger_received_at ON event_ledger USING brin (received_at);

-- Raw events, by day. No unique index: the ledger has decided before a row comes here.
CREATE TABLE event (
  ts          timestamptz      NOT NULL,
  org_id      text COLLATE "C" NOT NULL,
  event_id    text COLLATE "C" NOT NULL,
  model_id    text COLLATE "C" NOT NULL,
  error       boolean          NOT NULL,
  latency_ms  integer,
  status_code integer,
  fallback_to text COLLATE "C",
  error_code  text COLLATE "C",
  cost_usd    numeric,
  case_id     text COLLATE "C",
  trace_id    text COLLATE "C",
  payload     jsonb            NOT NULL
) PARTITION BY RANGE (ts);
CREATE INDEX event_ts ON event (ts);
CREATE INDEX event_listed_ts ON event (ts) WHERE error OR fallback_to IS NOT NULL;
CREATE INDEX event_listed_org_ts ON event (org_id, ts) WHERE error OR fallback_to IS NOT NULL;
-- Takes what lies outside the days that have a partition of their own.
CREATE TABLE event_default PARTITION OF event DEFAULT;

-- Counts by minute, hour and day (width_minutes 1, 60, 1440), by model, for all organisations
-- together (scope '*') and for each (scope '=' and its name).
CREATE TABLE usage_rollup (
  width_minutes  integer          NOT NULL,
  scope          text COLLATE "C" NOT NULL,
  bucket         timestamptz      NOT NULL,
  model_id       text COLLATE "C" NOT NULL,
  calls          bigint           NOT NULL,
  errors         bigint           NOT NULL,
  fallbacks      bigint           NOT NULL,
  latency_sum_ms bigint           NOT NULL,
  cost_usd       numeric          NOT NULL,
  newest         timestamptz      NOT NULL,
  latencies      bytea            NOT NULL,
  PRIMARY KEY (width_minutes, scope, bucket, model_id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- The same by error reason, fallback, adapter and provider.
CREATE TABLE label_rollup (
  width_minutes integer          NOT NULL,
  scope         text COLLATE "C" NOT NULL,
  bucket        timestamptz      NOT NULL,
  model_id      text COLLATE "C" NOT NULL,
  kind          text COLLATE "C" NOT NULL,
  label         text COLLATE "C" NOT NULL,
  events        bigint           NOT NULL,
  newest        timestamptz      NOT NULL,
  PRIMARY KEY (width_minutes, scope, bucket, kind, model_id, label)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);

-- A row for each transaction that added events to a day which was over by then. Rows are only added
-- by ingestion and only removed by whoever recomputes the day, so neither waits for the other.
CREATE TABLE late_day (
  day date NOT NULL
);
CREATE INDEX late_day_day ON late_day (day);
