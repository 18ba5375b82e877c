package ai.pediscreen.telemetry.alert;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One alert. Immutable.
 *
 * @param id its own
 * @param subject what it is about
 * @param opened since when
 * @param wellSince since when it is below its bound again, without that having lasted; null if it
 *     is not
 * @param resolved since when it is over; null while it is not
 * @param value the newest figure; null if there is none
 * @param bound what it was over; null if there is none
 * @param text one sentence about the newest figure
 * @param incident id of the incident of drift; null without one
 */
public record Alert(
    UUID id,
    AlertSubject subject,
    Instant opened,
    @Nullable Instant wellSince,
    @Nullable Instant resolved,
    @Nullable Double value,
    @Nullable Double bound,
    String text,
    @Nullable String incident) {

  public Alert {
    requireNonNull(id, "id");
    requireNonNull(subject, "subject");
    requireNonNull(opened, "opened");
    requireNonNull(text, "text");
  }

  static Alert opened(AlertFinding finding, Instant now) {
    return new Alert(
        UUID.randomUUID(),
        finding.subject(),
        now,
        null,
        null,
        finding.value(),
        finding.bound(),
        finding.text(),
        finding.incident());
  }

  /** Whether it is not over. */
  public boolean isOpen() {
    return resolved == null;
  }

  Alert still(AlertFinding finding) {
    return new Alert(
        id,
        subject,
        opened,
        null,
        null,
        finding.value(),
        finding.bound(),
        finding.text(),
        finding.incident());
  }

  Alert wellSince(Instant instant) {
    return new Alert(id, subject, opened, instant, null, value, bound, text, incident);
  }

  Alert resolved(Instant instant, @Nullable Double newest, String sentence) {
    return new Alert(id, subject, opened, wellSince, instant, newest, bound, sentence, incident);
  }
}
