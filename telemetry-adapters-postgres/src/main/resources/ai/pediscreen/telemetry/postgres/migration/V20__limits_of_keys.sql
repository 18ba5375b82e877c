-- How many events a second may be sent with a key; null for as many as its organisation may send.
ALTER TABLE access_key ADD COLUMN events_per_second integer CHECK (events_per_second >= 1);
