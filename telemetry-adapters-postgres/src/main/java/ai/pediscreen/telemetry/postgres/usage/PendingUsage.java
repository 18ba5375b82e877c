package ai.pediscreen.telemetry.postgres.usage;

import static ai.pediscreen.telemetry.postgres.event.EventLedger.noneAsNull;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import ai.pediscreen.telemetry.usage.spi.UsageDelta;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Table {@code usage_pending}: what the rollups lack yet of events that are stored. */
public final class PendingUsage {

  private static final int FETCHED_ROWS = 500;

  /** What is held in memory is bounded by this: some megabytes. */
  private static final int MAX_CELLS = 10_000;

  /** As long as a statement of a question may take. */
  private static final Duration READ_LIMIT = Duration.ofSeconds(4);

  /** Takes what a transaction added for an organisation (null: for events of none). */
  interface RowConsumer {
    void accept(@Nullable String orgId, byte[] delta);
  }

  private PendingUsage() {}

  /**
   * Hands over what all rows that the transaction sees add, of one organisation or of all: each
   * minute and model once or, where they are very many, several times.
   *
   * @throws StoreUnavailableException if it takes longer than a question may
   */
  public static void forEach(
      Handle handle, @Nullable String orgId, BiConsumer<UsageDelta.Key, UsageDelta.Cell> consumer) {
    long begin = System.nanoTime();
    forEachPiece(
        handle,
        orgId,
        piece -> {
          piece.forEach(consumer);
          if (System.nanoTime() - begin > READ_LIMIT.toNanos()) {
            throw new StoreUnavailableException("too much waits to be folded");
          }
        });
  }

  private static Query query(Handle handle, @Nullable String orgId) {
    Query query =
        handle
            .createQuery(
                "SELECT org_id, delta FROM usage_pending"
                    + (orgId == null ? "" : " WHERE org_id = :orgId"))
            .setFetchSize(FETCHED_ROWS);
    return orgId == null ? query : query.bind("orgId", orgId);
  }

  private static void forEachPiece(
      Handle handle, @Nullable String orgId, Consumer<UsageDelta> consumer) {
    UsageDelta[] sum = {new UsageDelta()};
    forEach(
        query(handle, orgId),
        (unused, delta) -> {
          sum[0].merge(delta);
          if (sum[0].size() > MAX_CELLS) {
            consumer.accept(sum[0]);
            sum[0] = new UsageDelta();
          }
        });
    consumer.accept(sum[0]);
  }

  /** How much is pending, in bytes. */
  static long bytes(Handle handle) {
    return handle
        .createQuery(
            "SELECT CAST(coalesce(sum(octet_length(delta)), 0) AS bigint) FROM usage_pending")
        .mapTo(Long.class)
        .one();
  }

  /**
   * Removes some rows and hands them over; returns how many.
   *
   * @param events no further row is taken after those that count so many
   */
  static int take(Handle handle, int limit, int events, RowConsumer consumer) {
    return forEach(
        handle
            .createQuery(
                """
                DELETE FROM usage_pending
                WHERE ctid = ANY (ARRAY(
                  SELECT place
                  FROM (
                    SELECT place, sum(events) OVER (ORDER BY place) - events AS before
                    FROM (
                      SELECT ctid AS place, events FROM usage_pending LIMIT :limit) AS first
                  ) AS counted
                  WHERE before < :events))
                RETURNING org_id, delta
                """)
            .bind("limit", limit)
            .bind("events", events),
        consumer);
  }

  /** How many events of each day the rollups lack. */
  public static Map<LocalDate, Long> eventsByDay(Handle handle) {
    Map<LocalDate, Long> events = new TreeMap<>();
    forEach(
        query(handle, null),
        (unused, delta) ->
            UsageDelta.forEachMinute(
                delta,
                (minute, calls) ->
                    events.merge(LocalDate.ofInstant(minute, ZoneOffset.UTC), calls, Long::sum)));
    return events;
  }

  private static int forEach(Query query, RowConsumer consumer) {
    int[] rows = {0};
    query
        .map(
            (row, context) -> {
              consumer.accept(noneAsNull(row.getString(1)), row.getBytes(2));
              return ++rows[0];
            })
        .forEach(unused -> {});
    return rows[0];
  }
}
