-- Days that the replaced service has computed from events that are no longer there.
CREATE TABLE earlier_aggregate (
  day            date             NOT NULL,
  model_id       text COLLATE "C" NOT NULL,
  calls          bigint           NOT NULL,
  avg_latency_ms numeric          NOT NULL,
  error_percent  numeric          NOT NULL,
  fallbacks      bigint           NOT NULL,
  psi            double precision,
  PRIMARY KEY (day, model_id)
);
