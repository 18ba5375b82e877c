-- Events outside the days that have a partition are looked for in the default one, whose indexes for
-- searches need not wait for a day to be over: few events lie there, or an import's older than the
-- retention.
CREATE INDEX event_default_by_event_id ON event_default (event_id) WHERE event_id IS NOT NULL;
CREATE INDEX event_default_by_trace_id ON event_default (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX event_default_by_case_id ON event_default (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX event_default_by_user_id ON event_default (user_id) WHERE user_id IS NOT NULL;
