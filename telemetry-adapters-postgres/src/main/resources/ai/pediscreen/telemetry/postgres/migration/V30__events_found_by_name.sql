-- Single events are looked for by their id, trace, case or user. The user stood in the payload
-- alone; a condition on json would not reach an index past row-level security.
ALTER TABLE event
  ADD COLUMN user_id text COLLATE "C" GENERATED ALWAYS AS (payload ->> 'user_id') STORED;

CREATE INDEX event_event_id ON event (event_id);
CREATE INDEX event_trace_id ON event (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX event_case_id ON event (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX event_user_id ON event (user_id) WHERE user_id IS NOT NULL;
