package ai.pediscreen.telemetry.server;

import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of drift: {@code DRIFT_FEATURES}, {@code DRIFT_SEASON}, {@code DRIFT_BY}, {@code
 * DRIFT_FALSE_ALERTS}.
 */
final class DriftConfig {

  private DriftConfig() {}

  static DriftSettings read(Environment environment) {
    return new DriftSettings(
        features(environment),
        environment.oneOf("DRIFT_SEASON", "week", List.of("week", "off")).equals("week"),
        by(environment),
        environment.parsed(
            "DRIFT_FALSE_ALERTS",
            DriftSettings.standard().falseAlerts(),
            DriftConfig::falseAlerts));
  }

  /** A comma separates pointers, so it cannot be within one. */
  private static List<DriftFeature> features(Environment environment) {
    List<DriftFeature> features = new ArrayList<>();
    for (String entry : environment.text("DRIFT_FEATURES", DriftRecord.LATENCY).split(",", -1)) {
      String pointer = entry.strip();
      if (pointer.equals(DriftRecord.LATENCY)) {
        continue;
      }
      try {
        DriftFeature feature = new DriftFeature(pointer);
        if (features.contains(feature)) {
          environment.fault("DRIFT_FEATURES: '%s' is there twice".formatted(pointer));
        } else {
          features.add(feature);
        }
      } catch (IllegalArgumentException e) {
        environment.fault("DRIFT_FEATURES: '%s' %s".formatted(pointer, e.getMessage()));
      }
    }
    if (features.size() > DriftSettings.MAX_FEATURES) {
      environment.fault(
          "DRIFT_FEATURES must name at most " + DriftSettings.MAX_FEATURES + " features");
    }
    return features.subList(0, Math.min(features.size(), DriftSettings.MAX_FEATURES));
  }

  private static @Nullable DriftFeature by(Environment environment) {
    String pointer = environment.text("DRIFT_BY");
    try {
      return pointer == null ? null : new DriftFeature(pointer);
    } catch (IllegalArgumentException e) {
      environment.fault("DRIFT_BY " + e.getMessage());
      return null;
    }
  }

  private static double falseAlerts(String text) {
    try {
      double rate = Double.parseDouble(text);
      if (rate > 0 && rate <= 0.5) {
        return rate;
      }
    } catch (NumberFormatException e) {
      // Answered below, as a number out of range is.
    }
    throw new IllegalArgumentException("must be over 0 and at most 0.5, such as 0.01");
  }
}
