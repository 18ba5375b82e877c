package ai.pediscreen.telemetry.daily;

/**
 * A PSI in the words that PediScreen's clients know. It looks at the index alone; whether the
 * samples are large enough to mean it is {@link DriftRecord#alert()}'s question.
 */
public enum DriftSeverity {
  /** At most 0.2. */
  OK,
  /** Over 0.2, at most 0.5. */
  WARNING,
  /** Over 0.5. */
  CRITICAL;

  private static final double WARNING_ABOVE = 0.2;
  private static final double CRITICAL_ABOVE = 0.5;

  /**
   * The severity of an index.
   *
   * @param psi 0 or more, finite
   * @throws IllegalArgumentException if it is not
   */
  public static DriftSeverity of(double psi) {
    if (!(psi >= 0) || Double.isInfinite(psi)) {
      throw new IllegalArgumentException("psi must be at least 0 and finite, but is " + psi);
    }
    if (psi > CRITICAL_ABOVE) {
      return CRITICAL;
    }
    return psi > WARNING_ABOVE ? WARNING : OK;
  }
}
