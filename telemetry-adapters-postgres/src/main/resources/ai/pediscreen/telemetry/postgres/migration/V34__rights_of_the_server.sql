-- What only the owner of the tables may do, for a server whose role is not that owner: its role may
-- call these functions, and they do nothing else. They run with the owner's rights and look for
-- tables in this schema alone; names of tables are made of days.

-- Makes a day's partition; what the default partition holds of the day moves in. Whoever may read
-- the default partition may read it.
CREATE FUNCTION make_event_day(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
DECLARE
  made   text        := 'event_p' || to_char(day, 'YYYYMMDD');
  begins timestamptz := CAST(day AS timestamp) AT TIME ZONE 'UTC';
  ends   timestamptz := CAST(day + 1 AS timestamp) AT TIME ZONE 'UTC';
  moving boolean     := EXISTS (SELECT FROM event_default WHERE ts >= begins AND ts < ends);
  reader text;
BEGIN
  IF moving THEN
    -- Nobody may add to the default partition between the move and the attachment.
    LOCK TABLE event_default IN ACCESS EXCLUSIVE MODE;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', made);
  IF moving THEN
    EXECUTE format(
      'WITH moved AS (DELETE FROM event_default WHERE ts >= %L AND ts < %L RETURNING *)'
      ' INSERT INTO %I SELECT * FROM moved', begins, ends, made);
  END IF;
  FOR reader IN
    SELECT rolname
    FROM pg_class, aclexplode(relacl) AS entry JOIN pg_roles ON pg_roles.oid = entry.grantee
    WHERE pg_class.oid = CAST('event_default' AS regclass) AND privilege_type = 'SELECT'
      AND entry.grantee <> relowner
  LOOP
    EXECUTE format('GRANT SELECT ON %I TO %I', made, reader);
  END LOOP;
  EXECUTE format(
    'ALTER TABLE event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', made, begins, ends);
END
$$;

-- Drops a day's partition with its events; those that are held move to the default partition.
CREATE FUNCTION drop_event_day(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
DECLARE
  dropped text := 'event_p' || to_char(day, 'YYYYMMDD');
BEGIN
  IF EXISTS (SELECT FROM legal_hold) AND EXISTS (
      SELECT FROM pg_inherits
      WHERE inhparent = CAST('event' AS regclass) AND inhrelid = to_regclass(quote_ident(dropped)))
  THEN
    EXECUTE format('ALTER TABLE event DETACH PARTITION %I', dropped);
    EXECUTE format(
      'INSERT INTO event_default SELECT * FROM %I AS event WHERE EXISTS (SELECT FROM legal_hold AS hold'
      ' WHERE hold.org_id = event.org_id AND hold.case_id IN ('''', coalesce(event.case_id, '''')))',
      dropped);
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS %I', dropped);
END
$$;

-- Makes one of the indexes for searches of a day's partition, or learns how its values are spread
-- where no column is named. Late events of the day wait meanwhile: the owner alone can make an index
-- beside writers, which no function may do.
CREATE FUNCTION index_event_day(day date, searched text) RETURNS void LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
DECLARE
  indexed text := 'event_p' || to_char(day, 'YYYYMMDD');
BEGIN
  IF searched IS NULL THEN
    EXECUTE format('ANALYZE %I', indexed);
  ELSIF searched IN ('event_id', 'trace_id', 'case_id', 'user_id') THEN
    EXECUTE format('DROP INDEX IF EXISTS %I', indexed || '_by_' || searched);
    EXECUTE format('CREATE INDEX %I ON %I (%I) WHERE %3$I IS NOT NULL',
      indexed || '_by_' || searched, indexed, searched);
  ELSE
    RAISE invalid_parameter_value USING MESSAGE = 'events are not searched by that column';
  END IF;
END
$$;

-- How long entries are kept at least, as the owner has been told; null where the server is the owner.
ALTER TABLE audit_chain ADD COLUMN kept_days integer;

-- Deletes some entries of before an edge, but for those behind one that is not and those that are
-- kept for longer; returns how many. The chain begins with the rest.
CREATE FUNCTION expire_audit_entries(edge timestamptz, at_once integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${flyway:defaultSchema}", pg_temp AS $$
DECLARE
  kept_since timestamptz := least(edge,
    now() - (SELECT make_interval(days => kept_days) FROM audit_chain));
  expired    audit_entry%ROWTYPE;
  deleted    integer;
BEGIN
  SELECT * INTO expired FROM audit_entry
  WHERE sequence < coalesce(
    (SELECT sequence FROM audit_entry WHERE at >= kept_since ORDER BY sequence LIMIT 1),
    (SELECT newest_sequence + 1 FROM audit_chain))
  ORDER BY sequence DESC LIMIT 1;
  IF NOT FOUND OR kept_since IS NULL THEN
    RETURN 0;
  END IF;
  UPDATE audit_chain SET expired_sequence = expired.sequence, expired_hash = expired.hash;
  DELETE FROM audit_entry WHERE sequence IN (
    SELECT sequence FROM audit_entry WHERE sequence <= expired.sequence
    ORDER BY sequence LIMIT at_once);
  GET DIAGNOSTICS deleted = ROW_COUNT;
  RETURN deleted;
END
$$;

REVOKE ALL ON FUNCTION make_event_day(date), drop_event_day(date), index_event_day(date, text),
  expire_audit_entries(timestamptz, integer) FROM PUBLIC;
