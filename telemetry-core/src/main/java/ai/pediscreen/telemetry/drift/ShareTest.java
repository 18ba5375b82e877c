package ai.pediscreen.telemetry.drift;

/**
 * Tests whether some share is the same in two samples, such as the share of events that lack a
 * value. Thread-safe.
 */
public final class ShareTest {

  /** From so many expected on, χ² is as good as the exact test, and quicker. */
  private static final double SMALLEST_EXPECTED = 20;

  private static final double NEGLIGIBLE = 1e-20;

  private ShareTest() {}

  /**
   * How often two samples of one population differ at least as much: Fisher's exact test, both ways
   * (the smaller tail doubled); Pearson's χ² where {@code 20} or more are expected in each of the
   * four cells.
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
    return fisher(all, rarer, nowOf, with == rarer ? now : nowOf - now);
  }

  private static double fisher(long all, long rarer, long drawn, long found) {
    double more = beyond(all, rarer, drawn, found);
    double less = beyond(all, rarer, all - drawn, rarer - found);
    return Math.min(1, 2 * (1 + Math.min(less, more)) / (1 + less + more));
  }

  /**
   * How often more than so many are found among the drawn, as a multiple of how often just so many
   * are: the hypergeometric distribution, each count from the one before.
   */
  private static double beyond(long all, long rarer, long drawn, long found) {
    long others = all - rarer - drawn;
    double sum = 0;
    double weight = 1;
    double ratio = 1;
    for (long k = found; isOfWeight(ratio, weight, sum); k++) {
      ratio = (double) (rarer - k) / (k + 1) * (drawn - k) / (others + k + 1);
      weight *= ratio;
      sum += weight;
    }
    return sum;
  }

  private static boolean isOfWeight(double ratio, double weight, double sum) {
    return sum < Double.POSITIVE_INFINITY && (ratio >= 1 || weight > sum * NEGLIGIBLE);
  }

  private static double pearson(long some, long of, long now, long nowOf) {
    double share = ((double) some + now) / ((double) of + nowOf);
    double difference = (double) some / of - (double) now / nowOf;
    double variance = share * (1 - share) * (1.0 / of + 1.0 / nowOf);
    return ChiSquaredTail.survival(difference * difference / variance, 1);
  }
}
