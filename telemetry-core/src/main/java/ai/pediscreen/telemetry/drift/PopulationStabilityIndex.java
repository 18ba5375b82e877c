package ai.pediscreen.telemetry.drift;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The population stability index (PSI) of two samples: Σ (qᵢ − pᵢ)·ln(qᵢ/pᵢ) over bins, with pᵢ the
 * reference's share of a bin and qᵢ the current sample's. 0 for equal shares, never negative,
 * always finite.
 *
 * <pre>{@code
 * var result = PopulationStabilityIndex.standard().compare(lastWeek, today);
 * }</pre>
 *
 * <p>Raw arrays and {@linkplain CountedValues counted values} of the same sample give the same
 * bits, on every machine. Start from {@link #standard()} and change what should differ. Immutable
 * and safe to share between threads.
 *
 * <p>Source: the index is Jeffreys' divergence of the two histograms (Kullback and Leibler, On
 * Information and Sufficiency, 1951); its name and thresholds come from credit scoring (Siddiqi,
 * Credit Risk Scorecards, 2006); its distribution under no change from Yurdakul, Statistical
 * Properties of Population Stability Index (2018).
 *
 * @param binning which bins
 * @param confidence of the critical value, greater than 0, less than 1
 * @param moderateAbove the lower threshold, greater than 0
 * @param significantAbove the upper threshold, greater than the lower one, finite
 * @param notFinite what to do about NaN and infinities in a {@code double[]}
 */
public record PopulationStabilityIndex(
    Binning binning,
    double confidence,
    double moderateAbove,
    double significantAbove,
    NotFinite notFinite) {

  private static final PopulationStabilityIndex STANDARD =
      new PopulationStabilityIndex(Binning.seed(10), 0.95, 0.1, 0.2, NotFinite.REFUSED);

  /** What becomes of NaN and infinities in a {@code double[]}. */
  public enum NotFinite {
    /** An exception names the first index and how many there are. */
    REFUSED,
    /** They enter no bin and no share; the result says how many there were on either side. */
    COUNTED_APART
  }

  /**
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public PopulationStabilityIndex {
    Objects.requireNonNull(binning, "binning");
    Significance.requireConfidence(confidence);
    if (!(moderateAbove > 0 && significantAbove > moderateAbove)
        || Double.isInfinite(significantAbove)) {
      throw new IllegalArgumentException(
          "thresholds must be greater than 0, ascending and finite, but are %s and %s"
              .formatted(moderateAbove, significantAbove));
    }
    Objects.requireNonNull(notFinite, "notFinite");
  }

  /**
   * Returns SEED binning with 10 buckets, 95 % confidence, thresholds 0.1 and 0.2, and refusal of
   * NaN and infinities.
   */
  public static PopulationStabilityIndex standard() {
    return STANDARD;
  }

  /** Returns a copy with another binning. */
  public PopulationStabilityIndex withBinning(Binning binning) {
    return new PopulationStabilityIndex(
        binning, confidence, moderateAbove, significantAbove, notFinite);
  }

  /**
   * Returns a copy with another confidence.
   *
   * @param confidence greater than 0, less than 1
   * @throws IllegalArgumentException if it is outside that range
   */
  public PopulationStabilityIndex withConfidence(double confidence) {
    return new PopulationStabilityIndex(
        binning, confidence, moderateAbove, significantAbove, notFinite);
  }

  /**
   * Returns a copy with other thresholds; {@link DriftVerdict} names the bands in use.
   *
   * @param moderateAbove greater than 0
   * @param significantAbove greater than {@code moderateAbove}, finite
   * @throws IllegalArgumentException if either is outside its range
   */
  public PopulationStabilityIndex withThresholds(double moderateAbove, double significantAbove) {
    return new PopulationStabilityIndex(
        binning, confidence, moderateAbove, significantAbove, notFinite);
  }

  /** Returns a copy that treats NaN and infinities otherwise. */
  public PopulationStabilityIndex withNotFinite(NotFinite notFinite) {
    return new PopulationStabilityIndex(
        binning, confidence, moderateAbove, significantAbove, notFinite);
  }

  /**
   * Returns the index that two samples of one population stay under with the given probability:
   * (1/n + 1/m)·χ², with χ² the quantile of bins − 1 degrees of freedom (Yurdakul 2018). 0 for one
   * bin, whose index is always 0.
   *
   * <p>The approximation wants about ten values in each bin of the smaller sample; the smaller the
   * sample, the more often chance passes it.
   *
   * <p>For 10 bins at 95 %, 10 values against 70 give 1.9336, 100 against 700 give 0.19336 and 1000
   * against 7000 give 0.019336.
   *
   * @param confidence greater than 0, less than 1
   * @param bins at least 1
   * @param referenceCount at least 1
   * @param currentCount at least 1
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public static double criticalValue(
      double confidence, int bins, long referenceCount, long currentCount) {
    return Significance.criticalValue(confidence, bins, referenceCount, currentCount);
  }

  /**
   * Compares fractions, in any order; neither array is changed.
   *
   * @throws IllegalArgumentException if a sample is empty, or has values that are not finite and
   *     these are {@linkplain NotFinite#REFUSED refused}; the message names the argument
   */
  public PsiResult<IntervalBin> compare(double[] reference, double[] current) {
    return compare(raw("reference", reference), raw("current", current));
  }

  /** Compares fractions of single precision, as {@link #compare(double[], double[])} does. */
  public PsiResult<IntervalBin> compare(float[] reference, float[] current) {
    return compare(raw("reference", reference), raw("current", current));
  }

  /**
   * Compares whole numbers, in any order; neither array is changed.
   *
   * @throws IllegalArgumentException if a sample is empty, or has a value outside ±2<sup>53</sup>
   */
  public PsiResult<IntervalBin> compare(long[] reference, long[] current) {
    return compare(RawSample.of("reference", reference), RawSample.of("current", current));
  }

  /**
   * Compares whole numbers, in any order; neither array is changed.
   *
   * @throws IllegalArgumentException if a sample is empty
   */
  public PsiResult<IntervalBin> compare(int[] reference, int[] current) {
    return compare(RawSample.of("reference", reference), RawSample.of("current", current));
  }

  /** Compares whole numbers with fractions, as {@link #compare(double[], double[])} does. */
  public PsiResult<IntervalBin> compare(int[] reference, double[] current) {
    return compare(RawSample.of("reference", reference), raw("current", current));
  }

  /** Compares fractions with whole numbers, as {@link #compare(double[], double[])} does. */
  public PsiResult<IntervalBin> compare(double[] reference, int[] current) {
    return compare(raw("reference", reference), RawSample.of("current", current));
  }

  /** Compares whole numbers with fractions, as {@link #compare(double[], double[])} does. */
  public PsiResult<IntervalBin> compare(long[] reference, double[] current) {
    return compare(RawSample.of("reference", reference), raw("current", current));
  }

  /** Compares fractions with whole numbers, as {@link #compare(double[], double[])} does. */
  public PsiResult<IntervalBin> compare(double[] reference, long[] current) {
    return compare(raw("reference", reference), RawSample.of("current", current));
  }

  /**
   * Compares numbers of any kind, in any order.
   *
   * @param reference such as a {@code List<Double>}, without nulls
   * @param current likewise; may hold another kind of number
   * @throws IllegalArgumentException if a sample is empty, has values that are not finite and these
   *     are {@linkplain NotFinite#REFUSED refused}, or a {@code Long} outside ±2<sup>53</sup>; the
   *     message names the argument
   */
  public PsiResult<IntervalBin> compare(
      Collection<? extends Number> reference, Collection<? extends Number> current) {
    return compare(raw("reference", reference), raw("current", current));
  }

  /**
   * Compares counted values.
   *
   * @throws IllegalArgumentException if a sample is empty
   */
  public PsiResult<IntervalBin> compare(CountedValues reference, CountedValues current) {
    return compare(new RawSample(reference, 0), new RawSample(current, 0));
  }

  /**
   * Compares with a stored reference, by its binning in place of this object's; the result has the
   * bits of a comparison with the reference's values.
   *
   * @throws IllegalArgumentException if the current sample is empty, or has values outside edges
   *     that are not open
   */
  public PsiResult<IntervalBin> compare(ReferenceProfile reference, CountedValues current) {
    return new PsiComparison(this).compare(reference, new RawSample(current, 0));
  }

  /**
   * Compares fractions with a stored reference.
   *
   * @throws IllegalArgumentException if the current sample is empty, has values outside edges that
   *     are not open, or some that are not finite and these are {@linkplain NotFinite#REFUSED
   *     refused}
   */
  public PsiResult<IntervalBin> compare(ReferenceProfile reference, double[] current) {
    return new PsiComparison(this).compare(reference, raw("current", current));
  }

  /** Compares numbers of any kind with a stored reference, as with an array of fractions. */
  public PsiResult<IntervalBin> compare(
      ReferenceProfile reference, Collection<? extends Number> current) {
    return new PsiComparison(this).compare(reference, raw("current", current));
  }

  /**
   * Returns the reference as edges and counts, to be stored for {@linkplain
   * #compare(ReferenceProfile, CountedValues) later comparisons}.
   *
   * @throws IllegalArgumentException if the reference is empty
   * @throws IllegalStateException if the binning takes its edges from both samples
   */
  public ReferenceProfile profile(CountedValues reference) {
    return profile(new RawSample(reference, 0));
  }

  /**
   * Returns the reference as edges and counts, to be stored.
   *
   * @throws IllegalArgumentException if the reference is empty, or has values that are not finite
   *     and these are {@linkplain NotFinite#REFUSED refused}
   * @throws IllegalStateException if the binning takes its edges from both samples
   */
  public ReferenceProfile profile(double[] reference) {
    return profile(raw("reference", reference));
  }

  /** Returns numbers of any kind as edges and counts, as of an array of fractions. */
  public ReferenceProfile profile(Collection<? extends Number> reference) {
    return profile(raw("reference", reference));
  }

  /**
   * Compares categories, such as risk levels or error codes, by how often each occurs. Bins are the
   * categories that occur on either side, by name; the binning serves only for its rule about
   * shares.
   *
   * <p>Known: a×50, b×50 against a×30, c×70 gives 10.556590434225587 with {@link
   * Binning#evidently()}.
   *
   * @param reference category to count, a whole number of 0 or more of any kind; those at 0 on both
   *     sides are left out
   * @param current likewise
   * @throws IllegalArgumentException if a sample is empty, or a count negative or a fraction
   */
  public PsiResult<CategoryBin> compareCategories(
      Map<String, ? extends Number> reference, Map<String, ? extends Number> current) {
    return new PsiComparison(this).compare(CategoryCounts.of(reference, current));
  }

  /**
   * Compares categories as they came, one text a value.
   *
   * @param reference without nulls
   * @param current likewise
   * @throws IllegalArgumentException if a sample is empty
   */
  public PsiResult<CategoryBin> compareCategories(
      Collection<String> reference, Collection<String> current) {
    return compareCategories(
        CategoryCounts.count("reference", reference), CategoryCounts.count("current", current));
  }

  /**
   * Judges an index that was computed elsewhere by the same rules, as in a database that holds the
   * values.
   *
   * @param index the sum of the bins' contributions, 0 or more, finite
   * @param bins the bins, in ascending order, with their counts
   * @throws IllegalArgumentException if there is no bin, or either side has no value
   */
  public PsiResult<IntervalBin> judge(double index, List<IntervalBin> bins) {
    return new PsiComparison(this).judge(index, bins);
  }

  private PsiResult<IntervalBin> compare(RawSample reference, RawSample current) {
    return new PsiComparison(this).compare(reference, current);
  }

  private ReferenceProfile profile(RawSample reference) {
    SampleChecks.requireNotEmpty("reference", reference.counted());
    return ReferenceProfile.of(binning, reference);
  }

  private RawSample raw(String name, double[] values) {
    return notFinite == NotFinite.REFUSED
        ? RawSample.refusingNotFinite(name, values)
        : RawSample.countingNotFinite(values);
  }

  private RawSample raw(String name, float[] values) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return raw(name, wide);
  }

  private RawSample raw(String name, Collection<? extends Number> values) {
    return raw(name, RawSample.doubles(name, values));
  }
}
