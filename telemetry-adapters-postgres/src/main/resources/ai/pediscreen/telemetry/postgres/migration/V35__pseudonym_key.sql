-- Which key ids of users and cases are replaced with: its fingerprint, one row, made by the first
-- program that stores events with a key. With another key, or none, no person's events are found.
CREATE TABLE pseudonym_key (
  only_one    boolean          PRIMARY KEY DEFAULT TRUE CHECK (only_one),
  fingerprint text COLLATE "C" NOT NULL
);
