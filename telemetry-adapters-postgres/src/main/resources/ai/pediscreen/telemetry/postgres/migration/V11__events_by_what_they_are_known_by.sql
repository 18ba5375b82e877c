-- Single events are looked for by their id, trace, case or user. The user stood in the payload
-- alone; a condition on json would not reach an index past row-level security. The indexes are made
-- for each day when it is over (see DayPartitions): kept up to date event by event they would cost
-- ingestion more than the ledger does, and of the day under way little has to be read.
ALTER TABLE event ADD COLUMN user_id text COLLATE "C";
UPDATE event SET user_id = payload ->> 'user_id' WHERE payload ->> 'user_id' IS NOT NULL;
