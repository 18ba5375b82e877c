package ai.pediscreen.telemetry.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a look at the whole chain has found. Immutable.
 *
 * @param entries how many there are
 * @param newest when the newest was entered; null if there is none
 * @param wrongSequence the number of the first entry that is wrong; null if none is
 * @param fault what is wrong with it, as the end of a sentence; null if nothing is
 */
public record AuditVerification(
    long entries, @Nullable Instant newest, @Nullable Long wrongSequence, @Nullable String fault) {

  /** Whether every entry is as it was written, and none is missing. */
  public boolean isUnbroken() {
    return wrongSequence == null;
  }
}
