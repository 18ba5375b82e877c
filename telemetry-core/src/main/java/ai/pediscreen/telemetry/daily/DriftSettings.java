package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

import ai.pediscreen.telemetry.drift.DriftGate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What days are watched for. Immutable.
 *
 * @param features whose drift is watched beside that of the latency; at most {@value #MAX_FEATURES}
 * @param season whether a day is also compared with the same weekday of the four weeks before
 * @param by text or boolean of an event by which a day's values are split, so that a model that
 *     drifts for some alone is seen; null for no split. Of each model the {@value #MAX_SUBGROUPS}
 *     most frequent values are told apart
 * @param falseAlerts which part of a day's alerts may be false; over 0 and under 1
 * @param gate how large a difference from the days before must be to be an alert; how certain is
 *     said by {@code falseAlerts}, and not by it
 * @param baselineGate the same for a difference from a baseline
 * @param missingShiftAbove how far the share of events without a value must have moved; over 0 and
 *     under 1
 */
public record DriftSettings(
    List<DriftFeature> features,
    boolean season,
    @Nullable DriftFeature by,
    double falseAlerts,
    DriftGate gate,
    DriftGate baselineGate,
    double missingShiftAbove) {

  /** Each is read out of every event of a day, and each has its own values stored with the day. */
  public static final int MAX_FEATURES = 16;

  /** How many subgroups of a model are counted by name. */
  public static final int MAX_SUBGROUPS = 20;

  private static final DriftSettings STANDARD =
      new DriftSettings(
          List.of(), true, null, 0.01, DriftGate.standard(), DriftGate.pinned(), 0.05);

  /**
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public DriftSettings {
    features = List.copyOf(features);
    if (features.size() > MAX_FEATURES) {
      throw new IllegalArgumentException("features must be at most " + MAX_FEATURES);
    }
    if (!(falseAlerts > 0 && falseAlerts < 1)) {
      throw new IllegalArgumentException(
          "falseAlerts must be over 0 and under 1, but is " + falseAlerts);
    }
    if (!(missingShiftAbove > 0 && missingShiftAbove < 1)) {
      throw new IllegalArgumentException(
          "missingShiftAbove must be over 0 and under 1, but is " + missingShiftAbove);
    }
    requireNonNull(gate, "gate");
    requireNonNull(baselineGate, "baselineGate");
  }

  /** Latency alone, with its season, at 1 % of alerts false. */
  public static DriftSettings standard() {
    return STANDARD;
  }

  /** A copy that watches other features. */
  public DriftSettings withFeatures(List<DriftFeature> value) {
    return new DriftSettings(value, season, by, falseAlerts, gate, baselineGate, missingShiftAbove);
  }

  /** A copy that compares with the same weekdays, or does not. */
  public DriftSettings withSeason(boolean value) {
    return new DriftSettings(
        features, value, by, falseAlerts, gate, baselineGate, missingShiftAbove);
  }

  /** A copy that splits by something else. */
  public DriftSettings withBy(@Nullable DriftFeature value) {
    return new DriftSettings(
        features, season, value, falseAlerts, gate, baselineGate, missingShiftAbove);
  }

  /** A copy with other gates. */
  public DriftSettings withGates(DriftGate value, DriftGate valueForBaselines) {
    return new DriftSettings(
        features, season, by, falseAlerts, value, valueForBaselines, missingShiftAbove);
  }
}
