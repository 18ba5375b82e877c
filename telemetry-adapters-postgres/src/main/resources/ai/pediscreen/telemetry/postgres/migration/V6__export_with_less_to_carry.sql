-- Timestamps as microseconds since 1970: an array of timestamptz travels as text, at both ends of
-- which it took longer to write and to read than everything else in the row.
ALTER TABLE export_outbox ADD COLUMN micros bigint[];
UPDATE export_outbox SET micros = ARRAY(
  SELECT CAST(extract(epoch FROM one) * 1000000 AS bigint)
  FROM unnest(ts) WITH ORDINALITY AS numbered (one, position)
  ORDER BY position);
ALTER TABLE export_outbox
  ALTER COLUMN micros SET NOT NULL,
  ALTER COLUMN micros SET STORAGE EXTERNAL,
  DROP COLUMN ts;

-- Which events are in the stored batch can be read from its rows, in the rare case that one asks.
ALTER TABLE export_stream ADD COLUMN events integer NOT NULL DEFAULT 0;
UPDATE export_stream SET events = coalesce(cardinality(ts), 0);
ALTER TABLE export_stream DROP COLUMN ts, DROP COLUMN org_ids, DROP COLUMN event_ids;
