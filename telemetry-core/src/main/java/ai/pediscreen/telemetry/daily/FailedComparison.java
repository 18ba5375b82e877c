package ai.pediscreen.telemetry.daily;

import static java.util.Objects.requireNonNull;

/**
 * A comparison that could not be made, such as one with values that cannot be read.
 *
 * @param subject whose values were to be compared
 * @param reference with what
 * @param cause why it could not
 */
public record FailedComparison(
    DriftSubject subject, DriftReference reference, RuntimeException cause) {

  public FailedComparison {
    requireNonNull(subject, "subject");
    requireNonNull(reference, "reference");
    requireNonNull(cause, "cause");
  }

  /** For a log: it names what an operator has set, and nothing that an event said. */
  @Override
  public String toString() {
    return "%s with %s: %s".formatted(subject.feature(), reference, cause.getMessage());
  }
}
