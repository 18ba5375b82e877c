-- Who did what: rows are added, and expire from the oldest on. Each holds the hash of the one before
-- and its own. Identifiers in it are hashes with the key of audit_chain.
CREATE TABLE audit_entry (
  sequence      bigint           PRIMARY KEY,
  at            timestamptz      NOT NULL,
  who           text COLLATE "C" NOT NULL,
  org_id        text COLLATE "C",
  action        text COLLATE "C" NOT NULL,
  selection     text             NOT NULL,
  count         bigint           NOT NULL,
  trace_id      text,
  previous_hash text             NOT NULL,
  hash          text             NOT NULL
);
CREATE INDEX audit_entry_by_time ON audit_entry (at);
-- Whether a key was used today is asked for every key.
CREATE INDEX audit_entry_of_use ON audit_entry (who, sequence)
  WHERE action IN ('key_first_used', 'key_used');

-- The ends of the chain: the newest entry, and the newest one that has expired, or zeros.
CREATE TABLE audit_chain (
  only_one         boolean PRIMARY KEY DEFAULT TRUE CHECK (only_one),
  newest_sequence  bigint  NOT NULL DEFAULT 0,
  newest_hash      text    NOT NULL DEFAULT repeat('0', 64),
  expired_sequence bigint  NOT NULL DEFAULT 0,
  expired_hash     text    NOT NULL DEFAULT repeat('0', 64),
  -- The key of receipts of erasures, so that an entry and a receipt about one child hold one hash.
  -- It is not kept in erasure_key before something is erased: what is appended is then hashed too.
  secret           text    NOT NULL
    DEFAULT replace(concat(gen_random_uuid(), gen_random_uuid()), '-', '')
);
INSERT INTO audit_chain DEFAULT VALUES;
UPDATE audit_chain SET secret = erasure_key.secret FROM erasure_key;

-- Nothing changes an entry. One is deleted only once it has expired: retention first writes its
-- sequence and hash to audit_chain, and there they stay for whoever looks at the rest.
CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.sequence <= (SELECT expired_sequence FROM audit_chain) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'entries of the audit log are neither changed nor deleted before they expire';
END
$$;
CREATE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
  FOR EACH ROW EXECUTE FUNCTION audit_entry_stays();
CREATE TRIGGER audit_entries_stay BEFORE TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays();
