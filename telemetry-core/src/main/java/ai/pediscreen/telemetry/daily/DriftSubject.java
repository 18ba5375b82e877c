package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.event.OrgScope;
import ai.pediscreen.telemetry.usage.UsageQueries;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Whose values are watched.
 *
 * @param org whose events
 * @param modelId the model
 * @param feature {@link DriftRecord#LATENCY}, or the pointer of a {@link DriftFeature}
 * @param subgroup the value of {@link DriftSettings#by} that the events have; null for all events
 */
public record DriftSubject(
    OrgScope org, String modelId, String feature, @Nullable String subgroup) {

  /** By model, feature and subgroup, all events before any subgroup. */
  static final Comparator<DriftSubject> ORDER =
      Comparator.comparing(DriftSubject::modelId, UsageQueries.BY_CODE_POINT)
          .thenComparing(DriftSubject::feature, UsageQueries.BY_CODE_POINT)
          .thenComparing(DriftSubject::subgroup, Comparator.nullsFirst(UsageQueries.BY_CODE_POINT));

  public DriftSubject {
    requireNonNull(org, "org");
    requireNonNull(modelId, "modelId");
    requireNonNull(feature, "feature");
  }

  /** All events of a model. */
  public DriftSubject(OrgScope org, String modelId, String feature) {
    this(org, modelId, feature, null);
  }

  /** Whether the values are latencies in milliseconds. */
  public boolean isLatency() {
    return feature.equals(DriftRecord.LATENCY);
  }
}
