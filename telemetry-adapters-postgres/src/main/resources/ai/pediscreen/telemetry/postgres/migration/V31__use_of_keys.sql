-- When a key was used last, to the minute; null if it never was.
ALTER TABLE access_key ADD COLUMN last_used_at timestamptz;
