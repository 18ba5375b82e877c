package ai.pediscreen.telemetry.server.http.access;

import org.jspecify.annotations.Nullable;

/**
 * What each sender may do.
 *
 * @param requestsPerSecond requests of an organisation, of a key that belongs to none, or of an
 *     address where no keys are required; null for any number
 * @param eventsPerSecond events of the same; null for any number
 * @param shared whether several servers count together
 */
public record SenderRates(
    @Nullable Integer requestsPerSecond, @Nullable Integer eventsPerSecond, boolean shared) {

  /** As many as the server can. */
  public static final SenderRates UNLIMITED = new SenderRates(null, null, false);

  public SenderRates {
    if ((requestsPerSecond != null && requestsPerSecond < 1)
        || (eventsPerSecond != null && eventsPerSecond < 1)) {
      throw new IllegalArgumentException(
          "rates must be at least 1 but are %s and %s"
              .formatted(requestsPerSecond, eventsPerSecond));
    }
  }
}
