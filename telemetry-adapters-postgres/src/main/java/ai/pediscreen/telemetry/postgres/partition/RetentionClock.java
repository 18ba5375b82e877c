package ai.pediscreen.telemetry.postgres.partition;

import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.timestamp;
import static ai.pediscreen.telemetry.postgres.transaction.SqlTime.utc;

import java.time.Instant;
import java.time.LocalDate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Table {@code retention_clock}: which time retention believes, and what an operator confirmed. */
public final class RetentionClock {

  /**
   * The row.
   *
   * @param trustedAt the newest time that a run has believed
   * @param confirmedBefore any number of days before this one may go at once; null for none
   * @param prunedBefore rows that expired before this day are gone; null for none
   */
  public record State(
      Instant trustedAt, @Nullable LocalDate confirmedBefore, @Nullable LocalDate prunedBefore) {}

  private RetentionClock() {}

  /** The row; null before the first run. */
  public static @Nullable State find(Handle handle) {
    return handle
        .createQuery("SELECT * FROM retention_clock")
        .map(
            (row, context) ->
                new State(
                    timestamp(row, "trusted_at"),
                    row.getObject("confirmed_before", LocalDate.class),
                    row.getObject("pruned_before", LocalDate.class)))
        .findOne()
        .orElse(null);
  }

  /**
   * The row, made if there is none. A time that is later than the one known is believed. Of a
   * confirmation is left what has expired by now: of days that are kept again it says nothing.
   *
   * @param edge the first day that is kept
   */
  public static State trust(Handle handle, Instant now, LocalDate edge) {
    handle
        .createUpdate(
            "UPDATE retention_clock SET confirmed_before = CAST(:edge AS date)"
                + " WHERE confirmed_before > CAST(:edge AS date)")
        .bind("edge", edge.toString())
        .execute();
    return put(handle, now, null, null);
  }

  /** Believes a time, however far it has jumped, and lets all days before one go at once. */
  public static State confirm(Handle handle, Instant now, LocalDate before) {
    return put(handle, now, before, null);
  }

  /** Notes that what had expired before a day is gone. */
  public static State pruned(Handle handle, Instant now, LocalDate before) {
    return put(handle, now, null, before);
  }

  /** Whether raw events of a day were dropped, if under another retention than there is now. */
  public static boolean wasDropped(Handle handle, LocalDate day) {
    State state = find(handle);
    return state != null && state.prunedBefore() != null && day.isBefore(state.prunedBefore());
  }

  private static State put(
      Handle handle, Instant now, @Nullable LocalDate confirmed, @Nullable LocalDate pruned) {
    handle
        .createUpdate(
            """
            INSERT INTO retention_clock AS stored (trusted_at, confirmed_before, pruned_before)
            VALUES (:now, CAST(:confirmed AS date), CAST(:pruned AS date))
            ON CONFLICT (only_one) DO UPDATE SET
              trusted_at = greatest(stored.trusted_at, excluded.trusted_at),
              confirmed_before = greatest(stored.confirmed_before, excluded.confirmed_before),
              pruned_before = greatest(stored.pruned_before, excluded.pruned_before)
            """)
        .bind("now", utc(now))
        .bind("confirmed", confirmed == null ? null : confirmed.toString())
        .bind("pruned", pruned == null ? null : pruned.toString())
        .execute();
    State state = find(handle);
    if (state == null) {
      throw new IllegalStateException("the row of retention_clock was deleted meanwhile");
    }
    return state;
  }
}
