package ai.pediscreen.telemetry.alert;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * How one subject is now. What nothing is found about is well.
 *
 * @param subject what was looked at
 * @param state how it is
 * @param value the figure; null if there is none
 * @param bound the bound that it is over or not; null if there is none
 * @param text one sentence, without anything out of an event but names of models and features
 * @param incident id of the incident of drift; null without one
 */
record AlertFinding(
    AlertSubject subject,
    State state,
    @Nullable Double value,
    @Nullable Double bound,
    String text,
    @Nullable String incident) {

  /** How a subject is. */
  enum State {
    /** Too much: an alert. */
    ALERT,
    /** Well. */
    WELL,
    /** There is not enough to say: what was open stays so. */
    UNKNOWN
  }

  AlertFinding {
    requireNonNull(subject, "subject");
    requireNonNull(state, "state");
    requireNonNull(text, "text");
  }
}
