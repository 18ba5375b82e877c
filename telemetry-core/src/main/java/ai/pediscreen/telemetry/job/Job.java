package ai.pediscreen.telemetry.job;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One request to compute a day.
 *
 * @param id known to the caller
 * @param day the day to compute, UTC; null if the request names none that can be read, and so fails
 * @param state how far it is
 * @param aggregates how many aggregates the day has; null unless it succeeded
 * @param error why it failed, in words without any event's values; null unless it failed
 */
public record Job(
    String id,
    @Nullable LocalDate day,
    State state,
    @Nullable Integer aggregates,
    @Nullable String error) {

  /** The state of a job. A job that will be retried is queued. */
  public enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED
  }

  public Job {
    requireNonNull(id, "id");
    requireNonNull(state, "state");
    if (state == State.SUCCEEDED) {
      requireNonNull(day, "day");
    }
  }
}
