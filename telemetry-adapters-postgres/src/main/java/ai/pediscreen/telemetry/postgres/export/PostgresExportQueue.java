package ai.pediscreen.telemetry.postgres.export;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.export.Backlog;
import ai.pediscreen.telemetry.export.Enqueued;
import ai.pediscreen.telemetry.export.ExportLease;
import ai.pediscreen.telemetry.export.ExportQueue;
import ai.pediscreen.telemetry.postgres.day.ComputedDayTable;
import ai.pediscreen.telemetry.postgres.transaction.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What is still to be exported, in the tables whose names begin with {@code export_}.
 *
 * @implNote The lease is an advisory lock of the session that does all the work, so without the
 *     lease nothing can be changed. Should there be two holders all the same, each step names the
 *     state that it starts from, and the second one fails.
 */
public final class PostgresExportQueue implements ExportQueue {

  /** Events queued in one step of a backfill. */
  private static final int CHUNK = 2_000;

  private final Database database;

  public PostgresExportQueue(Database database) {
    this.database = database;
  }

  @Override
  public Optional<ExportLease> tryLease() {
    return PostgresExportLease.tryOpen(database).map(lease -> lease);
  }

  @Override
  public Backlog backlog() {
    return database.read(
        OrgFilter.all(),
        handle ->
            handle
                .createQuery(
                    """
                    SELECT waiting.events + stream.events AS events,
                      coalesce(extract(epoch FROM
                        clock_timestamp() - least(waiting.oldest, stream.queued_at)), 0) AS seconds,
                      (SELECT count(*) FROM export_dead_letter) AS dead_letters
                    FROM export_stream AS stream,
                      (SELECT coalesce(sum(events), 0) AS events, min(queued_at) AS oldest
                        FROM export_outbox) AS waiting
                    """)
                .map(
                    (row, context) ->
                        new Backlog(
                            row.getLong("events"),
                            Duration.ofNanos((long) (1e9 * row.getDouble("seconds"))),
                            row.getLong("dead_letters")))
                .one());
  }

  /**
   * {@inheritDoc}
   *
   * @implNote Goes through the day by timestamp. A page of events may end within those of one
   *     timestamp; the next begins with that timestamp again and finds the others, since those of
   *     the first page are marked by then.
   */
  @Override
  public Enqueued enqueue(LocalDate day, @Nullable Instant after) {
    Instant start = ComputedDayTable.start(day);
    Instant end = ComputedDayTable.start(day.plusDays(1));
    return database.inOwnSession(
        handle ->
            handle.inTransaction(
                transaction -> enqueue(transaction, after == null ? start : after, end)));
  }

  private static Enqueued enqueue(Handle handle, Instant from, Instant end) {
    Database.holdEventsStill(handle);
    return handle
        .createQuery(
            """
            WITH page AS (
              SELECT event.ts, event.org_id, event.event_id, ledger.key
              FROM event JOIN event_ledger AS ledger ON ledger.key =
                CASE WHEN event.erased THEN CAST(substr(event.event_id, 8, 32) AS uuid)
                  ELSE ledger_key(event.org_id, event.event_id) END
              WHERE event.ts >= :from AND event.ts < :end AND NOT ledger.queued
              ORDER BY event.ts
              LIMIT :chunk),
            locked AS (
              SELECT page.*
              FROM event_ledger AS ledger JOIN page USING (key)
              ORDER BY key
              FOR UPDATE OF ledger),
            marked AS (
              UPDATE event_ledger AS ledger SET queued = TRUE
              FROM locked
              WHERE ledger.key = locked.key AND NOT ledger.queued
              RETURNING locked.ts, locked.org_id, locked.event_id),
            numbered AS (
              SELECT *, (row_number() OVER () - 1) / 500 AS part FROM marked),
            added AS (
              INSERT INTO export_outbox (events, micros, org_ids, event_ids)
              SELECT count(*), array_agg(CAST(extract(epoch FROM ts) * 1000000 AS bigint)),
                array_agg(org_id), array_agg(event_id)
              FROM numbered GROUP BY part)
            SELECT count(*) AS events, (SELECT count(*) FROM page) AS found,
              (SELECT max(ts) FROM page) AS last
            FROM marked
            """)
        .bind("from", utc(from))
        .bind("end", utc(end))
        .bind("chunk", CHUNK)
        .map(
            (row, context) ->
                new Enqueued(
                    row.getInt("events"),
                    row.getInt("found") < CHUNK
                        ? null
                        : row.getObject("last", OffsetDateTime.class).toInstant()))
        .one();
  }
}
