package ai.pediscreen.telemetry.drift;

/**
 * What a {@link PsiResult} says in a word: the thresholds <em>and</em> whether samples of that size
 * can pass them by chance.
 *
 * <p>The thresholds are a convention, not a theorem: 0.1 and 0.2 here by default; 0.1 and 0.25 are
 * as common in credit scoring, and PediScreen's clients show 0.2 and 0.5.
 */
public enum DriftVerdict {

  /**
   * The samples cannot carry an alarm: either the index that chance alone reaches, the critical
   * value, is at or above the upper threshold, or there is a single bin, which cannot differ. Never
   * an alarm, however large the index.
   *
   * <p>With 10 bins, 95 % and thresholds 0.1 and 0.2, a day of 10 calls against a week of 70 is
   * such a case (critical value 1.934); 100 against 700 is just not one (0.1934).
   */
  INSUFFICIENT_DATA,

  /** The index is at most the lower threshold, or at most the critical value. */
  STABLE,

  /** The index is over the lower threshold and over the critical value. */
  MODERATE,

  /** The index is over the upper threshold and over the critical value. */
  SIGNIFICANT;

  static DriftVerdict of(
      double index, int bins, double criticalValue, double moderateAbove, double significantAbove) {
    if (bins == 1 || criticalValue >= significantAbove) {
      return INSUFFICIENT_DATA;
    }
    if (!(index > criticalValue) || !(index > moderateAbove)) {
      return STABLE;
    }
    return index > significantAbove ? SIGNIFICANT : MODERATE;
  }
}
