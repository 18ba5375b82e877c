package ai.pediscreen.telemetry.drift;

import java.util.OptionalInt;

/** {@link Binning#equalWidth}. */
final class EqualWidthBinning extends Binning {

  private final int buckets;

  EqualWidthBinning(int buckets) {
    super("EQUAL_WIDTH", Integer.toString(buckets));
    this.buckets = buckets;
  }

  @Override
  public OptionalInt buckets() {
    return OptionalInt.of(buckets);
  }

  @Override
  BinCounts count(CountedValues reference, CountedValues current) {
    double min = Math.min(reference.min(), current.min());
    double max = Math.max(reference.max(), current.max());
    if (min == max) {
      // From 2^53 up, 1 is less than the distance to the next double.
      max = Math.max(min + 1, Math.nextUp(min));
    }
    Edges.requireFiniteRange(min, max);
    return BinCounts.between(Edges.evenlySpaced(min, max, buckets), reference, current);
  }

  @Override
  ShareRule shareRule() {
    return ShareRule.PSEUDO_COUNT_CLIPPED;
  }
}
