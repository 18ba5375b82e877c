package ai.pediscreen.telemetry.event.spi;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events are to be read back.
 *
 * @param org whose events
 * @param modelId events of this model alone, or null for those of all models and of none
 * @param from the first instant
 * @param until the instant that is no longer part of it; not before {@code from}
 */
public record EventSelection(OrgFilter org, @Nullable String modelId, Instant from, Instant until) {

  public EventSelection {
    requireNonNull(org, "org");
    if (modelId != null && modelId.isBlank()) {
      throw new IllegalArgumentException("modelId must not be blank; use null for all models");
    }
    if (until.isBefore(from)) {
      throw new IllegalArgumentException(
          "until must not be before from: " + until + " and " + from);
    }
  }

  /** Whether the event is selected. */
  public boolean includes(TelemetryEvent event) {
    return org.includes(event.orgId())
        && (modelId == null || modelId.equals(event.modelId()))
        && !event.timestamp().isBefore(from)
        && event.timestamp().isBefore(until);
  }
}
