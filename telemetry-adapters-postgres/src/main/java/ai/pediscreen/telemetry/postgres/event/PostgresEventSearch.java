package ai.pediscreen.telemetry.postgres.event;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.orNone;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.event.TelemetryEvent;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import ai.pediscreen.telemetry.usage.spi.EventPosition;
import ai.pediscreen.telemetry.usage.spi.EventQuery;
import ai.pediscreen.telemetry.usage.spi.EventSearch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Finds events by the indexes of their names, one in each partition of a day that is over; the day
 * under way is read.
 *
 * @implNote Looks into the newest days first, then into ever longer stretches before them: most
 *     that is looked for happened lately, and a plan over all partitions takes longer to make than
 *     to run.
 */
public final class PostgresEventSearch implements EventSearch {

  private static final Duration FIRST_STRETCH = Duration.ofDays(4);
  private static final int GROWTH = 4;

  /** Payloads that are read at once; the last one may go beyond. */
  private static final int READ_BYTES = 1 << 20;

  private static final int FETCH_SIZE = 20;

  private final Database database;

  public PostgresEventSearch(Database database) {
    this.database = database;
  }

  @Override
  public List<TelemetryEvent> newest(EventQuery query, @Nullable EventPosition before, int limit) {
    return database.read(query.org(), handle -> newest(handle, query, before, limit));
  }

  private List<TelemetryEvent> newest(
      Handle handle, EventQuery query, @Nullable EventPosition before, int limit) {
    List<TelemetryEvent> found = new ArrayList<>();
    // What lies outside the days that have a partition is in one of its own, with its own index.
    Instant newest = database.now(handle).plus(FIRST_STRETCH);
    Instant until = before == null ? query.until() : before.timestamp().plusNanos(1_000);
    if (until.isAfter(newest)) {
      read(handle, query, before, newest, until, limit, found);
      until = newest;
    }
    for (Duration stretch = FIRST_STRETCH.multipliedBy(2);
        found.isEmpty() && query.from().isBefore(until);
        stretch = stretch.multipliedBy(GROWTH)) {
      Instant from = until.minus(stretch);
      if (from.isBefore(query.from()) || stretch.compareTo(Duration.ofDays(400)) > 0) {
        from = query.from();
      }
      read(handle, query, before, from, until, limit, found);
      until = from;
    }
    return found;
  }

  private static void read(
      Handle handle,
      EventQuery query,
      @Nullable EventPosition before,
      Instant from,
      Instant until,
      int limit,
      List<TelemetryEvent> found) {
    Map<String, String> conditions = conditions(query);
    StringBuilder where = new StringBuilder();
    conditions.keySet().forEach(name -> where.append(" AND %s = :%s".formatted(name, name)));
    if (before != null) {
      where.append(" AND (ts, org_id, event_id) < (:beforeTs, :beforeOrg, :beforeId)");
    }
    Query select =
        handle
            .createQuery(
                """
                SELECT payload FROM event
                WHERE ts >= :from AND ts < :until %s
                ORDER BY ts DESC, org_id DESC, event_id DESC
                LIMIT :limit
                """
                    .formatted(where))
            .bind("from", utc(from))
            .bind("until", utc(until))
            .bind("limit", limit)
            .setFetchSize(FETCH_SIZE);
    conditions.forEach(select::bind);
    if (before != null) {
      select
          .bind("beforeTs", utc(before.timestamp()))
          .bind("beforeOrg", orNone(before.orgId()))
          .bind("beforeId", before.eventId());
    }
    long bytes = 0;
    try (ResultIterator<String> payloads = select.mapTo(String.class).iterator()) {
      for (Iterator<String> next = payloads; next.hasNext() && bytes < READ_BYTES; ) {
        String payload = next.next();
        bytes += payload.length();
        found.add(EventJson.event(payload));
      }
    }
  }

  private static Map<String, String> conditions(EventQuery query) {
    Map<String, String> conditions = new LinkedHashMap<>();
    put(conditions, "org_id", query.org().orgId());
    put(conditions, "event_id", query.eventId());
    put(conditions, "trace_id", query.traceId());
    put(conditions, "case_id", query.caseId());
    put(conditions, "user_id", query.userId());
    return conditions;
  }

  private static void put(Map<String, String> conditions, String name, @Nullable String value) {
    if (value != null) {
      conditions.put(name, value);
    }
  }
}
