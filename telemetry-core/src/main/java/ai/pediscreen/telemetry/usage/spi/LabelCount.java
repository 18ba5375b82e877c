package ai.pediscreen.telemetry.usage.spi;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * How many events bear a {@link UsageLabel}. Immutable.
 *
 * @param events at least 1
 * @param newest the newest timestamp among them
 */
public record LabelCount(long events, Instant newest) {

  public LabelCount {
    requireNonNull(newest, "newest");
    if (events < 1) {
      throw new IllegalArgumentException("events must be at least 1 but is " + events);
    }
  }

  /** Both together. */
  public LabelCount plus(LabelCount other) {
    return new LabelCount(
        Math.addExact(events, other.events), newest.isAfter(other.newest) ? newest : other.newest);
  }
}
