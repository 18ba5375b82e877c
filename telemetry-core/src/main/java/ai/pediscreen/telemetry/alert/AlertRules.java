package ai.pediscreen.telemetry.alert;

import java.util.Map;

/**
 * When calls alert. Immutable.
 *
 * @param together bounds for all models together
 * @param each bounds for each model that has none of its own
 * @param byModel bounds for some models, by id; what they do not say is as for each
 * @param minCalls how many calls a rate or percentile needs to be judged; at least 1
 * @param silentHours after how many whole UTC hours without a call a model is silent that usually
 *     has some in each of them; 0 to never say so
 */
public record AlertRules(
    AlertBounds together,
    AlertBounds each,
    Map<String, AlertBounds> byModel,
    int minCalls,
    int silentHours) {

  /** Longest time that silence is waited for. */
  public static final int MAX_SILENT_HOURS = 24;

  private static final AlertRules STANDARD =
      new AlertRules(
          AlertBounds.NONE,
          new AlertBounds(
              Map.of(
                  AlertKind.ERROR_RATE, 1.0,
                  AlertKind.FALLBACK_RATE, 5.0,
                  AlertKind.P95_LATENCY, 2_000.0)),
          Map.of(),
          20,
          2);

  /**
   * @throws IllegalArgumentException if a number is outside its range
   */
  public AlertRules {
    byModel = Map.copyOf(byModel);
    if (minCalls < 1) {
      throw new IllegalArgumentException("minCalls must be at least 1, but is " + minCalls);
    }
    if (silentHours < 0 || silentHours > MAX_SILENT_HOURS) {
      throw new IllegalArgumentException(
          "silentHours must be between 0 and %d, but is %d"
              .formatted(MAX_SILENT_HOURS, silentHours));
    }
  }

  /**
   * Over 1 % errors, over 5 % fallbacks or a p95 over 2 s of any model, of 20 calls; two hours of
   * silence. No bound for costs.
   */
  public static AlertRules standard() {
    return STANDARD;
  }

  /** The bounds of a model, or of the calls that name none. */
  AlertBounds of(AlertSubject subject) {
    if (subject.together()) {
      return together;
    }
    String modelId = subject.modelId();
    AlertBounds own = modelId == null ? null : byModel.get(modelId);
    return own == null ? each : own.or(each);
  }
}
