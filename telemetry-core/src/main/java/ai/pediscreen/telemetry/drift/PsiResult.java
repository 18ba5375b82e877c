package ai.pediscreen.telemetry.drift;

import java.util.List;
import java.util.Objects;

/**
 * A population stability index with all it was made of.
 *
 * <p>Immutable and safe to share between threads.
 *
 * @param <B> {@link IntervalBin} for values, {@link CategoryBin} for categories
 * @param index the sum of the bins' contributions in their order, 0 or more, finite
 * @param bins the bins used, in ascending order, at least one
 * @param binning what made the bins; how many were asked for is among its settings, how many there
 *     are is {@code bins().size()}
 * @param referenceCount how many reference values were compared, at least 1
 * @param currentCount how many current values were compared, at least 1
 * @param referenceNotFinite how many reference values were NaN or infinite and counted apart
 * @param currentNotFinite how many current values were NaN or infinite and counted apart
 * @param confidence the probability that the critical value belongs to, between 0 and 1
 * @param criticalValue the index that samples of this size stay under with probability {@code
 *     confidence} if nothing has changed; see {@link PopulationStabilityIndex#criticalValue}
 * @param verdict thresholds and significance in a word
 */
public record PsiResult<B extends Bin>(
    double index,
    List<B> bins,
    Binning binning,
    long referenceCount,
    long currentCount,
    long referenceNotFinite,
    long currentNotFinite,
    double confidence,
    double criticalValue,
    DriftVerdict verdict) {

  /**
   * @throws IllegalArgumentException if a figure is outside its range
   */
  public PsiResult {
    if (!(index >= 0) || Double.isInfinite(index)) {
      throw new IllegalArgumentException("index must be at least 0 and finite, but is " + index);
    }
    bins = List.copyOf(bins);
    if (bins.isEmpty()) {
      throw new IllegalArgumentException("bins must not be empty");
    }
    Objects.requireNonNull(binning, "binning");
    if (referenceCount < 1 || currentCount < 1) {
      throw new IllegalArgumentException(
          "sample sizes must be at least 1, but are %d and %d"
              .formatted(referenceCount, currentCount));
    }
    if (referenceNotFinite < 0 || currentNotFinite < 0) {
      throw new IllegalArgumentException(
          "counts of values that are not finite must be at least 0, but are %d and %d"
              .formatted(referenceNotFinite, currentNotFinite));
    }
    Significance.requireConfidence(confidence);
    if (!(criticalValue >= 0)) {
      throw new IllegalArgumentException(
          "criticalValue must be at least 0, but is " + criticalValue);
    }
    Objects.requireNonNull(verdict, "verdict");
  }

  /**
   * Returns whether the index is over the critical value: whether samples of this size, drawn from
   * one population, would show it less often than once in 1/(1 − confidence) times. False for a
   * single bin.
   *
   * <p>This is the statistical question alone, and does not ask whether the change is large enough
   * to matter; {@link #verdict} asks both.
   */
  public boolean significant() {
    return index > criticalValue;
  }

  PsiResult<B> withVerdict(DriftVerdict other) {
    return new PsiResult<>(
        index,
        bins,
        binning,
        referenceCount,
        currentCount,
        referenceNotFinite,
        currentNotFinite,
        confidence,
        criticalValue,
        other);
  }

  /**
   * Returns the critical value of this comparison at another confidence.
   *
   * @param confidence greater than 0, less than 1
   * @throws IllegalArgumentException if it is outside that range
   */
  public double criticalValue(double confidence) {
    return Significance.criticalValue(confidence, bins.size(), referenceCount, currentCount);
  }

  /**
   * Returns the Jensen–Shannon distance of both samples over these bins: √((D(p‖m) + D(q‖m))/2),
   * with p and q the plain shares count/total, m their mean and D the Kullback–Leibler divergence
   * in natural logarithms.
   *
   * <p>A metric between 0, for equal shares, and √(ln 2) ≈ 0.8326, for samples without a bin in
   * common; an empty bin is no special case, so no share is made up for it. Divide by √(ln 2) for
   * the distance in bits, from 0 to 1.
   *
   * <p>Source: Endres and Schindelin, A new metric for probability distributions, IEEE Transactions
   * on Information Theory 49 (2003).
   */
  public double jensenShannonDistance() {
    double[] reference = new double[bins.size()];
    double[] current = new double[bins.size()];
    for (int i = 0; i < reference.length; i++) {
      reference[i] = (double) bins.get(i).referenceCount() / referenceCount;
      current[i] = (double) bins.get(i).currentCount() / currentCount;
    }
    return JensenShannon.distance(reference, current);
  }
}
