package ai.pediscreen.telemetry.export;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An event that will not be exported, and why. Never with a value of the event.
 *
 * @param reference which event
 * @param reason why, in words
 * @param field the field that is at fault; null if it is not known
 */
public record DeadLetter(EventReference reference, String reason, @Nullable String field) {

  public DeadLetter {
    requireNonNull(reference, "reference");
    requireNonNull(reason, "reason");
  }
}
