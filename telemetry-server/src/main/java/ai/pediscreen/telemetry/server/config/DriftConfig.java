package ai.pediscreen.telemetry.server.config;

import static java.util.Objects.requireNonNull;

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

/**
 * What days are watched for. Immutable.
 *
 * @param watched what they are compared by
 * @param incidents which alerts of drift are an incident
 */
public record DriftConfig(DriftSettings watched, DriftIncidents incidents) {

  static final Settings SETTINGS = new Settings();

  /** Thresholds by name; those that are not named are the standard ones. */
  private static final List<String> THRESHOLDS = List.of("psi", "median", "wasserstein");

  private static final String MISSING = "missing";

  /** Longest time that an incident may take to open or to be resolved. */
  private static final int MOST_DAYS = 28;

  private static final Pattern INCIDENTS = Pattern.compile("(\\d{1,2})/(\\d{1,2}),\\s*(\\d{1,2})");

  /** JSON pointers to what is compared beside the latency. */
  public static final Setting<List<DriftFeature>> DRIFT_FEATURES =
      SETTINGS.withDefault(
          "DRIFT_FEATURES",
          DriftRecord.LATENCY,
          DriftConfig::features,
          "what is compared with the week before, beside the latency, which always is: JSON"
              + " pointers into the event, with commas between, 16 at most");

  private static final Setting<Boolean> DRIFT_SEASON =
      SETTINGS.withDefault(
          "DRIFT_SEASON",
          "week",
          Forms.oneOf("week", "off").andThen("week"::equals),
          "`week`: a day is also compared with the same weekday of the four weeks before, and that"
              + " decides about alerts; `off`: it is not");

  private static final Setting<DriftFeature> DRIFT_BY =
      SETTINGS.optional(
          "DRIFT_BY",
          DriftFeature::new,
          "JSON pointer to a text or boolean: days are also compared for each of its 20 most"
              + " frequent values of a model");

  private static final Setting<Map<String, Double>> DRIFT_GATE =
      SETTINGS.withDefault(
          "DRIFT_GATE",
          "psi=0.2,median=0.04,wasserstein=0.1,missing=0.05",
          text -> thresholds(text, concat(THRESHOLDS, MISSING)),
          "thresholds of a difference from the days before: one that is exceeded is enough for an"
              + " alert; those left out keep their default");

  private static final Setting<Map<String, Double>> DRIFT_BASELINE_GATE =
      SETTINGS.withDefault(
          "DRIFT_BASELINE_GATE",
          "psi=0.2,median=0.25,wasserstein=0.5",
          text -> thresholds(text, THRESHOLDS),
          "the same for a difference from a baseline");

  private static final Setting<DriftIncidents> DRIFT_INCIDENTS =
      SETTINGS.withDefault(
          "DRIFT_INCIDENTS",
          "2/3,3",
          DriftConfig::incidents,
          "alerts on how many days, of how many in a row, open an incident of drift, and how many"
              + " days without one resolve it; 28 at most");

  private static final Setting<Double> DRIFT_FALSE_ALERTS =
      SETTINGS.withDefault(
          "DRIFT_FALSE_ALERTS",
          "0.01",
          DriftConfig::falseAlerts,
          "which share of a day's drift alerts may be false");

  public DriftConfig {
    requireNonNull(watched, "watched");
    requireNonNull(incidents, "incidents");
  }

  static DriftConfig read(Environment environment) {
    DriftSettings standard = DriftSettings.standard();
    Map<String, Double> gate = environment.get(DRIFT_GATE);
    Map<String, Double> baselineGate = environment.get(DRIFT_BASELINE_GATE);
    DriftSettings watched =
        new DriftSettings(
            environment.get(DRIFT_FEATURES),
            environment.get(DRIFT_SEASON),
            environment.find(DRIFT_BY),
            environment.get(DRIFT_FALSE_ALERTS),
            gate(gate, standard.gate()),
            gate(baselineGate, standard.baselineGate()),
            gate.getOrDefault(MISSING, standard.missingShiftAbove()));
    return new DriftConfig(watched, environment.get(DRIFT_INCIDENTS));
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
        "must be days with an alert, among how many, and days without one, such as 2/3,3, each of 1"
            + " to "
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
  private static List<DriftFeature> features(String text) {
    List<DriftFeature> features = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (String entry : text.split(",", -1)) {
      String pointer = entry.strip();
      if (!pointer.equals(DriftRecord.LATENCY)) {
        add(features, pointer, faults);
      }
    }
    if (features.size() > DriftSettings.MAX_FEATURES) {
      faults.add("DRIFT_FEATURES must name at most " + DriftSettings.MAX_FEATURES + " features");
    }
    if (!faults.isEmpty()) {
      throw new InvalidConfigurationException(faults);
    }
    return features;
  }

  private static void add(List<DriftFeature> features, String pointer, List<String> faults) {
    try {
      DriftFeature feature = new DriftFeature(pointer);
      if (features.contains(feature)) {
        faults.add("DRIFT_FEATURES: '%s' is there twice".formatted(pointer));
      } else {
        features.add(feature);
      }
    } catch (IllegalArgumentException e) {
      faults.add("DRIFT_FEATURES: '%s' %s".formatted(pointer, e.getMessage()));
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
