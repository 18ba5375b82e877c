package ai.pediscreen.telemetry.drift;

/** What holds for the figures of any {@link Bin}. */
final class BinChecks {

  private BinChecks() {}

  static void require(
      long referenceCount,
      long currentCount,
      double referenceShare,
      double currentShare,
      double contribution) {
    if (referenceCount < 0 || currentCount < 0) {
      throw new IllegalArgumentException(
          "counts must be at least 0, but are %d and %d".formatted(referenceCount, currentCount));
    }
    if (!(referenceShare > 0) || !(currentShare > 0)) {
      throw new IllegalArgumentException(
          "shares must be greater than 0, but are %s and %s"
              .formatted(referenceShare, currentShare));
    }
    if (!(contribution >= 0)) {
      throw new IllegalArgumentException("contribution must be at least 0, but is " + contribution);
    }
  }
}
