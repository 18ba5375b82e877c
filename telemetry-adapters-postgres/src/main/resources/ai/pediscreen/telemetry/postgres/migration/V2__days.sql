-- scope is '*' for all organisations together, and '=' and its name for each, as in usage_rollup.

-- Days whose aggregates are stored. Locked by nobody: advisory locks say whose turn a day is.
CREATE TABLE computed_day (
  day               date PRIMARY KEY,
  -- One more each time: a copy of the day made at a lower revision may be out of date.
  revision          bigint      NOT NULL,
  -- How many events the day had, those without a model included.
  events            bigint      NOT NULL,
  aggregates        integer     NOT NULL,
  -- Whether a day of its reference was computed again since.
  reference_changed boolean     NOT NULL,
  computed_at       timestamptz NOT NULL
);

CREATE TABLE daily_aggregate (
  day             date             NOT NULL,
  scope           text COLLATE "C" NOT NULL,
  model_id        text COLLATE "C" NOT NULL,
  calls           bigint           NOT NULL,
  avg_latency_ms  numeric          NOT NULL,
  error_percent   numeric          NOT NULL,
  fallbacks       bigint           NOT NULL,
  p50_latency_ms  bigint           NOT NULL,
  p95_latency_ms  bigint           NOT NULL,
  p99_latency_ms  bigint           NOT NULL,
  cost_usd        numeric          NOT NULL,
  reference_count bigint           NOT NULL,
  current_count   bigint           NOT NULL,
  PRIMARY KEY (day, scope, model_id)
);
CREATE INDEX daily_aggregate_scope_day ON daily_aggregate (scope, day);

-- One row for each figure that could be compared with the seven days before.
CREATE TABLE drift_record (
  day             date             NOT NULL,
  scope           text COLLATE "C" NOT NULL,
  model_id        text COLLATE "C" NOT NULL,
  feature         text COLLATE "C" NOT NULL,
  psi             double precision NOT NULL,
  reference_count bigint           NOT NULL,
  current_count   bigint           NOT NULL,
  critical_value  double precision NOT NULL,
  verdict         text COLLATE "C" NOT NULL,
  PRIMARY KEY (day, scope, model_id, feature)
);
CREATE INDEX drift_record_scope_day ON drift_record (scope, day);

-- What a day's values were, each with its count: the reference of later days is the merge of seven.
CREATE TABLE daily_distribution (
  day          date             NOT NULL,
  scope        text COLLATE "C" NOT NULL,
  model_id     text COLLATE "C" NOT NULL,
  feature      text COLLATE "C" NOT NULL,
  distribution bytea            NOT NULL,
  PRIMARY KEY (day, scope, model_id, feature)
);
