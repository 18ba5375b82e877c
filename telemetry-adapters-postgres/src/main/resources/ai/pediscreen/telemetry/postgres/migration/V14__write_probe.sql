-- Written to, and taken back, by the check of readiness when events could not be stored.
CREATE TABLE write_probe (
  filling text NOT NULL
);
ALTER TABLE write_probe ALTER COLUMN filling SET STORAGE EXTERNAL;
