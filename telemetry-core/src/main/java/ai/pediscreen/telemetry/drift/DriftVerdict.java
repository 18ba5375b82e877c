package ai.pediscreen.telemetry.drift;

/**
 * What a comparison says in a word. An alarm needs two things, and the word says which is missing:
 * certainty (chance seldom makes such a difference) and size (the difference is worth a look).
 *
 * <p>A {@link PsiResult} judges its own index, by thresholds and critical value: that is
 * INSUFFICIENT_DATA, STABLE, MODERATE or SIGNIFICANT. {@link DriftGate} judges by a test that holds
 * for few values and rare categories too: STABLE, NOT_CERTAIN, NOT_LARGE or SIGNIFICANT.
 *
 * <p>The thresholds are a convention, not a theorem: 0.1 and 0.2 here by default; 0.1 and 0.25 are
 * as common in credit scoring, and PediScreen's clients show 0.2 and 0.5.
 */
public enum DriftVerdict {

  /**
   * The index of these samples cannot carry an alarm: either what chance alone reaches, the
   * critical value, is at or above the upper threshold, or there is a single bin, which cannot
   * differ. No alarm and no all-clear.
   *
   * <p>With 10 bins, 95 % and thresholds 0.1 and 0.2, a day of 10 calls against a week of 70 is
   * such a case (critical value 1.934); 100 against 700 is just not one (0.1934). Samples that are
   * as small but wholly apart are SIGNIFICANT: where Pearson's χ² over bins that are not sparse
   * gives a p-value of at most 0.001, no more values are needed to tell them apart.
   */
  INSUFFICIENT_DATA,

  /** Neither certain nor large: the index is at most the lower threshold, or the critical value. */
  STABLE,

  /** The index is over the lower threshold and over the critical value. */
  MODERATE,

  /** Large, but chance makes such differences in samples of this size. */
  NOT_CERTAIN,

  /** Certain, but too small to be worth a look. */
  NOT_LARGE,

  /** Certain and large against the days before, but usual for this day of the week. */
  SEASONAL,

  /** Certain and large. */
  SIGNIFICANT;

  /** What the two come to. */
  public static DriftVerdict of(boolean certain, boolean large) {
    if (certain) {
      return large ? SIGNIFICANT : NOT_LARGE;
    }
    return large ? NOT_CERTAIN : STABLE;
  }

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
