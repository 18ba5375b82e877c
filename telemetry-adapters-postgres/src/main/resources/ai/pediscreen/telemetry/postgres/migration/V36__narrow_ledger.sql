-- The ledger knows an event by 16 bytes of a hash, not by its id: its index is half as large, so that
-- less of it is read and written for each event. The table is written anew.

-- All writers end first (this is AdvisoryLock.WRITERS), and none begins until this is done.
SELECT pg_advisory_xact_lock(CAST(22609619844221268 AS bigint));
LOCK TABLE event_ledger, erasure_key;

CREATE FUNCTION ledger_key(org_id text, event_id text) RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CAST(encode(substr(sha256(convert_to(org_id || chr(10) || event_id, 'UTF8')), 1, 16), 'hex')
    AS uuid);

-- What a key of the ledger becomes once its event is erased, hashed with the secret as in erased_id.
-- It takes the key alone, for the id of an event that has expired is known no longer.
CREATE FUNCTION erased_key(secret text, key uuid) RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN CAST(substr(erased_id(secret, '', CAST(key AS text)), 8, 32) AS uuid);

-- What the id of an erased event becomes: that key. It was erased_id before, whose first half is then
-- the key in the ledger.
CREATE FUNCTION erased_event_id(secret text, org_id text, event_id text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN 'erased:' || replace(CAST(erased_key(secret, ledger_key(org_id, event_id)) AS text), '-', '');

-- Whether events were erased before, so that resent ones are looked up by erased_id, too.
ALTER TABLE erasure_key ADD COLUMN earlier boolean NOT NULL DEFAULT FALSE;
UPDATE erasure_key SET earlier = TRUE;

ALTER TABLE event_ledger DROP CONSTRAINT event_ledger_pkey;
ALTER TABLE event_ledger ALTER COLUMN event_id TYPE uuid USING
  CASE WHEN erased THEN CAST(substr(event_id, 8, 32) AS uuid) ELSE ledger_key(org_id, event_id) END;
ALTER TABLE event_ledger RENAME COLUMN event_id TO key;
ALTER TABLE event_ledger ADD PRIMARY KEY (key);
ANALYZE event_ledger;

-- Every question reads all of this table. After much was appended at once it had thousands of empty
-- pages, which took longer than all else. The lock to cut them off is only tried, never waited for.
ALTER TABLE usage_pending RESET (vacuum_truncate);
