package ai.pediscreen.telemetry.server.config;

import ai.pediscreen.telemetry.daily.DriftFeature;
import ai.pediscreen.telemetry.daily.DriftIncidents;
import ai.pediscreen.telemetry.daily.DriftRecord;
import ai.pediscreen.telemetry.daily.DriftSettings;
import ai.pediscreen.telemetry.drift.DriftGate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of drift: {@code DRIFT_FEATURES}, {@code DRIFT_SEASON}, {@code DRIFT_BY}, {@code
 * DRIFT_FALSE_ALERTS}, {@code DRIFT_GATE}, {@code DRIFT_BASELINE_GATE}, {@code DRIFT_INCIDENTS}.
 */
final class DriftConfig {

  private DriftConfig() {}

  /** Thresholds by name; those that are not named are the standard ones. */
  private static final List<String> THRESHOLDS = List.of("psi", "median", "wasserstein");

  private static final String MISSING = "missing";

  /** Longest time that an incident may take to open or to be resolved. */
  private static final int MOST_DAYS = 28;

  private static final Pattern INCIDENTS = Pattern.compile("(\\d{1,2})/(\\d{1,2}),\\s*(\\d{1,2})");

  static DriftSettings read(Environment environment) {
    DriftSettings standard = DriftSettings.standard();
    Map<String, Double> gate =
        environment.parsed(
            "DRIFT_GATE", Map.of(), text -> thresholds(text, concat(THRESHOLDS, MISSING)));
    Map<String, Double> baselineGate =
        environment.parsed("DRIFT_BASELINE_GATE", Map.of(), text -> thresholds(text, THRESHOLDS));
    return new DriftSettings(
        features(environment),
        environment.oneOf("DRIFT_SEASON", "week", List.of("week", "off")).equals("week"),
        by(environment),
        environment.parsed("DRIFT_FALSE_ALERTS", standard.falseAlerts(), DriftConfig::falseAlerts),
        gate(gate, standard.gate()),
        gate(baselineGate, standard.baselineGate()),
        gate.getOrDefault(MISSING, standard.missingShiftAbove()));
  }

  /** {@code 2/3,3}: alerts on two of three days open an incident, three days without resolve it. */
  static DriftIncidents incidents(Environment environment) {
    return environment.parsed("DRIFT_INCIDENTS", DriftIncidents.standard(), DriftConfig::incidents);
  }

  private static DriftIncidents incidents(String text) {
    Matcher days = INCIDENTS.matcher(text);
    if (days.matches()) {
      int alerts = Integer.parseInt(days.group(1));
      int within = Integer.parseInt(days.group(2));
      int quietDays = Integer.parseInt(days.group(3));
      if (alerts >= 1
          && alerts <= within
          && within <= MOST_DAYS
          && quietDays >= 1
          && quietDays <= MOST_DAYS) {
        return new DriftIncidents(alerts, within, quietDays);
      }
    }
    throw new IllegalArgumentException(
        "must be days with an alert, among how many, and days without one, such as 2/3,3, each of 1 to "
            + MOST_DAYS);
  }

  private static DriftGate gate(Map<String, Double> thresholds, DriftGate standard) {
    return new DriftGate(
        standard.certainUnder(),
        thresholds.getOrDefault("psi", standard.indexAbove()),
        thresholds.getOrDefault("median", standard.medianShiftAbove()),
        thresholds.getOrDefault("wasserstein", standard.wassersteinAbove()));
  }

  private static List<String> concat(List<String> names, String more) {
    List<String> all = new ArrayList<>(names);
    all.add(more);
    return all;
  }

  /** {@code psi=0.25,median=0.1}, each at most once. */
  private static Map<String, Double> thresholds(String text, List<String> names) {
    Map<String, Double> thresholds = new HashMap<>();
    for (String entry : text.split(",", -1)) {
      int equals = entry.indexOf('=');
      String name = equals < 0 ? "" : entry.substring(0, equals).strip();
      double value = equals < 0 ? Double.NaN : number(entry.substring(equals + 1));
      boolean share = !name.equals(MISSING) || value < 1;
      if (!names.contains(name)
          || !(value > 0 && value <= 1_000 && share)
          || thresholds.put(name, value) != null) {
        throw new IllegalArgumentException(
            "must be thresholds over 0 such as psi=0.2,median=0.04, each at most once, of "
                + String.join(", ", names));
      }
    }
    return thresholds;
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
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
