package ai.pediscreen.telemetry.daily;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Drift that lasts: alerts of one subject, against whatever reference, that belong together.
 * Immutable.
 *
 * @param subject whose values drift
 * @param state what has become of it
 * @param start day of its first alert
 * @param opened day on which there were enough alerts to open it
 * @param lastAlert day of its last alert
 * @param resolved day on which it was over; null while it is not
 * @param largestPsi its largest index; null if no alert has one
 * @param latest its last alert, the most certain one of that day
 */
public record DriftIncident(
    DriftSubject subject,
    State state,
    LocalDate start,
    LocalDate opened,
    LocalDate lastAlert,
    @Nullable LocalDate resolved,
    @Nullable Double largestPsi,
    DriftRecord latest) {

  /** What has become of an incident. */
  public enum State {
    /** It was opened on the newest day. */
    OPEN,
    /** It was opened before, and is not over. */
    ONGOING,
    /** It is over. */
    RESOLVED
  }

  public DriftIncident {
    requireNonNull(subject, "subject");
    requireNonNull(state, "state");
    requireNonNull(latest, "latest");
  }

  /** Made of its subject and start, so that it is the same however often days are computed. */
  public String id() {
    return UUID.nameUUIDFromBytes(
            String.join(
                    "\u0000",
                    String.valueOf(subject.org().orgId()),
                    subject.modelId(),
                    subject.feature(),
                    subject.subgroup() == null ? "" : "=" + subject.subgroup(),
                    start.toString())
                .getBytes(UTF_8))
        .toString();
  }

  /** Whether it is not over. */
  public boolean isOpen() {
    return state != State.RESOLVED;
  }
}
