package ai.pediscreen.telemetry.postgres;

import static ai.pediscreen.telemetry.postgres.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.EventLedger.orNone;

import ai.pediscreen.telemetry.event.InvalidEventException;
import ai.pediscreen.telemetry.event.Model;
import ai.pediscreen.telemetry.event.Response;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.event.spi.EventArchive;
import ai.pediscreen.telemetry.event.spi.EventSelection;
import ai.pediscreen.telemetry.event.spi.ScopedEvent;
import ai.pediscreen.telemetry.export.EventReference;
import ai.pediscreen.telemetry.export.WaitingEvent;
import ai.pediscreen.telemetry.usage.Call;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code event}: the events themselves, partitioned by day. */
final class EventTable {

  /**
   * Decimals are read as they were written. What is stored has passed the limits there are, so none
   * of size is set here: one event that could not be read would keep all others from being read.
   * Names are not kept in a table, for senders could choose some that collide there.
   */
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNameLength(Integer.MAX_VALUE)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNumberLength(Integer.MAX_VALUE)
                          .build())
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
      new TypeReference<>() {};

  /** Payloads that are read at once; the last one may go beyond. */
  private static final int READ_BYTES = 1 << 20;

  /**
   * Of payloads with their positions, which are to be put in, the texts of the first ones that hold
   * a megabyte. How much is stored for them is asked first, which is at hand, so that the texts of
   * all are not made for the sake of a few. OFFSET 0 keeps a text from being made twice, once for
   * its length.
   */
  private static final String FIRST_BYTES =
      """
      SELECT payload
      FROM (
        SELECT payload, position, coalesce(sum(octet_length(payload)) OVER before, 0) AS bytes_before
        FROM (
          SELECT CAST(payload AS text) AS payload, position
          FROM (
            SELECT payload, position, coalesce(sum(pg_column_size(payload)) OVER before, 0)
              AS stored_before
            FROM (%s) AS asked
            WINDOW before AS (
              ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS stored
          WHERE stored_before < :bytes
          OFFSET 0) AS written
        WINDOW before AS (
          ORDER BY position ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS measured
      WHERE bytes_before < :bytes
      ORDER BY position
      """;

  private static final Comparator<EventReference> BY_TIMESTAMP =
      Comparator.comparing(EventReference::timestamp);

  private EventTable() {}

  /** What is stored of an event: its sender's own characters, or else what it says. */
  static String json(ScopedEvent scoped) {
    String written = scoped.json();
    try {
      return written == null ? JSON.writeValueAsString(scoped.event().toMap()) : written;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event holds only JSON values", e);
    }
  }

  /** As {@link EventArchive#page}. A page ends when a megabyte of events is read. */
  static List<TelemetryEvent> page(
      Handle handle, EventSelection selection, @Nullable TelemetryEvent after, int limit) {
    Query query =
        handle.createQuery(
            FIRST_BYTES
                .formatted(
                    """
                    SELECT payload, row_number() OVER (ORDER BY ts, org_id, event_id) AS position
                    FROM (
                      SELECT ts, org_id, event_id, payload FROM event
                      WHERE ts >= :from AND ts < :until %s %s %s
                      ORDER BY ts, org_id, event_id
                      LIMIT :limit) AS page
                    """)
                .formatted(
                    after == null
                        ? ""
                        : " AND (ts, org_id, event_id) > (:from, :afterOrg, :afterId)",
                    selection.org().orgId() == null ? "" : " AND org_id = :orgId",
                    selection.modelId() == null ? "" : " AND model_id = :modelId"));
    query.bind("from", utc(after == null ? selection.from() : after.timestamp()));
    query.bind("until", utc(selection.until())).bind("limit", limit).bind("bytes", READ_BYTES);
    if (after != null) {
      query.bind("afterOrg", orNone(after.orgId())).bind("afterId", after.eventId());
    }
    if (selection.org().orgId() != null) {
      query.bind("orgId", selection.org().orgId());
    }
    if (selection.modelId() != null) {
      query.bind("modelId", selection.modelId());
    }
    return query.map((row, context) -> event(row.getString("payload"))).list();
  }

  /** An event of its stored payload. */
  static TelemetryEvent event(String payload) {
    try {
      return TelemetryEvent.fromStored(JSON.readValue(payload, OBJECT));
    } catch (JsonProcessingException | InvalidEventException e) {
      throw new IllegalStateException("a stored event is not readable", e);
    }
  }

  /** The newest errors or fallbacks. */
  static List<Call> newest(Handle handle, UsageFilter filter, UsageLabel.Kind kind, int limit) {
    String wanted =
        switch (kind) {
          case ERROR -> "error";
          case FALLBACK -> "fallback_to IS NOT NULL";
          case ADAPTER, PROVIDER ->
              throw new IllegalArgumentException("calls are listed by ERROR or FALLBACK");
        };
    // The first condition is the partial indexes' own, without which they would not be used.
    return bind(
            handle.createQuery(
                """
                SELECT ts, org_id, event_id, model_id, latency_ms, status_code, fallback_to,
                  error_code, case_id, trace_id
                FROM event
                WHERE (error OR fallback_to IS NOT NULL) AND %s AND %s
                ORDER BY ts DESC, event_id, org_id
                LIMIT :limit
                """
                    .formatted(wanted, conditions(filter))),
            filter)
        .bind("since", utc(filter.window().since()))
        .bind("until", utc(filter.window().until()))
        .bind("limit", limit)
        .map((row, context) -> call(row))
        .list();
  }

  /** The first timestamp after one instant and before another, or null if there is none. */
  static @Nullable Instant firstAfter(
      Handle handle, UsageFilter filter, Instant after, Instant before) {
    return bind(
            handle.createQuery(
                """
                SELECT ts FROM event
                WHERE ts > :after AND ts < :before %s
                ORDER BY ts
                LIMIT 1
                """
                    .formatted(scopeConditions(filter))),
            filter)
        .bind("after", utc(after))
        .bind("before", utc(before))
        .map((row, context) -> timestamp(row, "ts"))
        .findFirst()
        .orElse(null);
  }

  /** How many events are later than an instant, counted to a limit. */
  static long countAfter(Handle handle, Instant after, int limit) {
    return handle
        .createQuery(
            "SELECT count(*) FROM (SELECT FROM event WHERE ts > :after LIMIT :limit) AS later")
        .bind("after", utc(after))
        .bind("limit", limit)
        .mapTo(Long.class)
        .one();
  }

  /** Reads what figures are made of, from an instant to the window's end. */
  static void forEachSince(
      Handle handle, UsageFilter filter, Instant since, Consumer<TelemetryEvent> consumer) {
    bind(
            handle.createQuery(
                """
                SELECT ts, org_id, event_id, model_id, latency_ms, status_code, fallback_to,
                  error_code, cost_usd, case_id, trace_id, %s,
                  payload #>> '{model,adapter_id}' AS adapter_id,
                  payload #>> '{model,provider}' AS provider
                FROM event
                WHERE %s
                """
                    .formatted(TokenColumns.NAMES, conditions(filter))),
            filter)
        .bind("since", utc(since))
        .bind("until", utc(filter.window().until()))
        .setFetchSize(5_000)
        .map((row, context) -> countable(row))
        .forEach(consumer);
  }

  /**
   * Looks up events in the order of their references. Ends early when it has read a megabyte, but
   * not before the first.
   *
   * @param references at least one
   */
  static List<WaitingEvent> find(Handle handle, List<EventReference> references) {
    Instant min = Collections.min(references, BY_TIMESTAMP).timestamp();
    Instant max = Collections.max(references, BY_TIMESTAMP).timestamp();
    // The bounds are for the planner, which then looks at few partitions.
    List<Optional<String>> payloads =
        ExportOutbox.bind(
                handle.createQuery(
                    FIRST_BYTES.formatted(
                        """
                        SELECT event.payload, wanted.position
                        FROM unnest(:micros, :orgIds, :eventIds)
                            WITH ORDINALITY AS wanted (micros, org_id, event_id, position)
                          LEFT JOIN event
                            ON event.ts = to_timestamp(0) + wanted.micros * interval '1 microsecond'
                            AND event.org_id = wanted.org_id
                            AND event.event_id = wanted.event_id
                            AND event.ts >= :min AND event.ts <= :max
                        """)),
                references)
            .bind("min", utc(min))
            .bind("max", utc(max))
            .bind("bytes", READ_BYTES)
            .map((row, context) -> Optional.ofNullable(row.getString(1)))
            .list();
    List<WaitingEvent> found = new ArrayList<>(payloads.size());
    for (Optional<String> payload : payloads) {
      found.add(new WaitingEvent(references.get(found.size()), payload.orElse(null)));
    }
    return found;
  }

  private static String conditions(UsageFilter filter) {
    return "ts >= :since AND ts <= :until" + scopeConditions(filter);
  }

  private static String scopeConditions(UsageFilter filter) {
    return (filter.org().orgId() == null ? "" : " AND org_id = :orgId")
        + (filter.modelId() == null ? "" : " AND model_id = :modelId");
  }

  private static Query bind(Query query, UsageFilter filter) {
    if (filter.org().orgId() != null) {
      query.bind("orgId", filter.org().orgId());
    }
    if (filter.modelId() != null) {
      query.bind("modelId", filter.modelId());
    }
    return query;
  }

  private static Call call(ResultSet row) throws SQLException {
    return new Call(
        row.getString("event_id"),
        timestamp(row, "ts"),
        noneAsNull(row.getString("org_id")),
        noneAsNull(row.getString("model_id")),
        row.getString("error_code"),
        row.getObject("status_code", Integer.class),
        row.getString("fallback_to"),
        latencyMillis(row),
        row.getString("case_id"),
        row.getString("trace_id"));
  }

  /** An event as far as figures need it. */
  private static TelemetryEvent countable(ResultSet row) throws SQLException {
    Model model =
        new Model(
            noneAsNull(row.getString("model_id")),
            row.getString("adapter_id"),
            row.getString("provider"),
            Map.of());
    Response response =
        new Response(
            latencyMillis(row),
            row.getObject("status_code", Integer.class),
            row.getString("fallback_to"),
            row.getString("error_code"),
            Map.of(
                "output_tokens", row.getLong("output_tokens"),
                "reasoning_output_tokens", row.getLong("reasoning_tokens")));
    return new TelemetryEvent(
        row.getString("event_id"),
        timestamp(row, "ts"),
        noneAsNull(row.getString("org_id")),
        null,
        null,
        row.getString("case_id"),
        model,
        Map.of(
            "input_tokens", row.getLong("input_tokens"),
            "cache_read_input_tokens", row.getLong("cache_read_tokens"),
            "cache_creation_input_tokens", row.getLong("cache_write_tokens")),
        response,
        row.getBigDecimal("cost_usd"),
        null,
        null,
        row.getString("trace_id"),
        Map.of());
  }

  private static @Nullable Long latencyMillis(ResultSet row) throws SQLException {
    Integer latencyMillis = row.getObject("latency_ms", Integer.class);
    return latencyMillis == null ? null : latencyMillis.longValue();
  }

  /** As a parameter of the type that the column has: only then does a plan leave out partitions. */
  static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Instant timestamp(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
