package ai.pediscreen.telemetry.alert;

import ai.pediscreen.telemetry.usage.ModelUsage;
import ai.pediscreen.telemetry.usage.Overview;

/**
 * The figures of some calls that alerts are about.
 *
 * @param calls how many; at least 0
 * @param errorPercent errors per 100 calls
 * @param fallbackPercent fallbacks per 100 calls
 * @param p95LatencyMillis 95th percentile; 0 without any latency
 * @param costUsd their costs
 */
record CallFigures(
    long calls,
    double errorPercent,
    double fallbackPercent,
    long p95LatencyMillis,
    double costUsd) {

  static CallFigures of(ModelUsage model) {
    return new CallFigures(
        model.calls(),
        model.errorPercent().doubleValue(),
        model.fallbackPercent().doubleValue(),
        model.p95LatencyMillis(),
        model.costUsd().doubleValue());
  }

  static CallFigures of(Overview all) {
    return new CallFigures(
        all.requests(),
        percent(all.errors(), all.requests()),
        percent(all.fallbacks(), all.requests()),
        all.p95LatencyMillis(),
        all.costUsd().doubleValue());
  }

  /** The figure that a bound of the kind is about. */
  double value(AlertKind kind) {
    return switch (kind) {
      case ERROR_RATE -> errorPercent;
      case FALLBACK_RATE -> fallbackPercent;
      case P95_LATENCY -> p95LatencyMillis;
      case COST_PER_DAY -> costUsd;
      case DRIFT, SILENCE -> throw new IllegalArgumentException(kind + " has no bound");
    };
  }

  /** How many calls the figure is about: the failures of a rate, else all. */
  long behind(AlertKind kind) {
    return switch (kind) {
      case ERROR_RATE -> Math.round(errorPercent * calls / 100);
      case FALLBACK_RATE -> Math.round(fallbackPercent * calls / 100);
      default -> calls;
    };
  }

  private static double percent(long part, long whole) {
    return whole == 0 ? 0 : 100.0 * part / whole;
  }
}
