package ai.pediscreen.telemetry.usage;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.OrgFilter;
import ai.pediscreen.telemetry.event.TelemetryEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which events a question is about.
 *
 * @param org whose events
 * @param modelId events of this model alone, or null for those of all models and of none
 * @param window from when
 */
public record UsageFilter(OrgFilter org, @Nullable String modelId, TimeWindow window) {

  public UsageFilter {
    requireNonNull(org, "org");
    requireNonNull(window, "window");
    if (modelId != null && modelId.isBlank()) {
      throw new IllegalArgumentException("modelId must not be blank; use null for all models");
    }
  }

  /** All events of a range that ends now by the system's clock. */
  public static UsageFilter last(UsageRange range) {
    return last(range, Instant.now());
  }

  /** All events of a range that ends now. */
  public static UsageFilter last(UsageRange range, Instant now) {
    requireNonNull(range, "range");
    return new UsageFilter(OrgFilter.all(), null, TimeWindow.last(range, now));
  }

  /** The same question about one organisation: never null, which would be all of them. */
  public UsageFilter org(String orgId) {
    return new UsageFilter(OrgFilter.of(orgId), modelId, window);
  }

  /** The same question about one model: never null, which would be all of them. */
  public UsageFilter model(String id) {
    return new UsageFilter(org, requireNonNull(id, "id"), window);
  }

  /** Whether the question is about this event. */
  public boolean includes(TelemetryEvent event) {
    return isAbout(event) && window.contains(event.timestamp());
  }

  /** Whether an event of that organisation and model is recent: in the last five minutes. */
  public boolean isActive(Instant newest) {
    return !newest.isBefore(window.until().minus(Overview.ACTIVE_WITHIN))
        && !newest.isAfter(window.until());
  }

  private boolean isAbout(TelemetryEvent event) {
    return org.includes(event.orgId()) && (modelId == null || modelId.equals(event.modelId()));
  }
}
