package ai.pediscreen.telemetry.server.http.baseline;

import ai.pediscreen.telemetry.daily.DailyFigures;
import ai.pediscreen.telemetry.daily.DayFilter;
import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.daily.DriftSubject;
import ai.pediscreen.telemetry.event.OrgFilter;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * Why nothing may ever be compared with a baseline. It is kept nevertheless: a model's is often set
 * before its first call.
 */
public final class BaselineWarnings {

  /** Aggregates are searched from this day on; no server has kept earlier ones. */
  private static final LocalDate EVER = LocalDate.EPOCH;

  private BaselineWarnings() {}

  /**
   * Looks for what the baseline is about.
   *
   * @param today days are looked for up to this one
   * @return a sentence each, without a name in it; empty if there is nothing to say
   */
  public static List<String> of(
      DriftSubject subject, DriftSettings watched, DailyFigures days, LocalDate today) {
    List<String> warnings = new ArrayList<>();
    if (!subject.isLatency()
        && watched.features().stream().noneMatch(one -> one.pointer().equals(subject.feature()))) {
      warnings.add(
          "the feature is not in DRIFT_FEATURES of this server, so no day has values of it that"
              + " could be compared");
    }
    if (days.aggregates(new DayFilter(OrgFilter.of(subject.org()), subject.modelId(), EVER, today))
        .isEmpty()) {
      warnings.add(
          "no day that was computed has calls of this model%s; days are compared with the baseline"
                  .formatted(subject.org().orgId() == null ? "" : " in this organisation")
              + " once there is one");
    }
    return warnings;
  }

  /**
   * Checks that a feature may have a baseline.
   *
   * @throws IllegalArgumentException if it is neither {@code latency_ms} nor a pointer into an
   *     event; the message says what it must be
   */
  public static void requireFeature(String feature) {
    if (!feature.equals(DriftRecord.LATENCY)) {
      DriftFeature unused = new DriftFeature(feature);
    }
  }
}
