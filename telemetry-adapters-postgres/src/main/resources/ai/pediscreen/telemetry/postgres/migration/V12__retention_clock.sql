-- What retention goes by. One row, made by the first run. The database's clock alone is not enough
-- to delete by: set wrong, it would make all events expire.
CREATE TABLE retention_clock (
  only_one         boolean     PRIMARY KEY DEFAULT TRUE CHECK (only_one),
  -- The newest time that a run has believed. A jump of more than a day beyond waits to be confirmed.
  trusted_at       timestamptz NOT NULL,
  -- An operator has confirmed that any number of days before this one may go at once.
  confirmed_before date,
  -- Rows of the ledger and the rollups that expired before this day are gone.
  pruned_before    date
);

-- Partitions were made a week ahead so far, which tells when the last run was.
INSERT INTO retention_clock (trusted_at)
SELECT CAST(to_date(right(max(child.relname), 8), 'YYYYMMDD') - 6 AS timestamp) AT TIME ZONE 'UTC'
FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
WHERE inhparent = CAST('event' AS regclass) AND child.relname LIKE 'event\_p________'
HAVING max(child.relname) IS NOT NULL;
