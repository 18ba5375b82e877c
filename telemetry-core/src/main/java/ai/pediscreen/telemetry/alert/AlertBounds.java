package ai.pediscreen.telemetry.alert;

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The bounds over which a figure alerts; a figure at its bound does not. Immutable.
 *
 * @param byKind bounds, 0 or more; infinite for one that never alerts. A kind that is missing has
 *     no bound of its own
 */
public record AlertBounds(Map<AlertKind, Double> byKind) {

  /** None. */
  public static final AlertBounds NONE = new AlertBounds(Map.of());

  /**
   * @throws IllegalArgumentException if a bound is negative or not a number, or of a kind that has
   *     none
   */
  public AlertBounds {
    byKind = Map.copyOf(byKind);
    byKind.forEach(
        (kind, bound) -> {
          if (!kind.hasBound()) {
            throw new IllegalArgumentException(kind.label() + " has no bound");
          }
          if (!(bound >= 0)) {
            throw new IllegalArgumentException(
                kind.label() + " must be at least 0, but is " + bound);
          }
        });
  }

  /** These bounds, completed by others. */
  public AlertBounds or(AlertBounds others) {
    Map<AlertKind, Double> both = new EnumMap<>(AlertKind.class);
    both.putAll(others.byKind);
    both.putAll(byKind);
    return new AlertBounds(both);
  }

  /** The bound of a kind; empty if it never alerts. */
  OptionalDouble of(AlertKind kind) {
    Double bound = byKind.get(kind);
    return bound == null || bound.isInfinite() ? OptionalDouble.empty() : OptionalDouble.of(bound);
  }
}
