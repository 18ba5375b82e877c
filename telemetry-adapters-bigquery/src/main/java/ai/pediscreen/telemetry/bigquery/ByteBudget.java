package ai.pediscreen.telemetry.bigquery;

import ai.pediscreen.telemetry.event.StoreUnavailableException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * What one program may have read in a UTC day. Queries that are running when the limit is reached
 * still finish, so a day may end a little over it.
 *
 * <p>Thread-safe.
 */
final class ByteBudget {

  private final long bytesPerDay;
  private final InstantSource clock;
  private LocalDate day = LocalDate.EPOCH;
  private long spent;

  ByteBudget(long bytesPerDay, InstantSource clock) {
    this.bytesPerDay = bytesPerDay;
    this.clock = clock;
  }

  /**
   * Returns if there is anything left.
   *
   * @throws StoreUnavailableException if not
   */
  synchronized void requireSome() {
    startDay();
    if (spent >= bytesPerDay) {
      throw new StoreUnavailableException(
          "BigQuery has read %d of the %d bytes allowed today: no more queries until 00:00 UTC"
              .formatted(spent, bytesPerDay));
    }
  }

  synchronized void spend(long bytes) {
    startDay();
    spent += bytes;
  }

  private void startDay() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (!today.equals(day)) {
      day = today;
      spent = 0;
    }
  }
}
