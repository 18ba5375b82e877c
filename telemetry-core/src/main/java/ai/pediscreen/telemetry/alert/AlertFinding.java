package ai.pediscreen.telemetry.alert;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The state of one subject. A subject without a finding is fine.
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
    /** There is too little data: an open alert stays open. */
    UNKNOWN
  }

  AlertFinding {
    requireNonNull(subject, "subject");
    requireNonNull(state, "state");
    requireNonNull(text, "text");
  }
}
