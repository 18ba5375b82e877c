-- Erased events keep what figures are made of, without payload and identifiers. Their ids, here and
-- in the ledger, are keyed hashes of what they were: the ledger still knows a resent event.
ALTER TABLE event ADD COLUMN erased boolean NOT NULL DEFAULT FALSE;
ALTER TABLE event_ledger ADD COLUMN erased boolean NOT NULL DEFAULT FALSE;

-- The key of these hashes: one row, made with the first request to erase.
CREATE TABLE erasure_key (
  only_one boolean PRIMARY KEY DEFAULT TRUE CHECK (only_one),
  secret   text    NOT NULL
    DEFAULT replace(concat(gen_random_uuid(), gen_random_uuid()), '-', '')
);
-- Whoever adds events looks resent ones up by their hash.
ALTER TABLE erasure_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY appending ON erasure_key FOR SELECT
  USING (nullif(current_setting('telemetry.orgs', true), '') IS NOT NULL);

-- What an event's id becomes: a hash of a hash, both with the key, as in HMAC (RFC 2104).
CREATE FUNCTION erased_id(secret text, org_id text, event_id text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN 'erased:' || encode(sha256(convert_to(secret || encode(sha256(convert_to(
    secret || org_id || chr(10) || event_id, 'UTF8')), 'hex'), 'UTF8')), 'hex');

-- Requests and receipts. The identifier stays until the work is done, and no longer.
CREATE TABLE erasure (
  id             uuid             PRIMARY KEY,
  -- Null for all organisations.
  org_id         text COLLATE "C",
  field          text COLLATE "C" NOT NULL,
  identifiers    text[],
  selection_hash text             NOT NULL,
  key_prefix     text,
  requested_at   timestamptz      NOT NULL,
  completed_at   timestamptz,
  -- By the database's own clock: when it was asked for, and when what is left is tried again.
  accepted_at    timestamptz      NOT NULL DEFAULT now(),
  due            timestamptz      NOT NULL DEFAULT now(),
  waiting_for    text,
  -- The export's batch that may hold such events: its queued_at. A later one does not.
  batch          timestamptz,
  counts         jsonb            NOT NULL DEFAULT '{}'
);
CREATE INDEX erasure_open ON erasure (requested_at) WHERE completed_at IS NULL;

-- Events that are neither erased nor expire.
CREATE TABLE legal_hold (
  org_id     text COLLATE "C" NOT NULL,
  -- '' for all events of the organisation.
  case_id    text COLLATE "C" NOT NULL,
  key_prefix text,
  since      timestamptz      NOT NULL,
  PRIMARY KEY (org_id, case_id)
);
