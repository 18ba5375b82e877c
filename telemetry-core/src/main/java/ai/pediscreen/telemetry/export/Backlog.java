package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * What has not left yet.
 *
 * @param events how many events wait, those in a stored batch included
 * @param oldestAge how long the first of them has waited; zero if none does
 * @param deadLetters how many events will never leave
 */
public record Backlog(long events, Duration oldestAge, long deadLetters) {

  /** Nothing waits. */
  public static final Backlog EMPTY = new Backlog(0, Duration.ZERO, 0);

  public Backlog {
    requireNonNull(oldestAge, "oldestAge");
  }
}
