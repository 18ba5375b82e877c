package ai.pediscreen.telemetry.drift;

/** How large an index chance alone gives: {@link PopulationStabilityIndex#criticalValue}. */
final class Significance {

  private Significance() {}

  static double criticalValue(double confidence, int bins, long referenceCount, long currentCount) {
    requireConfidence(confidence);
    if (bins < 1) {
      throw new IllegalArgumentException("bins must be at least 1, but is " + bins);
    }
    if (referenceCount < 1 || currentCount < 1) {
      throw new IllegalArgumentException(
          "sample sizes must be at least 1, but are %d and %d"
              .formatted(referenceCount, currentCount));
    }
    if (bins == 1) {
      return 0;
    }
    double quantile = ChiSquaredTail.quantile(confidence, bins - 1);
    return (1.0 / referenceCount + 1.0 / currentCount) * quantile;
  }

  static void requireConfidence(double confidence) {
    if (!(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          "confidence must be greater than 0 and less than 1, but is " + confidence);
    }
  }
}
