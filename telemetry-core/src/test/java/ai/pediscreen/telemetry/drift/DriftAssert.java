package ai.pediscreen.telemetry.drift;

import java.util.Collection;
import java.util.Map;

/**
 * Assertions about drift for tests of models and data. Needs no assertion library.
 *
 * <pre>{@code
 * assertThatDrift(trainingScores, todaysScores).isStable();
 * }</pre>
 *
 * <p>Immutable.
 */
public final class DriftAssert {

  private static final PopulationStabilityIndex PSI = PopulationStabilityIndex.standard();
  private static final int BINS_SHOWN = 20;

  private final PsiResult<? extends Bin> result;

  private DriftAssert(PsiResult<? extends Bin> result) {
    this.result = result;
  }

  /** Assertions about a comparison that was made by rules of one's own. */
  public static DriftAssert assertThatDrift(PsiResult<? extends Bin> result) {
    return new DriftAssert(result);
  }

  /** Compares by {@link PopulationStabilityIndex#standard()}, as the others here do. */
  public static DriftAssert assertThatDrift(double[] reference, double[] current) {
    return new DriftAssert(PSI.compare(reference, current));
  }

  public static DriftAssert assertThatDrift(float[] reference, float[] current) {
    return new DriftAssert(PSI.compare(reference, current));
  }

  public static DriftAssert assertThatDrift(long[] reference, long[] current) {
    return new DriftAssert(PSI.compare(reference, current));
  }

  public static DriftAssert assertThatDrift(int[] reference, int[] current) {
    return new DriftAssert(PSI.compare(reference, current));
  }

  public static DriftAssert assertThatDrift(
      Collection<? extends Number> reference, Collection<? extends Number> current) {
    return new DriftAssert(PSI.compare(reference, current));
  }

  public static DriftAssert assertThatDrift(
      ReferenceProfile reference, Collection<? extends Number> current) {
    return new DriftAssert(PSI.compare(reference, current));
  }

  /** Compares categories by how often each occurs. */
  public static DriftAssert assertThatDrift(
      Map<String, ? extends Number> reference, Map<String, ? extends Number> current) {
    return new DriftAssert(PSI.compareCategories(reference, current));
  }

  /** Compares categories as they came. */
  public static DriftAssert assertThatCategoryDrift(
      Collection<String> reference, Collection<String> current) {
    return new DriftAssert(PSI.compareCategories(reference, current));
  }

  /**
   * Passes if the samples can tell and say that nothing has moved. Too few values fail: they are no
   * all-clear.
   */
  public DriftAssert isStable() {
    return require(result.verdict() == DriftVerdict.STABLE, "to be STABLE");
  }

  /** Passes if the samples differ for certain, and much. */
  public DriftAssert isSignificant() {
    return require(result.verdict() == DriftVerdict.SIGNIFICANT, "to be SIGNIFICANT");
  }

  /** Passes unless the samples differ for certain, and much; few values pass. */
  public DriftAssert isNotSignificant() {
    return require(result.verdict() != DriftVerdict.SIGNIFICANT, "not to be SIGNIFICANT");
  }

  /** Passes if the index is under a bound, whatever chance makes of it. */
  public DriftAssert hasIndexUnder(double bound) {
    return require(result.index() < bound, "to have an index under " + bound);
  }

  /** The comparison itself. */
  public PsiResult<? extends Bin> result() {
    return result;
  }

  private DriftAssert require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("expected drift " + what + ", but " + described());
    }
    return this;
  }

  private String described() {
    StringBuilder text = new StringBuilder();
    text.append("it is ").append(result.verdict());
    text.append(": PSI ").append(result.index());
    text.append(", by chance up to ").append(result.criticalValue());
    text.append(", ").append(result.referenceCount()).append(" reference values, ");
    text.append(result.currentCount()).append(" current ones");
    result.bins().stream()
        .limit(BINS_SHOWN)
        .forEach(bin -> text.append(System.lineSeparator()).append("  ").append(bin));
    return text.toString();
  }
}
