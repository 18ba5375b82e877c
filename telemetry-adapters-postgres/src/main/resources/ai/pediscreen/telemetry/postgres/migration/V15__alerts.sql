-- One row for each time that something was not well. Of all organisations together, so no policy.
CREATE TABLE alert (
  id           uuid             PRIMARY KEY,
  -- What is not well, as one text.
  subject      text COLLATE "C" NOT NULL,
  kind         text COLLATE "C" NOT NULL,
  together     boolean          NOT NULL,
  model_id     text COLLATE "C",
  feature      text COLLATE "C",
  subgroup     text COLLATE "C",
  opened       timestamptz      NOT NULL,
  well_since   timestamptz,
  resolved     timestamptz,
  value        double precision,
  bound        double precision,
  summary      text             NOT NULL,
  incident     text
);
-- Nothing is open twice.
CREATE UNIQUE INDEX alert_open ON alert (subject) WHERE resolved IS NULL;
CREATE INDEX alert_newest ON alert (opened);

-- One row for each change of an alert, with the alert as it was then.
CREATE TABLE alert_message (
  id       uuid             PRIMARY KEY,
  number   bigint           GENERATED ALWAYS AS IDENTITY UNIQUE,
  alert_id uuid             NOT NULL REFERENCES alert (id),
  event    text COLLATE "C" NOT NULL,
  at       timestamptz      NOT NULL,
  resolved timestamptz,
  value    double precision,
  bound    double precision,
  summary  text             NOT NULL,
  incident text
);
CREATE INDEX alert_message_alert ON alert_message (alert_id);

-- One row for each message and channel.
CREATE TABLE alert_delivery (
  message_id uuid             NOT NULL REFERENCES alert_message (id) ON DELETE CASCADE,
  channel    text COLLATE "C" NOT NULL,
  attempts   integer          NOT NULL DEFAULT 0,
  due        timestamptz      NOT NULL,
  delivered  timestamptz,
  parked     timestamptz,
  failure    text,
  PRIMARY KEY (message_id, channel)
);
CREATE INDEX alert_delivery_waiting ON alert_delivery (due)
  WHERE delivered IS NULL AND parked IS NULL;

-- When the figures were last looked at.
CREATE TABLE alert_clock (
  judged timestamptz
);
INSERT INTO alert_clock DEFAULT VALUES;
