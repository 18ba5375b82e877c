package ai.pediscreen.telemetry.drift;

import org.jspecify.annotations.Nullable;

/**
 * When a difference is called drift: it must be certain, and large enough to look at. Immutable.
 *
 * <p>Large is any of three: an index over its threshold, a median that has moved, or a Wasserstein
 * distance. The index alone asks for a third more latency at any sample size, and cannot see the
 * distance.
 *
 * @param certainUnder the p-value that is certain enough; over 0, under 1. Of many looks at once it
 *     is the share of alarms that may be false, see {@link FalseDiscoveryRate}
 * @param indexAbove threshold of {@link DriftEvidence#index}; over 0
 * @param medianShiftAbove threshold of {@link DriftEvidence#medianShift}, up or down; over 0
 * @param wassersteinAbove threshold of {@link DriftEvidence#wasserstein}; over 0
 */
public record DriftGate(
    double certainUnder, double indexAbove, double medianShiftAbove, double wassersteinAbove) {

  private static final DriftGate STANDARD = new DriftGate(0.01, 0.2, 0.04, 0.1);

  /**
   * @throws IllegalArgumentException if an argument is outside its range
   */
  public DriftGate {
    if (!(certainUnder > 0 && certainUnder < 1)) {
      throw new IllegalArgumentException(
          "certainUnder must be over 0 and under 1, but is " + certainUnder);
    }
    if (!(indexAbove > 0 && medianShiftAbove > 0 && wassersteinAbove > 0)) {
      throw new IllegalArgumentException(
          "thresholds must be over 0, but are %s, %s and %s"
              .formatted(indexAbove, medianShiftAbove, wassersteinAbove));
    }
  }

  /**
   * The gate for samples that follow each other, such as a day and the week before it: 1 %, an
   * index over 0.2, a median moved by over 4 %, or a distance over 0.1 standard deviations.
   */
  public static DriftGate standard() {
    return STANDARD;
  }

  /**
   * The gate against a reference that stays where it is. Small and harmless moves add up over
   * months, so the median must have moved by over 25 %, or the distance be over 0.5; the rest is as
   * in {@link #standard}.
   */
  public static DriftGate pinned() {
    return new DriftGate(STANDARD.certainUnder, STANDARD.indexAbove, 0.25, 0.5);
  }

  /** Returns whether the difference is worth a look, if it is one. */
  public boolean isLarge(DriftEvidence evidence) {
    return evidence.index() > indexAbove
        || isOver(evidence.medianShift(), medianShiftAbove)
        || isOver(evidence.wasserstein(), wassersteinAbove);
  }

  /** Judges one look alone. */
  public DriftVerdict verdict(DriftEvidence evidence) {
    return DriftVerdict.of(evidence.pValue() <= certainUnder, isLarge(evidence));
  }

  private static boolean isOver(@Nullable Double figure, double threshold) {
    return figure != null && Math.abs(figure) > threshold;
  }
}
