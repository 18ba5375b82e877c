package ai.pediscreen.telemetry.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * Both samples' counts in bins none of which is sparse, so that χ² may be trusted: the expected
 * count of each, on the smaller side, is {@value #SMALLEST_EXPECTED} at least, unless there is one
 * bin alone.
 */
final class PooledCounts {

  /** The usual rule for Pearson's test (Cochran, Some Methods for Strengthening χ², 1954). */
  private static final double SMALLEST_EXPECTED = 5;

  /** Added to each count, so that a bin that is empty on one side has a finite logarithm. */
  private static final double PSEUDO_COUNT = 0.5;

  /** A bin while they are put together. */
  private record Pool(long reference, long current) {
    Pool plus(Pool other) {
      return new Pool(reference + other.reference, current + other.current);
    }

    long both() {
      return reference + current;
    }
  }

  private final List<Pool> pools;
  private final long[] largest;
  private final long referenceTotal;
  private final long currentTotal;

  private PooledCounts(List<Pool> all, boolean ordered) {
    Pool sum = all.stream().reduce(new Pool(0, 0), Pool::plus);
    this.referenceTotal = sum.reference;
    this.currentTotal = sum.current;
    Pool first = all.stream().reduce((a, b) -> b.both() > a.both() ? b : a).orElse(sum);
    this.largest = new long[] {first.reference, first.current};
    this.pools = ordered ? neighbours(all) : sparseTogether(all);
  }

  /**
   * Bins in an order: a sparse one is joined with those that follow, the last with the one before.
   */
  static PooledCounts ofOrdered(long[] reference, long[] current) {
    return new PooledCounts(pools(reference, current), true);
  }

  /**
   * Bins without an order: all sparse ones become one, joined with the smallest if still sparse.
   */
  static PooledCounts ofCategories(long[] reference, long[] current) {
    return new PooledCounts(pools(reference, current), false);
  }

  private static List<Pool> pools(long[] reference, long[] current) {
    List<Pool> pools = new ArrayList<>(reference.length);
    for (int i = 0; i < reference.length; i++) {
      if (reference[i] + current[i] > 0) {
        pools.add(new Pool(reference[i], current[i]));
      }
    }
    return pools;
  }

  private List<Pool> neighbours(List<Pool> all) {
    List<Pool> joined = new ArrayList<>();
    Pool open = new Pool(0, 0);
    for (Pool pool : all) {
      open = open.plus(pool);
      if (!isSparse(open)) {
        joined.add(open);
        open = new Pool(0, 0);
      }
    }
    if (open.both() > 0) {
      joined.add(joined.isEmpty() ? open : joined.remove(joined.size() - 1).plus(open));
    }
    return joined;
  }

  private List<Pool> sparseTogether(List<Pool> all) {
    List<Pool> kept = new ArrayList<>();
    Pool rest = new Pool(0, 0);
    int smallest = -1;
    for (Pool pool : all) {
      if (isSparse(pool)) {
        rest = rest.plus(pool);
      } else {
        if (smallest < 0 || pool.both() < kept.get(smallest).both()) {
          smallest = kept.size();
        }
        kept.add(pool);
      }
    }
    if (rest.both() > 0) {
      if (isSparse(rest) && smallest >= 0) {
        kept.set(smallest, kept.get(smallest).plus(rest));
      } else {
        kept.add(rest);
      }
    }
    return kept;
  }

  private boolean isSparse(Pool pool) {
    double smaller = Math.min(referenceTotal, currentTotal);
    return pool.both() * smaller / ((double) referenceTotal + currentTotal) < SMALLEST_EXPECTED;
  }

  /**
   * How often two samples of one population differ as much: Pearson's χ² over the bins; where all
   * of them became one, Fisher's test of the largest against the others.
   */
  double pValue() {
    if (pools.size() < 2) {
      return ShareTest.pValue(largest[0], referenceTotal, largest[1], currentTotal);
    }
    double n = referenceTotal + PSEUDO_COUNT * pools.size();
    double m = currentTotal + PSEUDO_COUNT * pools.size();
    double statistic = 0;
    for (Pool pool : pools) {
      double reference = pool.reference + PSEUDO_COUNT;
      double current = pool.current + PSEUDO_COUNT;
      double share = (reference + current) / (n + m);
      statistic += term(reference, share * n) + term(current, share * m);
    }
    return ChiSquaredTail.survival(statistic, pools.size() - 1);
  }

  /** The population stability index over these bins; 0 for one alone. */
  double index() {
    double index = 0;
    for (Pool pool : pools) {
      double p = share(pool.reference, referenceTotal);
      double q = share(pool.current, currentTotal);
      index += (p - q) * StrictMath.log(p / q);
    }
    return index;
  }

  private double share(long count, long total) {
    return (count + PSEUDO_COUNT) / (total + PSEUDO_COUNT * pools.size());
  }

  private static double term(double observed, double expected) {
    double difference = observed - expected;
    return difference * difference / expected;
  }
}
