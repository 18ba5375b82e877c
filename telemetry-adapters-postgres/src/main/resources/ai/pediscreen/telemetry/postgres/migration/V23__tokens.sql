-- Tokens of a call; null for none. What is stored already is not counted anew.
ALTER TABLE event
  ADD COLUMN input_tokens       integer,
  ADD COLUMN cache_read_tokens  integer,
  ADD COLUMN cache_write_tokens integer,
  ADD COLUMN output_tokens      integer,
  ADD COLUMN reasoning_tokens   integer;

-- unpriced counts the calls that used tokens of which nobody said what they cost.
ALTER TABLE usage_rollup
  ADD COLUMN unpriced           bigint NOT NULL DEFAULT 0,
  ADD COLUMN input_tokens       bigint NOT NULL DEFAULT 0,
  ADD COLUMN cache_read_tokens  bigint NOT NULL DEFAULT 0,
  ADD COLUMN cache_write_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN output_tokens      bigint NOT NULL DEFAULT 0,
  ADD COLUMN reasoning_tokens   bigint NOT NULL DEFAULT 0;

ALTER TABLE daily_aggregate
  ADD COLUMN unpriced           bigint NOT NULL DEFAULT 0,
  ADD COLUMN input_tokens       bigint NOT NULL DEFAULT 0,
  ADD COLUMN cache_read_tokens  bigint NOT NULL DEFAULT 0,
  ADD COLUMN cache_write_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN output_tokens      bigint NOT NULL DEFAULT 0,
  ADD COLUMN reasoning_tokens   bigint NOT NULL DEFAULT 0;
