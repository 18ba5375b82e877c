-- An erasure tells by it which events came after its request. The beginning of the transaction is
-- too early: it may have waited for the writers' lock since.
ALTER TABLE event_ledger ALTER received_at SET DEFAULT clock_timestamp();
