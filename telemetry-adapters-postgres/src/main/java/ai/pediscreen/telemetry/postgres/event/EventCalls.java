package ai.pediscreen.telemetry.postgres.event;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.event.Model;
import ai.pediscreen.telemetry.event.Response;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.usage.Call;
import ai.pediscreen.telemetry.usage.UsageFilter;
import ai.pediscreen.telemetry.usage.spi.UsageLabel;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code event}, read for figures and lists of calls. */
public final class EventCalls {

  private EventCalls() {}

  /** The newest errors or fallbacks. */
  public static List<Call> newest(
      Handle handle, UsageFilter filter, UsageLabel.Kind kind, int limit) {
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
  public static @Nullable Instant firstAfter(
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
  public static long countAfter(Handle handle, Instant after, int limit) {
    return handle
        .createQuery(
            "SELECT count(*) FROM (SELECT FROM event WHERE ts > :after LIMIT :limit) AS later")
        .bind("after", utc(after))
        .bind("limit", limit)
        .mapTo(Long.class)
        .one();
  }

  /** Hands over events between two instants, both not included, as far as figures need them. */
  public static void forEachBetween(
      Handle handle,
      UsageFilter filter,
      Instant after,
      Instant before,
      Consumer<TelemetryEvent> consumer) {
    bind(
            handle.createQuery(
                """
                SELECT ts, org_id, event_id, model_id, latency_ms, status_code, fallback_to,
                  error_code, cost_usd, case_id, trace_id, %s,
                  payload #>> '{model,adapter_id}' AS adapter_id,
                  payload #>> '{model,provider}' AS provider
                FROM event
                WHERE ts > :after AND ts < :before %s
                """
                    .formatted(TokenColumns.NAMES, scopeConditions(filter))),
            filter)
        .bind("after", utc(after))
        .bind("before", utc(before))
        .setFetchSize(5_000)
        .map((row, context) -> countable(row))
        .forEach(consumer);
  }

  /**
   * An event as far as a list of models needs it.
   *
   * @param modelId "" for none
   */
  public record Seen(Instant timestamp, String modelId, @Nullable String provider) {}

  /**
   * The newest events from an instant to the window's end, newest first.
   *
   * @param models events of these alone, "" for none; null for all
   * @param withProvider whether payloads are read, which costs more than all else
   */
  public static List<Seen> newest(
      Handle handle,
      UsageFilter filter,
      Instant since,
      @Nullable Collection<String> models,
      boolean withProvider,
      int limit) {
    Query query =
        bind(
            handle.createQuery(
                """
                SELECT ts, model_id, %s AS provider
                FROM event
                WHERE %s %s
                ORDER BY ts DESC
                LIMIT :limit
                """
                    .formatted(
                        withProvider ? "payload #>> '{model,provider}'" : "CAST(NULL AS text)",
                        conditions(filter),
                        models == null ? "" : "AND model_id = ANY (:models)")),
            filter);
    if (models != null) {
      query.bindArray("models", String.class, List.copyOf(models));
    }
    return query
        .bind("since", utc(since))
        .bind("until", utc(filter.window().until()))
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Seen(
                    timestamp(row, "ts"), row.getString("model_id"), row.getString("provider")))
        .list();
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
}
