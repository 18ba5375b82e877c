-- Whether an event was put in line to be exported: each one is at most once.
ALTER TABLE event_ledger ADD COLUMN queued boolean NOT NULL DEFAULT FALSE;

-- Which events wait to be exported, not what they say. The transaction that adds events adds a row
-- for each few hundred of them, and whoever stores a batch removes it: there is no position that a
-- transaction could commit behind.
CREATE TABLE export_outbox (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  queued_at timestamptz   NOT NULL DEFAULT now(),
  events    integer       NOT NULL,
  ts        timestamptz[] NOT NULL,
  org_ids   text[]        NOT NULL,
  event_ids text[]        NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.02);
-- A row lives for seconds, which is not worth compressing it in the transaction that adds events.
ALTER TABLE export_outbox
  ALTER COLUMN ts SET STORAGE EXTERNAL,
  ALTER COLUMN org_ids SET STORAGE EXTERNAL,
  ALTER COLUMN event_ids SET STORAGE EXTERNAL;

-- Where the stream of rows stands: one row. While a batch is stored, its rows go to row_offset, and
-- may or may not have arrived; without one row_offset is where the next goes.
CREATE TABLE export_stream (
  only_one   boolean PRIMARY KEY DEFAULT TRUE CHECK (only_one),
  -- Tells the revisions of this database's days from those of another one's.
  source     text   NOT NULL DEFAULT replace(CAST(gen_random_uuid() AS text), '-', ''),
  stream     text,
  row_offset bigint NOT NULL DEFAULT 0,
  -- Since when the batch's events have waited.
  queued_at  timestamptz,
  ts         timestamptz[],
  org_ids    text[],
  event_ids  text[],
  batch      bytea
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
ALTER TABLE export_stream ALTER COLUMN batch SET STORAGE EXTERNAL;
INSERT INTO export_stream DEFAULT VALUES;

-- Events that will not be exported, and why.
CREATE TABLE export_dead_letter (
  org_id   text COLLATE "C" NOT NULL,
  event_id text COLLATE "C" NOT NULL,
  ts       timestamptz      NOT NULL,
  reason   text             NOT NULL,
  field    text,
  at       timestamptz      NOT NULL DEFAULT now()
);

-- The revision at which a day's aggregates were exported last.
CREATE TABLE exported_day (
  day      date   PRIMARY KEY,
  revision bigint NOT NULL
);
