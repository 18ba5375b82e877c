package ai.pediscreen.telemetry.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was done. */
public enum AuditAction {
  KEY_CREATED,
  /** A key was made in the place of another. */
  KEY_ROTATED,
  KEY_REVOKED,
  /** A key was used that was never used before. */
  KEY_FIRST_USED,
  /** A key was used for the first time on a UTC day. */
  KEY_USED,
  /** Single events were looked for; the count says how many were given. */
  EVENTS_READ,
  /** A file was asked for; entered before its first byte leaves. */
  FILE_ASKED,
  /** A file has ended, whole or not; the count says how many rows were given. */
  FILE_GIVEN,
  ERASURE_REQUESTED,
  /** Nothing of an erasure is left to do; the count says how many events were erased. */
  ERASURE_COMPLETED,
  HOLD_PLACED,
  HOLD_RELEASED,
  BASELINE_SET,
  BASELINE_REMOVED,
  JOB_REQUESTED,
  /** A server has started; the selection holds its settings, and secrets as {@code set}. */
  SERVER_STARTED,
  /** A worker has started; the selection is that of a server. */
  WORKER_STARTED,
  /** A backup was asked for; entered before it is written, so that it is in it. */
  BACKUP_ASKED,
  /** This database was made of a backup. */
  BACKUP_RESTORED,
  /** Retention may go on; the selection holds the first day that is kept. */
  RETENTION_CONFIRMED,
  /** Requests were refused for their key or its lack; the count says how many in a minute. */
  ACCESS_REFUSED;

  /** The name in lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All labels, as a message lists them. */
  public static String labels() {
    return Arrays.stream(values()).map(AuditAction::label).collect(Collectors.joining(", "));
  }

  /** The action of a {@link #label}; empty for any other text. */
  public static Optional<AuditAction> ofLabel(String label) {
    return Arrays.stream(values()).filter(action -> action.label().equals(label)).findFirst();
  }
}
