package ai.pediscreen.telemetry.drift;

import java.util.Collection;

/**
 * A raw array after its check: what was finite, counted, and how many values were not.
 *
 * @param counted the finite values
 * @param notFinite how many values were NaN or infinite, 0 unless the caller asked to count them
 */
record RawSample(CountedValues counted, long notFinite) {

  static RawSample of(String name, int[] values) {
    long[] wide = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return of(name, wide);
  }

  static RawSample of(String name, long[] values) {
    long min = 0;
    long max = 0;
    if (values.length > 0) {
      min = Long.MAX_VALUE;
      max = Long.MIN_VALUE;
    }
    for (long value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (min < -WholeNumbers.LARGEST || max > WholeNumbers.LARGEST) {
      throw outsideWholeNumbers(name, values);
    }
    return new RawSample(Counting.wholeNumbers(values, min, max), 0);
  }

  static RawSample refusingNotFinite(String name, double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw notFinite(name, values);
      }
    }
    return new RawSample(Counting.doubles(values), 0);
  }

  static RawSample countingNotFinite(double[] values) {
    int finite = 0;
    for (double value : values) {
      if (Double.isFinite(value)) {
        finite++;
      }
    }
    if (finite == values.length) {
      return new RawSample(Counting.doubles(values), 0);
    }
    double[] kept = new double[finite];
    int size = 0;
    for (double value : values) {
      if (Double.isFinite(value)) {
        kept[size++] = value;
      }
    }
    return new RawSample(Counting.doubles(kept), values.length - finite);
  }

  /** Numbers of any kind as doubles; whole ones that no double holds are refused. */
  static double[] doubles(String name, Collection<? extends Number> values) {
    double[] doubles = new double[values.size()];
    int size = 0;
    for (Number value : values) {
      if (value == null) {
        throw new NullPointerException(name + " has a null at " + size);
      }
      if (value instanceof Long whole
          && (whole < -WholeNumbers.LARGEST || whole > WholeNumbers.LARGEST)) {
        throw outsideWholeNumbers(name, size, whole);
      }
      doubles[size++] = value.doubleValue();
    }
    return doubles;
  }

  private static IllegalArgumentException outsideWholeNumbers(String name, long[] values) {
    int first = 0;
    while (Math.abs(values[first]) <= WholeNumbers.LARGEST && values[first] != Long.MIN_VALUE) {
      first++;
    }
    return outsideWholeNumbers(name, first, values[first]);
  }

  private static IllegalArgumentException outsideWholeNumbers(String name, int place, long value) {
    return new IllegalArgumentException(
        "%s[%d] must be within ±2^53, but is %d".formatted(name, place, value));
  }

  private static IllegalArgumentException notFinite(String name, double[] values) {
    int first = -1;
    int nan = 0;
    int infinite = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        first = first < 0 ? i : first;
        if (Double.isNaN(values[i])) {
          nan++;
        } else {
          infinite++;
        }
      }
    }
    return new IllegalArgumentException(
        "%s[%d] is %s; of %d values %d are not finite (%d NaN, %d infinite)"
            .formatted(name, first, values[first], values.length, nan + infinite, nan, infinite));
  }
}
