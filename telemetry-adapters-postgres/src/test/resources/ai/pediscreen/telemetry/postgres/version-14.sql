-- Written by the version of 2026-11-29 (schema version 14) in schema public: 43 events, two days computed, two
-- keys; taken with pg_dump --inserts --rows-per-insert=50, comments and empty lines left out.
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.access_key (
    prefix text NOT NULL COLLATE pg_catalog."C",
    sha256 text NOT NULL COLLATE pg_catalog."C",
    org_id text COLLATE pg_catalog."C",
    scopes text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone
);
ALTER TABLE public.access_key OWNER TO postgres;
CREATE TABLE public.computed_day (
    day date NOT NULL,
    revision bigint NOT NULL,
    events bigint NOT NULL,
    aggregates integer NOT NULL,
    reference_changed boolean NOT NULL,
    computed_at timestamp with time zone NOT NULL
);
ALTER TABLE public.computed_day OWNER TO postgres;
CREATE TABLE public.daily_aggregate (
    day date NOT NULL,
    scope text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    calls bigint NOT NULL,
    avg_latency_ms numeric NOT NULL,
    error_percent numeric NOT NULL,
    fallbacks bigint NOT NULL,
    p50_latency_ms bigint NOT NULL,
    p95_latency_ms bigint NOT NULL,
    p99_latency_ms bigint NOT NULL,
    cost_usd numeric NOT NULL,
    reference_count bigint NOT NULL,
    current_count bigint NOT NULL
);
ALTER TABLE public.daily_aggregate OWNER TO postgres;
CREATE TABLE public.daily_distribution (
    day date NOT NULL,
    scope text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    feature text NOT NULL COLLATE pg_catalog."C",
    distribution bytea NOT NULL,
    subgroup text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    events bigint DEFAULT 0 NOT NULL
);
ALTER TABLE public.daily_distribution OWNER TO postgres;
CREATE TABLE public.drift_baseline (
    name text NOT NULL COLLATE pg_catalog."C",
    scope text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    feature text NOT NULL COLLATE pg_catalog."C",
    first_day date,
    last_day date,
    events bigint NOT NULL,
    days integer NOT NULL,
    distribution bytea NOT NULL
);
ALTER TABLE public.drift_baseline OWNER TO postgres;
CREATE TABLE public.drift_record (
    day date NOT NULL,
    scope text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    feature text NOT NULL COLLATE pg_catalog."C",
    psi double precision,
    reference_count bigint NOT NULL,
    current_count bigint NOT NULL,
    critical_value double precision NOT NULL,
    verdict text NOT NULL COLLATE pg_catalog."C",
    subgroup text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    reference text DEFAULT 'week'::text NOT NULL COLLATE pg_catalog."C",
    p_value double precision,
    direction text COLLATE pg_catalog."C",
    median_shift double precision,
    wasserstein double precision,
    reference_missing_share double precision DEFAULT 0 NOT NULL,
    missing_share double precision DEFAULT 0 NOT NULL,
    missing_p_value double precision DEFAULT 1 NOT NULL,
    summary text DEFAULT ''::text NOT NULL
);
ALTER TABLE public.drift_record OWNER TO postgres;
CREATE TABLE public.event (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
)
PARTITION BY RANGE (ts);
ALTER TABLE public.event OWNER TO postgres;
CREATE TABLE public.event_default (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_default OWNER TO postgres;
CREATE TABLE public.event_ledger (
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    queued boolean DEFAULT false NOT NULL
);
ALTER TABLE public.event_ledger OWNER TO postgres;
CREATE TABLE public.event_p20261126 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261126 OWNER TO postgres;
CREATE TABLE public.event_p20261127 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261127 OWNER TO postgres;
CREATE TABLE public.event_p20261128 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261128 OWNER TO postgres;
CREATE TABLE public.event_p20261129 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261129 OWNER TO postgres;
CREATE TABLE public.event_p20261130 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261130 OWNER TO postgres;
CREATE TABLE public.event_p20261201 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261201 OWNER TO postgres;
CREATE TABLE public.event_p20261202 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261202 OWNER TO postgres;
CREATE TABLE public.event_p20261203 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261203 OWNER TO postgres;
CREATE TABLE public.event_p20261204 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261204 OWNER TO postgres;
CREATE TABLE public.event_p20261205 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261205 OWNER TO postgres;
CREATE TABLE public.event_p20261206 (
    ts timestamp with time zone NOT NULL,
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    model_id text NOT NULL COLLATE pg_catalog."C",
    error boolean NOT NULL,
    latency_ms integer,
    status_code integer,
    fallback_to text COLLATE pg_catalog."C",
    error_code text COLLATE pg_catalog."C",
    cost_usd numeric,
    case_id text COLLATE pg_catalog."C",
    trace_id text COLLATE pg_catalog."C",
    payload json NOT NULL,
    user_id text COLLATE pg_catalog."C"
);
ALTER TABLE public.event_p20261206 OWNER TO postgres;
CREATE TABLE public.export_dead_letter (
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_id text NOT NULL COLLATE pg_catalog."C",
    ts timestamp with time zone NOT NULL,
    reason text NOT NULL,
    field text,
    at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.export_dead_letter OWNER TO postgres;
CREATE TABLE public.export_outbox (
    id bigint NOT NULL,
    queued_at timestamp with time zone DEFAULT now() NOT NULL,
    events integer NOT NULL,
    org_ids text[] NOT NULL,
    event_ids text[] NOT NULL,
    micros bigint[] NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.02');
ALTER TABLE ONLY public.export_outbox ALTER COLUMN org_ids SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.export_outbox ALTER COLUMN event_ids SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.export_outbox ALTER COLUMN micros SET STORAGE EXTERNAL;
ALTER TABLE public.export_outbox OWNER TO postgres;
ALTER TABLE public.export_outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.export_outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.export_stream (
    only_one boolean DEFAULT true NOT NULL,
    source text DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text) NOT NULL,
    stream text,
    row_offset bigint DEFAULT 0 NOT NULL,
    queued_at timestamp with time zone,
    batch bytea,
    events integer DEFAULT 0 NOT NULL,
    CONSTRAINT export_stream_only_one_check CHECK (only_one)
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='200');
ALTER TABLE ONLY public.export_stream ALTER COLUMN batch SET STORAGE EXTERNAL;
ALTER TABLE public.export_stream OWNER TO postgres;
CREATE TABLE public.exported_day (
    day date NOT NULL,
    revision bigint NOT NULL
);
ALTER TABLE public.exported_day OWNER TO postgres;
CREATE TABLE public.flyway_schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
ALTER TABLE public.flyway_schema_history OWNER TO postgres;
CREATE TABLE public.label_rollup (
    width_minutes integer NOT NULL,
    scope text NOT NULL COLLATE pg_catalog."C",
    bucket timestamp with time zone NOT NULL,
    model_id text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C",
    events bigint NOT NULL,
    newest timestamp with time zone NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02');
ALTER TABLE public.label_rollup OWNER TO postgres;
CREATE TABLE public.late_day (
    day date NOT NULL
);
ALTER TABLE public.late_day OWNER TO postgres;
CREATE TABLE public.retention_clock (
    only_one boolean DEFAULT true NOT NULL,
    trusted_at timestamp with time zone NOT NULL,
    confirmed_before date,
    pruned_before date,
    CONSTRAINT retention_clock_only_one_check CHECK (only_one)
);
ALTER TABLE public.retention_clock OWNER TO postgres;
CREATE TABLE public.usage_pending (
    org_id text NOT NULL COLLATE pg_catalog."C",
    events integer NOT NULL,
    delta bytea NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', vacuum_truncate=off);
ALTER TABLE ONLY public.usage_pending ALTER COLUMN delta SET STORAGE EXTERNAL;
ALTER TABLE public.usage_pending OWNER TO postgres;
CREATE TABLE public.usage_rollup (
    width_minutes integer NOT NULL,
    scope text NOT NULL COLLATE pg_catalog."C",
    bucket timestamp with time zone NOT NULL,
    model_id text NOT NULL COLLATE pg_catalog."C",
    calls bigint NOT NULL,
    errors bigint NOT NULL,
    fallbacks bigint NOT NULL,
    latency_sum_ms bigint NOT NULL,
    cost_usd numeric NOT NULL,
    newest timestamp with time zone NOT NULL,
    latencies bytea NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02');
ALTER TABLE public.usage_rollup OWNER TO postgres;
CREATE TABLE public.usage_scope (
    scope text NOT NULL COLLATE pg_catalog."C",
    events bigint NOT NULL,
    bounded_on date
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.02');
ALTER TABLE public.usage_scope OWNER TO postgres;
CREATE TABLE public.write_probe (
    filling text NOT NULL
);
ALTER TABLE ONLY public.write_probe ALTER COLUMN filling SET STORAGE EXTERNAL;
ALTER TABLE public.write_probe OWNER TO postgres;
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_default DEFAULT;
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261126 FOR VALUES FROM ('2026-11-26 00:00:00+00') TO ('2026-11-27 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261127 FOR VALUES FROM ('2026-11-27 00:00:00+00') TO ('2026-11-28 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261128 FOR VALUES FROM ('2026-11-28 00:00:00+00') TO ('2026-11-29 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261130 FOR VALUES FROM ('2026-11-30 00:00:00+00') TO ('2026-12-01 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261201 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2026-12-02 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261202 FOR VALUES FROM ('2026-12-02 00:00:00+00') TO ('2026-12-03 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261203 FOR VALUES FROM ('2026-12-03 00:00:00+00') TO ('2026-12-04 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261204 FOR VALUES FROM ('2026-12-04 00:00:00+00') TO ('2026-12-05 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261205 FOR VALUES FROM ('2026-12-05 00:00:00+00') TO ('2026-12-06 00:00:00+00');
ALTER TABLE ONLY public.event ATTACH PARTITION public.event_p20261206 FOR VALUES FROM ('2026-12-06 00:00:00+00') TO ('2026-12-07 00:00:00+00');
INSERT INTO public.access_key VALUES
	('own_a0bb49946de6ab05', 'a0bb49946de6ab051ed9a5abafdd60cf3cd2cf7abfc6fc4c67c01b7835152247', NULL, '{admin}', '2026-11-29 00:46:57.878114+00', NULL, NULL),
	('pst_498347a58193bcf4', 'bc9fa8dee02d16d9a62bd5bc469e79b7e7e9d353e19faa795062ef8631343d2a', 'org-a', '{ingest,read}', '2026-11-29 00:47:10.174043+00', NULL, NULL);
INSERT INTO public.computed_day VALUES
	('2026-11-26', 1, 7, 4, false, '2026-11-29 00:47:05.381832+00'),
	('2026-11-27', 1, 14, 4, false, '2026-11-29 00:47:05.499668+00'),
	('2026-11-28', 1, 14, 4, false, '2026-11-29 00:47:05.616298+00');
INSERT INTO public.daily_aggregate VALUES
	('2026-11-26', '*', 'gemini-flash', 4, 232.000000, 0.000000, 0, 219, 271, 271, 0.040000, 0, 4),
	('2026-11-26', '*', 'medgemma-4b', 3, 232.000000, 33.333333, 1, 232, 258, 258, 0.030000, 0, 3),
	('2026-11-26', '=org-a', 'medgemma-4b', 2, 219.000000, 50.000000, 1, 206, 232, 232, 0.018000, 0, 2),
	('2026-11-26', '=org-b', 'gemini-flash', 3, 236.333333, 0.000000, 0, 245, 271, 271, 0.031000, 0, 3),
	('2026-11-27', '*', 'gemini-flash', 7, 192.428571, 14.285714, 1, 192, 270, 270, 0.049000, 4, 7),
	('2026-11-27', '*', 'medgemma-4b', 7, 179.571429, 28.571429, 2, 180, 257, 257, 0.042000, 3, 7),
	('2026-11-27', '=org-a', 'medgemma-4b', 4, 179.500000, 25.000000, 1, 154, 231, 231, 0.024000, 2, 4),
	('2026-11-27', '=org-b', 'gemini-flash', 5, 197.600000, 20.000000, 1, 192, 270, 270, 0.037000, 3, 5),
	('2026-11-28', '*', 'gemini-flash', 7, 191.428571, 14.285714, 1, 191, 269, 269, 0.049000, 11, 7),
	('2026-11-28', '*', 'medgemma-4b', 7, 178.571429, 28.571429, 2, 179, 256, 256, 0.042000, 10, 7),
	('2026-11-28', '=org-a', 'medgemma-4b', 4, 178.500000, 25.000000, 1, 153, 230, 230, 0.024000, 6, 4),
	('2026-11-28', '=org-b', 'gemini-flash', 5, 196.600000, 20.000000, 1, 191, 269, 269, 0.037000, 8, 5);
INSERT INTO public.daily_distribution VALUES
	('2026-11-26', '*', 'gemini-flash', 'latency_ms', '\x010004820300190019001900', '', 4),
	('2026-11-26', '*', 'medgemma-4b', 'latency_ms', '\x0100039c030019001900', '', 3),
	('2026-11-26', '=org-a', 'medgemma-4b', 'latency_ms', '\x0100029c03001900', '', 2),
	('2026-11-26', '=org-b', 'gemini-flash', 'latency_ms', '\x01000382030033001900', '', 3),
	('2026-11-27', '*', 'gemini-flash', 'latency_ms', '\x010007e60100190019001800190019001900', '', 7),
	('2026-11-27', '*', 'medgemma-4b', 'latency_ms', '\x010007cc0100190019001900180019001900', '', 7),
	('2026-11-27', '=org-a', 'medgemma-4b', 'latency_ms', '\x010004800200190032001900', '', 4),
	('2026-11-27', '=org-b', 'gemini-flash', 'latency_ms', '\x010005e601003300180033001900', '', 5),
	('2026-11-28', '*', 'gemini-flash', 'latency_ms', '\x010007e40100190019001800190019001900', '', 7),
	('2026-11-28', '*', 'medgemma-4b', 'latency_ms', '\x010007ca0100190019001900180019001900', '', 7),
	('2026-11-28', '=org-a', 'medgemma-4b', 'latency_ms', '\x010004fe0100190032001900', '', 4),
	('2026-11-28', '=org-b', 'gemini-flash', 'latency_ms', '\x010005e401003300180033001900', '', 5);
INSERT INTO public.event_default VALUES
	('2003-01-01 00:00:00+00', 'org-a', 'far', '', true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"event_id": "far", "timestamp": "2003-01-01T00:00:00Z", "org_id": "org-a"}', NULL);
INSERT INTO public.event_ledger VALUES
	('', 'e-1', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-10', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-13', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-15', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-18', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-21', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-24', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-27', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-29', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-32', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-35', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-38', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-4', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-41', '2026-11-29 00:47:00.636097+00', false),
	('', 'e-7', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-11', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-17', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-19', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-23', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-25', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-3', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-31', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-33', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-37', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-39', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-5', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'e-9', '2026-11-29 00:47:00.636097+00', false),
	('org-a', 'far', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-12', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-14', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-16', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-2', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-20', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-22', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-26', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-28', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-30', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-34', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-36', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-40', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-42', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-6', '2026-11-29 00:47:00.636097+00', false),
	('org-b', 'e-8', '2026-11-29 00:47:00.636097+00', false);
INSERT INTO public.event_p20261126 VALUES
	('2026-11-26 23:43:00+00', '', 'e-10', 'gemini-flash', false, 219, 200, NULL, NULL, 0.009000000000000001, 'c-10', 't-10', '{"event_id": "e-10", "timestamp": "2026-11-26T23:43:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 219, "status_code": 200}, "cost_estimate_usd": 0.009000000000000001, "user_id": "u-1", "case_id": "c-10", "trace_id": "t-10"}', 'u-1'),
	('2026-11-26 23:22:00+00', '', 'e-13', 'medgemma-4b', false, 258, 200, NULL, NULL, 0.012, 'c-13', 't-13', '{"event_id": "e-13", "timestamp": "2026-11-26T23:22:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 258, "status_code": 200}, "cost_estimate_usd": 0.012, "user_id": "u-1", "case_id": "c-13", "trace_id": "t-13"}', 'u-1'),
	('2026-11-26 23:36:00+00', 'org-a', 'e-11', 'medgemma-4b', true, 232, 503, 'gemini-flash', 'BUSY', 0.01, 'c-11', 't-11', '{"event_id": "e-11", "timestamp": "2026-11-26T23:36:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 232, "status_code": 503, "fallback_to": "gemini-flash", "error_code": "BUSY"}, "cost_estimate_usd": 0.01, "user_id": "u-1", "case_id": "c-11", "trace_id": "t-11", "org_id": "org-a"}', 'u-1'),
	('2026-11-26 23:50:00+00', 'org-a', 'e-9', 'medgemma-4b', false, 206, 200, NULL, NULL, 0.008, 'c-9', 't-9', '{"event_id": "e-9", "timestamp": "2026-11-26T23:50:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 206, "status_code": 200}, "cost_estimate_usd": 0.008, "user_id": "u-1", "case_id": "c-9", "trace_id": "t-9", "org_id": "org-a"}', 'u-1'),
	('2026-11-26 23:29:00+00', 'org-b', 'e-12', 'gemini-flash', false, 245, 200, NULL, NULL, 0.011, 'c-12', 't-12', '{"event_id": "e-12", "timestamp": "2026-11-26T23:29:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 245, "status_code": 200}, "cost_estimate_usd": 0.011, "user_id": "u-1", "case_id": "c-12", "trace_id": "t-12", "org_id": "org-b"}', 'u-1'),
	('2026-11-26 23:15:00+00', 'org-b', 'e-14', 'gemini-flash', false, 271, 200, NULL, NULL, 0.013000000000000001, 'c-14', 't-14', '{"event_id": "e-14", "timestamp": "2026-11-26T23:15:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 271, "status_code": 200}, "cost_estimate_usd": 0.013000000000000001, "user_id": "u-1", "case_id": "c-14", "trace_id": "t-14", "org_id": "org-b"}', 'u-1'),
	('2026-11-26 23:57:00+00', 'org-b', 'e-8', 'gemini-flash', false, 193, 200, NULL, NULL, 0.007, 'c-8', 't-8', '{"event_id": "e-8", "timestamp": "2026-11-26T23:57:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 193, "status_code": 200}, "cost_estimate_usd": 0.007, "user_id": "u-1", "case_id": "c-8", "trace_id": "t-8", "org_id": "org-b"}', 'u-1');
INSERT INTO public.event_p20261127 VALUES
	('2026-11-27 00:46:00+00', '', 'e-1', 'medgemma-4b', true, 102, 503, 'gemini-flash', 'BUSY', 0.0, 'c-1', 't-1', '{"event_id": "e-1", "timestamp": "2026-11-27T00:46:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 102, "status_code": 503, "fallback_to": "gemini-flash", "error_code": "BUSY"}, "cost_estimate_usd": 0.0, "user_id": "u-1", "case_id": "c-1", "trace_id": "t-1"}', 'u-1'),
	('2026-11-27 23:43:00+00', '', 'e-24', 'gemini-flash', false, 218, 200, NULL, NULL, 0.009000000000000001, 'c-24', 't-24', '{"event_id": "e-24", "timestamp": "2026-11-27T23:43:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 218, "status_code": 200}, "cost_estimate_usd": 0.009000000000000001, "user_id": "u-1", "case_id": "c-24", "trace_id": "t-24"}', 'u-1'),
	('2026-11-27 23:22:00+00', '', 'e-27', 'medgemma-4b', false, 257, 200, NULL, NULL, 0.012, 'c-27', 't-27', '{"event_id": "e-27", "timestamp": "2026-11-27T23:22:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 257, "status_code": 200}, "cost_estimate_usd": 0.012, "user_id": "u-1", "case_id": "c-27", "trace_id": "t-27"}', 'u-1'),
	('2026-11-27 00:25:00+00', '', 'e-4', 'gemini-flash', false, 141, 200, NULL, NULL, 0.003, 'c-4', 't-4', '{"event_id": "e-4", "timestamp": "2026-11-27T00:25:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 141, "status_code": 200}, "cost_estimate_usd": 0.003, "user_id": "u-1", "case_id": "c-4", "trace_id": "t-4"}', 'u-1'),
	('2026-11-27 00:04:00+00', '', 'e-7', 'medgemma-4b', false, 180, 200, NULL, NULL, 0.006, 'c-7', 't-7', '{"event_id": "e-7", "timestamp": "2026-11-27T00:04:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 180, "status_code": 200}, "cost_estimate_usd": 0.006, "user_id": "u-1", "case_id": "c-7", "trace_id": "t-7"}', 'u-1'),
	('2026-11-27 23:50:00+00', 'org-a', 'e-23', 'medgemma-4b', false, 205, 200, NULL, NULL, 0.008, 'c-23', 't-23', '{"event_id": "e-23", "timestamp": "2026-11-27T23:50:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 205, "status_code": 200}, "cost_estimate_usd": 0.008, "user_id": "u-1", "case_id": "c-23", "trace_id": "t-23", "org_id": "org-a"}', 'u-1'),
	('2026-11-27 23:36:00+00', 'org-a', 'e-25', 'medgemma-4b', true, 231, 503, 'gemini-flash', 'BUSY', 0.01, 'c-25', 't-25', '{"event_id": "e-25", "timestamp": "2026-11-27T23:36:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 231, "status_code": 503, "fallback_to": "gemini-flash", "error_code": "BUSY"}, "cost_estimate_usd": 0.01, "user_id": "u-1", "case_id": "c-25", "trace_id": "t-25", "org_id": "org-a"}', 'u-1'),
	('2026-11-27 00:32:00+00', 'org-a', 'e-3', 'medgemma-4b', false, 128, 200, NULL, NULL, 0.002, 'c-3', 't-3', '{"event_id": "e-3", "timestamp": "2026-11-27T00:32:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 128, "status_code": 200}, "cost_estimate_usd": 0.002, "user_id": "u-1", "case_id": "c-3", "trace_id": "t-3", "org_id": "org-a"}', 'u-1'),
	('2026-11-27 00:18:00+00', 'org-a', 'e-5', 'medgemma-4b', false, 154, 200, NULL, NULL, 0.004, 'c-5', 't-5', '{"event_id": "e-5", "timestamp": "2026-11-27T00:18:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 154, "status_code": 200}, "cost_estimate_usd": 0.004, "user_id": "u-1", "case_id": "c-5", "trace_id": "t-5", "org_id": "org-a"}', 'u-1'),
	('2026-11-27 00:39:00+00', 'org-b', 'e-2', 'gemini-flash', false, 115, 200, NULL, NULL, 0.001, 'c-2', 't-2', '{"event_id": "e-2", "timestamp": "2026-11-27T00:39:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 115, "status_code": 200}, "cost_estimate_usd": 0.001, "user_id": "u-1", "case_id": "c-2", "trace_id": "t-2", "org_id": "org-b"}', 'u-1'),
	('2026-11-27 23:57:00+00', 'org-b', 'e-22', 'gemini-flash', false, 192, 200, NULL, NULL, 0.007, 'c-22', 't-22', '{"event_id": "e-22", "timestamp": "2026-11-27T23:57:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 192, "status_code": 200}, "cost_estimate_usd": 0.007, "user_id": "u-1", "case_id": "c-22", "trace_id": "t-22", "org_id": "org-b"}', 'u-1'),
	('2026-11-27 23:29:00+00', 'org-b', 'e-26', 'gemini-flash', false, 244, 200, NULL, NULL, 0.011, 'c-26', 't-26', '{"event_id": "e-26", "timestamp": "2026-11-27T23:29:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 244, "status_code": 200}, "cost_estimate_usd": 0.011, "user_id": "u-1", "case_id": "c-26", "trace_id": "t-26", "org_id": "org-b"}', 'u-1'),
	('2026-11-27 23:15:00+00', 'org-b', 'e-28', 'gemini-flash', false, 270, 200, NULL, NULL, 0.013000000000000001, 'c-28', 't-28', '{"event_id": "e-28", "timestamp": "2026-11-27T23:15:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 270, "status_code": 200}, "cost_estimate_usd": 0.013000000000000001, "user_id": "u-1", "case_id": "c-28", "trace_id": "t-28", "org_id": "org-b"}', 'u-1'),
	('2026-11-27 00:11:00+00', 'org-b', 'e-6', 'gemini-flash', true, 167, 503, 'gemini-flash', 'BUSY', 0.005, 'c-6', 't-6', '{"event_id": "e-6", "timestamp": "2026-11-27T00:11:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 167, "status_code": 503, "fallback_to": "gemini-flash", "error_code": "BUSY"}, "cost_estimate_usd": 0.005, "user_id": "u-1", "case_id": "c-6", "trace_id": "t-6", "org_id": "org-b"}', 'u-1');
INSERT INTO public.event_p20261128 VALUES
	('2026-11-28 00:46:00+00', '', 'e-15', 'medgemma-4b', true, 101, 503, 'gemini-flash', 'BUSY', 0.0, 'c-15', 't-15', '{"event_id": "e-15", "timestamp": "2026-11-28T00:46:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 101, "status_code": 503, "fallback_to": "gemini-flash", "error_code": "BUSY"}, "cost_estimate_usd": 0.0, "user_id": "u-1", "case_id": "c-15", "trace_id": "t-15"}', 'u-1'),
	('2026-11-28 00:25:00+00', '', 'e-18', 'gemini-flash', false, 140, 200, NULL, NULL, 0.003, 'c-18', 't-18', '{"event_id": "e-18", "timestamp": "2026-11-28T00:25:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 140, "status_code": 200}, "cost_estimate_usd": 0.003, "user_id": "u-1", "case_id": "c-18", "trace_id": "t-18"}', 'u-1'),
	('2026-11-28 00:04:00+00', '', 'e-21', 'medgemma-4b', false, 179, 200, NULL, NULL, 0.006, 'c-21', 't-21', '{"event_id": "e-21", "timestamp": "2026-11-28T00:04:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 179, "status_code": 200}, "cost_estimate_usd": 0.006, "user_id": "u-1", "case_id": "c-21", "trace_id": "t-21"}', 'u-1'),
	('2026-11-28 23:43:00+00', '', 'e-38', 'gemini-flash', false, 217, 200, NULL, NULL, 0.009000000000000001, 'c-38', 't-38', '{"event_id": "e-38", "timestamp": "2026-11-28T23:43:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 217, "status_code": 200}, "cost_estimate_usd": 0.009000000000000001, "user_id": "u-1", "case_id": "c-38", "trace_id": "t-38"}', 'u-1'),
	('2026-11-28 23:22:00+00', '', 'e-41', 'medgemma-4b', false, 256, 200, NULL, NULL, 0.012, 'c-41', 't-41', '{"event_id": "e-41", "timestamp": "2026-11-28T23:22:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 256, "status_code": 200}, "cost_estimate_usd": 0.012, "user_id": "u-1", "case_id": "c-41", "trace_id": "t-41"}', 'u-1'),
	('2026-11-28 00:32:00+00', 'org-a', 'e-17', 'medgemma-4b', false, 127, 200, NULL, NULL, 0.002, 'c-17', 't-17', '{"event_id": "e-17", "timestamp": "2026-11-28T00:32:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 127, "status_code": 200}, "cost_estimate_usd": 0.002, "user_id": "u-1", "case_id": "c-17", "trace_id": "t-17", "org_id": "org-a"}', 'u-1'),
	('2026-11-28 00:18:00+00', 'org-a', 'e-19', 'medgemma-4b', false, 153, 200, NULL, NULL, 0.004, 'c-19', 't-19', '{"event_id": "e-19", "timestamp": "2026-11-28T00:18:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 153, "status_code": 200}, "cost_estimate_usd": 0.004, "user_id": "u-1", "case_id": "c-19", "trace_id": "t-19", "org_id": "org-a"}', 'u-1'),
	('2026-11-28 23:50:00+00', 'org-a', 'e-37', 'medgemma-4b', false, 204, 200, NULL, NULL, 0.008, 'c-37', 't-37', '{"event_id": "e-37", "timestamp": "2026-11-28T23:50:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 204, "status_code": 200}, "cost_estimate_usd": 0.008, "user_id": "u-1", "case_id": "c-37", "trace_id": "t-37", "org_id": "org-a"}', 'u-1'),
	('2026-11-28 23:36:00+00', 'org-a', 'e-39', 'medgemma-4b', true, 230, 503, 'gemini-flash', 'BUSY', 0.01, 'c-39', 't-39', '{"event_id": "e-39", "timestamp": "2026-11-28T23:36:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 230, "status_code": 503, "fallback_to": "gemini-flash", "error_code": "BUSY"}, "cost_estimate_usd": 0.01, "user_id": "u-1", "case_id": "c-39", "trace_id": "t-39", "org_id": "org-a"}', 'u-1'),
	('2026-11-28 00:39:00+00', 'org-b', 'e-16', 'gemini-flash', false, 114, 200, NULL, NULL, 0.001, 'c-16', 't-16', '{"event_id": "e-16", "timestamp": "2026-11-28T00:39:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 114, "status_code": 200}, "cost_estimate_usd": 0.001, "user_id": "u-1", "case_id": "c-16", "trace_id": "t-16", "org_id": "org-b"}', 'u-1'),
	('2026-11-28 00:11:00+00', 'org-b', 'e-20', 'gemini-flash', true, 166, 503, 'gemini-flash', 'BUSY', 0.005, 'c-20', 't-20', '{"event_id": "e-20", "timestamp": "2026-11-28T00:11:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 166, "status_code": 503, "fallback_to": "gemini-flash", "error_code": "BUSY"}, "cost_estimate_usd": 0.005, "user_id": "u-1", "case_id": "c-20", "trace_id": "t-20", "org_id": "org-b"}', 'u-1'),
	('2026-11-28 23:57:00+00', 'org-b', 'e-36', 'gemini-flash', false, 191, 200, NULL, NULL, 0.007, 'c-36', 't-36', '{"event_id": "e-36", "timestamp": "2026-11-28T23:57:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 191, "status_code": 200}, "cost_estimate_usd": 0.007, "user_id": "u-1", "case_id": "c-36", "trace_id": "t-36", "org_id": "org-b"}', 'u-1'),
	('2026-11-28 23:29:00+00', 'org-b', 'e-40', 'gemini-flash', false, 243, 200, NULL, NULL, 0.011, 'c-40', 't-40', '{"event_id": "e-40", "timestamp": "2026-11-28T23:29:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 243, "status_code": 200}, "cost_estimate_usd": 0.011, "user_id": "u-1", "case_id": "c-40", "trace_id": "t-40", "org_id": "org-b"}', 'u-1'),
	('2026-11-28 23:15:00+00', 'org-b', 'e-42', 'gemini-flash', false, 269, 200, NULL, NULL, 0.013000000000000001, 'c-42', 't-42', '{"event_id": "e-42", "timestamp": "2026-11-28T23:15:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 269, "status_code": 200}, "cost_estimate_usd": 0.013000000000000001, "user_id": "u-1", "case_id": "c-42", "trace_id": "t-42", "org_id": "org-b"}', 'u-1');
INSERT INTO public.event_p20261129 VALUES
	('2026-11-29 00:46:00+00', '', 'e-29', 'medgemma-4b', true, 100, 503, 'gemini-flash', 'BUSY', 0.0, 'c-29', 't-29', '{"event_id": "e-29", "timestamp": "2026-11-29T00:46:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 100, "status_code": 503, "fallback_to": "gemini-flash", "error_code": "BUSY"}, "cost_estimate_usd": 0.0, "user_id": "u-1", "case_id": "c-29", "trace_id": "t-29"}', 'u-1'),
	('2026-11-29 00:25:00+00', '', 'e-32', 'gemini-flash', false, 139, 200, NULL, NULL, 0.003, 'c-32', 't-32', '{"event_id": "e-32", "timestamp": "2026-11-29T00:25:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 139, "status_code": 200}, "cost_estimate_usd": 0.003, "user_id": "u-1", "case_id": "c-32", "trace_id": "t-32"}', 'u-1'),
	('2026-11-29 00:04:00+00', '', 'e-35', 'medgemma-4b', false, 178, 200, NULL, NULL, 0.006, 'c-35', 't-35', '{"event_id": "e-35", "timestamp": "2026-11-29T00:04:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 178, "status_code": 200}, "cost_estimate_usd": 0.006, "user_id": "u-1", "case_id": "c-35", "trace_id": "t-35"}', 'u-1'),
	('2026-11-29 00:32:00+00', 'org-a', 'e-31', 'medgemma-4b', false, 126, 200, NULL, NULL, 0.002, 'c-31', 't-31', '{"event_id": "e-31", "timestamp": "2026-11-29T00:32:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 126, "status_code": 200}, "cost_estimate_usd": 0.002, "user_id": "u-1", "case_id": "c-31", "trace_id": "t-31", "org_id": "org-a"}', 'u-1'),
	('2026-11-29 00:18:00+00', 'org-a', 'e-33', 'medgemma-4b', false, 152, 200, NULL, NULL, 0.004, 'c-33', 't-33', '{"event_id": "e-33", "timestamp": "2026-11-29T00:18:00+00:00", "model": {"model_id": "medgemma-4b", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 152, "status_code": 200}, "cost_estimate_usd": 0.004, "user_id": "u-1", "case_id": "c-33", "trace_id": "t-33", "org_id": "org-a"}', 'u-1'),
	('2026-11-29 00:39:00+00', 'org-b', 'e-30', 'gemini-flash', false, 113, 200, NULL, NULL, 0.001, 'c-30', 't-30', '{"event_id": "e-30", "timestamp": "2026-11-29T00:39:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 113, "status_code": 200}, "cost_estimate_usd": 0.001, "user_id": "u-1", "case_id": "c-30", "trace_id": "t-30", "org_id": "org-b"}', 'u-1'),
	('2026-11-29 00:11:00+00', 'org-b', 'e-34', 'gemini-flash', true, 165, 503, 'gemini-flash', 'BUSY', 0.005, 'c-34', 't-34', '{"event_id": "e-34", "timestamp": "2026-11-29T00:11:00+00:00", "model": {"model_id": "gemini-flash", "adapter_id": "lora-1", "provider": "vertex"}, "response": {"latency_ms": 165, "status_code": 503, "fallback_to": "gemini-flash", "error_code": "BUSY"}, "cost_estimate_usd": 0.005, "user_id": "u-1", "case_id": "c-34", "trace_id": "t-34", "org_id": "org-b"}', 'u-1');
INSERT INTO public.export_stream VALUES
	(true, '43038bd141084302b10dd5662e43c3cd', NULL, 0, NULL, NULL, 0);
INSERT INTO public.flyway_schema_history VALUES
	(1, '1', 'events and rollups', 'SQL', 'V1__events_and_rollups.sql', 790858881, 'postgres', '2026-11-29 00:46:55.492969', 123, true),
	(2, '2', 'days', 'SQL', 'V2__days.sql', -725843399, 'postgres', '2026-11-29 00:46:55.775169', 80, true),
	(3, '4', 'keys and row security', 'SQL', 'V4__keys_and_row_security.sql', -1992488426, 'postgres', '2026-11-29 00:46:55.898945', 42, true),
	(4, '5', 'export', 'SQL', 'V5__export.sql', 395860425, 'postgres', '2026-11-29 00:46:55.9831', 83, true),
	(5, '6', 'export with less to carry', 'SQL', 'V6__export_with_less_to_carry.sql', -1256461925, 'postgres', '2026-11-29 00:46:56.101782', 18, true),
	(6, '7', 'payload as it came', 'SQL', 'V7__payload_as_it_came.sql', 1587779206, 'postgres', '2026-11-29 00:46:56.150385', 39, true),
	(7, '8', 'organisations read once', 'SQL', 'V8__organisations_read_once.sql', 2044877020, 'postgres', '2026-11-29 00:46:56.233599', 11, true),
	(8, '9', 'append then fold', 'SQL', 'V9__append_then_fold.sql', 1260140353, 'postgres', '2026-11-29 00:46:56.270402', 57, true),
	(9, '10', 'drift with references', 'SQL', 'V10__drift_with_references.sql', 554344681, 'postgres', '2026-11-29 00:46:56.371394', 57, true),
	(10, '11', 'events by what they are known by', 'SQL', 'V11__events_by_what_they_are_known_by.sql', 2146585071, 'postgres', '2026-11-29 00:46:56.460024', 14, true),
	(11, '12', 'retention clock', 'SQL', 'V12__retention_clock.sql', -396962947, 'postgres', '2026-11-29 00:46:56.514213', 19, true),
	(12, '13', 'bounded names', 'SQL', 'V13__bounded_names.sql', -555768516, 'postgres', '2026-11-29 00:46:56.561849', 11, true),
	(13, '14', 'write probe', 'SQL', 'V14__write_probe.sql', 62617999, 'postgres', '2026-11-29 00:46:56.602754', 25, true);
INSERT INTO public.label_rollup VALUES
	(1, '*', '2026-11-27 23:15:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-27 23:15:00+00'),
	(1, '*', '2026-11-27 23:15:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-27 23:15:00+00'),
	(1, '*', '2026-11-27 23:22:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-27 23:22:00+00'),
	(1, '*', '2026-11-27 23:22:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-27 23:22:00+00'),
	(1, '*', '2026-11-27 23:29:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-27 23:29:00+00'),
	(1, '*', '2026-11-27 23:29:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-27 23:29:00+00'),
	(1, '*', '2026-11-27 23:36:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-27 23:36:00+00'),
	(1, '*', '2026-11-27 23:36:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-27 23:36:00+00'),
	(1, '*', '2026-11-27 23:36:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-27 23:36:00+00'),
	(1, '*', '2026-11-27 23:36:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-27 23:36:00+00'),
	(1, '*', '2026-11-27 23:43:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-27 23:43:00+00'),
	(1, '*', '2026-11-27 23:43:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-27 23:43:00+00'),
	(1, '*', '2026-11-27 23:50:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-27 23:50:00+00'),
	(1, '*', '2026-11-27 23:50:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-27 23:50:00+00'),
	(1, '*', '2026-11-27 23:57:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-27 23:57:00+00'),
	(1, '*', '2026-11-27 23:57:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-27 23:57:00+00'),
	(1, '*', '2026-11-28 00:04:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 00:04:00+00'),
	(1, '*', '2026-11-28 00:04:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 00:04:00+00'),
	(1, '*', '2026-11-28 00:11:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-28 00:11:00+00'),
	(1, '*', '2026-11-28 00:11:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-28 00:11:00+00'),
	(1, '*', '2026-11-28 00:11:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 00:11:00+00'),
	(1, '*', '2026-11-28 00:11:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 00:11:00+00'),
	(1, '*', '2026-11-28 00:18:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 00:18:00+00'),
	(1, '*', '2026-11-28 00:18:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 00:18:00+00'),
	(1, '*', '2026-11-28 00:25:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 00:25:00+00'),
	(1, '*', '2026-11-28 00:25:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 00:25:00+00'),
	(1, '*', '2026-11-28 00:32:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 00:32:00+00'),
	(1, '*', '2026-11-28 00:32:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 00:32:00+00'),
	(1, '*', '2026-11-28 00:39:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 00:39:00+00'),
	(1, '*', '2026-11-28 00:39:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 00:39:00+00'),
	(1, '*', '2026-11-28 00:46:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-28 00:46:00+00'),
	(1, '*', '2026-11-28 00:46:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-28 00:46:00+00'),
	(1, '*', '2026-11-28 00:46:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 00:46:00+00'),
	(1, '*', '2026-11-28 00:46:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 00:46:00+00'),
	(1, '*', '2026-11-28 23:15:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 23:15:00+00'),
	(1, '*', '2026-11-28 23:15:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 23:15:00+00'),
	(1, '*', '2026-11-28 23:22:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 23:22:00+00'),
	(1, '*', '2026-11-28 23:22:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 23:22:00+00'),
	(1, '*', '2026-11-28 23:29:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 23:29:00+00'),
	(1, '*', '2026-11-28 23:29:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 23:29:00+00'),
	(1, '*', '2026-11-28 23:36:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-28 23:36:00+00'),
	(1, '*', '2026-11-28 23:36:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-28 23:36:00+00'),
	(1, '*', '2026-11-28 23:36:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 23:36:00+00'),
	(1, '*', '2026-11-28 23:36:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 23:36:00+00'),
	(1, '*', '2026-11-28 23:43:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 23:43:00+00'),
	(1, '*', '2026-11-28 23:43:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 23:43:00+00'),
	(1, '*', '2026-11-28 23:50:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 23:50:00+00'),
	(1, '*', '2026-11-28 23:50:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 23:50:00+00'),
	(1, '*', '2026-11-28 23:57:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 23:57:00+00'),
	(1, '*', '2026-11-28 23:57:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 23:57:00+00');
INSERT INTO public.label_rollup VALUES
	(1, '*', '2026-11-29 00:04:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-29 00:04:00+00'),
	(1, '*', '2026-11-29 00:04:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-29 00:04:00+00'),
	(1, '*', '2026-11-29 00:11:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-29 00:11:00+00'),
	(1, '*', '2026-11-29 00:11:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-29 00:11:00+00'),
	(1, '*', '2026-11-29 00:11:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-29 00:11:00+00'),
	(1, '*', '2026-11-29 00:11:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-29 00:11:00+00'),
	(1, '*', '2026-11-29 00:18:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-29 00:18:00+00'),
	(1, '*', '2026-11-29 00:18:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-29 00:18:00+00'),
	(1, '*', '2026-11-29 00:25:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-29 00:25:00+00'),
	(1, '*', '2026-11-29 00:25:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-29 00:25:00+00'),
	(1, '*', '2026-11-29 00:32:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-29 00:32:00+00'),
	(1, '*', '2026-11-29 00:32:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-29 00:32:00+00'),
	(1, '*', '2026-11-29 00:39:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-29 00:39:00+00'),
	(1, '*', '2026-11-29 00:39:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-29 00:39:00+00'),
	(1, '*', '2026-11-29 00:46:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-29 00:46:00+00'),
	(1, '*', '2026-11-29 00:46:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-29 00:46:00+00'),
	(1, '*', '2026-11-29 00:46:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-29 00:46:00+00'),
	(1, '*', '2026-11-29 00:46:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-29 00:46:00+00'),
	(1, '=org-a', '2026-11-27 23:36:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-27 23:36:00+00'),
	(1, '=org-a', '2026-11-27 23:36:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-27 23:36:00+00'),
	(1, '=org-a', '2026-11-27 23:36:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-27 23:36:00+00'),
	(1, '=org-a', '2026-11-27 23:36:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-27 23:36:00+00'),
	(1, '=org-a', '2026-11-27 23:50:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-27 23:50:00+00'),
	(1, '=org-a', '2026-11-27 23:50:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-27 23:50:00+00'),
	(1, '=org-a', '2026-11-28 00:18:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 00:18:00+00'),
	(1, '=org-a', '2026-11-28 00:18:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 00:18:00+00'),
	(1, '=org-a', '2026-11-28 00:32:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 00:32:00+00'),
	(1, '=org-a', '2026-11-28 00:32:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 00:32:00+00'),
	(1, '=org-a', '2026-11-28 23:36:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-28 23:36:00+00'),
	(1, '=org-a', '2026-11-28 23:36:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-28 23:36:00+00'),
	(1, '=org-a', '2026-11-28 23:36:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 23:36:00+00'),
	(1, '=org-a', '2026-11-28 23:36:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 23:36:00+00'),
	(1, '=org-a', '2026-11-28 23:50:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-28 23:50:00+00'),
	(1, '=org-a', '2026-11-28 23:50:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-28 23:50:00+00'),
	(1, '=org-a', '2026-11-29 00:18:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-29 00:18:00+00'),
	(1, '=org-a', '2026-11-29 00:18:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-29 00:18:00+00'),
	(1, '=org-a', '2026-11-29 00:32:00+00', 'medgemma-4b', 'adapter', 'lora-1', 1, '2026-11-29 00:32:00+00'),
	(1, '=org-a', '2026-11-29 00:32:00+00', 'medgemma-4b', 'provider', 'vertex', 1, '2026-11-29 00:32:00+00'),
	(1, '=org-b', '2026-11-27 23:15:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-27 23:15:00+00'),
	(1, '=org-b', '2026-11-27 23:15:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-27 23:15:00+00'),
	(1, '=org-b', '2026-11-27 23:29:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-27 23:29:00+00'),
	(1, '=org-b', '2026-11-27 23:29:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-27 23:29:00+00'),
	(1, '=org-b', '2026-11-27 23:57:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-27 23:57:00+00'),
	(1, '=org-b', '2026-11-27 23:57:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-27 23:57:00+00'),
	(1, '=org-b', '2026-11-28 00:11:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-28 00:11:00+00'),
	(1, '=org-b', '2026-11-28 00:11:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-28 00:11:00+00'),
	(1, '=org-b', '2026-11-28 00:11:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 00:11:00+00'),
	(1, '=org-b', '2026-11-28 00:11:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 00:11:00+00'),
	(1, '=org-b', '2026-11-28 00:39:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 00:39:00+00'),
	(1, '=org-b', '2026-11-28 00:39:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 00:39:00+00');
INSERT INTO public.label_rollup VALUES
	(1, '=org-b', '2026-11-28 23:15:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 23:15:00+00'),
	(1, '=org-b', '2026-11-28 23:15:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 23:15:00+00'),
	(1, '=org-b', '2026-11-28 23:29:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 23:29:00+00'),
	(1, '=org-b', '2026-11-28 23:29:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 23:29:00+00'),
	(1, '=org-b', '2026-11-28 23:57:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-28 23:57:00+00'),
	(1, '=org-b', '2026-11-28 23:57:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-28 23:57:00+00'),
	(1, '=org-b', '2026-11-29 00:11:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-29 00:11:00+00'),
	(1, '=org-b', '2026-11-29 00:11:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-29 00:11:00+00'),
	(1, '=org-b', '2026-11-29 00:11:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-29 00:11:00+00'),
	(1, '=org-b', '2026-11-29 00:11:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-29 00:11:00+00'),
	(1, '=org-b', '2026-11-29 00:39:00+00', 'gemini-flash', 'adapter', 'lora-1', 1, '2026-11-29 00:39:00+00'),
	(1, '=org-b', '2026-11-29 00:39:00+00', 'gemini-flash', 'provider', 'vertex', 1, '2026-11-29 00:39:00+00'),
	(60, '*', '2026-11-26 23:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 4, '2026-11-26 23:57:00+00'),
	(60, '*', '2026-11-26 23:00:00+00', 'gemini-flash', 'provider', 'vertex', 4, '2026-11-26 23:57:00+00'),
	(60, '*', '2026-11-26 23:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-26 23:36:00+00'),
	(60, '*', '2026-11-26 23:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-26 23:36:00+00'),
	(60, '*', '2026-11-26 23:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 3, '2026-11-26 23:50:00+00'),
	(60, '*', '2026-11-26 23:00:00+00', 'medgemma-4b', 'provider', 'vertex', 3, '2026-11-26 23:50:00+00'),
	(60, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-27 00:11:00+00'),
	(60, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-27 00:11:00+00'),
	(60, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 3, '2026-11-27 00:39:00+00'),
	(60, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 3, '2026-11-27 00:39:00+00'),
	(60, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-27 00:46:00+00'),
	(60, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-27 00:46:00+00'),
	(60, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 4, '2026-11-27 00:46:00+00'),
	(60, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 4, '2026-11-27 00:46:00+00'),
	(60, '*', '2026-11-27 23:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 4, '2026-11-27 23:57:00+00'),
	(60, '*', '2026-11-27 23:00:00+00', 'gemini-flash', 'provider', 'vertex', 4, '2026-11-27 23:57:00+00'),
	(60, '*', '2026-11-27 23:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-27 23:36:00+00'),
	(60, '*', '2026-11-27 23:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-27 23:36:00+00'),
	(60, '*', '2026-11-27 23:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 3, '2026-11-27 23:50:00+00'),
	(60, '*', '2026-11-27 23:00:00+00', 'medgemma-4b', 'provider', 'vertex', 3, '2026-11-27 23:50:00+00'),
	(60, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-28 00:11:00+00'),
	(60, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-28 00:11:00+00'),
	(60, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 3, '2026-11-28 00:39:00+00'),
	(60, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 3, '2026-11-28 00:39:00+00'),
	(60, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-28 00:46:00+00'),
	(60, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-28 00:46:00+00'),
	(60, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 4, '2026-11-28 00:46:00+00'),
	(60, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 4, '2026-11-28 00:46:00+00'),
	(60, '*', '2026-11-28 23:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 4, '2026-11-28 23:57:00+00'),
	(60, '*', '2026-11-28 23:00:00+00', 'gemini-flash', 'provider', 'vertex', 4, '2026-11-28 23:57:00+00'),
	(60, '*', '2026-11-28 23:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-28 23:36:00+00'),
	(60, '*', '2026-11-28 23:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-28 23:36:00+00'),
	(60, '*', '2026-11-28 23:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 3, '2026-11-28 23:50:00+00'),
	(60, '*', '2026-11-28 23:00:00+00', 'medgemma-4b', 'provider', 'vertex', 3, '2026-11-28 23:50:00+00'),
	(60, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-29 00:11:00+00'),
	(60, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-29 00:11:00+00'),
	(60, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 3, '2026-11-29 00:39:00+00'),
	(60, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 3, '2026-11-29 00:39:00+00');
INSERT INTO public.label_rollup VALUES
	(60, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-29 00:46:00+00'),
	(60, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-29 00:46:00+00'),
	(60, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 4, '2026-11-29 00:46:00+00'),
	(60, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 4, '2026-11-29 00:46:00+00'),
	(60, '=org-a', '2026-11-26 23:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-26 23:36:00+00'),
	(60, '=org-a', '2026-11-26 23:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-26 23:36:00+00'),
	(60, '=org-a', '2026-11-26 23:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 2, '2026-11-26 23:50:00+00'),
	(60, '=org-a', '2026-11-26 23:00:00+00', 'medgemma-4b', 'provider', 'vertex', 2, '2026-11-26 23:50:00+00'),
	(60, '=org-a', '2026-11-27 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 2, '2026-11-27 00:32:00+00'),
	(60, '=org-a', '2026-11-27 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 2, '2026-11-27 00:32:00+00'),
	(60, '=org-a', '2026-11-27 23:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-27 23:36:00+00'),
	(60, '=org-a', '2026-11-27 23:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-27 23:36:00+00'),
	(60, '=org-a', '2026-11-27 23:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 2, '2026-11-27 23:50:00+00'),
	(60, '=org-a', '2026-11-27 23:00:00+00', 'medgemma-4b', 'provider', 'vertex', 2, '2026-11-27 23:50:00+00'),
	(60, '=org-a', '2026-11-28 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 2, '2026-11-28 00:32:00+00'),
	(60, '=org-a', '2026-11-28 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 2, '2026-11-28 00:32:00+00'),
	(60, '=org-a', '2026-11-28 23:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-28 23:36:00+00'),
	(60, '=org-a', '2026-11-28 23:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-28 23:36:00+00'),
	(60, '=org-a', '2026-11-28 23:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 2, '2026-11-28 23:50:00+00'),
	(60, '=org-a', '2026-11-28 23:00:00+00', 'medgemma-4b', 'provider', 'vertex', 2, '2026-11-28 23:50:00+00'),
	(60, '=org-a', '2026-11-29 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 2, '2026-11-29 00:32:00+00'),
	(60, '=org-a', '2026-11-29 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 2, '2026-11-29 00:32:00+00'),
	(60, '=org-b', '2026-11-26 23:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 3, '2026-11-26 23:57:00+00'),
	(60, '=org-b', '2026-11-26 23:00:00+00', 'gemini-flash', 'provider', 'vertex', 3, '2026-11-26 23:57:00+00'),
	(60, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-27 00:11:00+00'),
	(60, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-27 00:11:00+00'),
	(60, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 2, '2026-11-27 00:39:00+00'),
	(60, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 2, '2026-11-27 00:39:00+00'),
	(60, '=org-b', '2026-11-27 23:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 3, '2026-11-27 23:57:00+00'),
	(60, '=org-b', '2026-11-27 23:00:00+00', 'gemini-flash', 'provider', 'vertex', 3, '2026-11-27 23:57:00+00'),
	(60, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-28 00:11:00+00'),
	(60, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-28 00:11:00+00'),
	(60, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 2, '2026-11-28 00:39:00+00'),
	(60, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 2, '2026-11-28 00:39:00+00'),
	(60, '=org-b', '2026-11-28 23:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 3, '2026-11-28 23:57:00+00'),
	(60, '=org-b', '2026-11-28 23:00:00+00', 'gemini-flash', 'provider', 'vertex', 3, '2026-11-28 23:57:00+00'),
	(60, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-29 00:11:00+00'),
	(60, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-29 00:11:00+00'),
	(60, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 2, '2026-11-29 00:39:00+00'),
	(60, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 2, '2026-11-29 00:39:00+00'),
	(1440, '*', '2003-01-01 00:00:00+00', '', 'error', 'unknown', 1, '2003-01-01 00:00:00+00'),
	(1440, '*', '2026-11-26 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 4, '2026-11-26 23:57:00+00'),
	(1440, '*', '2026-11-26 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 4, '2026-11-26 23:57:00+00'),
	(1440, '*', '2026-11-26 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-26 23:36:00+00'),
	(1440, '*', '2026-11-26 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-26 23:36:00+00'),
	(1440, '*', '2026-11-26 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 3, '2026-11-26 23:50:00+00'),
	(1440, '*', '2026-11-26 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 3, '2026-11-26 23:50:00+00'),
	(1440, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-27 00:11:00+00'),
	(1440, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-27 00:11:00+00'),
	(1440, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 7, '2026-11-27 23:57:00+00');
INSERT INTO public.label_rollup VALUES
	(1440, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 7, '2026-11-27 23:57:00+00'),
	(1440, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 2, '2026-11-27 23:36:00+00'),
	(1440, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 2, '2026-11-27 23:36:00+00'),
	(1440, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 7, '2026-11-27 23:50:00+00'),
	(1440, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 7, '2026-11-27 23:50:00+00'),
	(1440, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-28 00:11:00+00'),
	(1440, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-28 00:11:00+00'),
	(1440, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 7, '2026-11-28 23:57:00+00'),
	(1440, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 7, '2026-11-28 23:57:00+00'),
	(1440, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 2, '2026-11-28 23:36:00+00'),
	(1440, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 2, '2026-11-28 23:36:00+00'),
	(1440, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 7, '2026-11-28 23:50:00+00'),
	(1440, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 7, '2026-11-28 23:50:00+00'),
	(1440, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-29 00:11:00+00'),
	(1440, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-29 00:11:00+00'),
	(1440, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 3, '2026-11-29 00:39:00+00'),
	(1440, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 3, '2026-11-29 00:39:00+00'),
	(1440, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-29 00:46:00+00'),
	(1440, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-29 00:46:00+00'),
	(1440, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 4, '2026-11-29 00:46:00+00'),
	(1440, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 4, '2026-11-29 00:46:00+00'),
	(1440, '=org-a', '2003-01-01 00:00:00+00', '', 'error', 'unknown', 1, '2003-01-01 00:00:00+00'),
	(1440, '=org-a', '2026-11-26 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-26 23:36:00+00'),
	(1440, '=org-a', '2026-11-26 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-26 23:36:00+00'),
	(1440, '=org-a', '2026-11-26 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 2, '2026-11-26 23:50:00+00'),
	(1440, '=org-a', '2026-11-26 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 2, '2026-11-26 23:50:00+00'),
	(1440, '=org-a', '2026-11-27 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-27 23:36:00+00'),
	(1440, '=org-a', '2026-11-27 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-27 23:36:00+00'),
	(1440, '=org-a', '2026-11-27 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 4, '2026-11-27 23:50:00+00'),
	(1440, '=org-a', '2026-11-27 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 4, '2026-11-27 23:50:00+00'),
	(1440, '=org-a', '2026-11-28 00:00:00+00', 'medgemma-4b', 'error', 'BUSY', 1, '2026-11-28 23:36:00+00'),
	(1440, '=org-a', '2026-11-28 00:00:00+00', 'medgemma-4b', 'fallback', 'gemini-flash', 1, '2026-11-28 23:36:00+00'),
	(1440, '=org-a', '2026-11-28 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 4, '2026-11-28 23:50:00+00'),
	(1440, '=org-a', '2026-11-28 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 4, '2026-11-28 23:50:00+00'),
	(1440, '=org-a', '2026-11-29 00:00:00+00', 'medgemma-4b', 'adapter', 'lora-1', 2, '2026-11-29 00:32:00+00'),
	(1440, '=org-a', '2026-11-29 00:00:00+00', 'medgemma-4b', 'provider', 'vertex', 2, '2026-11-29 00:32:00+00'),
	(1440, '=org-b', '2026-11-26 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 3, '2026-11-26 23:57:00+00'),
	(1440, '=org-b', '2026-11-26 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 3, '2026-11-26 23:57:00+00'),
	(1440, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-27 00:11:00+00'),
	(1440, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-27 00:11:00+00'),
	(1440, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 5, '2026-11-27 23:57:00+00'),
	(1440, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 5, '2026-11-27 23:57:00+00'),
	(1440, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-28 00:11:00+00'),
	(1440, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-28 00:11:00+00'),
	(1440, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 5, '2026-11-28 23:57:00+00'),
	(1440, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 5, '2026-11-28 23:57:00+00'),
	(1440, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 'error', 'BUSY', 1, '2026-11-29 00:11:00+00'),
	(1440, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 'fallback', 'gemini-flash', 1, '2026-11-29 00:11:00+00'),
	(1440, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 'adapter', 'lora-1', 2, '2026-11-29 00:39:00+00'),
	(1440, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 'provider', 'vertex', 2, '2026-11-29 00:39:00+00');
INSERT INTO public.late_day VALUES
	('2003-01-01');
INSERT INTO public.retention_clock VALUES
	(true, '2026-11-29 00:46:59.506419+00', NULL, '2025-10-25');
INSERT INTO public.usage_rollup VALUES
	(1, '*', '2026-11-27 23:15:00+00', 'gemini-flash', 1, 0, 0, 270, 0.013000000000000001, '2026-11-27 23:15:00+00', '\x01920101'),
	(1, '*', '2026-11-27 23:22:00+00', 'medgemma-4b', 1, 0, 0, 257, 0.012, '2026-11-27 23:22:00+00', '\x01900101'),
	(1, '*', '2026-11-27 23:29:00+00', 'gemini-flash', 1, 0, 0, 244, 0.011, '2026-11-27 23:29:00+00', '\x018d0101'),
	(1, '*', '2026-11-27 23:36:00+00', 'medgemma-4b', 1, 1, 1, 231, 0.01, '2026-11-27 23:36:00+00', '\x018b0101'),
	(1, '*', '2026-11-27 23:43:00+00', 'gemini-flash', 1, 0, 0, 218, 0.009000000000000001, '2026-11-27 23:43:00+00', '\x01880101'),
	(1, '*', '2026-11-27 23:50:00+00', 'medgemma-4b', 1, 0, 0, 205, 0.008, '2026-11-27 23:50:00+00', '\x01850101'),
	(1, '*', '2026-11-27 23:57:00+00', 'gemini-flash', 1, 0, 0, 192, 0.007, '2026-11-27 23:57:00+00', '\x01820101'),
	(1, '*', '2026-11-28 00:04:00+00', 'medgemma-4b', 1, 0, 0, 179, 0.006, '2026-11-28 00:04:00+00', '\x017e01'),
	(1, '*', '2026-11-28 00:11:00+00', 'gemini-flash', 1, 1, 1, 166, 0.005, '2026-11-28 00:11:00+00', '\x017901'),
	(1, '*', '2026-11-28 00:18:00+00', 'medgemma-4b', 1, 0, 0, 153, 0.004, '2026-11-28 00:18:00+00', '\x017501'),
	(1, '*', '2026-11-28 00:25:00+00', 'gemini-flash', 1, 0, 0, 140, 0.003, '2026-11-28 00:25:00+00', '\x017101'),
	(1, '*', '2026-11-28 00:32:00+00', 'medgemma-4b', 1, 0, 0, 127, 0.002, '2026-11-28 00:32:00+00', '\x016c01'),
	(1, '*', '2026-11-28 00:39:00+00', 'gemini-flash', 1, 0, 0, 114, 0.001, '2026-11-28 00:39:00+00', '\x016801'),
	(1, '*', '2026-11-28 00:46:00+00', 'medgemma-4b', 1, 1, 1, 101, 0.0, '2026-11-28 00:46:00+00', '\x016401'),
	(1, '*', '2026-11-28 23:15:00+00', 'gemini-flash', 1, 0, 0, 269, 0.013000000000000001, '2026-11-28 23:15:00+00', '\x01920101'),
	(1, '*', '2026-11-28 23:22:00+00', 'medgemma-4b', 1, 0, 0, 256, 0.012, '2026-11-28 23:22:00+00', '\x01900101'),
	(1, '*', '2026-11-28 23:29:00+00', 'gemini-flash', 1, 0, 0, 243, 0.011, '2026-11-28 23:29:00+00', '\x018d0101'),
	(1, '*', '2026-11-28 23:36:00+00', 'medgemma-4b', 1, 1, 1, 230, 0.01, '2026-11-28 23:36:00+00', '\x018a0101'),
	(1, '*', '2026-11-28 23:43:00+00', 'gemini-flash', 1, 0, 0, 217, 0.009000000000000001, '2026-11-28 23:43:00+00', '\x01880101'),
	(1, '*', '2026-11-28 23:50:00+00', 'medgemma-4b', 1, 0, 0, 204, 0.008, '2026-11-28 23:50:00+00', '\x01850101'),
	(1, '*', '2026-11-28 23:57:00+00', 'gemini-flash', 1, 0, 0, 191, 0.007, '2026-11-28 23:57:00+00', '\x01820101'),
	(1, '*', '2026-11-29 00:04:00+00', 'medgemma-4b', 1, 0, 0, 178, 0.006, '2026-11-29 00:04:00+00', '\x017d01'),
	(1, '*', '2026-11-29 00:11:00+00', 'gemini-flash', 1, 1, 1, 165, 0.005, '2026-11-29 00:11:00+00', '\x017901'),
	(1, '*', '2026-11-29 00:18:00+00', 'medgemma-4b', 1, 0, 0, 152, 0.004, '2026-11-29 00:18:00+00', '\x017501'),
	(1, '*', '2026-11-29 00:25:00+00', 'gemini-flash', 1, 0, 0, 139, 0.003, '2026-11-29 00:25:00+00', '\x017001'),
	(1, '*', '2026-11-29 00:32:00+00', 'medgemma-4b', 1, 0, 0, 126, 0.002, '2026-11-29 00:32:00+00', '\x016c01'),
	(1, '*', '2026-11-29 00:39:00+00', 'gemini-flash', 1, 0, 0, 113, 0.001, '2026-11-29 00:39:00+00', '\x016801'),
	(1, '*', '2026-11-29 00:46:00+00', 'medgemma-4b', 1, 1, 1, 100, 0.0, '2026-11-29 00:46:00+00', '\x016301'),
	(1, '=org-a', '2026-11-27 23:36:00+00', 'medgemma-4b', 1, 1, 1, 231, 0.01, '2026-11-27 23:36:00+00', '\x018b0101'),
	(1, '=org-a', '2026-11-27 23:50:00+00', 'medgemma-4b', 1, 0, 0, 205, 0.008, '2026-11-27 23:50:00+00', '\x01850101'),
	(1, '=org-a', '2026-11-28 00:18:00+00', 'medgemma-4b', 1, 0, 0, 153, 0.004, '2026-11-28 00:18:00+00', '\x017501'),
	(1, '=org-a', '2026-11-28 00:32:00+00', 'medgemma-4b', 1, 0, 0, 127, 0.002, '2026-11-28 00:32:00+00', '\x016c01'),
	(1, '=org-a', '2026-11-28 23:36:00+00', 'medgemma-4b', 1, 1, 1, 230, 0.01, '2026-11-28 23:36:00+00', '\x018a0101'),
	(1, '=org-a', '2026-11-28 23:50:00+00', 'medgemma-4b', 1, 0, 0, 204, 0.008, '2026-11-28 23:50:00+00', '\x01850101'),
	(1, '=org-a', '2026-11-29 00:18:00+00', 'medgemma-4b', 1, 0, 0, 152, 0.004, '2026-11-29 00:18:00+00', '\x017501'),
	(1, '=org-a', '2026-11-29 00:32:00+00', 'medgemma-4b', 1, 0, 0, 126, 0.002, '2026-11-29 00:32:00+00', '\x016c01'),
	(1, '=org-b', '2026-11-27 23:15:00+00', 'gemini-flash', 1, 0, 0, 270, 0.013000000000000001, '2026-11-27 23:15:00+00', '\x01920101'),
	(1, '=org-b', '2026-11-27 23:29:00+00', 'gemini-flash', 1, 0, 0, 244, 0.011, '2026-11-27 23:29:00+00', '\x018d0101'),
	(1, '=org-b', '2026-11-27 23:57:00+00', 'gemini-flash', 1, 0, 0, 192, 0.007, '2026-11-27 23:57:00+00', '\x01820101'),
	(1, '=org-b', '2026-11-28 00:11:00+00', 'gemini-flash', 1, 1, 1, 166, 0.005, '2026-11-28 00:11:00+00', '\x017901'),
	(1, '=org-b', '2026-11-28 00:39:00+00', 'gemini-flash', 1, 0, 0, 114, 0.001, '2026-11-28 00:39:00+00', '\x016801'),
	(1, '=org-b', '2026-11-28 23:15:00+00', 'gemini-flash', 1, 0, 0, 269, 0.013000000000000001, '2026-11-28 23:15:00+00', '\x01920101'),
	(1, '=org-b', '2026-11-28 23:29:00+00', 'gemini-flash', 1, 0, 0, 243, 0.011, '2026-11-28 23:29:00+00', '\x018d0101'),
	(1, '=org-b', '2026-11-28 23:57:00+00', 'gemini-flash', 1, 0, 0, 191, 0.007, '2026-11-28 23:57:00+00', '\x01820101'),
	(1, '=org-b', '2026-11-29 00:11:00+00', 'gemini-flash', 1, 1, 1, 165, 0.005, '2026-11-29 00:11:00+00', '\x017901'),
	(1, '=org-b', '2026-11-29 00:39:00+00', 'gemini-flash', 1, 0, 0, 113, 0.001, '2026-11-29 00:39:00+00', '\x016801'),
	(60, '*', '2026-11-26 23:00:00+00', 'gemini-flash', 4, 0, 0, 928, 0.040000000000000002, '2026-11-26 23:57:00+00', '\x01820101050104010501'),
	(60, '*', '2026-11-26 23:00:00+00', 'medgemma-4b', 3, 1, 1, 696, 0.030, '2026-11-26 23:50:00+00', '\x0186010104010401'),
	(60, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 3, 1, 1, 423, 0.009, '2026-11-27 00:39:00+00', '\x01680108010801'),
	(60, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 4, 1, 1, 564, 0.012, '2026-11-27 00:46:00+00', '\x016401080107010801');
INSERT INTO public.usage_rollup VALUES
	(60, '*', '2026-11-27 23:00:00+00', 'gemini-flash', 4, 0, 0, 924, 0.040000000000000002, '2026-11-27 23:57:00+00', '\x01820101050104010401'),
	(60, '*', '2026-11-27 23:00:00+00', 'medgemma-4b', 3, 1, 1, 693, 0.030, '2026-11-27 23:50:00+00', '\x0185010105010401'),
	(60, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 3, 1, 1, 420, 0.009, '2026-11-28 00:39:00+00', '\x01680108010701'),
	(60, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 4, 1, 1, 560, 0.012, '2026-11-28 00:46:00+00', '\x016401070108010801'),
	(60, '*', '2026-11-28 23:00:00+00', 'gemini-flash', 4, 0, 0, 920, 0.040000000000000002, '2026-11-28 23:57:00+00', '\x01820101050104010401'),
	(60, '*', '2026-11-28 23:00:00+00', 'medgemma-4b', 3, 1, 1, 690, 0.030, '2026-11-28 23:50:00+00', '\x0185010104010501'),
	(60, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 3, 1, 1, 417, 0.009, '2026-11-29 00:39:00+00', '\x01680107010801'),
	(60, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 4, 1, 1, 556, 0.012, '2026-11-29 00:46:00+00', '\x016301080108010701'),
	(60, '=org-a', '2026-11-26 23:00:00+00', 'medgemma-4b', 2, 1, 1, 438, 0.018, '2026-11-26 23:50:00+00', '\x018601010401'),
	(60, '=org-a', '2026-11-27 00:00:00+00', 'medgemma-4b', 2, 0, 0, 282, 0.006, '2026-11-27 00:32:00+00', '\x016d010701'),
	(60, '=org-a', '2026-11-27 23:00:00+00', 'medgemma-4b', 2, 1, 1, 436, 0.018, '2026-11-27 23:50:00+00', '\x018501010501'),
	(60, '=org-a', '2026-11-28 00:00:00+00', 'medgemma-4b', 2, 0, 0, 280, 0.006, '2026-11-28 00:32:00+00', '\x016c010801'),
	(60, '=org-a', '2026-11-28 23:00:00+00', 'medgemma-4b', 2, 1, 1, 434, 0.018, '2026-11-28 23:50:00+00', '\x018501010401'),
	(60, '=org-a', '2026-11-29 00:00:00+00', 'medgemma-4b', 2, 0, 0, 278, 0.006, '2026-11-29 00:32:00+00', '\x016c010801'),
	(60, '=org-b', '2026-11-26 23:00:00+00', 'gemini-flash', 3, 0, 0, 709, 0.031000000000000001, '2026-11-26 23:57:00+00', '\x018201010a010501'),
	(60, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 2, 1, 1, 282, 0.006, '2026-11-27 00:39:00+00', '\x0168011101'),
	(60, '=org-b', '2026-11-27 23:00:00+00', 'gemini-flash', 3, 0, 0, 706, 0.031000000000000001, '2026-11-27 23:57:00+00', '\x018201010a010401'),
	(60, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 2, 1, 1, 280, 0.006, '2026-11-28 00:39:00+00', '\x0168011001'),
	(60, '=org-b', '2026-11-28 23:00:00+00', 'gemini-flash', 3, 0, 0, 703, 0.031000000000000001, '2026-11-28 23:57:00+00', '\x018201010a010401'),
	(60, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 2, 1, 1, 278, 0.006, '2026-11-29 00:39:00+00', '\x0168011001'),
	(1440, '*', '2003-01-01 00:00:00+00', '', 1, 1, 0, 0, 0, '2003-01-01 00:00:00+00', '\x01'),
	(1440, '*', '2026-11-26 00:00:00+00', 'gemini-flash', 4, 0, 0, 928, 0.040000000000000002, '2026-11-26 23:57:00+00', '\x01820101050104010501'),
	(1440, '*', '2026-11-26 00:00:00+00', 'medgemma-4b', 3, 1, 1, 696, 0.030, '2026-11-26 23:50:00+00', '\x0186010104010401'),
	(1440, '*', '2026-11-27 00:00:00+00', 'gemini-flash', 7, 1, 1, 1347, 0.049000000000000002, '2026-11-27 23:57:00+00', '\x016801080108010701050104010401'),
	(1440, '*', '2026-11-27 00:00:00+00', 'medgemma-4b', 7, 2, 2, 1257, 0.042, '2026-11-27 23:50:00+00', '\x016401080107010801060105010401'),
	(1440, '*', '2026-11-28 00:00:00+00', 'gemini-flash', 7, 1, 1, 1340, 0.049000000000000002, '2026-11-28 23:57:00+00', '\x016801080107010801050104010401'),
	(1440, '*', '2026-11-28 00:00:00+00', 'medgemma-4b', 7, 2, 2, 1250, 0.042, '2026-11-28 23:50:00+00', '\x016401070108010801060104010501'),
	(1440, '*', '2026-11-29 00:00:00+00', 'gemini-flash', 3, 1, 1, 417, 0.009, '2026-11-29 00:39:00+00', '\x01680107010801'),
	(1440, '*', '2026-11-29 00:00:00+00', 'medgemma-4b', 4, 1, 1, 556, 0.012, '2026-11-29 00:46:00+00', '\x016301080108010701'),
	(1440, '=org-a', '2003-01-01 00:00:00+00', '', 1, 1, 0, 0, 0, '2003-01-01 00:00:00+00', '\x01'),
	(1440, '=org-a', '2026-11-26 00:00:00+00', 'medgemma-4b', 2, 1, 1, 438, 0.018, '2026-11-26 23:50:00+00', '\x018601010401'),
	(1440, '=org-a', '2026-11-27 00:00:00+00', 'medgemma-4b', 4, 1, 1, 718, 0.024, '2026-11-27 23:50:00+00', '\x016d0107010f010501'),
	(1440, '=org-a', '2026-11-28 00:00:00+00', 'medgemma-4b', 4, 1, 1, 714, 0.024, '2026-11-28 23:50:00+00', '\x016c0108010f010401'),
	(1440, '=org-a', '2026-11-29 00:00:00+00', 'medgemma-4b', 2, 0, 0, 278, 0.006, '2026-11-29 00:32:00+00', '\x016c010801'),
	(1440, '=org-b', '2026-11-26 00:00:00+00', 'gemini-flash', 3, 0, 0, 709, 0.031000000000000001, '2026-11-26 23:57:00+00', '\x018201010a010501'),
	(1440, '=org-b', '2026-11-27 00:00:00+00', 'gemini-flash', 5, 1, 1, 988, 0.037000000000000001, '2026-11-27 23:57:00+00', '\x016801110107010a010401'),
	(1440, '=org-b', '2026-11-28 00:00:00+00', 'gemini-flash', 5, 1, 1, 983, 0.037000000000000001, '2026-11-28 23:57:00+00', '\x016801100108010a010401'),
	(1440, '=org-b', '2026-11-29 00:00:00+00', 'gemini-flash', 2, 1, 1, 278, 0.006, '2026-11-29 00:39:00+00', '\x0168011001');
INSERT INTO public.usage_scope VALUES
	('*', 43, NULL),
	('=org-a', 13, NULL),
	('=org-b', 15, NULL);
SELECT pg_catalog.setval('public.export_outbox_id_seq', 1, false);
ALTER TABLE ONLY public.access_key
    ADD CONSTRAINT access_key_pkey PRIMARY KEY (prefix);
ALTER TABLE ONLY public.computed_day
    ADD CONSTRAINT computed_day_pkey PRIMARY KEY (day);
ALTER TABLE ONLY public.daily_aggregate
    ADD CONSTRAINT daily_aggregate_pkey PRIMARY KEY (day, scope, model_id);
ALTER TABLE ONLY public.daily_distribution
    ADD CONSTRAINT daily_distribution_pkey PRIMARY KEY (day, scope, model_id, feature, subgroup);
ALTER TABLE ONLY public.drift_baseline
    ADD CONSTRAINT drift_baseline_pkey PRIMARY KEY (name, scope, model_id, feature);
ALTER TABLE ONLY public.drift_record
    ADD CONSTRAINT drift_record_pkey PRIMARY KEY (day, scope, model_id, feature, subgroup, reference);
ALTER TABLE ONLY public.event_ledger
    ADD CONSTRAINT event_ledger_pkey PRIMARY KEY (org_id, event_id);
ALTER TABLE ONLY public.export_outbox
    ADD CONSTRAINT export_outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.export_stream
    ADD CONSTRAINT export_stream_pkey PRIMARY KEY (only_one);
ALTER TABLE ONLY public.exported_day
    ADD CONSTRAINT exported_day_pkey PRIMARY KEY (day);
ALTER TABLE ONLY public.flyway_schema_history
    ADD CONSTRAINT flyway_schema_history_pk PRIMARY KEY (installed_rank);
ALTER TABLE ONLY public.label_rollup
    ADD CONSTRAINT label_rollup_pkey PRIMARY KEY (width_minutes, scope, bucket, kind, model_id, label);
ALTER TABLE ONLY public.retention_clock
    ADD CONSTRAINT retention_clock_pkey PRIMARY KEY (only_one);
ALTER TABLE ONLY public.usage_rollup
    ADD CONSTRAINT usage_rollup_pkey PRIMARY KEY (width_minutes, scope, bucket, model_id);
ALTER TABLE ONLY public.usage_scope
    ADD CONSTRAINT usage_scope_pkey PRIMARY KEY (scope);
CREATE INDEX daily_aggregate_scope_day ON public.daily_aggregate USING btree (scope, day);
CREATE INDEX drift_record_alert ON public.drift_record USING btree (scope, day) WHERE (verdict = 'SIGNIFICANT'::text);
CREATE INDEX drift_record_scope_day ON public.drift_record USING btree (scope, day);
CREATE INDEX event_listed_org_ts ON ONLY public.event USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_default_org_id_ts_idx ON public.event_default USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_ts ON ONLY public.event USING btree (ts);
CREATE INDEX event_default_ts_idx ON public.event_default USING btree (ts);
CREATE INDEX event_listed_ts ON ONLY public.event USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_default_ts_idx1 ON public.event_default USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_ledger_received_at ON public.event_ledger USING brin (received_at);
CREATE INDEX event_p20261126_org_id_ts_idx ON public.event_p20261126 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261126_ts_idx ON public.event_p20261126 USING btree (ts);
CREATE INDEX event_p20261126_ts_idx1 ON public.event_p20261126 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261127_org_id_ts_idx ON public.event_p20261127 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261127_ts_idx ON public.event_p20261127 USING btree (ts);
CREATE INDEX event_p20261127_ts_idx1 ON public.event_p20261127 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261128_org_id_ts_idx ON public.event_p20261128 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261128_ts_idx ON public.event_p20261128 USING btree (ts);
CREATE INDEX event_p20261128_ts_idx1 ON public.event_p20261128 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261129_org_id_ts_idx ON public.event_p20261129 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261129_ts_idx ON public.event_p20261129 USING btree (ts);
CREATE INDEX event_p20261129_ts_idx1 ON public.event_p20261129 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261130_org_id_ts_idx ON public.event_p20261130 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261130_ts_idx ON public.event_p20261130 USING btree (ts);
CREATE INDEX event_p20261130_ts_idx1 ON public.event_p20261130 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261201_org_id_ts_idx ON public.event_p20261201 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261201_ts_idx ON public.event_p20261201 USING btree (ts);
CREATE INDEX event_p20261201_ts_idx1 ON public.event_p20261201 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261202_org_id_ts_idx ON public.event_p20261202 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261202_ts_idx ON public.event_p20261202 USING btree (ts);
CREATE INDEX event_p20261202_ts_idx1 ON public.event_p20261202 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261203_org_id_ts_idx ON public.event_p20261203 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261203_ts_idx ON public.event_p20261203 USING btree (ts);
CREATE INDEX event_p20261203_ts_idx1 ON public.event_p20261203 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261204_org_id_ts_idx ON public.event_p20261204 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261204_ts_idx ON public.event_p20261204 USING btree (ts);
CREATE INDEX event_p20261204_ts_idx1 ON public.event_p20261204 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261205_org_id_ts_idx ON public.event_p20261205 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261205_ts_idx ON public.event_p20261205 USING btree (ts);
CREATE INDEX event_p20261205_ts_idx1 ON public.event_p20261205 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261206_org_id_ts_idx ON public.event_p20261206 USING btree (org_id, ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX event_p20261206_ts_idx ON public.event_p20261206 USING btree (ts);
CREATE INDEX event_p20261206_ts_idx1 ON public.event_p20261206 USING btree (ts) WHERE (error OR (fallback_to IS NOT NULL));
CREATE INDEX flyway_schema_history_s_idx ON public.flyway_schema_history USING btree (success);
CREATE INDEX late_day_day ON public.late_day USING btree (day);
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_default_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_default_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_default_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261126_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261126_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261126_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261127_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261127_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261127_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261128_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261128_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261128_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261129_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261129_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261129_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261130_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261130_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261130_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261201_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261201_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261201_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261202_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261202_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261202_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261203_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261203_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261203_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261204_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261204_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261204_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261205_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261205_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261205_ts_idx1;
ALTER INDEX public.event_listed_org_ts ATTACH PARTITION public.event_p20261206_org_id_ts_idx;
ALTER INDEX public.event_ts ATTACH PARTITION public.event_p20261206_ts_idx;
ALTER INDEX public.event_listed_ts ATTACH PARTITION public.event_p20261206_ts_idx1;
CREATE POLICY allowed_organisations ON public.event FOR INSERT WITH CHECK ((( SELECT (NULLIF(current_setting('telemetry.orgs'::text, true), ''::text))::jsonb AS "nullif") ? org_id));
CREATE POLICY allowed_organisations ON public.event_ledger FOR INSERT WITH CHECK ((( SELECT (NULLIF(current_setting('telemetry.orgs'::text, true), ''::text))::jsonb AS "nullif") ? org_id));
CREATE POLICY allowed_organisations ON public.usage_pending FOR INSERT WITH CHECK ((( SELECT (NULLIF(current_setting('telemetry.orgs'::text, true), ''::text))::jsonb AS "nullif") ? org_id));
ALTER TABLE public.daily_aggregate ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.daily_distribution ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.drift_baseline ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.drift_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.event ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.event_ledger ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.label_rollup ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_organisation ON public.daily_aggregate FOR SELECT USING ((scope = ('='::text || NULLIF(current_setting('telemetry.org'::text, true), ''::text))));
CREATE POLICY own_organisation ON public.daily_distribution FOR SELECT USING ((scope = ('='::text || NULLIF(current_setting('telemetry.org'::text, true), ''::text))));
CREATE POLICY own_organisation ON public.drift_baseline FOR SELECT USING ((scope = ('='::text || NULLIF(current_setting('telemetry.org'::text, true), ''::text))));
CREATE POLICY own_organisation ON public.drift_record FOR SELECT USING ((scope = ('='::text || NULLIF(current_setting('telemetry.org'::text, true), ''::text))));
CREATE POLICY own_organisation ON public.event FOR SELECT USING ((org_id = NULLIF(current_setting('telemetry.org'::text, true), ''::text)));
CREATE POLICY own_organisation ON public.label_rollup FOR SELECT USING ((scope = ('='::text || NULLIF(current_setting('telemetry.org'::text, true), ''::text))));
CREATE POLICY own_organisation ON public.usage_pending FOR SELECT USING ((org_id = NULLIF(current_setting('telemetry.org'::text, true), ''::text)));
CREATE POLICY own_organisation ON public.usage_rollup FOR SELECT USING ((scope = ('='::text || NULLIF(current_setting('telemetry.org'::text, true), ''::text))));
CREATE POLICY own_organisation ON public.usage_scope FOR SELECT USING ((scope = ('='::text || NULLIF(current_setting('telemetry.org'::text, true), ''::text))));
CREATE POLICY own_organisations ON public.event_ledger FOR SELECT USING (((( SELECT (NULLIF(current_setting('telemetry.orgs'::text, true), ''::text))::jsonb AS "nullif") ? org_id) IS TRUE));
ALTER TABLE public.usage_pending ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.usage_rollup ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.usage_scope ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON TABLE public.daily_aggregate TO pedi_telemetry_tenant;
GRANT SELECT ON TABLE public.daily_distribution TO pedi_telemetry_tenant;
GRANT SELECT ON TABLE public.drift_baseline TO pedi_telemetry_tenant;
GRANT SELECT ON TABLE public.drift_record TO pedi_telemetry_tenant;
GRANT SELECT,INSERT ON TABLE public.event TO pedi_telemetry_tenant;
GRANT SELECT,INSERT ON TABLE public.event_ledger TO pedi_telemetry_tenant;
GRANT INSERT ON TABLE public.export_outbox TO pedi_telemetry_tenant;
GRANT SELECT ON TABLE public.label_rollup TO pedi_telemetry_tenant;
GRANT INSERT ON TABLE public.late_day TO pedi_telemetry_tenant;
GRANT SELECT,INSERT ON TABLE public.usage_pending TO pedi_telemetry_tenant;
GRANT SELECT ON TABLE public.usage_rollup TO pedi_telemetry_tenant;
GRANT SELECT ON TABLE public.usage_scope TO pedi_telemetry_tenant;
