package ai.pediscreen.telemetry.drift;

import java.util.Objects;

/**
 * A bin that is one category, such as a risk level or an error code.
 *
 * @param category its name
 * @param referenceCount 0 or more
 * @param currentCount 0 or more
 * @param referenceShare greater than 0
 * @param currentShare greater than 0
 * @param contribution 0 or more
 */
public record CategoryBin(
    String category,
    long referenceCount,
    long currentCount,
    double referenceShare,
    double currentShare,
    double contribution)
    implements Bin {

  /**
   * @throws IllegalArgumentException if a figure is outside its range
   */
  public CategoryBin {
    Objects.requireNonNull(category, "category");
    BinChecks.require(referenceCount, currentCount, referenceShare, currentShare, contribution);
  }
}
