package ai.pediscreen.telemetry.drift;

import java.util.OptionalInt;

/**
 * Which bins two samples are compared in, and what share an empty bin is given. The index depends
 * on this choice more than on anything else; {@linkplain ai.pediscreen.telemetry.drift the
 * package's course} compares them on the same data.
 *
 * <p>Unless said otherwise, bins are [lower, upper), the last one closed, and a bin's share is
 * (count + 10⁻⁶)/(total + 10⁻⁶·bins). A binning may give fewer bins than asked for, where edges
 * coincide; the result's bins are the ones used.
 *
 * <p>Two binnings are equal when they are of the same kind with the same settings. Instances are
 * immutable and safe to share between threads.
 */
public abstract sealed class Binning
    permits SeedBinning,
        ReferenceQuantileBinning,
        EqualWidthBinning,
        EvidentlyBinning,
        CustomBinning,
        EachValueBinning,
        CategoryBinning {

  private static final int MOST_BUCKETS = 10_000;

  private final String name;
  private final String settings;

  Binning(String name, String settings) {
    this.name = name;
    this.settings = settings;
  }

  /**
   * SEED, the default and the replaced service's: edges are the quantiles of both samples together
   * at 0, 1/buckets, …, 1, by NumPy's linear interpolation, sorted and made unique; fewer than two
   * of them become [min, max + 10⁻⁶].
   *
   * <p>Symmetric: swapping the samples gives the same index. Blind where there are few distinct
   * values: two values may end in one bin, whose index is 0 whatever the samples are.
   *
   * <p>Known: 0..4 against 5..10 in 10 buckets gives 28.370327570627083.
   *
   * @param buckets 1 to 10 000
   * @throws IllegalArgumentException if {@code buckets} is outside that range
   */
  public static Binning seed(int buckets) {
    return new SeedBinning(requireBuckets(buckets));
  }

  /**
   * REFERENCE_QUANTILES, the textbook's: inner edges are the quantiles of the reference alone, and
   * the outermost bins are open, so any later value has a bin and {@linkplain ReferenceProfile a
   * stored reference} needs no raw values. A constant reference v has a bin below v, [v, v + 10⁻⁶)
   * and a bin above.
   *
   * <p>Source: Siddiqi, Credit Risk Scorecards (2006), on the system stability report, where the
   * bins are those of the development sample. Not symmetric.
   *
   * @param buckets 1 to 10 000; 1 gives a single bin and an index of 0
   * @throws IllegalArgumentException if {@code buckets} is outside that range
   */
  public static Binning referenceQuantiles(int buckets) {
    return new ReferenceQuantileBinning(requireBuckets(buckets));
  }

  /**
   * EQUAL_WIDTH: bins of the same width over the range of both samples, as PediScreen's other
   * service has them; a sample of one value spans [min, min + 1]. Shares are clipped at 10⁻⁶ from
   * below, after the usual rule, and not renormalised.
   *
   * <p>Symmetric. One outlier moves nearly everything into one bin.
   *
   * <p>Known: 0..99 against 50..149 in 10 buckets gives 10.76702612129847; [1, 2, 3] against [2, 3,
   * 4], a hundred times each, gives 8.47790653236032 in 10 buckets and 8.477906684770259 in 5.
   *
   * @param buckets 1 to 10 000
   * @throws IllegalArgumentException if {@code buckets} is outside that range
   */
  public static Binning equalWidth(int buckets) {
    return new EqualWidthBinning(requireBuckets(buckets));
  }

  /**
   * EVIDENTLY, the rules of the tool of that name, so that figures agree with it. With over 20
   * distinct reference values: ⌈range/width⌉ bins over the range of both samples, width =
   * range/(log₂ n + 1) for n values in both (Sturges, The Choice of a Class Interval, 1926).
   * Otherwise each distinct value of either side is a bin of its own.
   *
   * <p>Shares are count/total; a zero becomes m/10⁶ if the side's smallest share m is at most 10⁻⁴,
   * else 10⁻⁴; nothing is renormalised. Not symmetric, since the reference decides between bins and
   * categories.
   *
   * <p>Known: [1, 2, 3] against [2, 3, 4], a hundred times each, gives 5.40619637658872; 0..99
   * against 50..149 gives 7.414532745869386.
   */
  public static Binning evidently() {
    return new EvidentlyBinning();
  }

  /**
   * CUSTOM: the edges given. A value outside them is refused; let the outermost be infinite where
   * any value should have a bin.
   *
   * @param edges two at least, strictly ascending, finite but for the first and the last
   * @throws IllegalArgumentException if they are not
   */
  public static Binning custom(double... edges) {
    return new CustomBinning(edges.clone());
  }

  /**
   * EACH_VALUE: every distinct value of either side is a bin of its own. For numbers of which there
   * are few, such as 0 and 1 or a scale of five, whose largest two SEED would join.
   *
   * <p>Symmetric. With many distinct values most bins hold one value, and the index means nothing.
   */
  public static Binning eachValue() {
    return new EachValueBinning();
  }

  /** Returns the name in capitals, such as {@code SEED}; fit for storing beside a figure. */
  public final String name() {
    return name;
  }

  /**
   * Returns how many buckets were asked for; empty where the binning is not asked for a number of
   * them.
   */
  public OptionalInt buckets() {
    return OptionalInt.empty();
  }

  /** Counts both samples, neither of them empty, into the same bins. */
  abstract BinCounts count(CountedValues reference, CountedValues current);

  /** How counts become shares. */
  ShareRule shareRule() {
    return ShareRule.PSEUDO_COUNT;
  }

  private static int requireBuckets(int buckets) {
    if (buckets < 1 || buckets > MOST_BUCKETS) {
      throw new IllegalArgumentException(
          "buckets must be between 1 and %d, but is %d".formatted(MOST_BUCKETS, buckets));
    }
    return buckets;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof Binning that
        && name.equals(that.name)
        && settings.equals(that.settings);
  }

  @Override
  public final int hashCode() {
    return 31 * name.hashCode() + settings.hashCode();
  }

  /** Returns the name and the settings, such as {@code SEED(10)}. */
  @Override
  public final String toString() {
    return settings.isEmpty() ? name : name + "(" + settings + ")";
  }
}
