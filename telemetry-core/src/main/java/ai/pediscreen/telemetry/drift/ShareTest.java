package ai.pediscreen.telemetry.drift;

import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.HypergeometricDistribution;

/**
 * Tests whether some share is the same in two samples, such as the share of events that lack a
 * value. Thread-safe.
 */
public final class ShareTest {

  /** From so many expected on, χ² is as good as the exact test, and quicker. */
  private static final double SMALLEST_EXPECTED = 20;

  private ShareTest() {}

  /**
   * How often two samples of one population differ at least as much: Fisher's exact test, both ways
   * (the smaller tail doubled); Pearson's χ² where {@code 20} or more are expected in each of the
   * four cells, or a sample is too large for the exact test.
   *
   * @param some how many of the reference have it, 0 to {@code of}
   * @param of size of the reference
   * @param now how many of the current sample have it, 0 to {@code nowOf}
   * @param nowOf size of the current sample
   * @return 0 to 1; 1 if a sample is empty, or if all or none have it
   * @throws IllegalArgumentException if a count is negative or more than its sample
   */
  public static double pValue(long some, long of, long now, long nowOf) {
    if (some < 0 || some > of || now < 0 || now > nowOf) {
      throw new IllegalArgumentException(
          "counts must be at least 0 and at most their samples, but are %d of %d and %d of %d"
              .formatted(some, of, now, nowOf));
    }
    long with = some + now;
    long all = of + nowOf;
    long rarer = Math.min(with, all - with);
    if (of == 0 || nowOf == 0 || rarer == 0) {
      return 1;
    }
    double smallestExpected = (double) rarer * Math.min(of, nowOf) / all;
    if (smallestExpected >= SMALLEST_EXPECTED) {
      return pearson(some, of, now, nowOf);
    }
    if (all > Integer.MAX_VALUE) {
      // So rare in so many that drawing without putting back is drawing with it.
      double scale = (double) all / Integer.MAX_VALUE;
      return fisher(
          Integer.MAX_VALUE,
          (int) rarer,
          (int) (nowOf / scale),
          (int) (with == rarer ? now : nowOf - now));
    }
    return fisher((int) all, (int) rarer, (int) nowOf, (int) (with == rarer ? now : nowOf - now));
  }

  private static double fisher(int all, int rarer, int drawn, int found) {
    HypergeometricDistribution chance = HypergeometricDistribution.of(all, rarer, drawn);
    double atMost = chance.cumulativeProbability(found);
    double atLeast = chance.survivalProbability(found - 1);
    return Math.min(1, 2 * Math.min(atMost, atLeast));
  }

  private static double pearson(long some, long of, long now, long nowOf) {
    double share = ((double) some + now) / ((double) of + nowOf);
    double difference = (double) some / of - (double) now / nowOf;
    double variance = share * (1 - share) * (1.0 / of + 1.0 / nowOf);
    return ChiSquaredDistribution.of(1).survivalProbability(difference * difference / variance);
  }
}
